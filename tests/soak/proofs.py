"""Holds history against what people were told, and against itself: nothing lost, doubled, stuck or left behind."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from engine.adapters.db import tables
from engine.adapters.db.look import DUE_TABLES
from engine.commands.worker import LEASE
from engine.domain import events
from engine.domain.case import Case
from engine.domain.errors import DomainError
from engine.domain.events import Recorded
from tests.soak import pulse
from tests.soak.installation import UNIT, Installation
from tests.soak.ledger import TAGS, Act, Ledger

CHUNK = 500
LATE = datetime.max.replace(tzinfo=UTC)
GRACE = timedelta(seconds=30)
WAITS = (
    (events.TimerScheduled, (events.TimerFired,), (events.TimerCancelled,), "timers"),
    (events.JobCreated, (events.JobCompleted,), (events.JobCancelled,), "jobs"),
    (events.TaskCreated, (events.TaskCompleted,), (events.TaskCancelled,), "tasks"),
)


def causes(house: Installation, acts: Sequence[Act]) -> Counter[tuple[str, str]]:
    """How often history has each (cause, tag)."""
    found: Counter[tuple[str, str]] = Counter()
    own = tables.EVENT.c
    with house.app.store.reading() as connection:
        for start in range(0, len(acts), CHUNK):
            wanted = [act.cause for act in acts[start : start + CHUNK]]
            query = tables.EVENT.select().with_only_columns(own.cause, own.tag).where(own.cause.in_(wanted))
            rows = connection.execute(query)
            found.update((row.cause, row.tag) for row in rows)
    return found


def told(house: Installation, acts: Iterable[Act]) -> Iterator[str]:
    """Every answered request is in history exactly once, every refused one not at all, the others at most once."""
    checked = [act for act in acts if act.kind in TAGS]
    found = causes(house, checked)
    allowed = {"done": (1,), "refused": (0,), "unknown": (0, 1)}
    for act in checked:
        number = found[act.cause, TAGS[act.kind]]
        if number not in allowed[act.outcome]:
            yield f"{act.cause} was {act.outcome}, and history has it {number} times"


def histories(house: Installation) -> Iterator[str]:
    """Of every case: each wait ended once or is open; slots of timers are met once; nothing is stuck or broken."""
    store, now = house.app.store, house.app.clock.now()
    for _, case_id in store.case_ids(UNIT):
        case, history = store.case(UNIT, case_id), store.events(case_id)
        if case is None:
            yield f"case {case_id} is gone"
            continue
        for what in (*_waits(case, history), *_slots(history), *_alive(case, now)):
            yield f"{case.code}: {what}"


def _waits(case: Case, history: Sequence[Recorded]) -> Iterator[str]:
    for opened, done, dropped, name in WAITS:
        made = Counter(e.key for e in _of(history, (opened,)))
        ended = Counter(e.key for e in _of(history, done)) + Counter(e.key for e in _of(history, dropped))
        left = Counter(getattr(case, name).keys())
        for key in made.keys() | ended.keys() | left.keys():
            times = max(1, made[key]) if name == "timers" else 1  # a cycle goes on under its own key
            if not made[key] == ended[key] + left[key] == times:
                yield f"{name} {key}: opened {made[key]}, ended {ended[key]}, open {left[key]}"


def _of(history: Sequence[Recorded], kinds: tuple[type, ...]) -> Iterator[events.Event]:
    return (link.event for link in history if isinstance(link.event, kinds))


def _slots(history: Sequence[Recorded]) -> Iterator[str]:
    """No slot of a timer is met twice, and a cycle keeps to its beat however late it was."""
    by_element: dict[str, list[datetime]] = {}
    elements = {e.key: e.element_id for e in _of(history, (events.TimerScheduled,))}
    for event in _of(history, (events.TimerFired,)):
        by_element.setdefault(elements[event.key], []).append(event.due)
    for element, slots in by_element.items():
        if len(set(slots)) != len(slots) or sorted(slots) != slots:
            yield f"timer {element} met its slots {slots}"
        if element == "beat" and any((slot - slots[0]) % timedelta(seconds=pulse.BEAT_SECONDS) for slot in slots):
            yield f"timer {element} lost its beat: {slots}"


def _alive(case: Case, now: datetime) -> Iterator[str]:
    if not case.ended and not (case.tasks or case.timers or case.jobs or case.subscriptions):
        yield "waits for nothing"
    for incident in case.incidents.values():
        yield f"incident {incident.kind} {incident.key}: {incident.error}"
    for job in case.jobs.values():
        if job.attempt:
            yield f"job {job.key} failed {job.attempt} times"


def overdue(house: Installation) -> Iterator[str]:
    """What fell due and was not done though every lease has run out since."""
    limit = house.app.clock.now() - LEASE - GRACE
    with house.app.store.reading() as connection:
        for table in DUE_TABLES.values():
            own = table.c
            late = table.select().where(own.run_at < limit)
            for row in connection.execute(late.where(own.lease_until.is_(None) | (own.lease_until < limit))):
                yield f"{table.name} {row.case_id}/{row.key} is due since {row.run_at}, lease {row.lease_until}"
            held = table.select().where(own.lease_until > house.app.clock.now() + LEASE + GRACE)
            for row in connection.execute(held):
                yield f"{table.name} {row.case_id}/{row.key} is leased until {row.lease_until}"


def numbers(house: Installation) -> Iterator[str]:
    """Every counter's numbers were given out once each, from one to where the counter stands."""
    drawn: dict[str, list[int]] = {}
    with house.app.store.reading() as connection:
        for row in connection.execute(tables.CASE.select().with_only_columns(tables.CASE.c.code)):
            _, day, number = row.code.rsplit("-", 2)
            drawn.setdefault(f"case/{day}", []).append(int(number))
        kept = text("SELECT fingerprint, result FROM command_log WHERE key LIKE 'number/%'")
        for row in connection.execute(kept):
            drawn.setdefault(row.fingerprint, []).append(json.loads(row.result)["number"])
        issued = text("SELECT data FROM event WHERE tag = 'receipt:issued'")
        for row in connection.execute(issued):
            data = json.loads(row.data)
            number, year = data["number"].split("/")
            book = f"book/{data['data'].get('book')}" if data["kind"] == "register" else f"receipt/{data['kind']}"
            drawn.setdefault(f"{book}/{year}", []).append(int(number))
        for row in connection.execute(tables.COUNTER.select()):
            if sorted(drawn.get(row.name, [])) != list(range(1, row.value + 1)):
                yield f"counter {row.name} stands at {row.value}, given out: {sorted(drawn.get(row.name, []))[-5:]}"


