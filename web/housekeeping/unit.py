"""What the unit says of itself: changed from a day on, with what was said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.calendar_edition import read_date
from engine.domain.registration import Problem
from engine.domain.unit_facts import FIELDS, UnitProblemsError
from web import access
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint
from web.texts import t

LABELS: Mapping[str, tuple[str, str]] = {
    "name": ("Tên", "Name"),
    "name_en": ("Tên tiếng Anh", "Name in English"),
    "parent": ("Cơ quan cấp trên", "Authority above"),
    "place": ("Địa danh trên văn bản", "Place on papers"),
    "address": ("Địa chỉ", "Address"),
    "hotline": ("Đường dây nóng", "Hotline"),
    "agency_code": ("Mã định danh cơ quan", "Agency code"),
    "signer_name": ("Người ký", "Who signs"),
    "signer_title": ("Chức vụ", "Title"),
    "signer_acting": ("Ký thay (KT., TM.)", "On behalf (KT., TM.)"),
}


@blueprint.get("/don-vi")
@access.groups(*LOOKERS)
def unit() -> ResponseReturnValue:
    """The facts as they are, as they were and as they will be."""
    known = house().catalog.settings["units"].get(g.actor.unit, {})
    return _page({name: str(known.get(name, "")) for name in FIELDS}, house().clock.now().strftime("%d/%m/%Y"))


@blueprint.post("/don-vi")
@access.groups(*ADMINISTRATORS)
def change_unit() -> ResponseReturnValue:
    """Other facts, from a day on."""
    typed = {name: request.form.get(name, "")[:1000] for name in FIELDS}
    day = request.form.get("valid_from", "")[:20]
    try:
        house().desk.administration.units.put(g.actor, typed, read_date(day))
    except UnitProblemsError as error:
        return _page(typed, day, error.problems)
    flash(t("Đã lưu thông tin đơn vị.", "The facts of the unit are saved."))
    return redirect(url_for("housekeeping.unit"))


def _page(values: Mapping[str, str], day: str, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    labels = {name: (t(*LABELS[name]), needed) for name, (_, needed) in FIELDS.items()}
    page = render_template(
        "housekeeping/unit.html",
        values=values,
        day=day,
        labels=labels,
        problems=problems,
        history=list(reversed(house().desk.administration.units.history(g.actor))),
        today=house().clock.now().date(),
        may_change=not g.actor.groups.isdisjoint(ADMINISTRATORS),
    )
    return page, 422 if problems else 200
