"""What a unit charges by resolutions of its own, from a day on, over the fees that the catalog names.

Fees of a commune are set by resolutions of the city's People's Council (Law on Fees and Charges 97/2015/QH13, article
21): they change on a day while the procedure stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.domain.calendar_edition import read_date
from engine.domain.fee import MAX_AMOUNT, money
from engine.domain.procedure import FeeRule, Procedure, in_force
from engine.domain.registration import Problem, ProblemsError

LONGEST = 300  # signs of the resolution that is named
FURTHEST = timedelta(days=5 * 366)  # a day further away is a slip of the pen
MARGIN = timedelta(minutes=1)  # before midnight: what is written then is known everywhere when the next day begins
FIXED = re.compile(r"\d{1,13}")
AMOUNT = re.compile(r"(\d{1,13}|\d{1,3}(?:[. ]\d{3}){1,4})(?: ?(?:đ|đồng|vnd))?", re.IGNORECASE)


class FeeProblemsError(ProblemsError):
    """Có {count} mục cần sửa trong mức thu. | {count} things about the fee need attention."""

    code = "fee_problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFee:
    """From `valid_from` on the unit charges `amount` đồng where the catalog says `over`; None: nothing.

    `basis` names the resolution. `edition` is the number of the unit's change: no two have the same one.
    """

    unit: str
    procedure: str
    fee: str
    valid_from: date
    amount: int | None
    basis: str
    over: str
    edition: int
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A change as it was typed."""

    amount: str
    waived: bool
    basis: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """From `day` on, until the next one, a fee is charged by `rule` of `version` of its procedure."""

    day: date
    version: int
    rule: FeeRule


def is_fixed(rule: FeeRule) -> bool:
    """Whether the catalog's amount is a plain number; what is computed is changed by a version of the procedure."""
    return FIXED.fullmatch(rule.amount) is not None and rule.amount.isascii()


def charged(procedure: Procedure, rows: Iterable[UnitFee], day: date) -> tuple[FeeRule, ...]:
    """The fees of a version of a procedure for cases filed on a day; `rows`: those of one unit.

    A row lies over every version that charges what the catalog charged when the row was written. A version with another
    amount has changed the fee itself: whichever of the two began later counts.
    """
    own = [row for row in rows if row.procedure == procedure.code and row.valid_from <= day]
    return tuple(_laid_over(procedure, rule, own) for rule in procedure.fees)


def _laid_over(procedure: Procedure, rule: FeeRule, rows: Sequence[UnitFee]) -> FeeRule:
    row = max((row for row in rows if row.fee == rule.key), key=lambda one: one.valid_from, default=None)
    if row is None or not is_fixed(rule) or (row.over != rule.amount and row.valid_from < procedure.valid_from):
        return rule
    if row.amount is None:
        return replace(rule, waived=True, basis=row.basis, confidence="high", edition=row.edition)
    return replace(rule, amount=str(row.amount), basis=row.basis, confidence="high", edition=row.edition)


def course(versions: Sequence[Procedure], rows: Sequence[UnitFee], key: str) -> tuple[Turn, ...]:
    """What a fee was, is and will be, oldest first: by versions of one procedure and by rows of one unit."""
    days = {one.valid_from for one in versions} | {row.valid_from for row in rows if row.fee == key}
    turns: list[Turn] = []
    for day in sorted(days):
        procedure = in_force(versions, day)
        rule = rule_of(charged(procedure, rows, day), key) if procedure else None
        if procedure and rule and (not turns or _told(rule) != _told(turns[-1].rule)):
            turns.append(Turn(day=day, version=procedure.version, rule=rule))
    return tuple(turns)


def coming(turns: Iterable[Turn], today: date) -> Turn | None:
    """The next of them that has not begun."""
    return next((turn for turn in turns if turn.day > today), None)


def rule_of(rules: Iterable[FeeRule], key: str) -> FeeRule | None:
    """The rule with that key."""
    return next((rule for rule in rules if rule.key == key), None)


def _told(rule: FeeRule) -> tuple[object, ...]:
    return rule.amount, rule.waived, rule.basis, rule.edition


def tidy(asked: Asked) -> Asked:
    """The same in one encoding of marks, without stray blanks."""
    amount, basis, day = (
        " ".join(unicodedata.normalize("NFC", text).split()) for text in (asked.amount, asked.basis, asked.day)
    )
    return Asked(amount=amount, waived=asked.waived, basis=basis, day=day)


def read_amount(text: str) -> int | None:
    """`8000`, `8.000`, `8 000 đồng` in đồng; None for anything else."""
    found = AMOUNT.fullmatch(text)
    return int(re.sub("[. ]", "", found[1])) if found and found[1].isascii() else None


def first_day(now: datetime) -> date:
    """The first day that a change may count from: tomorrow, so that no case that was assessed is charged otherwise."""
    return (now + MARGIN).date() + timedelta(days=1)


def problems_of(asked: Asked, now: datetime) -> list[Problem]:
    """What is wrong with what was typed, whatever the fee."""
    day, first = read_date(asked.day), first_day(now)
    tests = (
        *_about_amount(asked),
        (0 < len(asked.basis) <= LONGEST and asked.basis.isprintable(), "basis",
         f"Hãy ghi số, ký hiệu nghị quyết, nhiều nhất {LONGEST} ký tự",
         f"Give the number of the resolution, in at most {LONGEST} signs"),
        (not asked.basis or any(sign.isdecimal() for sign in asked.basis), "basis",
         "Số, ký hiệu nghị quyết phải có chữ số, ví dụ 12/2023/NQ-HĐND", "A resolution has a number: 12/2023/NQ-HĐND"),
        (day is not None, "valid_from", "Ghi ngày dạng 31/12/2026", "Write the day as 31/12/2026"),
        (day is None or day >= first, "valid_from",
         f"Chỉ đổi được từ ngày {first:%d/%m/%Y} trở đi, để hồ sơ đã nộp giữ mức cũ",
         f"Only from {first:%d/%m/%Y} on, so that cases already filed keep their fee"),
        (day is None or day <= now.date() + FURTHEST, "valid_from", "Ngày quá xa", "That day is too far away"),
    )  # fmt: skip
    return [Problem(field, f"{vi}.", f"{en}.") for met, field, vi, en in tests if not met]


def _about_amount(asked: Asked) -> tuple[tuple[bool, str, str, str], ...]:
    amount = read_amount(asked.amount)
    if asked.waived:
        vi, en = "Đã chọn không thu thì bỏ trống mức thu", "Leave the amount empty where nothing is charged"
        return ((not asked.amount, "amount", vi, en),)
    return (
        (amount is not None, "amount", "Ghi mức thu là số nguyên đồng, ví dụ 8.000",
         "Write the amount in whole đồng, such as 8.000"),
        (amount != 0, "amount", "Nếu không thu, hãy chọn “Không thu”", "Choose “Nothing is charged” for nothing"),
        ((amount or 0) <= MAX_AMOUNT, "amount", f"Nhiều nhất {money(MAX_AMOUNT)}", f"At most {money(MAX_AMOUNT)}"),
    )  # fmt: skip


def facts(rule: FeeRule) -> Mapping[str, object]:
    """What counts, as the log tells it."""
    return {**({"waived": True} if rule.waived else {"amount": int(rule.amount)}), "basis": rule.basis}


def said(row: UnitFee) -> Mapping[str, object]:
    """The row, as the log tells it."""
    what = {"waived": True} if row.amount is None else {"amount": row.amount}
    return {**what, "basis": row.basis, "valid_from": row.valid_from.strftime("%d/%m/%Y"), "edition": row.edition}
