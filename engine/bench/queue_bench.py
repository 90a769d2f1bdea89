"""A million open tasks: what one look into a queue takes, by the query alone and by the whole page."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from engine.adapters.db.bulk import analyze, count_rows, empty, multiply, put_open
from engine.bench.crowd import RARE, crowd, names, queued
from engine.bench.figures import spread
from engine.bench.sample import play
from engine.bench.stage import piece, plan, stage
from engine.bootstrap import App
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.errors import DatabaseUnavailableError
from engine.ports import Account
from engine.settings import Settings

SEEDS = 1000  # tasks made one by one; the others are copies of them
TENTH = 9
HELD = 3  # groups of the officer who looks
LASTING = timedelta(hours=1)
Page = Callable[[str, Mapping[str, str]], str | None]  # opens an address; the version it tells, if it does
Pages = Callable[[App, str], Page]
QUEUE, FRESH = "/can-bo/", "/can-bo/moi"


class RefusedError(Exception):
    """The page did not open."""


def bench_inbox(
    settings: Settings, url: str, pages: Pages, *, tasks: Sequence[int], rounds: int
) -> list[dict[str, Any]]:
    """Times of the inbox query and, through `pages(app, session token)`, of the rendered page, for each number of open
    tasks after the other."""
    with stage(settings, url) as app:
        case, found = _waiting(app), []
        for number in tasks:
            empty(app.store, "task", "task_group")
            found.append(_measured(app, url, _filled(app, case, number), pages, rounds))
        return found


def _measured(app: App, url: str, filled: tuple[list[str], float], pages: Pages, rounds: int) -> dict[str, Any]:
    groups, loaded = filled
    person = _officer(app, groups[:HELD])
    looks, page = _looks(app, person), pages(app, _sign_in(app, person))
    return {
        "bench": "inbox",
        "database": url.partition(":")[0],
        "open_tasks": count_rows(app.store, "task"),
        "groups": len(groups),
        "groups_of_the_officer": len(person.groups),
        "looks_of_each_kind": rounds,
        "loading_seconds": round(loaded, 1),
        "query": {name: _timed(partial(_query, app, person, *look), rounds) for name, look in looks.items()},
        "page": {name: _timed(partial(page, QUEUE, _address(*look)), rounds) for name, look in looks.items()},
        "nothing_new": _timed(_quiet(app, page), rounds),
    }


def _quiet(app: App, page: Page) -> Callable[[], object]:
    """Asking whether an open page would read otherwise, when it would not."""
    version = page(FRESH, {"list": "1"}) or ""
    return partial(page, FRESH, {"list": "1", "v": version})


def side_by_side(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each kind of look: p50 and p95 in milliseconds for each number of open tasks."""
    yield f"{'p50 / p95, ms':<32}" + "".join(f"{one['open_tasks']:>18,}" for one in found)
    for part in ("query", "page"):
        for name in found[0][part]:
            yield _line(f"{part} {name.replace('_', ' ')}", [one[part][name] for one in found])
    yield _line("nothing new", [one["nothing_new"] for one in found])


def _line(name: str, times: Sequence[Mapping[str, float]]) -> str:
    return f"{name:<32}" + "".join(f"{one['p50_ms']:>9,.1f} /{one['p95_ms']:>7,.1f}" for one in times)


def _filled(app: App, case: Case, tasks: int) -> tuple[list[str], float]:
    """Open tasks for every group of the house; the groups' ids, and the seconds it took."""
    begun = time.perf_counter()
    now, groups = app.clock.now(), [name for name in app.catalog.groups if name != "applicant"]
    seeds = min(SEEDS, tasks)
    cases = queued(crowd(case, seeds, people=names(plan(app.settings.catalog)), now=now), groups, now)
    put_open(app.store, cases)
    copies = tasks // seeds - 1
    if copies > 0:
        for table in ("task", "task_group"):
            multiply(app.store, table, copies)
    analyze(app.store)
    return groups, time.perf_counter() - begun


def _waiting(app: App) -> Case:
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
    procedure = some[0]["procedure"] if some else "-"
    return {
        "first_page": ({}, None),
        "tenth_page": ({}, after),
        "one_group": ({"group": sorted(person.groups)[0]}, None),
        "mine": ({"mine": True}, None),
        "overdue": ({"overdue": True}, None),
        "today": ({"today": True}, None),
        "nobody_holds": ({"free": True}, None),
        "set_aside": ({"aside": "only"}, None),
        "a_procedure": ({"procedure": RARE}, None),
        "the_procedure": ({"procedure": procedure, "free": True, "overdue": True}, None),
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
