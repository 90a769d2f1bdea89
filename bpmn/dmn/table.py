"""A compiled decision table and how it is evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bpmn.dmn.model import Input, Output, Rule, Table
from bpmn.dmn.policies import Hit, Policy, aggregated, rule_name
from bpmn.dmn.types import MISFIT, Type, fit
from bpmn.errors import DecisionError
from bpmn.feel import Expression, FeelError, Session
from bpmn.feel.scope import Scope
from bpmn.feel.values import Value, kind_of

Place = tuple[str, str, str]  # the id to blame, then where it is in Vietnamese and English


@dataclass(frozen=True, slots=True)
class InputColumn:
    """What a column looks at."""

    drawn: Input
    expression: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """What a column gives; `ranks` are its values, those of the highest priority first."""

    drawn: Output
    type: Type
    ranks: tuple[Value, ...]
    default: Expression | None


@dataclass(frozen=True, slots=True)
class Line:
    """A rule: its tests by the index of their column, empty ones left out, and one result per output."""

    drawn: Rule
    tests: tuple[tuple[int, Expression], ...]
    results: tuple[Expression | None, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """Immutable; a call needs nothing but the session and the scope of its decision."""

    drawn: Table
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    lines: tuple[Line, ...]
    policy: Policy

    def evaluate(self, session: Session, scope: Scope) -> Value:
        """Return what the rules that hold give, by the hit policy. Raises DecisionError naming rule or column."""
        cells = [scope.inner({"?": self._looked_at(session, each, scope)}) for each in self.inputs]
        found = []
        for line in self.lines:
            if self._holds(session, line, cells):
                found.append(line)
                if self.policy.first:
                    break
        hits = [self._hit(session, line, scope) for line in found]
        if not hits:
            return self._without_hit(session, scope)
        return aggregated(self.drawn.aggregation, hits) if self.drawn.aggregation else self.policy.choose(session, hits)

    def _looked_at(self, session: Session, column: InputColumn, scope: Scope) -> Value:
        place = column.drawn.id, f"cột “{column.drawn.label}”", f'column "{column.drawn.label}"'
        return made(session, column.expression, scope, wanted=column.type, place=place)

    def _holds(self, session: Session, line: Line, cells: list[Scope]) -> bool:
        for index, test in line.tests:
            try:
                if session.evaluate(test, cells[index]) is not True:
                    return False
            except FeelError as error:
                raise failed(_place(line.drawn, self.inputs[index].drawn.label), error) from error
        return True

    def _hit(self, session: Session, line: Line, scope: Scope) -> Hit:
        values = [
            self._given(session, expression, scope, column=column, rule=line.drawn)
            for column, expression in zip(self.outputs, line.results, strict=True)
        ]
        ranked = zip(self.outputs, values, strict=True) if self.policy.ranks else ()
        ranks = tuple(_rank(session, column.ranks, value) for column, value in ranked if column.ranks)
        return Hit(line.drawn, self._shaped(values), ranks)

    def _given(
        self, session: Session, expression: Expression | None, scope: Scope, *, column: OutputColumn, rule: Rule | None
    ) -> Value:
        if expression is None:
            return None
        return made(session, expression, scope, wanted=column.type, place=_place(rule, column.drawn.label))

    def _without_hit(self, session: Session, scope: Scope) -> Value:
        """Return the defaults of the outputs; without one null, but a count is 0 then."""
        if all(each.default is None for each in self.outputs):
            return Decimal(0) if self.drawn.aggregation == "COUNT" else None
        return self._shaped(
            [self._given(session, each.default, scope, column=each, rule=None) for each in self.outputs]
        )

    def _shaped(self, values: list[Value]) -> Value:
        """Return the value of one output, a context of several."""
        if len(values) == 1:
            return values[0]
        return {column.drawn.name: value for column, value in zip(self.outputs, values, strict=True)}


def made(session: Session, expression: Expression, scope: Scope, *, wanted: Type, place: Place) -> Value:
    """Return the value of an expression as one of the type. Raises DecisionError that tells the place."""
    try:
        value = session.evaluate(expression, scope)
        fitted = fit(session, value, wanted)
    except FeelError as error:
        raise failed(place, error) from error
    if fitted is MISFIT:
        raise misfit(place, value, wanted)
    return fitted


def failed(place: Place, error: FeelError) -> DecisionError:
    """Return the error of an expression that could not be evaluated."""
    element_id, vi, en = place
    return DecisionError(f"{en}: {error.message}", element_id, message_vi=f"{vi}: {error.message_vi}")


def misfit(place: Place, value: Value, wanted: Type) -> DecisionError:
    """Return the error of a value that is not of its type, or not allowed; the value itself is nobody's business."""
    element_id, vi, en = place
    kind = f"list<{wanted.kind}>" if wanted.collection else wanted.kind
    return DecisionError(
        f"{en}: a value of type {kind_of(value)} is no {kind}, or not one of those allowed.",
        element_id,
        message_vi=f"{vi}: giá trị kiểu {kind_of(value)} không phải {kind}, hoặc không được phép.",
    )


def _rank(session: Session, ranks: tuple[Value, ...], value: Value) -> int:
    """Return the place of a value in the list of its column; what is not listed comes last."""
    return next((n for n, each in enumerate(ranks) if session.belongs(value, each)), len(ranks))


def _place(rule: Rule | None, label: str) -> Place:
    vi, en = ("giá trị mặc định", "the default") if rule is None else rule_name(rule)
    column_vi, column = (f", cột “{label}”", f', column "{label}"') if label else ("", "")
    return rule.id if rule else "", vi + column_vi, en + column
