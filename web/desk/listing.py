"""What a look into the inbox shows: filters from its address, rows, counts, the columns somebody chose."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import g, url_for
from werkzeug.datastructures import MultiDict

from engine.domain.access import APPLICANT, assigns
from engine.ports import Row
from engine.ports.inbox import Choice, SavedFilter
from web.display import until
from web.forms.schema import nfc
from web.house import house, queries
from web.rail import counts

COLUMNS: Mapping[str, tuple[str, str]] = {
    "due": ("Hạn việc", "Task due"),
    "case": ("Hồ sơ", "Case"),
    "applicant": ("Người nộp", "Applicant"),
    "case_due": ("Hẹn trả", "Case due"),
    "holder": ("Người giữ", "Held by"),
    "groups": ("Nhóm xử lý", "Group"),
    "since": ("Chờ từ", "Waiting since"),
    "follow_up": ("Để lại đến", "Set aside until"),
}
USUAL = ("due", "case", "applicant", "case_due", "holder")
FLAGS = ("mine", "overdue", "today", "free")
ASIDE = ("only", "all")
LONGEST = 100  # characters of a search


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view of the inbox: the engine's filters, the address that leads to it, and a group that is no longer theirs."""

    filters: Mapping[str, Any]
    address: Mapping[str, str]
    lost: str = ""

    def turned(self, **changes: str | None) -> dict[str, str]:
        """The address of the view with changes; None takes a filter away. Where nothing is left: of everything."""
        kept = {name: value for name, value in {**self.address, **changes}.items() if value}
        return kept or {"all": "1"}


def view_of(given: MultiDict[str, str] | Mapping[str, str]) -> View:
    """The view that an address, or a saved filter, names; what makes no sense in it is left out."""
    address = {name: "1" for name in FLAGS if given.get(name) == "1"}
    if given.get("aside") in ASIDE:
        address["aside"] = str(given.get("aside"))
    if search := nfc(str(given.get("q", ""))).strip()[:LONGEST]:
        address["q"] = search
    if procedure := str(given.get("procedure", ""))[:40]:
        address["procedure"] = procedure
    group = str(given.get("group", ""))[:80]
    theirs = group in (house().catalog.groups if assigns(g.actor) else g.actor.groups) and group != APPLICANT
    if group and theirs:
        address["group"] = group
    filters = {("search" if name == "q" else name): True if name in FLAGS else text for name, text in address.items()}
    return View(filters=filters, address=address, lost="" if theirs else group)


def address_of(saved: SavedFilter) -> str:
    """Where a saved filter leads to."""
    query: dict[str, Any] = {**(saved.query or {"all": "1"}), "saved": saved.id}
    return url_for("desk.queue", **query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of a view with what stands around it. `digest` is another one when any of it reads otherwise."""

    rows: Sequence[Row]
    next: str | None
    names: Mapping[str, str]  # of who holds the tasks
    counts: Mapping[str, str]
    columns: Sequence[str]
    now: datetime
    digest: str = field(compare=False)


def gather(view: View, choice: Choice, after: str | None = None) -> Listing:
    """Read a page of a view."""
    page = queries().inbox(g.actor, filters=view.filters, after=after)
    held = {row["assignee"] for row in page.rows if row["assignee"]}
    names = house().desk.inbox.colleagues.names(g.actor.unit, sorted(held))
    counted = counts()
    now, soon = house().clock.now(), house().desk.inbox.soon(g.actor.unit)
    rows = [
        {**row, **_said("due", row["due"], now, soon), **_said("case_due", row["case_due"], now, soon)}
        for row in page.rows
    ]
    return Listing(
        rows=rows,
        next=page.next,
        names=names,
        counts=counted,
        columns=[name for name in COLUMNS if name in (choice.columns or USUAL)],
        now=now,
        digest=digest_of([rows, counted]),
    )


def _said(name: str, due: datetime | None, now: datetime, soon: datetime) -> dict[str, str]:
    """How a deadline reads, and whether it has passed or comes soon: words beside the colour."""
    mark = "" if due is None or due > soon else "late" if due < now else "soon"
    return {f"{name}_said": until(due), f"{name}_mark": mark}


def digest_of(shown_things: object) -> str:
    """Short, and another one for anything else."""
    return hashlib.sha256(repr(shown_things).encode()).hexdigest()[:16]
