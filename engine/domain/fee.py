"""The fee table of a case, in whole đồng: what the rules charge, what an exemption waives, and on which ground."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, NoReturn

from engine.domain.errors import RuleError
from engine.domain.procedure import Confidence, Exemption, FeeRule

Evaluate = Callable[[str, Mapping[str, Any]], Any]
MAX_AMOUNT = 10**12  # đồng; more than any fee of a commune, so a slip in a rule is seen
MAX_LINES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """One line: `quantity` times `unit_amount` đồng; `amount` is 0 when `exempted` names the ground of an exemption.

    `edition`: of the unit's own resolutions, where the amount is not the catalog's.
    """

    key: str
    name: str
    kind: str
    quantity: int
    unit: str
    unit_amount: int
    amount: int
    basis: str
    confidence: Confidence
    exempted: str | None = None
    edition: int | None = None


def assess(
    rules: Iterable[FeeRule], exemptions: Iterable[Exemption], context: Mapping[str, Any], evaluate: Evaluate
) -> tuple[tuple[FeeLine, ...], int]:
    """The lines of the fees that apply, and their sum in đồng.

    `evaluate` computes FEEL over {case, application, exempt, item}. RuleError when a condition is neither true nor
    false, when an amount or a quantity is not a whole number from 0, or when the table is absurdly long or large.
    """
    grounds = [e for e in exemptions if _truth(e.when, context, evaluate, f"miễn giảm {e.key}")]
    seen = {**context, "exempt": bool(grounds)}
    lines: list[FeeLine] = []
    for rule in rules:
        ground = rule.basis if rule.waived else next((e.name for e in grounds if _waives(e, rule)), None)
        for line in _lines(rule, seen, evaluate):
            lines.append(line if ground is None else replace(line, amount=0, exempted=ground))
            if len(lines) > MAX_LINES:
                _refuse(rule.key, f"quá {MAX_LINES} dòng", f"more than {MAX_LINES} lines")
    return tuple(lines), total(lines)


def total(lines: Iterable[FeeLine]) -> int:
    """The sum in đồng."""
    return sum(line.amount for line in lines)


def as_row(line: FeeLine) -> dict[str, Any]:
    """The line as plain data for an event; one by the catalog alone looks as it always did."""
    row = asdict(line)
    return row if line.edition is not None else {name: value for name, value in row.items() if name != "edition"}


def money(amount: int) -> str:
    """`8.000 đồng`."""
    return f"{amount:,} đồng".replace(",", ".")


def _waives(exemption: Exemption, rule: FeeRule) -> bool:
    """Named fees, or every lệ phí: a phí pays for a service and is waived only where the law names it."""
    return rule.key in exemption.fees if exemption.fees else rule.kind == "le_phi"


def _lines(rule: FeeRule, context: Mapping[str, Any], evaluate: Evaluate) -> Iterator[FeeLine]:
    if rule.each is None:
        items = [context]
    else:
        rows = evaluate(rule.each, context)
        if rows is not None and not isinstance(rows, list | tuple):
            _refuse(rule.key, "`each` không cho ra danh sách", "`each` gives no list")
        items = [{**context, "item": row} for row in rows or ()]
    for seen in items:
        if _truth(rule.when, seen, evaluate, f"khoản thu {rule.key}"):
            yield _line(rule, seen, evaluate)


def _line(rule: FeeRule, context: Mapping[str, Any], evaluate: Evaluate) -> FeeLine:
    unit_amount = _whole(evaluate(rule.amount, context), rule.key, "mức thu", "amount")
    quantity = _whole(evaluate(rule.quantity, context), rule.key, "số lượng", "quantity")
    if unit_amount * quantity > MAX_AMOUNT:
        _refuse(rule.key, f"thành tiền vượt {money(MAX_AMOUNT)}", f"the sum is over {MAX_AMOUNT} dong")
    return FeeLine(
        key=rule.key,
        name=rule.name,
        kind=rule.kind,
        quantity=quantity,
        unit=rule.unit,
        unit_amount=unit_amount,
        amount=unit_amount * quantity,
        basis=rule.basis,
        confidence=rule.confidence,
        edition=rule.edition,
    )


def _truth(text: str, context: Mapping[str, Any], evaluate: Evaluate, where: str) -> bool:
    """A condition over an answer that was not given is null, and null does not hold."""
    value = evaluate(text, context)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise RuleError(
        reason=f"Điều kiện của {where} không cho ra đúng hay sai: {text}",
        reason_en=f"The condition is neither true nor false: {text}",
    )


def _whole(value: Any, key: str, what: str, what_en: str) -> int:
    """Money is never rounded and never a float: a rule that gives a fraction is wrong and has to be mended."""
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, Decimal) and value.is_finite() and abs(value) <= MAX_AMOUNT and value == int(value):
        number = int(value)
    else:
        _refuse(key, f"{what} không phải số nguyên ({value})", f"{what_en} is not a whole number ({value})")
    if not 0 <= number <= MAX_AMOUNT:
        _refuse(key, f"{what} ngoài khoảng cho phép ({number})", f"{what_en} is out of range ({number})")
    return number


def _refuse(key: str, reason: str, reason_en: str) -> NoReturn:
    raise RuleError(reason=f"Khoản thu {key}: {reason}", reason_en=f"Fee {key}: {reason_en}")
