"""One command, one unit of work, one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from engine.commands import (
    amending,
    book_messages,
    books,
    cases,
    deploy,
    drawer_messages,
    event_messages,
    following,
    following_messages,
    inbox,
    inbox_messages,
    incidents,
    jobs,
    leading,
    leading_messages,
    migrating,
    modifying,
    payments,
    refunds,
    result_messages,
    results,
    signals,
    starts,
    suspending,
    tasks,
    timers,
)
from engine.commands import messages as m
from engine.commands import payment_messages as pay
from engine.commands.announcing import announced
from engine.commands.handled import HANDLED
from engine.commands.holding import hold
from engine.commands.inside import InsideError, work_inside
from engine.commands.wake import wake
from engine.commands.work import Work
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.codec import written
from engine.domain.errors import (
    DatabaseUnavailableError,
    DomainError,
    DuplicateCommandError,
    FormInvalidError,
    ProcessStuckError,
    RuleError,
    StaleVersionError,
    StepHeldError,
    StillStuckError,
)
from engine.domain.events import Recorded
from engine.domain.history import GENESIS, record
from engine.domain.seals import same_but_for_seals
from engine.ports import Answer, Ports, Remembered, UnitOfWork

Handler = Callable[[Work, Any], m.Result]
Begin = Callable[[], AbstractContextManager[UnitOfWork]]
KEY_LENGTH = 500
KEPT: dict[str, type[ProcessStuckError]] = {"held": StepHeldError, "stuck": StillStuckError}
TRIES = 5  # a command that did not name a version is decided anew when another one came first

HANDLERS: dict[type[m.Command], Handler] = {
    m.DeployProcedure: deploy.deploy,
    m.SubmitCase: cases.submit,
    m.WithdrawCase: cases.withdraw,
    m.CancelCase: cases.cancel,
    m.ExtendDeadline: cases.extend,
    m.AddComment: cases.comment,
    m.ClaimTask: tasks.claim,
    m.UnclaimTask: tasks.unclaim,
    m.DelegateTask: tasks.delegate,
    m.SaveTaskDraft: tasks.save_draft,
    m.CompleteTask: tasks.complete,
    drawer_messages.TakeCash: tasks.complete,
    m.CorrelateMessage: timers.correlate,
    m.FireTimer: timers.fire,
    m.FailTimer: timers.fail,
    m.RecordPayment: payments.record,
    pay.OrderPayment: payments.order,
    pay.RecordOutcome: payments.record_outcome,
    pay.BookTransfer: payments.book_transfer,
    pay.DelayRefund: refunds.delay,
    pay.RetryRefund: refunds.retry,
    pay.SettleRefund: refunds.settle,
    drawer_messages.GiveCashBack: refunds.settle,
    m.CompleteJob: jobs.complete,
    m.ThrowJobError: jobs.throw,
    m.FailJob: jobs.fail,
    m.ResolveIncident: incidents.resolve,
    m.RetryIncident: incidents.retry,
    m.NoteIncident: incidents.note,
    m.ProposeModification: modifying.propose,
    m.ApproveModification: modifying.approve,
    m.RejectModification: modifying.reject,
    m.MigrateCase: migrating.migrate,
    m.SuspendCase: suspending.suspend,
    m.ResumeCase: suspending.resume,
    following_messages.AnswerSupplement: amending.answer,
    following_messages.ChangeDelivery: following.change_delivery,
    following_messages.RateCase: following.rate,
    inbox_messages.AssignTask: inbox.assign,
    inbox_messages.SetFollowUp: inbox.set_follow_up,
    inbox_messages.MentionColleagues: inbox.mention,
    result_messages.RevokeResult: results.revoke,
    result_messages.ReplaceResult: results.replace,
    leading_messages.SignResult: leading.sign,
    leading_messages.RecordSignature: jobs.record_signature,
    event_messages.ScheduleStarts: starts.schedule,
    event_messages.StartByTimer: starts.by_timer,
    event_messages.FailStart: starts.fail,
    event_messages.StartBySignal: starts.by_signal,
    event_messages.DeliverSignal: signals.deliver,
    event_messages.ReportSignal: signals.report,
    event_messages.FinishBroadcast: signals.finish,
    **HANDLED,
    book_messages.CancelNumber: books.cancel,
}


class Bus:
    """Carries out commands; safe to use from many threads and processes at once."""

    def __init__(self, ports: Ports, on_commit: Callable[[], None] = lambda: None) -> None:
        self._ports = ports
        self._on_commit = on_commit

    def handle(self, command: m.Command, actor: Actor, key: str, known: Case | None = None) -> m.Result:
        """Carry out `command` once under the idempotency key; a repeat gets the first answer. Raises DomainError.

        `known`: the case of the command's lease as it was read with the claim.
        """
        _check_key(key)
        fingerprint = _fingerprint(command, actor)
        for attempt in range(1, TRIES + 1):
            try:
                hopeful = partial(self._ports.store.begin, hopeful=True, known=known)
                begin = hopeful if attempt == 1 else self._ports.store.begin
                result = self._tried(command, actor, key, fingerprint, begin)
            except DatabaseUnavailableError:  # to look up what became of it would only be another wait
                raise
            except DomainError as refusal:
                seen = self._ports.store.remembered(actor.unit, key)
                if seen is not None:  # the same command came in at the same instant and was through first
                    return _told(_again(seen, fingerprint))
                if attempt == TRIES or not _worth_another_try(command, refusal, hopeful=attempt == 1):
                    raise
            else:
                self._on_commit()
                return _told(result)
        raise AssertionError("unreachable")

    def _tried(self, command: m.Command, actor: Actor, key: str, fingerprint: str, begin: Begin) -> m.Result:
        try:
            return self._once(command, actor, key, fingerprint, begin)
        except InsideError:
            return self._once(command, actor, key, fingerprint, begin, inside=False)

    def _once(
        self, command: m.Command, actor: Actor, key: str, fingerprint: str, begin: Begin, *, inside: bool = True
    ) -> m.Result:
        ports, now = self._ports, self._ports.clock.now()
        with begin() as uow:
            seen = uow.recall(actor.unit, key, subject=_subject(command), lease=getattr(command, "lease", None))
            if seen is not None:
                return _again(seen, fingerprint)
            work = Work(ports, uow, actor, now)
            answer = _decided(work, command, writable=bool(fingerprint))
            wake(work)
            if inside:
                work_inside(work)
            hold(work)
            refunds.ask_after_end(work)
            result = _write(work, command, answer, key, fingerprint)
            uow.commit()
        return result


def _write(work: Work, command: m.Command, answer: m.Result, key: str, fingerprint: str) -> m.Result:
    """Keep what was decided, and the answer."""
    if work.before is not None:
        _check_version(command, work.before)
    if not work.events:
        work.uow.remember(work.asked_by.unit, key, _remembered(answer, fingerprint), work.now)
        return answer
    recorded = _recorded(work, key)
    after = work.sealed(recorded[-1].hash)
    result = m.Result(case_id=after.id, version=after.version, data=answer.data)
    kept = Answer(unit=work.asked_by.unit, key=key, remembered=_remembered(result, fingerprint), at=work.now)
    work.uow.save(work.before, after, recorded, kept, announced(work, after, recorded))
    return result


def _recorded(work: Work, key: str) -> list[Recorded]:
    """The events as links of the case's chain, each in the name of whose turn it was."""
    case, before = work.case, work.before
    chain: list[Recorded] = []
    version, head = (before.version, before.head_hash) if before else (0, GENESIS)
    ends = [first for first, _ in work.turns[1:]] + [len(work.events)]
    for (first, actor), end in zip(work.turns, ends, strict=True):
        chain += record(
            work.events[first:end],
            work.texts[first:end],
            stream=case.id,
            unit=case.unit,
            after=version + first,
            head=chain[-1].hash if chain else head,
            actor=actor,
            at=work.moment,
            cause=key,
        )
    return chain


