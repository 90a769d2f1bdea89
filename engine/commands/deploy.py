"""Procedure versions become available to new cases."""

from __future__ import annotations

from engine.commands.messages import DeployProcedure, Result
from engine.commands.start_planning import plan_starts
from engine.commands.work import Work
from engine.domain.errors import ForbiddenError
from engine.ports import Deployment

DEPLOYERS = ("administrator",)


def deploy(work: Work, command: DeployProcedure) -> Result:
    """Store a version with all its files; the same version with another digest is refused (CatalogError)."""
    if work.actor.kind != "system" and not work.actor.in_any(DEPLOYERS):
        raise ForbiddenError()
    procedure = command.procedure
    work.uow.deploy(
        Deployment(
            code=procedure.code,
            version=procedure.version,
            digest=procedure.digest,
            valid_from=procedure.valid_from,
            valid_to=procedure.valid_to,
            name=procedure.name,
            level=procedure.level,
            files=procedure.files,
            deployed_at=work.now,
            deployed_by=work.actor.id,
        )
    )
    others = [p for p in work.ports.catalog.versions(procedure.code) if p.version != procedure.version]
    plan_starts(work, procedure.code, [*others, procedure])
    return Result(data={"code": procedure.code, "version": procedure.version})
