"""Plays a procedure's scenarios (tests/*.toml): files a case, lets people act, moves the clock, compares."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.adapters.clock import SteppedClock
from engine.commands import messages as m
from engine.commands.bus import Bus
from engine.commands.following_messages import AnswerSupplement
from engine.commands.worker import Worker
from engine.domain.actor import Actor, system
from engine.domain.case import Case, Task
from engine.domain.events import ProcessAdvanced
from engine.ports import Due, Ports

PAYMENT = "payment_received"
DUE: tuple[Due, ...] = ("timer", "job", "broadcast")
UNITS = {"W": 7, "D": 1}


class ScenarioError(Exception):
    """The case did not go the way the scenario tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scenario as written: who does what, what is open then, and what must be true at the end."""

    path: Path
    name: str
    start_at: datetime
    channel: str
    delivery: str
    applicant: Mapping[str, Any]
    application: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]
    end: Mapping[str, Any] = field(default_factory=dict)

    def filing(self, unit: str, procedure: str) -> m.SubmitCase:
        """The command that files the scenario's application for this procedure of the unit."""
        return m.SubmitCase(
            unit=unit,
            procedure=procedure,
            channel=self.channel,
            delivery=self.delivery,
            applicant=self.applicant,
            application=self.application,
        )


def read(path: Path) -> Scenario:
    """Read a scenario file; `application_from` names a file beside it whose application is the base."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    application = data.get("application", {})
    if "application_from" in data:
        base = read(path.parent / data["application_from"])
        application = _merged(base.application, application)
        data.setdefault("applicant", base.applicant)
    return Scenario(
        path=path,
        name=data["name"],
        start_at=data["start_at"],
        channel=data.get("channel", "online"),
        delivery=data.get("delivery", "electronic"),
        applicant=data["applicant"],
        application=_texts(application),
        steps=tuple(_texts(step) for step in data.get("step", ())),
        end=data.get("end", {}),
    )


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    both = {**base}
    for key, value in over.items():
        if value == "":  # an empty text takes the base's value away
            both.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(both.get(key), Mapping):
            both[key] = _merged(both[key], value)
        else:
            both[key] = value
    return both


def _texts(value: Any) -> Any:
    """TOML's own dates as the ISO texts that forms send; instants of a step's own time stay instants."""
    if isinstance(value, dict):
        return {k: v if k == "wait_until" else _texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_texts(v) for v in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if hasattr(value, "isoformat") and not isinstance(value, datetime) else value


class Player:
    """Plays scenarios on a running engine with a stepped clock. `watch` is called with the case after every step."""

    def __init__(
        self,
        ports: Ports,
        bus: Bus,
        worker: Worker,
        clock: SteppedClock,
        *,
        member: Callable[[str], Actor],
        watch: Callable[[Case], None] = lambda case: None,
    ) -> None:
        self._ports = ports
        self._bus = bus
        self._worker = worker
        self._clock = clock
        self._member = member
        self._watch = watch

    def play(self, scenario: Scenario, procedure: str, *, steps: int | None = None, check: bool = True) -> Case:
        """Play all steps, or the first `steps` of them; ScenarioError says where the case went another way."""
        case_id = self._submit(scenario, procedure)
        self._after(case_id)
        return self.follow(case_id, scenario, steps=steps, check=check)

    def follow(
        self, case_id: str, scenario: Scenario, *, begin: int = 0, steps: int | None = None, check: bool = True
    ) -> Case:
        """Go on with a case of this scenario whose first `begin` steps are done, to its end or to step `steps`."""
        for index, step in enumerate(scenario.steps[begin:steps], begin + 1):
            where = f"{scenario.path.name} step {index}"
            try:
                self._step(case_id, step, where)
                self._after(case_id)
            except Exception as error:
                error.add_note(where)  # a refusal itself does not know at which step it happened
                raise
            if check:
                self._check_step(self._case(case_id), step, where)
        case = self._case(case_id)
        if check and steps is None:
            self._check_end(case, scenario)
        return case

    def _handle(self, command: m.Command, actor: Actor) -> m.Result:
        return self._bus.handle(command, actor, f"scenario/{self._ports.ids.new()}")

    def _submit(self, scenario: Scenario, procedure: str) -> str:
        unit = self._member("one_stop").unit
        applicant = scenario.applicant
        account = applicant.get("account")
        actor = self._member("one_stop")
        if scenario.channel == "online" and account:
            actor = Actor(id=account, name=applicant["name"], kind="citizen", unit=unit)
        return str(self._handle(scenario.filing(unit, procedure), actor).case_id)

    def _after(self, case_id: str) -> None:
        self._worker.drain()
        case = self._case(case_id)
        if case.incidents:
            raise ScenarioError(f"{case.code}: incident {next(iter(case.incidents.values())).error}")
        self._watch(case)

    def _case(self, case_id: str) -> Case:
        case = self._ports.store.case(None, case_id)
        if case is None:
            raise ScenarioError(f"case {case_id} is gone")
        return case

    def _step(self, case_id: str, step: Mapping[str, Any], where: str) -> None:
        case = self._case(case_id)
        acts: dict[str, Callable[[Case, Mapping[str, Any], str], None]] = {
            "complete": self._complete,
            "wait_until": lambda c, s, w: self._wait_until(s["wait_until"]),
            "wait": lambda c, s, w: self._wait_until(self._clock.now() + _span(s["wait"])),
            "message": self._message,
            "withdraw": self._withdraw,
            "cancel": self._cancel,
            "extend": self._extend,
        }
        for name, act in acts.items():
            if name in step:
                return act(case, step, where)
        raise ScenarioError(f"{where}: nothing to do in {dict(step)}")

    def _actor(self, case: Case, group: str) -> Actor:
        account = case.applicant.get("account")
        if group != "applicant":
            return self._member(group)
        if account is None:
            return self._member("one_stop")
        return Actor(id=account, name=case.applicant["name"], kind="citizen", unit=case.unit)

    def _complete(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        task = _open(case, step["complete"], where)
        actor = self._actor(case, step["by"])
        if task.assignee is None:
            self._handle(m.ClaimTask(unit=case.unit, case_id=case.id, key=task.key), actor)
        done: dict[str, Any] = {"unit": case.unit, "case_id": case.id, "key": task.key, "data": step.get("data", {})}
        if "answers" in step:
            answer = AnswerSupplement(**done, application=step["answers"], documents=tuple(case.documents))
            self._handle(answer, actor)
            return
        self._handle(m.CompleteTask(**done), actor)

    def _message(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        name, order = step["message"], next((p for p in case.payments if not p["paid"]), None)
        if name == PAYMENT and order:
            payment = m.RecordPayment(
                unit=case.unit,
                order=order["order"],
                case_code=case.code,
                provider=order["provider"],
                amount=order["amount"],
                reference="SCENARIO",
            )
            self._handle(payment, system(case.unit))
            return
        message = m.CorrelateMessage(unit=case.unit, message=name, correlation=case.code, payload=step.get("data", {}))
        self._handle(message, self._actor(case, step["by"]) if "by" in step else system(case.unit))

    def _withdraw(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        actor = self._actor(case, step.get("by", "applicant"))
        self._handle(m.WithdrawCase(unit=case.unit, case_id=case.id, reason=step["withdraw"]), actor)

    def _cancel(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        actor = self._member(step.get("by", "chairman"))
        self._handle(m.CancelCase(unit=case.unit, case_id=case.id, reason=step["cancel"]), actor)

    def _extend(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        wish = step["extend"]
        command = m.ExtendDeadline(unit=case.unit, case_id=case.id, reason=wish["reason"], due=wish.get("due"))
        self._handle(command, self._member(step.get("by", "chairman")))

    def _wait_until(self, target: datetime) -> None:
        """Let time pass; whatever falls due on the way happens at its own instant, in order."""
        while True:
            due = [self._ports.store.next_start(), *(self._ports.store.next_due(kind) for kind in DUE)]
            coming = min((d for d in due if d is not None and d <= target), default=None)
            if coming is None:
                break
            self._clock.set(max(coming, self._clock.now()))
            self._worker.drain()
        self._clock.set(max(target, self._clock.now()))

    def _check_step(self, case: Case, step: Mapping[str, Any], where: str) -> None:
        if "open" in step:
            _same(sorted(step["open"]), sorted(open_elements(case)), f"{where}: open")
        if "status" in step:
            _same(step["status"], case.status, f"{where}: status")

    def _check_end(self, case: Case, scenario: Scenario) -> None:
        where, end = scenario.path.name, scenario.end
        history = self._ports.store.events(case.id)
        term = case.deadline
        facts = {
            "ended": case.ended,
            "status": case.status,
            "fee_total": case.fee_total,
            "due": term.due if term else None,
            "late": term is not None and term.timeliness == "late",
        }
        for name, fact in facts.items():
            if name in end:
                _same(end[name], fact, f"{where} end: {name}")
        tags = {link.event.tag for link in history}
        _same([], [tag for tag in end.get("events", ()) if tag not in tags], f"{where} end: events that never happened")
        seen = {v.element_id for link in history if isinstance(link.event, ProcessAdvanced) for v in link.event.path}
        _same([], [e for e in end.get("visited", ()) if e not in seen], f"{where} end: elements never visited")


def open_elements(case: Case) -> list[str]:
    """Element ids of the tasks and messages that are open."""
    tasks = [t.element_id for t in case.tasks.values()]
    return tasks + [s.element_id for s in case.subscriptions.values()]


def _open(case: Case, element_id: str, where: str) -> Task:
    for task in case.tasks.values():
        if task.element_id == element_id:
            return task
    raise ScenarioError(f"{where}: {element_id} is not open, but {sorted(open_elements(case))}")


def _same(expected: Any, found: Any, what: str) -> None:
    if expected != found:
        raise ScenarioError(f"{what}: expected {expected}, found {found}")


def _span(text: str) -> timedelta:
    """P20D, P2W, PT5H or PT30M."""
    number = int("".join(c for c in text if c.isdecimal()))
    if text.startswith("PT"):
        return timedelta(hours=number) if text.endswith("H") else timedelta(minutes=number)
    return timedelta(days=number * UNITS[text[-1]])
