"""One case played to its end: what people did in it, and every row each commit wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.bench.stage import Piece, member
from engine.bootstrap import App
from engine.commands.bus import Bus
from engine.commands.messages import ClaimTask, Command, CompleteTask, RecordPayment, Result, SubmitCase
from engine.commands.worker import Worker
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.events import Recorded
from engine.domain.notice import Notice
from engine.ports import Answer, Remembered
from engine.scenarios import Player

BY_PEOPLE = (SubmitCase, ClaimTask, CompleteTask, RecordPayment)


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did: the command as it was given, to be given again for another case."""

    command: Command
    actor: Actor


@dataclass(slots=True)
class Commit:
    """What one transaction wrote: the case before and after, its events, the answer kept, numbers drawn, notices."""

    before: Case | None = None
    after: Case | None = None
    events: Sequence[Recorded] = ()
    answers: list[Answer] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    notices: Sequence[Notice] = ()


@dataclass(slots=True)
class Sample:
    """A case played once."""

    acts: list[Act] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)
    case: Case | None = None


class _NotingUnitOfWork:
    """A unit of work that notes what is written through it."""

    def __init__(self, inner: Any, commit: Commit) -> None:
        self._inner = inner
        self._commit = commit

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def save(
        self,
        before: Case | None,
        after: Case,
        events: Sequence[Recorded],
        answer: Answer | None = None,
        notices: Sequence[Notice] = (),
    ) -> None:
        self._commit.before, self._commit.after, self._commit.events = before, after, events
        self._commit.notices = notices
        if answer is not None:
            self._commit.answers.append(answer)
        self._inner.save(before, after, events, answer, notices)

    def remember(self, unit: str, key: str, answer: Remembered, at: datetime) -> None:
        self._commit.answers.append(Answer(unit=unit, key=key, remembered=answer, at=at))
        self._inner.remember(unit, key, answer, at)

    def next_number(self, unit: str, counter: str) -> int:
        self._commit.numbers.append((unit, counter))
        return int(self._inner.next_number(unit, counter))


class _NotingStore:
    """A store whose transactions are noted."""

    def __init__(self, inner: Any, commits: list[Commit]) -> None:
        self._inner = inner
        self._commits = commits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def draw(self, unit: str, counter: str, key: str, at: datetime) -> int:
        number = int(self._inner.draw(unit, counter, key, at))
        kept = Remembered(fingerprint=counter, result={"number": number})
        answers = [Answer(unit=unit, key=key, remembered=kept, at=at)]
        self._commits.append(Commit(answers=answers, numbers=[(unit, counter)]))
        return number

    @contextmanager
    def begin(self, **options: Any) -> Iterator[_NotingUnitOfWork]:
        commit = Commit()
        with self._inner.begin(**options) as uow:
            yield _NotingUnitOfWork(uow, commit)
        if commit.after is not None or commit.answers:
            self._commits.append(commit)


class _NotingBus(Bus):
    """A bus that notes what people do."""

    acts: list[Act]

    def handle(self, command: Command, actor: Actor, key: str, known: Case | None = None) -> Result:
        if isinstance(command, BY_PEOPLE):
            self.acts.append(Act(command, actor))
        return super().handle(command, actor, key, known)


class _Still:
    """A clock for a scenario without waiting: the house's own, which cannot be set."""

    def __init__(self, app: App) -> None:
        self.now = app.clock.now


def play(app: App, piece: Piece, *, steps: int | None = None) -> Sample:
    """Play the scenario, or its first `steps` steps, once on the engine as it stands, jobs included."""
    sample = Sample()
    ports = replace(app.ports, store=_NotingStore(app.ports.store, sample.commits))
    bus = _NotingBus(ports)
    bus.acts = sample.acts
    worker, clock = Worker(ports, bus, "sample"), _Still(app)
    player = Player(ports, bus, worker, clock, member=lambda group: member(app.settings.unit, group))  # type: ignore[arg-type]  # a clock that is never set
    sample.case = player.play(piece.scenario, piece.procedure, steps=steps, check=False)
    return sample
