"""Filing at the desk for somebody who came in or wrote."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import access, filing
from web.acting import posted_text
from web.desk import blueprint
from web.house import house
from web.texts import t

CHANNELS = {"desk": ("Trực tiếp", "In person"), "post": ("Bưu chính", "By post")}
PERSON = {
    "name": ("Họ và tên người nộp", "Applicant's full name"),
    "id_number": ("Số định danh cá nhân hoặc CMND", "Personal identity number"),
    "phone": ("Số điện thoại", "Telephone"),
    "email": ("Thư điện tử", "E-mail"),
    "address": ("Địa chỉ", "Address"),
}


@blueprint.get("/tiep-nhan")
@access.groups("one_stop")
def intake() -> ResponseReturnValue:
    """Choose the procedure to file."""
    procedures = house().catalog.current_all(house().clock.now().date())
    offered = [one for one in procedures if set(one.channels) & set(CHANNELS)]
    return render_template("desk/intake.html", procedures=sorted(offered, key=lambda one: (one.field, one.name)))


@blueprint.route("/tiep-nhan/<code>", methods=["GET", "POST"])
@access.groups("one_stop")
def file_case(code: str) -> ResponseReturnValue:
    """The applicant's form, filled in by the desk."""
    procedure = house().catalog.current(code, house().clock.now().date())
    offered = [name for name in CHANNELS if name in procedure.channels]
    if not offered:
        return redirect(url_for("desk.intake"))
    chosen = request.form.get("_channel", "")
    channel = chosen if chosen in offered else offered[0]
    person = {name: posted_text(f"_applicant.{name}", 300) for name in PERSON}
    return filing.serve(
        filing.Filing(
            procedure=procedure,
            frame="desk/frame.html",
            channel=channel,
            applicant={"account": None, **person},
            own={"_channel": channel, **{f"_applicant.{name}": text for name, text in person.items() if text}},
            missing=_missing(person) if request.method == "POST" else {},
            done=lambda case_id: url_for("desk.case", case_id=case_id),
        )
    )


@blueprint.context_processor
def choices() -> dict[str, object]:
    """Texts of the applicant's part of the form."""
    return {"channel_names": CHANNELS, "person_fields": PERSON}


def _missing(person: dict[str, str]) -> dict[str, str]:
    """What the desk has to know of every applicant."""
    found = {}
    if not person["name"]:
        found["_applicant.name"] = t("Nhập họ và tên người nộp.", "Enter the applicant's full name.")
    if not re.fullmatch(r"\d{12}|\d{9}|[A-Z]\d{7}", person["id_number"]):
        found["_applicant.id_number"] = t(
            "Nhập số định danh 12 chữ số, CMND 9 chữ số hoặc số hộ chiếu.", "Enter a 12-digit identity number."
        )
    return found
