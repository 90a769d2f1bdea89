"""A drawn table → a compiled one; everything that keeps it from being evaluated is noted."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.dmn.expressions import Reader
from bpmn.dmn.model import Input, Output, Rule, Table
from bpmn.dmn.policies import AGGREGATIONS, POLICIES
from bpmn.dmn.problems import Problem, problem
from bpmn.dmn.table import CompiledTable, InputColumn, Line, OutputColumn
from bpmn.dmn.types import Types
from bpmn.feel import Expression, FeelError
from bpmn.feel.values import Value


class TableBuilder:
    """Compiles the table of one decision."""

    def __init__(self, name: str, decision_id: str, reader: Reader, types: Types) -> None:
        self._name, self._decision_id = name, decision_id
        self._reader, self._types = reader, types

    def build(self, table: Table) -> tuple[CompiledTable | None, list[Problem]]:
        """Return the compiled table, None when its shape forbids it, and what is wrong with the shape."""
        problems = list(self._shape(table))
        inputs = tuple(self._input(each) for each in table.inputs)
        outputs = tuple(self._output(each) for each in table.outputs)
        policy = POLICIES.get(table.hit_policy)
        if policy is not None and policy.ranks and not any(each.ranks for each in outputs):
            problems.append(problem("priority-without-values", table.id or self._decision_id, name=self._name))
        lines = tuple(self._line(each, table) for each in table.rules)
        whole = tuple(each for each in inputs if each is not None)
        if problems or policy is None or len(whole) < len(inputs):
            return None, problems
        return CompiledTable(table, whole, outputs, lines, policy), problems

    def _shape(self, table: Table) -> Iterator[Problem]:
        owner = table.id or self._decision_id
        policy, aggregation = table.hit_policy, table.aggregation
        if policy not in POLICIES or (aggregation and (policy != "COLLECT" or aggregation not in AGGREGATIONS)):
            said = f"{policy} {aggregation}".strip()
            yield problem("hit-policy-unknown", owner, name=self._name, policy=said)
        elif aggregation and len(table.outputs) != 1:
            yield problem("aggregation-unfit", owner, name=self._name)
        yield from self._columns(table, owner)
        for rule in table.rules:
            cells, results = len(rule.tests), len(rule.results)
            if (cells, results) != (len(table.inputs), len(table.outputs)):
                yield problem("rule-size", rule.id or owner, number=rule.number, cells=cells, results=results)

    def _columns(self, table: Table, owner: str) -> Iterator[Problem]:
        if not table.outputs:
            yield problem("column-missing", owner, name=self._name)
        names = [each.name for each in table.outputs]
        for each in table.outputs if len(names) > 1 else ():
            if not each.name or names.count(each.name) > 1:
                yield problem("column-name", each.id or owner, name=self._name, column=each.name or each.label)
        for column in table.inputs:
            if not column.expression:
                yield problem("input-missing", column.id or owner, column=column.label)

    def _input(self, drawn: Input) -> InputColumn | None:
        owner = drawn.id or self._decision_id
        place = f"cột “{drawn.label}” của bảng “{self._name}”", f'column "{drawn.label}" of the table "{self._name}"'
        expression = self._reader.expression(drawn.expression, owner, *place)
        allowed = self._reader.values(drawn.values, owner, *place)
        wanted = self._types.named(drawn.type_ref, owner, drawn.label).allowing(allowed)
        return None if expression is None else InputColumn(drawn, expression, wanted)

    def _output(self, drawn: Output) -> OutputColumn:
        owner = drawn.id or self._decision_id
        place = f"cột “{drawn.label}” của bảng “{self._name}”", f'column "{drawn.label}" of the table "{self._name}"'
        allowed = self._reader.values(drawn.values, owner, *place)
        wanted = self._types.named(drawn.type_ref, owner, drawn.label or self._name).allowing(allowed)
        default = self._reader.expression(drawn.default, owner, *place)
        ranks = self._ranks(drawn, owner, place) if allowed is not None else ()
        return OutputColumn(drawn, wanted, ranks, default)

    def _ranks(self, drawn: Output, owner: str, place: tuple[str, str]) -> tuple[Value, ...]:
        """Return the listed values in their order; empty when they are described and not listed."""
        listed = self._reader.expression(f"[{drawn.values}]", owner, *place)
        try:
            return tuple(listed({})) if listed is not None else ()
        except FeelError:
            return ()

    def _line(self, rule: Rule, table: Table) -> Line:
        owner = rule.id or self._decision_id
        tests: list[tuple[int, Expression]] = []
        for index, (text, column) in enumerate(zip(rule.tests, table.inputs, strict=False)):
            test = self._reader.test(text, owner, *self._cell(rule, column.label))
            if test is not None:
                tests.append((index, test))
        results = tuple(
            self._reader.expression(text, owner, *self._cell(rule, column.label))
            for text, column in zip(rule.results, table.outputs, strict=False)
        )
        return Line(rule, tuple(tests), results)

    def _cell(self, rule: Rule, label: str) -> tuple[str, str]:
        column = label or self._name
        vi, en = f"dòng {rule.number}, cột “{column}” của bảng “{self._name}”", f'rule {rule.number}, column "{column}"'
        return vi, f'{en} of the table "{self._name}"'
