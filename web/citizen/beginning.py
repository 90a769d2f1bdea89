"""Before the form: for whom somebody files, and a draft that knows what the house knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.domain.filing import check_assurance
from engine.domain.procedure import Procedure
from web import access
from web.acting import new_key, posted_text, sheet_of
from web.citizen import blueprint
from web.citizen.application import profile
from web.house import house
from web.prefill import facts, filled
from web.texts import t

KINDS = ("self", "person", "organisation")


@blueprint.route("/thu-tuc/<code>/nop", methods=["GET", "POST"])
@access.citizen
def file_case(code: str) -> ResponseReturnValue:
    """Go on with a draft, or begin one: first the question for whom."""
    procedure = house().catalog.current(code, house().clock.now().date())
    if "online" not in procedure.channels:
        return redirect(url_for("citizen.procedure", code=code))
    known = {"account": g.account.id, "assurance": int(profile().get("assurance") or 0)}
    check_assurance(known, procedure.level, house().catalog.settings)  # said before the form, not after it
    if request.method == "GET":
        return _ask(procedure)
    kind = request.form.get("_for", "")
    if kind not in KINDS or (kind == "person" and not may_represent(procedure)):
        said = t("Chọn anh/chị nộp cho ai.", "Choose for whom you file.")
        return _ask(procedure, {"_for": said}), 422
    if kind == "self":
        return _begin(procedure, {})
    if "_name" not in request.form:
        return _ask_who(procedure, kind)
    wrong = _wrong(kind)
    if wrong:
        return _ask_who(procedure, kind, wrong), 422
    return _begin(procedure, _other(kind))


def may_represent(procedure: Procedure) -> bool:
    """Whether somebody else may file this at all (the law wants some to be filed in person)."""
    return procedure.info.get("authorization_allowed") is not False


def _ask(procedure: Procedure, wrong: Mapping[str, str] | None = None) -> str:
    mine = [one for one in house().filing.drafting.mine(g.actor) if one.procedure == procedure.code]
    return render_template(
        "filing/begin.html",
        procedure=procedure,
        drafts=mine,
        wrong=wrong or {},
        represent=may_represent(procedure),
        key=new_key(),
    )


def _ask_who(procedure: Procedure, kind: str, wrong: Mapping[str, str] | None = None) -> str:
    return render_template(
        "filing/who.html",
        procedure=procedure,
        kind=kind,
        wrong=wrong or {},
        relations=relations(),
        sent=request.form,
        key=posted_id(),
    )


def relations() -> list[Mapping[str, Any]]:
    """How people may stand to those they file for."""
    return list(house().filing.rules.get("relation", ()))


def _wrong(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if not posted_text("_name", 120):
        found["_name"] = t(
            "Nhập tên của người hoặc tổ chức mà anh/chị nộp thay.", "Enter the name of whom you file for."
        )
    number = posted_text("_id_number", 40)
    if kind == "person" and not re.fullmatch(r"\d{12}|\d{9}|[A-Z]\d{7}", number):
        found["_id_number"] = t(
            "Nhập số định danh 12 chữ số, CMND 9 chữ số hoặc số hộ chiếu.", "Enter a 12-digit identity number."
        )
    if kind == "person" and posted_text("_relation", 120) not in {one["key"] for one in relations()}:
        found["_relation"] = t("Chọn quan hệ của anh/chị với người đó.", "Choose how you are related.")
    return found


def _other(kind: str) -> dict[str, str]:
    chosen = posted_text("_relation", 120)
    known = next((one for one in relations() if kind == "person" and one["key"] == chosen), None)
    return {
        "kind": kind,
        "name": posted_text("_name", 120),
        "id_number": posted_text("_id_number", 40),
        "relation": str(known["vi"]) if known else chosen,
    }


def posted_id() -> str:
    """The id that the question was shown with: answering it twice begins one draft; 400 without one."""
    found = request.form.get("_key", "")
    if not re.fullmatch(r"[0-9a-f]{32}", found):
        raise BadRequest()
    return found


def _begin(procedure: Procedure, other: Mapping[str, str]) -> ResponseReturnValue:
    sheet = sheet_of(procedure, procedure.form_id, {"case": {"procedure": procedure.code, "level": procedure.level}})
    rules = house().filing.rules
    known = facts(profile(), other, rules)
    data, prefilled = filled(sheet.form.schema, sheet.blank(), known, rules)
    draft = house().filing.drafting.begin(
        g.actor,
        posted_id(),
        procedure=procedure.code,
        version=procedure.version,
        on_behalf_of=other,
        data=data,
        prefilled=prefilled,
    )
    return redirect(url_for("citizen.draft", draft_id=draft.id))
