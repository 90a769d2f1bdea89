"""A decision with everything it requires, compiled once and made often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from bpmn.dmn.build import TableBuilder
from bpmn.dmn.expressions import Reader
from bpmn.dmn.model import DecisionModel, DrawnDecision, InputData, Literal, Table
from bpmn.dmn.problems import Problem, problem
from bpmn.dmn.table import CompiledTable, failed, made, misfit
from bpmn.dmn.types import MISFIT, Type, Types, fit
from bpmn.errors import DecisionError
from bpmn.feel import Expression, FeelError, Session
from bpmn.feel.values import Value

MAX_STEPS: Final = 200_000  # cells looked at, loop turns and calls of one decision with all it requires


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on the way: `needs` are the names and ids of those before it, `data` what comes from outside."""

    drawn: DrawnDecision
    type: Type
    logic: CompiledTable | Expression
    needs: tuple[tuple[str, str], ...]
    data: tuple[tuple[InputData, Type], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A compiled decision; immutable, may be made in many threads at once."""

    id: str
    name: str
    steps: tuple[Step, ...]  # what is required comes first, the decision itself last

    def __call__(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> Value:
        """Return the FEEL value decided over the variables; `now` is the only clock.

        Raises DecisionError naming the rule or column in its words, and its id.
        """
        session = Session(context, now=now, functions=functions, max_steps=max_steps)
        results: dict[str, Value] = {}
        for step in self.steps:
            results[step.drawn.id] = _make(session, step, results)
        return results[self.id]


def _make(session: Session, step: Step, results: Mapping[str, Value]) -> Value:
    local = {name: results[decision_id] for name, decision_id in step.needs}
    for data, wanted in step.data:
        local[data.name] = _from_outside(session, data, wanted)
    scope = session.scope(local)
    place = step.drawn.id, f"“{step.drawn.name}”", f'"{step.drawn.name}"'
    if isinstance(step.logic, Expression):
        return made(session, step.logic, scope, wanted=step.type, place=place)
    value = step.logic.evaluate(session, scope)
    # Of a table that lists its hits the modelers give the type of one.
    fitted = value if _fits_each(session, value, step.type) else fit(session, value, step.type)
    if fitted is MISFIT:
        raise misfit(place, value, step.type)
    return fitted


def _fits_each(session: Session, value: Value, wanted: Type) -> bool:
    return isinstance(value, list) and not any(fit(session, each, wanted) is MISFIT for each in value)


def _from_outside(session: Session, data: InputData, wanted: Type) -> Value:
    place = data.id, f"dữ liệu “{data.name}”", f'the data "{data.name}"'
    try:
        value = session.variable(data.name)
        fitted = fit(session, value, wanted)
    except FeelError as error:
        raise failed(place, error) from error
    if fitted is MISFIT:
        raise misfit(place, value, wanted)
    return fitted


def compile_decision(model: DecisionModel, decision_id: str) -> Decision:
    """Compile a decision of a file. Raises DecisionError for the first thing of the file that cannot be executed."""
    compiler = _compiler(model)
    for found in compiler.problems:
        raise DecisionError(found.message, found.element_id, message_vi=found.message_vi)
    if decision_id not in model.decisions:
        raise DecisionError(
            f'There is no decision "{decision_id}".', decision_id, message_vi=f"Không có quyết định “{decision_id}”."
        )
    return compiler.decision(decision_id)


def check(model: DecisionModel) -> tuple[Problem, ...]:
    """Return everything that keeps the decisions of a file from being made."""
    return _compiler(model).problems


def expressions(model: DecisionModel) -> Sequence[tuple[str, str, str, Expression]]:
    """Return every expression of a file that compiles: the id to blame, its place (Vietnamese, English), itself."""
    return tuple(_compiler(model).reader.read)


class Compiler:
    """Compiles every decision of one file; `problems` are all there are, `reader` knows every expression."""

    def __init__(self, model: DecisionModel) -> None:
        self._model = model
        self.order, found = _ordered(model)
        names = {each.variable for each in model.decisions.values()} | {each.name for each in model.data.values()}
        self.reader = Reader(sorted(names))
        self._types = Types(model.types, self.reader)
        self._data = {key: self._types.named(each.type_ref, key, each.name) for key, each in model.data.items()}
        self._steps: dict[str, Step] = {}
        for decision_id in self.order:
            found += self._step(model.decisions[decision_id])
        self.problems = (*model.problems, *found, *self._types.problems(), *self.reader.problems())

    def decision(self, decision_id: str) -> Decision:
        """Return a decision of a file that has no problems."""
        needed = {decision_id}
        for each in reversed(self.order):
            if each in needed:
                needed |= {required for _, required in self._steps[each].needs}
        steps = tuple(self._steps[each] for each in self.order if each in needed)
        return Decision(decision_id, self._model.decisions[decision_id].name, steps)

    def _step(self, drawn: DrawnDecision) -> list[Problem]:
        logic, found = self._logic(drawn)
        wanted = self._types.named(drawn.type_ref, drawn.id, drawn.name)
        several = isinstance(drawn.logic, Table) and len(drawn.logic.outputs) > 1
        if several and wanted.kind not in ("Any", "context"):
            found = [*found, problem("result-type-unfit", drawn.id, name=drawn.name, type=drawn.type_ref)]
        if logic is not None:
            decisions, data = self._model.decisions, self._model.data
            needs = tuple((decisions[each].variable, each) for each in drawn.required if each in decisions)
            given = tuple((data[each], self._data[each]) for each in drawn.required if each in data)
            self._steps[drawn.id] = Step(drawn, wanted, logic, needs, given)
        return found

    def _logic(self, drawn: DrawnDecision) -> tuple[CompiledTable | Expression | None, list[Problem]]:
        if isinstance(drawn.logic, Table):
            return TableBuilder(drawn.name, drawn.id, self.reader, self._types).build(drawn.logic)
        if isinstance(drawn.logic, Literal) and drawn.logic.text:
            return self.reader.expression(drawn.logic.text, drawn.id, f"“{drawn.name}”", f'"{drawn.name}"'), []
        return None, [problem("decision-empty", drawn.id, name=drawn.name)]


@lru_cache(maxsize=16)
def _compiler(model: DecisionModel) -> Compiler:
    """Compile a file once for all its decisions and checks; models are equal when their files are."""
    return Compiler(model)


def _ordered(model: DecisionModel) -> tuple[list[str], list[Problem]]:
    """Return the ids of decisions, what is required first, and what is wrong with the requirements."""
    found = list(_requirements(model))
    left = {each.id: [key for key in each.required if key in model.decisions] for each in model.decisions.values()}
    order: list[str] = []
    while left:
        ready = [key for key, needs in left.items() if not set(needs) & left.keys()]
        if not ready:
            names = ", ".join(model.decisions[key].name for key in left)
            found.append(problem("decision-cycle", next(iter(left)), names=names))
            break
        order += ready
        for key in ready:
            del left[key]
    return order, found


def _requirements(model: DecisionModel) -> Iterator[Problem]:
    for drawn in model.decisions.values():
        for wanted in _missing(drawn.required, model):
            yield problem("decision-requires-unknown", drawn.id, name=drawn.name, wanted=wanted)
        names = [model.decisions[key].variable for key in drawn.required if key in model.decisions]
        names += [model.data[key].name for key in drawn.required if key in model.data]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield problem("decision-name-twice", drawn.id, name=drawn.name, wanted=name)


def _missing(required: Iterable[str], model: DecisionModel) -> list[str]:
    return [key or "?" for key in required if key not in model.decisions and key not in model.data]
