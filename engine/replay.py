"""Replay: rebuild a case from its events alone, walk its process again, and say every difference."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar, cast

from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.appliers import apply, fold
from engine.domain.case import Case
from engine.domain.codec import plain
from engine.domain.context import case_context
from engine.domain.errors import DomainError, ForbiddenError, NotFoundError
from engine.domain.events import CaseMigrated, ProcessAdvanced, Recorded
from engine.domain.history import broken_links
from engine.domain.procedure import Procedure
from engine.domain.process import Call, Step
from engine.domain.steering import WAIT_KINDS, Moved, Plan, change_from
from engine.ports import Ports

T = TypeVar("T")
Retake = Callable[[Case, Recorded], "list[Difference]"]
CLOSINGS = (events.TaskCancelled, events.TimerCancelled, events.JobCancelled, events.MessageAbandoned)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as the history says: where, what the history gives, what was found."""

    stream: str
    seq: int
    what: str
    expected: Any
    found: Any


def state_at(history: Sequence[Recorded], seq: int) -> Case:
    """The case as it was after event `seq`; ValueError when there is no such event."""
    if not 1 <= seq <= len(history):
        raise ValueError(f"the history has events 1 to {len(history)}")
    return fold(history[:seq])


def replay(ports: Ports, unit: str | None, case_id: str) -> list[Difference]:
    """All in which the stored case differs from its history, and the history from its process; [] when proven."""
    return _proven(ports, unit, case_id, lambda base, link: _retake(ports, base, link))


def proof(ports: Ports, unit: str | None, case_id: str) -> list[Difference]:
    """Whether the history is unbroken and folds to the stored case; the process is not walked again, so it is quick."""
    return _proven(ports, unit, case_id, lambda base, link: [])


def _proven(ports: Ports, unit: str | None, case_id: str, retake: Retake) -> list[Difference]:
    history, found = _read(lambda: ports.store.events(case_id), case_id, "history")
    if not history:
        return found
    found += [Difference(case_id, 0, "chain", "unbroken", text) for text in broken_links(history)]
    rebuilt, walked = _walk(history, retake)
    live, unread = _read(lambda: ports.store.case(unit, case_id), case_id, "case")
    found += walked + unread
    return found + compare(live, rebuilt) if live and rebuilt else found


def _read(get: Callable[[], T], case_id: str, what: str) -> tuple[T | None, list[Difference]]:
    """What is stored, or that it is not there or cannot be read any more."""
    try:
        stored = get()
    except Exception as error:  # whatever a forged row breaks is a finding, not a crash
        return None, [Difference(case_id, 0, what, "readable", type(error).__name__)]
    return stored, [] if stored else [Difference(case_id, 0, what, "stored", "none")]


def compare(live: Case, rebuilt: Case) -> list[Difference]:
    """Field by field: the stored state against the rebuilt one."""
    found: list[Difference] = []
    for part in fields(Case):
        is_, should = plain(getattr(live, part.name)), plain(getattr(rebuilt, part.name))
        if is_ != should:
            found.append(Difference(rebuilt.id, rebuilt.version, part.name, should, is_))
    return found


def _walk(history: Sequence[Recorded], retake: Retake) -> tuple[Case | None, list[Difference]]:
    """Fold the events; take each step of the process again from the state it was taken from, and compare."""
    found: list[Difference] = []
    case: Case | None = None
    base: Case | None = None  # what a step closes is recorded before the step: it was taken from the state before that
    for link in history:
        if isinstance(link.event, ProcessAdvanced | CaseMigrated) and case is not None:
            found += retake(base or case, link)
        base = (base or case) if isinstance(link.event, CLOSINGS) else None
        try:
            case = apply(case, link.event, link.at, link.hash)
        except Exception as error:  # an event that does not fit the state was forged, or others were taken away
            return None, [*found, Difference(link.stream, link.seq, "event", "applicable", type(error).__name__)]
    return case, found


def _retake(ports: Ports, base: Case, link: Recorded) -> list[Difference]:
    event = link.event
    try:
        procedure = ports.catalog.procedure(base.procedure, base.procedure_version)
        if procedure.digest != base.procedure_digest:
            return [Difference(link.stream, link.seq, "procedure", base.procedure_digest, procedure.digest)]
        zone = ports.catalog.calendar(base.unit).zone
        call = Call(
            scopes=base.scopes,
            now=link.at.astimezone(zone),
            context=case_context(base),
            functions=ports.functions(base.unit),
        )
        if isinstance(event, CaseMigrated):
            return _compare_move(link, event, _move(ports, base, event, call))
        event = cast(ProcessAdvanced, event)
        step = take_step(ports, procedure, base.snapshot, event.trigger, call)
    except DomainError as error:
        return [Difference(link.stream, link.seq, "step", "taken", error.message_en)]
    except Exception as error:  # a forged snapshot or trigger may break anything
        return [Difference(link.stream, link.seq, "step", "taken", type(error).__name__)]
    return _compare_step(link, event, step)


