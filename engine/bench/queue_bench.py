"""A million open tasks: what one look into a queue takes, by the query alone and by the whole page."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from engine.adapters.db.bulk import analyze, count_rows, multiply, put_open
from engine.bench.crowd import crowd, names, queued
from engine.bench.figures import spread
from engine.bench.sample import play
from engine.bench.stage import piece, plan, stage
from engine.bootstrap import App
from engine.domain.actor import Actor
from engine.domain.errors import DatabaseUnavailableError
from engine.ports import Account
from engine.settings import Settings

SEEDS = 1000  # tasks made one by one; the others are copies of them
TENTH = 9
HELD = 3  # groups of the officer who looks
LASTING = timedelta(hours=1)
Pages = Callable[[App, str], Callable[[Mapping[str, str]], None]]


class RefusedError(Exception):
    """The page did not open."""


def bench_inbox(settings: Settings, url: str, pages: Pages, *, tasks: int, rounds: int) -> dict[str, Any]:
    """Times of the inbox query and, through `pages(app, session token)`, of the rendered page."""
    with stage(settings, url) as app:
        begun = time.perf_counter()
        groups = _fill(app, tasks)
        loaded = time.perf_counter() - begun
        person = _officer(app, groups[:HELD])
        token = _sign_in(app, person)
        looks = _looks(app, person)
        page = pages(app, token)
        return {
            "bench": "inbox",
            "database": url.partition(":")[0],
            "open_tasks": count_rows(app.store, "task"),
            "groups": len(groups),
            "groups_of_the_officer": len(person.groups),
            "looks_of_each_kind": rounds,
            "loading_seconds": round(loaded, 1),
            "query": {name: _timed(partial(_query, app, person, *look), rounds) for name, look in looks.items()},
            "page": {name: _timed(partial(page, _address(*look)), rounds) for name, look in looks.items()},
        }


def _fill(app: App, tasks: int) -> list[str]:
    """Open tasks for every group of the house; the groups' ids."""
    now, groups = app.clock.now(), [name for name in app.catalog.groups if name != "applicant"]
    case = _waiting(app)
    seeds = min(SEEDS, tasks)
    cases = queued(crowd(case, seeds, people=names(plan(app.settings.catalog)), now=now), groups, now)
    put_open(app.store, cases)
    copies = tasks // seeds - 1
    if copies > 0:
        for table in ("task", "task_group"):
            multiply(app.store, table, copies)
    analyze(app.store)
    return groups


def _waiting(app: App) -> Any:
    """A case with a task open, as it stands after filing."""
    sample = play(app, piece(app.settings.catalog), steps=0)
    assert sample.case is not None
    assert sample.case.tasks
    return sample.case


def _officer(app: App, groups: list[str]) -> Actor:
    return Actor(
        id=f"bench-{groups[0]}", name=groups[0], kind="officer", unit=app.settings.unit, groups=frozenset(groups)
    )


def _sign_in(app: App, person: Actor) -> str:
    """An account and a session for the officer; the session's token."""
    account = Account(
        id=person.id, login=person.id, name=person.name, kind="officer", unit=person.unit, groups=person.groups,
        password_hash="", profile={},
    )  # fmt: skip
    app.accounts.put(account)
    token, now = secrets.token_urlsafe(32), app.clock.now()
    app.accounts.open_session(person.id, hashlib.sha256(token.encode()).hexdigest(), now, now + LASTING)
    return token


def _looks(app: App, person: Actor) -> dict[str, tuple[dict[str, Any], str | None]]:
    """(filters, cursor) of each way to look into the queue."""
    after: str | None = None
    for _ in range(TENTH):
        rows = app.queries.inbox(person, filters={}, after=after).rows
        after = rows[-1]["cursor"] if rows else None
    some = app.queries.inbox(person, filters={}).rows
    code = some[0]["case_code"] if some else "-"
    return {
        "first_page": ({}, None),
        "tenth_page": ({}, after),
        "one_group": ({"group": sorted(person.groups)[0]}, None),
        "mine": ({"mine": True}, None),
        "overdue": ({"overdue": True}, None),
        "search_a_name": ({"search": "Đặng Thị Ước"}, None),
        "search_a_code": ({"search": code}, None),
        "search_nothing_there": ({"search": "không có ai tên như vậy"}, None),
    }


def _query(app: App, person: Actor, filters: dict[str, Any], after: str | None) -> None:
    app.queries.inbox(person, filters=filters, after=after)


def _timed(look: Callable[[], object], rounds: int) -> dict[str, float]:
    """Times of `rounds` looks after one that is not counted; how many were refused, by a database too slow, too."""
    found, refused = [], 0
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        try:
            look()
        except (DatabaseUnavailableError, RefusedError):
            refused += 1
        found.append(time.perf_counter() - begun)
    return {**spread(found[1:]), "refused": refused}


def _address(filters: dict[str, Any], after: str | None) -> dict[str, str]:
    """The filters as the page's address carries them."""
    named = {
        ("q" if name == "search" else name): "1" if value is True else str(value) for name, value in filters.items()
    }
    return {**named, **({"after": after} if after else {})}
