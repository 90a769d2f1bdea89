"""Where a case stands on its way: the steps of its procedure in words, each done, at hand or to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.queries.views import CaseView
from web.diagram_steps import steps

State = Literal["done", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the procedure and how far it is."""

    name: str
    state: State


def stages(view: CaseView) -> list[Stage]:
    """The steps of the case's own process that were taken, are at hand, or lie on every way ahead.

    Of a case that has ended only what was done is told.
    """
    main = next((one for one in view.diagrams if one.process_id == view.procedure.process_id), None)
    if main is None:
        return []
    active, visited = set(main.active), set(main.visited)
    found: list[Stage] = []
    for step in steps(main.xml, main.process_id):
        if step.element_id in active and not view.case.ended:
            found.append(Stage(step.name, "now"))
        elif step.element_id in visited:
            found.append(Stage(step.name, "done"))
        elif step.always and not view.case.ended:
            found.append(Stage(step.name, "ahead"))
    return found
