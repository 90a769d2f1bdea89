"""Fees of the unit: what counts, what was and what will be; another amount from a day on, by a resolution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.calendar_edition import read_date
from engine.domain.errors import NotFoundError, StaleVersionError
from engine.domain.procedure import FeeRule, Procedure, in_force
from engine.domain.registration import Problem
from engine.domain.unit_fees import Asked, FeeProblemsError, Turn, UnitFee, course, first_day, is_fixed, rule_of
from web import access
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint
from web.texts import t

RACED = Problem(
    "course",
    "Một quản trị khác vừa sửa mức thu; hãy xem lại rồi lưu lần nữa.",
    "Another administrator has just changed the fees; look again, then save once more.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fee with its course: the turn that counts, those before it and those to come; `own`: rows by their day."""

    procedure: Procedure
    rule: FeeRule
    now: Turn | None
    past: Sequence[Turn]
    later: Sequence[Turn]
    own: Mapping[int, UnitFee]

    @property
    def fixed(self) -> bool:
        """Whether it can be changed here."""
        return is_fixed(self.rule)


@blueprint.get("/phi")
@access.groups(*LOOKERS)
def fees() -> ResponseReturnValue:
    """Every fee of every procedure in force, or in force some day."""
    rows, today = house().desk.administration.fees.rows(g.actor), house().clock.now().date()
    current = house().catalog.in_force(today)
    known = [(one, [_known(one, rule, rows) for rule in one.fees]) for one in current]
    free = [one for one, fees in known if not fees]
    return render_template("housekeeping/fees.html", known=[each for each in known if each[1]], free=free)


@blueprint.get("/phi/<code>/<fee>")
@access.groups(*LOOKERS)
def fee(code: str, fee: str) -> ResponseReturnValue:
    """One of them, over time."""
    return _page(code, fee, Asked(amount="", waived=False, basis="", day=""))


@blueprint.post("/phi/<code>/<fee>")
@access.groups(*ADMINISTRATORS)
def change_fee(code: str, fee: str) -> ResponseReturnValue:
    """Another amount from a day on, or one that has not begun taken back."""
    typed = {name: request.form.get(name, "")[:1000] for name in ("amount", "basis", "valid_from")}
    asked = Asked(
        amount=typed["amount"],
        waived=request.form.get("waived") == "1",
        basis=typed["basis"],
        day=typed["valid_from"],
    )
    desk = house().desk.administration.fees
    try:
        if request.form.get("_action") == "take_back":
            desk.take_back(g.actor, code, fee, read_date(asked.day), _number())
            flash(t("Đã rút lại mức thu chưa áp dụng.", "The change that had not begun is taken back."))
        else:
            row = desk.put(g.actor, code, fee, asked, _number())
            day = f"{row.valid_from:%d/%m/%Y}"
            flash(t(f"Đã lưu: mức mới áp dụng cho hồ sơ nộp từ {day}.", f"Saved, for cases filed from {day} on."))
    except FeeProblemsError as error:
        return _page(code, fee, asked, error.problems)
    except StaleVersionError:
        return _page(code, fee, asked, [RACED])
    return redirect(url_for("housekeeping.fee", code=code, fee=fee))


def _number() -> int:
    text = request.form.get("_number", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _known(procedure: Procedure, rule: FeeRule, rows: Sequence[UnitFee]) -> Known:
    today = house().clock.now().date()
    turns = course(house().catalog.versions(procedure.code), rows, rule.key)
    begun, later = [one for one in turns if one.day <= today], [one for one in turns if one.day > today]
    own = {row.edition: row for row in rows if (row.procedure, row.fee) == (procedure.code, rule.key)}
    now = begun[-1] if begun else None
    return Known(procedure=procedure, rule=rule, now=now, past=begun[-2::-1], later=later, own=own)


def _page(code: str, key: str, asked: Asked, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    desk, now = house().desk.administration.fees, house().clock.now()
    number = desk.number(g.actor)  # before the rows: whoever saw older rows than it says would overwrite newer ones
    versions = house().catalog.versions(code)
    procedure = in_force(versions, now.date())
    rule = rule_of(procedure.fees, key) if procedure else None
    if procedure is None or rule is None:
        raise NotFoundError(what="khoản thu", id=f"{code} {key}"[:100])
    people = {one.id: one.name for one in house().accounts.all(g.actor.unit) if one.kind == "officer"}
    page = render_template(
        "housekeeping/fee.html",
        known=_known(procedure, rule, desk.rows(g.actor)),
        asked=asked,
        problems=problems,
        number=number,
        people=people,
        first=first_day(now),
        may_change=not g.actor.groups.isdisjoint(ADMINISTRATORS),
    )
    return page, 422 if problems else 200