def take_step(ports: Ports, procedure: Procedure, snapshot: str, trigger: Mapping[str, Any], call: Call) -> Step:
    """The step that `trigger` (kind, key, data) makes from a snapshot."""
    runner, key, data = ports.runner, trigger["key"], trigger["data"]
    match trigger["kind"]:
        case "start":
            return runner.start(procedure, call, key or None, data)
        case "complete" | "job":
            return runner.complete(procedure, snapshot, key, data, call)
        case "error":
            return runner.fail(procedure, snapshot, key, data, call)
        case "signal":
            return runner.deliver_signal(procedure, snapshot, key, data, call)
        case "timer":
            return runner.fire_timer(procedure, snapshot, key, call)
        case "message":
            return runner.deliver_message(procedure, snapshot, key, data, call)
        case _:
            return _by_nobody_waited_for(ports, procedure, snapshot, trigger, call)


def _by_nobody_waited_for(
    ports: Ports, procedure: Procedure, snapshot: str, trigger: Mapping[str, Any], call: Call
) -> Step:
    """A step that no wait was ended by: conditions looked at, tokens moved by hand, the instance ended."""
    match trigger["kind"]:
        case "wake":
            return ports.runner.wake(procedure, snapshot, call)
        case "modify":
            return ports.runner.modify(procedure, snapshot, change_from(trigger["data"]), call)
        case _:
            return ports.runner.cancel(procedure, snapshot)


def _move(ports: Ports, base: Case, event: CaseMigrated, call: Call) -> Moved:
    """The case taken over again, from the version of its time to the recorded one."""
    old = ports.catalog.procedure(base.procedure, base.procedure_version)
    new = ports.catalog.procedure(base.procedure, event.procedure_version)
    plan = Plan(elements=event.elements, anew=event.anew, dues={key: timer.due for key, timer in base.timers.items()})
    return ports.runner.migrate(old, new, base.snapshot, plan, call)


def _compare_move(link: Recorded, event: CaseMigrated, moved: Moved) -> list[Difference]:
    pairs: list[tuple[str, Any, Any]] = [
        (name, getattr(event, name), getattr(moved, name)) for name in ("snapshot", "keys", "listens")
    ]
    pairs += [(name, getattr(event, name), moved.kept_of(kind)) for name, kind in WAIT_KINDS.items()]
    return [
        Difference(link.stream, link.seq, name, plain(should), plain(is_))
        for name, should, is_ in pairs
        if plain(should) != plain(is_)
    ]


def _compare_step(link: Recorded, event: ProcessAdvanced, step: Step) -> list[Difference]:
    found: list[Difference] = []
    for name in ("path", "closed", "variables", "snapshot", "ended"):
        should, is_ = plain(getattr(event, name)), plain(getattr(step, name))
        if should != is_:
            found.append(Difference(link.stream, link.seq, name, should, is_))
    return found


def as_rows(differences: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences as plain objects."""
    return [{f.name: getattr(d, f.name) for f in fields(Difference)} for d in differences]


def rebuilt(ports: Ports, case_id: str) -> Case:
    """The case folded from its events alone, ready to be stored again."""
    history = ports.store.events(case_id)
    return state_at(history, len(history))


AUDITORS = ("auditor", "administrator", "chairman")


class Auditor:
    """Replays for people: auditors, administrators and the leader of the case's unit."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def replay(self, actor: Actor, case_id: str, seq: int) -> Case:
        """The case as it was after event `seq`; NotFoundError, ForbiddenError."""
        self._check(actor, case_id)
        try:
            return state_at(self._ports.store.events(case_id), seq)
        except ValueError as error:
            raise NotFoundError(what="bước", id=str(seq)) from error

    def verify(self, actor: Actor, case_id: str) -> list[Difference]:
        """Every difference between the case, its history and its process; [] when proven unchanged."""
        return replay(self._ports, self._check(actor, case_id).unit, case_id)

    def differences(self, case_id: str) -> list[dict[str, Any]]:
        """The same for the machine itself, as plain objects."""
        return as_rows(replay(self._ports, None, case_id))

    def proof(self, case_id: str) -> list[Difference]:
        """Whether the history is unbroken and folds to the stored case, for the machine itself."""
        return proof(self._ports, None, case_id)

    def _check(self, actor: Actor, case_id: str) -> Case:
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        if actor.kind != "system" and not actor.in_any(AUDITORS):
            raise ForbiddenError()
        return case
