"""A case that changed while somebody was typing: whether it matters, what happened, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g

from engine.queries.views import CaseView, HistoryRow
from web.acting import posted_version
from web.words import INNER_TAGS

# what others do that changes nothing a form is filled in by
QUIET = frozenset(
    {
        "document:marked",
        "task:draft_saved",
        "notification:sent",
        "case:colleagues_mentioned",
        "task:follow_up_set",
        "receipt:sealed",
    }
)


def seen_version(view: CaseView) -> int:
    """The version of the case the sender had before the eyes; the present one where the page did not say."""
    posted = posted_version()
    return view.case.version if posted is None else posted


def changed_since(view: CaseView, seen: int) -> Sequence[HistoryRow]:
    """What others have done to the case since then, as far as it matters to who works on it."""
    mine = g.actor.id
    return [row for row in view.history if row.seq > seen and row.actor != mine and row.tag not in QUIET]


def told(rows: Sequence[HistoryRow]) -> list[HistoryRow]:
    """The part of it that is told: the machine's own small steps are left out, unless there is nothing else."""
    outer = [row for row in rows if row.tag not in INNER_TAGS]
    return outer or list(rows)


def version_for(view: CaseView) -> int | None:
    """The version a command of this page is bound to: the present one when nothing that matters happened meanwhile.

    Otherwise what the sender has seen, so that the engine refuses and the page says what is new.
    """
    posted = posted_version()
    if posted is None or g.actor.kind != "officer":
        return posted
    return posted if changed_since(view, posted) else view.case.version
