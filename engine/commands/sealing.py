"""The seal of a paper is recorded once: whoever comes second keeps what the first one sealed."""

from __future__ import annotations

from engine.commands.messages import Result
from engine.commands.seal_messages import KeepSeal
from engine.commands.work import Work
from engine.domain import events, seals
from engine.domain.errors import ForbiddenError, NotFoundError


def keep(work: Work, command: KeepSeal) -> Result:
    """The house's own doing; of a paper that is sealed already nothing changes. ForbiddenError, NotFoundError."""
    if work.actor.kind != "system":
        raise ForbiddenError()
    paper = seals.issued(work.load(command.unit, command.case_id), command.kind, command.number)
    if paper is None:
        raise NotFoundError(what="giấy", id=command.number[:40])
    if "seal" not in paper:
        work.add(events.PaperSealed(kind=command.kind, number=command.number, **command.seal))
    return Result()