def _remembered(result: m.Result, fingerprint: str) -> Remembered:
    data = {"case_id": result.case_id, "version": result.version, "data": dict(result.data)}
    return Remembered(fingerprint=fingerprint, result=data)


def _subject(command: m.Command) -> tuple[str, str] | None:
    """The case that a command names."""
    return (command.unit, command.case_id) if isinstance(command, m.CaseCommand) else None


def _worth_another_try(command: m.Command, refusal: DomainError, *, hopeful: bool) -> bool:
    """Whether somebody else was first and the command did not say what it has seen: it is decided anew.

    After a hopeful try in any case: the next one waits for its turn, and can say what came first.
    """
    return isinstance(refusal, StaleVersionError) and (hopeful or getattr(command, "version", None) is None)


def _decided(work: Work, command: m.Command, *, writable: bool) -> m.Result:
    """The handler's answer; what cannot be written down is refused by the handler at its place, or here as a whole."""
    try:
        answer = HANDLERS[type(command)](work, command)
    except (TypeError, ValueError, RecursionError):
        if writable:
            raise
    else:
        if writable:
            return answer
    raise FormInvalidError({"": ["Dữ liệu gửi lên không đúng dạng; hãy tải lại trang rồi nhập lại."]})


def _told(result: m.Result) -> m.Result:
    """The answer; of a step that could not be taken the error, now that what was sent is kept."""
    for name, error in KEPT.items():
        if name in result.data:
            raise error(**result.data[name])
    return result


def _check_key(key: str) -> None:
    """A key is short text that any database can keep."""
    if not 1 <= len(key) <= KEY_LENGTH or not key.isprintable():
        raise RuleError(
            reason=f"Mã yêu cầu phải có từ 1 đến {KEY_LENGTH} ký tự.",
            reason_en=f"An idempotency key has 1 to {KEY_LENGTH} printable characters.",
        )


def _check_version(command: m.Command, case: Case) -> None:
    seen = getattr(command, "version", None)
    if seen is not None and not same_but_for_seals(case, seen):
        raise StaleVersionError(seen=seen, version=case.version)


def _again(seen: Remembered, fingerprint: str) -> m.Result:
    if seen.fingerprint != fingerprint:
        raise DuplicateCommandError()
    return m.Result(
        case_id=seen.result["case_id"], version=seen.result["version"], data=seen.result["data"], repeated=True
    )


def _fingerprint(command: m.Command, actor: Actor) -> str:
    """What tells two commands apart; empty for one that cannot be written down, so that its handler may say why."""
    content = [command.procedure.code, command.procedure.digest] if isinstance(command, m.DeployProcedure) else command
    text = written(content)
    if text is None:
        return ""
    return hashlib.sha256(f"{type(command).__name__}|{actor.id}|{text}".encode()).hexdigest()