def outside(house: Installation) -> Iterator[str]:
    """Every message that history tells of lies in the spool, under the key of the job that sent it, and no others."""
    spool = house.home / "spool"
    sent = Counter(json.loads(path.read_text())["key"] for path in spool.glob("*.json"))
    known, told_of = set(), set()
    for _, case_id in house.app.store.case_ids(UNIT):
        history = house.app.store.events(case_id)
        jobs = {e.key: e for e in _of(history, (events.JobCreated,))}
        known |= {f"{case_id}/{key}" for key in jobs}
        notices = [e.key for e in _of(history, (events.JobCompleted,)) if jobs[e.key].type == "notify"]
        told_of |= {f"{case_id}/{key}" for key in notices}
    yield from (f"nothing was sent for {key}" for key in sorted(told_of - sent.keys()))
    yield from (f"{key} was sent, but no job has that key" for key in sorted(sent.keys() - known))
    yield from (f"{key} was sent {number} times" for key, number in sent.items() if number > 1)


def signals(house: Installation) -> Iterator[str]:
    """Every signal is spread once, and taken once by each case that waited for it all the time from throw to spread."""
    store = house.app.store
    every = {case_id: store.events(case_id) for _, case_id in store.case_ids(UNIT)}
    thrown, spread = _links(every, events.SignalThrown), _links(every, events.SignalSpread)
    order = _commits(house)
    yield from (f"signal {each} was spread {len(spread[each])} times" for each in thrown if len(spread[each]) != 1)
    for case_id, history in every.items():
        awaited, over = _listened(history)
        caught = Counter(event.broadcast for event in _of(history, (events.SignalCaught,)))
        for each, (throw,) in thrown.items():
            waited = awaited is not None and awaited.at < throw.at and order[_place(awaited)] < order[_place(throw)]
            whole = case_id != throw.stream and waited and all(link.at < over for link in spread[each])
            if caught[each] > 1 or (whole and not caught[each]):
                yield f"{case_id} took the signal {each} {caught[each]} times"


