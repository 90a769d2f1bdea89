"""What deserves a second look in a decision file: rules that hold for the same values, columns that give nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Final

from bpmn.dmn.model import DecisionModel, DrawnDecision, Rule, Table
from bpmn.dmn.problems import Problem, problem
from bpmn.feel import FeelError
from bpmn.feel.library import REGISTRY
from bpmn.feel.parser import Parser
from bpmn.feel.syntax import Comparison, Literal, Node, RangeLiteral, UnaryTests

MAX_PAIRS: Final = 600_000  # rules compared with each other in one file; a table of a thousand has 499,500 pairs
MAX_SHOWN: Final = 20  # overlaps told per table


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers between two ends; None is without end."""

    low: Decimal | None
    high: Decimal | None
    low_in: bool
    high_in: bool

    def meets(self, other: Span) -> bool:
        return _below(self, other) and _below(other, self)


def _below(one: Span, other: Span) -> bool:
    """Tell whether one begins before the other ends."""
    if one.low is None or other.high is None:
        return True
    return one.low < other.high or (one.low == other.high and one.low_in and other.high_in)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell lets pass: everything (no text), or these numbers and words, or all words but these.

    A cell that cannot be told apart like that is `unknown`: it meets only a cell of the same text.
    """

    text: str
    unknown: bool = False
    spans: tuple[Span, ...] = ()
    words: frozenset[str | bool | None] = frozenset()
    excludes: bool = False

    def meets(self, other: Cell) -> bool:
        """Tell whether some value surely passes both."""
        if not self.text or not other.text or self.text == other.text:
            return True
        if self.unknown or other.unknown:
            return False
        if self.excludes or other.excludes:
            return self._meets_excluded(other)
        return bool(self.words & other.words) or any(a.meets(b) for a in self.spans for b in other.spans)

    def _meets_excluded(self, other: Cell) -> bool:
        if self.excludes and other.excludes:
            return True  # there are always more words
        kept, dropped = (other, self) if self.excludes else (self, other)
        return bool(kept.words - dropped.words)


def advise(model: DecisionModel) -> tuple[Problem, ...]:
    """Return what is allowed but hardly meant, in document order."""
    found: list[Problem] = []
    left = MAX_PAIRS
    for decision in model.decisions.values():
        if isinstance(decision.logic, Table):
            found += _columns(decision, decision.logic)
            if decision.logic.hit_policy == "UNIQUE":
                overlaps, left = _overlaps(decision, decision.logic, left)
                found += overlaps
    return tuple(found)


def _columns(decision: DrawnDecision, table: Table) -> Iterator[Problem]:
    ranked = table.hit_policy in ("PRIORITY", "OUTPUT ORDER")
    for index, column in enumerate(table.outputs):
        words = {"name": decision.name, "column": column.label or column.name or decision.name}
        if table.rules and not any(rule.results[index : index + 1] not in ((), ("",)) for rule in table.rules):
            yield problem("output-empty", column.id or decision.id, **words)
        if ranked and not column.values and any(each.values for each in table.outputs):
            yield problem("output-without-values", column.id or decision.id, **words)


def _overlaps(decision: DrawnDecision, table: Table, left: int) -> tuple[list[Problem], int]:
    read: dict[str, Cell] = {}
    rows = [(rule, tuple(_cell(text, read) for text in rule.tests)) for rule in table.rules]
    found: list[Problem] = []
    for (one, cells), (other, others) in combinations(rows, 2):
        left -= 1
        if left < 0:
            return [*found, problem("rules-not-compared", table.id or decision.id, name=decision.name)], 0
        if all(map(Cell.meets, cells, others)):
            found.append(_overlap(decision, one, other))
            if len(found) == MAX_SHOWN:
                break
    return found, left


def _overlap(decision: DrawnDecision, one: Rule, other: Rule) -> Problem:
    return problem("rules-overlap", other.id or decision.id, one=one.number, other=other.number, name=decision.name)


def _cell(text: str, read: dict[str, Cell]) -> Cell:
    if text not in read:
        read[text] = _read(text)
    return read[text]


def _read(text: str) -> Cell:
    if not text:
        return Cell("")
    try:
        node = Parser(text, REGISTRY).parse_unary_tests()
    except (FeelError, RecursionError):
        return Cell(text, unknown=True)
    parts = [_part(each) for each in node.tests] if isinstance(node, UnaryTests) else [None]
    if not isinstance(node, UnaryTests) or any(part is None for part in parts):
        return Cell(text, unknown=True)
    spans = tuple(part for part in parts if isinstance(part, Span))
    words = frozenset(part[0] for part in parts if isinstance(part, tuple))
    if not node.negated:
        return Cell(text, spans=spans, words=words)
    if words == {True} or words == {False}:
        return Cell(text, words=frozenset({not next(iter(words))}))
    # Of numbers and of yes or no the rest is not all words, so only words are told.
    plain = not spans and all(isinstance(each, str) for each in words)
    return Cell(text, unknown=not plain, words=words, excludes=plain)


def _part(node: Node) -> Span | tuple[str | bool | None] | None:
    """Return the numbers or the word a test lets pass, None when it is anything else."""
    if isinstance(node, Literal):
        value = node.value
        if isinstance(value, Decimal):
            return Span(value, value, True, True)
        if isinstance(value, str):
            return (unicodedata.normalize("NFC", value),)
        return (value,) if value is None or isinstance(value, bool) else None
    if isinstance(node, Comparison) and (limit := _number(node.operand)) is not None:
        closed = node.operator.endswith("=")
        if node.operator.startswith("<"):
            return Span(None, limit, False, closed)
        if node.operator.startswith(">"):
            return Span(limit, None, closed, False)
        return Span(limit, limit, True, True) if node.operator == "=" else None
    if isinstance(node, RangeLiteral):
        low, high = _number(node.start), _number(node.end)
        return None if low is None or high is None else Span(low, high, node.start_included, node.end_included)
    return None


def _number(node: Node) -> Decimal | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, Decimal) else None
