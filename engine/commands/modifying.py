"""Tokens moved by hand, with four eyes: one person proposes, another approves."""

from __future__ import annotations

from engine.commands.advance import advance
from engine.commands.messages import ApproveModification, ProposeModification, RejectModification, Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.case import Case
from engine.domain.codec import basis, is_plain
from engine.domain.errors import (
    CaseEndedError,
    ChangeRefusedError,
    FormInvalidError,
    FourEyesError,
    NotFoundError,
    ProposalStaleError,
    RuleError,
)
from engine.domain.process import Step
from engine.domain.steering import Change, Effect, Proposal

MOST = 50  # tokens to cancel or places to begin at in one change


def propose(work: Work, command: ProposeModification) -> Result:
    """Try the change dry and keep it for a second person; the answer's data hold what it would do.

    A proposal that the case has left behind gives way to a new one; a fresh one has to be settled first.
    """
    case = _open_case(work, command)
    reason = command.reason.strip()[:2000]
    if not reason:
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    _check_form(command.change)
    _make_room(work, case)
    effect = effect_of(_dry(work, case, command.change))
    proposal = work.ports.ids.new()
    work.add(
        events.ModificationProposed(
            proposal=proposal,
            by=work.actor.id,
            reason=reason,
            change=command.change,
            basis=basis(case),
            effect=effect,
        )
    )
    return Result(
        data={
            "proposal": proposal,
            "closes": list(effect.closes),
            "opens": list(effect.opens),
            "visits": list(effect.visits),
            "ended": effect.ended,
        }
    )


def _check_form(change: Change) -> None:
    if not is_plain(change):
        raise FormInvalidError({"variables": ["Giá trị không ghi được."]})
    if not (change.cancel or change.begin or change.variables):
        raise RuleError(reason="Chưa chọn điều chỉnh nào.", reason_en="Nothing is to be changed.")
    if len(change.cancel) > MOST or len(change.begin) > MOST or any(len(each) != 2 for each in change.begin):
        raise RuleError(reason=f"Mỗi lần tối đa {MOST} vị trí.", reason_en=f"At most {MOST} places at a time.")


def _make_room(work: Work, case: Case) -> None:
    if case.proposal is None:
        return
    if case.proposal.basis == basis(case):
        raise RuleError(
            reason="Đang có một đề nghị chờ duyệt; hãy duyệt hoặc bỏ đề nghị đó trước.",
            reason_en="A proposal is waiting; approve or reject it first.",
        )
    text = "Hồ sơ đã đi tiếp; có đề nghị mới thay thế."
    work.add(events.ModificationRejected(proposal=case.proposal.id, by=work.actor.id, reason=text))


def approve(work: Work, command: ApproveModification) -> Result:
    """Make the change: by somebody else than who proposed it, and only if it still does what was shown."""
    case = _open_case(work, command)
    proposal = _waiting(case, command.proposal)
    if proposal.by == work.actor.id:
        raise FourEyesError()
    if proposal.basis != basis(case):
        raise ProposalStaleError()
    step = _dry(work, case, proposal.change)
    if effect_of(step) != proposal.effect:
        raise ProposalStaleError()
    work.add(events.ModificationApproved(proposal=proposal.id, by=work.actor.id))
    advance(work, step, trigger={"kind": "modify", "key": "", "data": proposal.change.as_data()})
    return Result()


def reject(work: Work, command: RejectModification) -> Result:
    """Refuse the change, or take the own proposal back."""
    case = access.check_steers(work.actor, work.load(command.unit, command.case_id))
    proposal = _waiting(case, command.proposal)
    reason = command.reason.strip()[:2000]
    work.add(events.ModificationRejected(proposal=proposal.id, by=work.actor.id, reason=reason))
    return Result()


def _open_case(work: Work, command: ProposeModification | ApproveModification) -> Case:
    case = access.check_steers(work.actor, work.load(command.unit, command.case_id))
    if case.ended:
        raise CaseEndedError(code=case.code)
    return case


def _waiting(case: Case, proposal: str) -> Proposal:
    if case.proposal is None or case.proposal.id != proposal:
        raise NotFoundError(what="đề nghị", id="")
    return case.proposal


def _dry(work: Work, case: Case, change: Change) -> Step:
    """What the change does; ChangeRefusedError where it has no meaning or would leave the case waiting for nothing."""
    step = work.ports.runner.modify(work.procedure, case.snapshot, change, work.call())
    stays = {*case.tasks, *case.timers, *case.jobs, *case.subscriptions} - set(step.closed)
    if not (step.ended or step.conditional or step.listens or step.opened or stays):
        raise ChangeRefusedError(
            reason="hồ sơ sẽ không còn chờ việc gì", reason_en="the case would wait for nothing any more"
        )
    return step


def effect_of(step: Step) -> Effect:
    """What a step closes, opens and visits."""
    return Effect(
        closes=step.closed,
        opens=tuple(wait.key for wait in step.opened),
        visits=tuple(visit.key for visit in step.path),
        ended=step.ended,
    )