def _commits(house: Installation) -> dict[tuple[str, int], Any]:
    """In which order the events about signals were committed: an instant is read before a command waits for locks.

    PostgreSQL keeps the time of each commit; on SQLite one writes at a time, so the rows stand in that order.
    """
    engine = house.app.store.engine
    order = "rowid" if engine.dialect.name == "sqlite" else "pg_xact_commit_timestamp(xmin)"
    asked = text(f"SELECT stream, seq, {order} AS place FROM event WHERE tag IN (:awaited, :thrown)")
    tags = {"awaited": events.SignalAwaited.tag, "thrown": events.SignalThrown.tag}
    with house.app.store.reading() as connection:
        return {(row.stream, row.seq): row.place for row in connection.execute(asked, tags)}


def _place(link: Recorded) -> tuple[str, int]:
    return link.stream, link.seq


def _links(every: Mapping[str, Sequence[Recorded]], kind: type) -> dict[str, list[Recorded]]:
    """Every event of this kind in its history, by the signal's number."""
    found: dict[str, list[Recorded]] = defaultdict(list)
    for history in every.values():
        for link in history:
            if isinstance(link.event, kind):
                found[link.event.broadcast].append(link)
    return found


def _listened(history: Sequence[Recorded]) -> tuple[Recorded | None, datetime]:
    """From which event until when a case heard signals: while its decision was open."""
    awaited = (link for link in history if isinstance(link.event, events.SignalAwaited))
    decided = [
        link.at
        for link in history
        if isinstance(link.event, (events.TaskCompleted, events.TaskCancelled)) and link.event.key.startswith("decide")
    ]
    return next(awaited, None), min(decided, default=LATE)


def papers(house: Installation) -> Iterator[str]:
    """Every result that history tells of is stored, unharmed."""
    for _, case_id in house.app.store.case_ids(UNIT):
        for event in _of(house.app.store.events(case_id), (events.ResultIssued,)):
            try:
                house.app.files.get(event.sha256)
            except DomainError as error:
                yield f"{case_id}: result {event.number}: {error}"


def replayed(house: Installation) -> Iterator[str]:
    """Every case folds to what is stored, its chain holds, and its process goes the same way again."""
    for _, case_id in house.app.store.case_ids():
        for difference in house.app.auditor.differences(case_id):
            yield f"replay of {case_id}: {difference}"


def command_line(house: Installation) -> Iterator[str]:
    """What the program itself says of its histories."""
    for arguments in (("audit", "verify"), ("replay", "--all")):
        done = house.command(*arguments)
        if done.returncode or done.stderr:
            yield f"motcua {' '.join(arguments)}: {done.returncode} {done.stdout[-300:]} {done.stderr[-300:]}"


def logs(house: Installation) -> Iterator[str]:
    """Tracebacks that a process left."""
    for program in house.programs:
        words = program.log.read_text(errors="replace") if program.log.exists() else ""
        errors = Counter(re.findall(r"^(\w[\w.]*(?:Error|Exception|Warning)\b[^\n]{0,160})", words, re.MULTILINE))
        yield from (f"{program.name} said {number} times: {line}" for line, number in errors.items())


def prove(house: Installation, ledger: Ledger, *, by_command: bool) -> None:
    """All proofs, replay `by_command` as an administrator asks for it; what they find goes into the ledger."""
    proofs = (histories, overdue, numbers, outside, papers, signals, command_line if by_command else replayed, logs)
    for found in told(house, ledger.acts()):
        ledger.find(found)
    for proof in proofs:
        for found in proof(house):
            ledger.find(found)


def figures(house: Installation) -> dict[str, int]:
    """How much happened."""
    wanted = {"case:submitted": "cases", "task:completed": "tasks", "timer:fired": "timers", "job:completed": "jobs"}
    wanted["signal:caught"] = "signals taken"
    with house.app.store.reading() as connection:
        rows = connection.execute(text("SELECT tag, count(*) AS n FROM event GROUP BY tag")).all()
    return {wanted[row.tag]: row.n for row in rows if row.tag in wanted}
