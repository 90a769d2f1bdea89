"""What waits for a leader's signature, each with its draft as it would be issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.case import Case, Task
from engine.domain.context import variables
from engine.domain.errors import ForbiddenError, NotFoundError
from engine.domain.paper_data import draft_data, draft_digest
from engine.domain.procedure import Procedure
from engine.domain.records import replace
from engine.ports import Ports, ReadModels
from engine.ports.signing_keys import AwaitedSignatures

PAGE, PAGES = 100, 10  # rows that are read at once, and how often: whoever has more to sign signs these first


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A task that waits for the reader's signature."""

    case_id: str
    key: str
    code: str
    applicant_name: str
    procedure: str
    assignee: str | None
    due: datetime | None
    version: int = 0  # of the case, as it is shown
    digest: str = ""  # of its draft, as it is shown

    @property
    def mark(self) -> str:
        """What is sent when it is chosen: the task, and what was looked at."""
        return f"{self.case_id}|{self.key}|{self.version}|{self.digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToStamp:
    """A result that the reader decided to sign and whose signature waits for the reader's PIN."""

    case_id: str
    code: str
    applicant_name: str
    procedure: str
    number: str


class SigningQueue:
    """Reads the queue of the actor's own signatures. `[signing_queue]` of the settings says which tasks are such."""

    def __init__(self, ports: Ports, models: ReadModels, awaited: AwaitedSignatures) -> None:
        self._ports = ports
        self._models = models
        self._awaited = awaited

    @property
    def answer(self) -> Mapping[str, Any]:
        """What signing answers in the task's form."""
        return dict(self._ports.catalog.settings["signing_queue"]["signed"])

    def waiting(self, actor: Actor, *, limit: int = PAGE) -> list[ToSign]:
        """Tasks the actor may sign, due first; what a colleague holds is left out."""
        kinds = frozenset(self._ports.catalog.settings["signing_queue"]["tasks"])
        groups, found, after = sorted(actor.groups), list[ToSign](), None
        for _ in range(PAGES):
            rows = self._models.inbox(actor.unit, groups, actor.id, {}, after=after, limit=PAGE)
            found += [_row(r) for r in rows if r["element_id"] in kinds and r["assignee"] in (None, actor.id)]
            if len(rows) < PAGE or len(found) >= limit:
                break
            after = rows[-1]["cursor"]
        return [shown for row in found[:limit] if (shown := self._pinned(row)) is not None]

    def stamps(self, actor: Actor, *, limit: int = PAGE) -> list[ToStamp]:
        """Results that wait for the actor's PIN, oldest first."""
        ids = self._awaited.case_ids(actor.unit, limit)
        cases = [case for case_id in ids if (case := self._ports.store.case(actor.unit, case_id)) is not None]
        return [_stamp(case) for case in cases if any(job.awaits == actor.id for job in case.jobs.values())]

    def _pinned(self, row: ToSign) -> ToSign | None:
        """The row with what its page shows of the case; None where the task was closed a moment ago."""
        case = self._ports.store.case(None, row.case_id)
        if case is None or row.key not in case.tasks:
            return None
        task = case.tasks[row.key]
        rule, unit = self._procedure(case).result, self._ports.catalog.settings["units"][case.unit]
        digest = draft_digest(case, variables(case, task), unit, rule)
        return replace(row, version=case.version, digest=digest)

    def _procedure(self, case: Case) -> Procedure:
        found: Procedure = self._ports.catalog.procedure(case.procedure, case.procedure_version)
        return found

    def draft(self, actor: Actor, case_id: str, key: str) -> bytes:
        """The result as it would be issued now, without number and day: a PDF marked as a draft.

        NotFoundError, TaskNotOpenError, ForbiddenError.
        """
        case = access.check_sees(actor, self._ports.store.case(actor.unit, case_id))
        task = access.open_task(case, key)
        if not access.may_take(actor, case, task):
            raise ForbiddenError()
        return self._drawn(case, task)

    def _drawn(self, case: Case, task: Task) -> bytes:
        catalog, procedure = self._ports.catalog, self._procedure(case)
        rule = procedure.result
        if rule is None or rule.template is None:
            raise NotFoundError(what="mẫu kết quả", id=case.procedure)
        unit = catalog.settings["units"][case.unit]
        data = draft_data(case, variables(case, task), unit, at=self._ports.clock.now())
        return self._ports.documents.render(rule.template, procedure.files, data)


def _row(row: Mapping[str, Any]) -> ToSign:
    return ToSign(
        case_id=row["case_id"],
        key=row["key"],
        code=row["case_code"],
        applicant_name=row["applicant_name"],
        procedure=row["procedure"],
        assignee=row["assignee"],
        due=row["due"],
    )


def _stamp(case: Case) -> ToStamp:
    return ToStamp(
        case_id=case.id,
        code=case.code,
        applicant_name=str(case.applicant.get("name") or ""),
        procedure=case.procedure,
        number=str(case.results[-1]["number"]) if case.results else "",
    )
