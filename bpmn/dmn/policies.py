"""Hit policies: what a table gives when no, one or several of its rules hold (DMN 8.2.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Final

from bpmn.dmn.model import Rule
from bpmn.errors import DecisionError
from bpmn.feel import Session
from bpmn.feel.arithmetic import calculate
from bpmn.feel.comparison import compare
from bpmn.feel.values import Value

AGGREGATIONS: Final = frozenset({"SUM", "MIN", "MAX", "COUNT"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds, what it gives, and how early that stands in the lists of output values."""

    rule: Rule
    value: Value
    ranks: tuple[int, ...] = ()


Hits = Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Policy:
    """How the hits (one at least) become the result; `first`: no rule behind the first hit is looked at."""

    choose: Callable[[Session, Hits], Value]
    first: bool = False
    ranks: bool = False


def _unique(_: Session, hits: Hits) -> Value:
    if len(hits) > 1:
        said = "hold at once, but the table is UNIQUE"
        raise _contradiction(hits, said, "cùng đúng, nhưng bảng chỉ cho phép một dòng (U)")
    return hits[0].value


def _any(session: Session, hits: Hits) -> Value:
    other = next((each for each in hits if not session.equal(each.value, hits[0].value)), None)
    if other is not None:
        said = "hold at once with different results, but the table is ANY"
        raise _contradiction([hits[0], other], said, "cùng đúng mà kết quả khác nhau, trái với cách chọn A")
    return hits[0].value


def _first(_: Session, hits: Hits) -> Value:
    return hits[0].value


def _priority(_: Session, hits: Hits) -> Value:
    return min(hits, key=lambda hit: hit.ranks).value


def _output_order(_: Session, hits: Hits) -> Value:
    return [hit.value for hit in sorted(hits, key=lambda hit: hit.ranks)]


def _list(_: Session, hits: Hits) -> Value:
    return [hit.value for hit in hits]


POLICIES: Final[Mapping[str, Policy]] = {
    "UNIQUE": Policy(_unique),
    "ANY": Policy(_any),
    "FIRST": Policy(_first, first=True),
    "PRIORITY": Policy(_priority, ranks=True),
    "OUTPUT ORDER": Policy(_output_order, ranks=True),
    "RULE ORDER": Policy(_list),
    "COLLECT": Policy(_list),
}


def aggregated(aggregation: str, hits: Hits) -> Value:
    """Return the sum, least, greatest or number of the results (one hit at least). Raises DecisionError."""
    if aggregation == "COUNT":
        return Decimal(len(hits))
    return reduce(lambda one, other: _joined(aggregation, one, other), hits, None)


def _joined(aggregation: str, sofar: Value, hit: Hit) -> Value:
    value = hit.value
    if aggregation == "SUM":
        joined = calculate("+", Decimal(0) if sofar is None else sofar, value) if isinstance(value, Decimal) else None
    elif sofar is None:
        joined = value if compare("<=", value, value) else None
    else:
        less = compare("<", value, sofar)
        joined = None if less is None else value if less == (aggregation == "MIN") else sofar
    if joined is None:
        vi, en = rule_name(hit.rule)
        raise DecisionError(
            f"{en} gives nothing that can be aggregated.", hit.rule.id, message_vi=f"{vi} cho giá trị không gộp được."
        )
    return joined


def rule_name(rule: Rule) -> tuple[str, str]:
    """Return what people call a rule, in Vietnamese and English: its number, with its id."""
    mark = f" ({rule.id})" if rule.id else ""
    return f"dòng {rule.number}{mark}", f"rule {rule.number}{mark}"


def _contradiction(hits: Hits, said: str, said_vi: str) -> DecisionError:
    named = [rule_name(hit.rule) for hit in hits[:5]]
    more = ", …" if len(hits) > len(named) else ""
    en, vi = ", ".join(en for _, en in named), ", ".join(vi for vi, _ in named)
    return DecisionError(f"{en}{more} {said}.", hits[0].rule.id, message_vi=f"{vi}{more} {said_vi}.")
