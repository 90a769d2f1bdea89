"""A case goes on in another version of its procedure; no token moves."""

from __future__ import annotations

from datetime import datetime

from engine.commands.advance import cancelled, opened
from engine.commands.messages import MigrateCase, Result
from engine.commands.work import Work
from engine.domain import access, events
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.context import case_context
from engine.domain.errors import CaseEndedError, ForbiddenError, RuleError
from engine.domain.handling import open_round
from engine.domain.procedure import Procedure
from engine.domain.process import Call
from engine.domain.steering import WAIT_KINDS, Moved, Plan
from engine.ports import Ports

MIGRATORS = ("administrator",)


def migrate(work: Work, command: MigrateCase) -> Result:
    """Pin the case to another version: CannotMigrateError with every token that has no place there.

    Claims, drafts, tries and instants stay; groups, forms and names are those of the new version. Fees already assessed
    and the term stay as they are: they are facts.
    """
    case = work.load(command.unit, command.case_id)
    new, moved = moving(work.ports, work.actor, case, command, work.now)
    for key in moved.closed:
        for event in cancelled(case, key):
            work.add(event)
    work.add(
        events.CaseMigrated(
            procedure_version=new.version,
            procedure_digest=new.digest,
            by=work.actor.id,
            reason=command.reason.strip()[:2000],
            elements=command.elements,
            anew=command.anew,
            snapshot=moved.snapshot,
            keys=moved.keys,
            listens=moved.listens,
            **{name: moved.kept_of(kind) for name, kind in WAIT_KINDS.items()},
        )
    )
    for wait in moved.opened:
        work.add(opened(wait))
    return Result(data={"version": new.version})


def moving(
    ports: Ports, actor: Actor, case: Case | None, command: MigrateCase, now: datetime
) -> tuple[Procedure, Moved]:
    """The new version and what the move would do; nothing is written. Raises what stands in the way."""
    case = _checked(actor, case, command)
    old = ports.catalog.procedure(case.procedure, case.procedure_version)
    new = ports.catalog.procedure(case.procedure, command.to)
    dues = {key: timer.due for key, timer in case.timers.items()}
    plan = Plan(elements=command.elements, anew=command.anew, dues=dues)
    context, functions = case_context(case), ports.functions(case.unit)
    call = Call(scopes=case.scopes, now=now, context=context, functions=functions)
    return new, ports.runner.migrate(old, new, case.snapshot, plan, call)


def _checked(actor: Actor, case: Case | None, command: MigrateCase) -> Case:
    case = access.check_sees(actor, case)
    if actor.kind != "system" and not (actor.unit == case.unit and actor.in_any(MIGRATORS)):
        raise ForbiddenError()
    if case.ended:
        raise CaseEndedError(code=case.code)
    if open_round(case) is not None:
        raise RuleError(
            reason="Hồ sơ đang chờ người nộp bổ sung; hãy chuyển phiên bản sau khi bổ sung xong.",
            reason_en="The case waits for a supplement; move it to another version once that is settled.",
        )
    if command.to == case.procedure_version:
        raise RuleError(
            reason=f"Hồ sơ đang ở phiên bản {command.to}.", reason_en=f"The case is in version {command.to} already."
        )
    if not command.reason.strip():
        raise RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason.")
    return case
