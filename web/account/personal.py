"""The personal page: what the house knows of somebody, changed by its owner; forms are filled in from it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from engine.domain.person_fields import masked, read_field
from engine.domain.registration import Problem
from web import access, auth
from web.account import blueprint
from web.account.forms import SHOWN, chosen_password, page, refusal, typed
from web.account.step_up import needed
from web.house import house
from web.texts import t

LOG = logging.getLogger("motcua.account")
FREE: Mapping[str, tuple[str, str, str]] = {  # what its owner may change without a code: kind and labels
    "name": ("name", "Họ, chữ đệm và tên", "Full name"),
    "birth_date": ("birth_date", "Ngày sinh", "Date of birth"),
    "gender": ("text", "Giới tính", "Gender"),
    "ethnicity": ("text", "Dân tộc", "Ethnicity"),
    "nationality": ("text", "Quốc tịch", "Nationality"),
    "id_issue_date": ("date", "Ngày cấp giấy tờ", "Date of issue of the id"),
    "id_issue_place": ("text", "Nơi cấp giấy tờ", "Issued by"),
    "address": ("text", "Địa chỉ", "Address"),
}
VOUCHED = ("name", "birth_date")  # fixed where an outside party vouched for them
DATES = ("birth_date", "id_issue_date")
CONTACTS = {"dien-thoai": ("phone", "sms"), "thu-dien-tu": ("email", "email")}


@blueprint.get("/tai-khoan")
@access.signed_in
def personal() -> ResponseReturnValue:
    """Everything that is kept, with what may be changed."""
    profile = g.account.profile
    number = str(profile.get("organisation_code") or profile.get("id_number") or "")
    shown = number if session.pop("show_number", False) else masked(number)
    people = house().people
    linked = [one for one in people.store.identities(g.account.unit, g.account.id) if one.issuer != "motcua"]
    return page(
        "account/personal.html",
        profile={**profile, **{name: _as_typed(str(profile.get(name) or "")) for name in DATES}},
        number=shown,
        is_masked=shown != number,
        free=_free(),
        linked=linked,
        people=people,
        ways={text.id: text for text in people.registering.texts},
    )


def _free() -> dict[str, tuple[str, str, str]]:
    """What may be changed freely: not what an outside party vouched for."""
    proven = g.account.profile.get("proven", VOUCHED if g.account.profile.get("assurance") else ())
    return {name: told for name, told in FREE.items() if name not in VOUCHED or name not in proven}


def _put(**changes: Any) -> None:
    """Change the account as it is now, not as this request saw it first."""
    now = house().accounts.by_id(g.account.id) or g.account
    name = changes.pop("name", now.name)
    house().accounts.edit(replace(now, name=name, profile={**now.profile, **changes}))


@blueprint.route("/tai-khoan/thong-tin", methods=["GET", "POST"])
@access.signed_in
def details() -> ResponseReturnValue:
    """Change what needs no proof."""
    fields = _free()
    known = {"name": g.account.name, **g.account.profile}
    values = {name: _as_typed(str(known.get(name) or "")) for name in fields}
    problems: list[Problem] = []
    if request.method == "POST":
        values = typed(*fields)
        kept, problems = _read(values, fields)
        if not problems:
            _put(**kept)
            flash(t("Đã lưu thông tin.", "Your details are saved."))
            return redirect(url_for("account.personal"))
    return page("account/details.html", problems, fields=fields, values=values)


def _read(
    values: Mapping[str, str], fields: Mapping[str, tuple[str, str, str]]
) -> tuple[dict[str, str], list[Problem]]:
    """Fields may be left empty, except the name."""
    kept: dict[str, str] = {}
    problems = []
    for name, (kind, _, _) in fields.items():
        text = values[name].strip()
        found = read_field(kind, text, house().clock.now().date()) if text or name == "name" else ""
        if isinstance(found, str):
            kept[name] = found
        else:
            problems.append(Problem(name, f"{found[0]}.", f"{found[1]}."))
    return kept, problems


def _as_typed(text: str) -> str:
    parts = text.split("-")
    return "/".join(reversed(parts)) if len(text) == 10 and len(parts) == 3 and parts[0].isdecimal() else text


@blueprint.post("/tai-khoan/so-dinh-danh")
@access.signed_in
def show_number() -> ResponseReturnValue:
    """Show the whole number on the next page, once; that it was shown is written down."""
    if needed("id_number"):
        return redirect(url_for("account.prove", next=url_for("account.personal")))
    LOG.info("id number shown account=%s session=%s", g.account.id, auth.own_session()[:12])
    session["show_number"] = True
    return redirect(url_for("account.personal"))


@blueprint.route("/tai-khoan/<contact>", methods=["GET", "POST"])
@access.signed_in
def change_contact(contact: str) -> ResponseReturnValue:
    """A new phone number or e-mail address: proven anew first, then a code goes to the new one."""
    name, channel = _contact(contact)
    if away := needed(name):
        return away
    text, status = request.form.get("value", "")[:300], 200
    problems: list[Problem] = []
    if request.method == "POST":
        found = read_field(name, text, house().clock.now().date())
        if isinstance(found, str):
            try:
                return _sent(contact, found, channel)
            except SHOWN as error:
                problems, status = refusal(error, "value")
        else:
            problems = [Problem("value", f"{found[0]}.", f"{found[1]}.")]
    return page("account/contact.html", problems, status, contact=contact, name=name, value=text)


def _contact(contact: str) -> tuple[str, str]:
    if contact not in CONTACTS:
        raise NotFound()
    return CONTACTS[contact]


def _sent(contact: str, value: str, channel: str) -> ResponseReturnValue:
    session["contact"] = secrets.token_urlsafe(16)
    subject = f"{contact}:{g.account.id}:{session['contact']}"
    house().people.codes.send(subject, value, payload=value, channel=channel)
    return redirect(url_for("account.confirm_contact", contact=contact))


@blueprint.route("/tai-khoan/<contact>/ma", methods=["GET", "POST"])
@access.signed_in
def confirm_contact(contact: str) -> ResponseReturnValue:
    """The code that went to the new number or address."""
    name, _ = _contact(contact)
    if away := needed(name):
        return away
    if request.method == "POST":
        subject = f"{contact}:{g.account.id}:{session.get('contact', '')}"
        try:
            value = house().people.codes.check(subject, request.form.get("code", "")[:40])
        except SHOWN as error:
            return page("account/contact_code.html", *refusal(error, "code"), contact=contact)
        _put(**{name: value, f"{name}_verified": True})
        flash(t("Đã lưu và xác nhận.", "Saved and confirmed."))
        return redirect(url_for("account.personal"))
    return page("account/contact_code.html", contact=contact)


@blueprint.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@access.signed_in
def change_password() -> ResponseReturnValue:
    """A new password; every other session ends and this one goes on under a fresh token. Whoever signed in with a
    password that an administrator set has only just typed it, and may not keep it."""
    if g.account.one_time_until is None and (away := needed("password")):
        return away
    if request.method == "GET":
        return page("account/change_password.html")
    password, problems = chosen_password()
    if not problems and auth.right_password(g.account, password):
        problems = [Problem("password", "Hãy chọn mật khẩu khác với mật khẩu cũ.", "Choose one other than the old.")]
    if problems:
        return page("account/change_password.html", problems)
    now = house().accounts.by_id(g.account.id) or g.account
    changed = replace(now, password_hash=auth.hash_password(password))
    house().accounts.edit(changed)
    house().people.store.close_sessions(changed.id)
    response = auth.start(changed, url_for("account.personal"))
    flash(t("Đã đổi mật khẩu; các nơi khác đã bị đăng xuất.", "The password is changed; other places are signed out."))
    return response
