"""Queues and tasks as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain import access
from engine.domain.actor import Actor
from engine.domain.context import case_context, variables
from engine.domain.errors import ForbiddenError
from engine.ports import Accounts, CompiledForms, Ports, ProcessDiagrams, ReadModels
from engine.queries.cases import CaseQueries
from engine.queries.queues import Queues
from engine.queries.views import Page, TaskView


class Queries(CaseQueries):
    """The whole read side: cases, and the queues and tasks of people."""

    def __init__(
        self, ports: Ports, models: ReadModels, accounts: Accounts, diagrams: ProcessDiagrams, forms: CompiledForms
    ) -> None:
        super().__init__(ports, models, accounts, diagrams)
        self._forms = forms
        self._queues = Queues(ports.clock, models)

    def inbox(self, actor: Actor, *, filters: Mapping[str, Any], after: str | None = None, limit: int = 50) -> Page:
        """Open tasks of the actor's groups and the actor's own, due date first; see Queues."""
        return self._queues.inbox(actor, filters=filters, after=after, limit=limit)

    def counts(self, actor: Actor) -> Mapping[str, int]:
        """How many tasks wait; see Queues."""
        return self._queues.counts(actor)

    def task(self, actor: Actor, case_id: str, key: str) -> TaskView:
        """A task with its case, form and what the form may read."""
        view = self.case(actor, case_id)
        task = access.open_task(view.case, key)
        if not access.may_take(actor, view.case, task) and actor.kind == "citizen":
            raise ForbiddenError()
        form = self._forms.compiled(view.procedure, task.form_id) if task.form_id else None
        mine = task.assignee == actor.id or (task.groups == (access.APPLICANT,) and task.assignee is None)
        return TaskView(
            case=view,
            task=task,
            form=form,
            context={**variables(view.case, task), **case_context(view.case)},
            help_vi=task.properties.get("helpVi", ""),
            help_en=task.properties.get("helpEn", ""),
            may_act=mine and access.may_take(actor, view.case, task),
        )
