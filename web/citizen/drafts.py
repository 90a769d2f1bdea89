"""The pages of a draft: its parts at a glance, each part by itself, saved as one goes, taken up on any device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.drafting import Draft, DraftTooLargeError, Page, swap_back
from engine.domain.received import NoFileError
from web import access, errors
from web.acting import new_key, posted_text, posted_version
from web.citizen import blueprint
from web.citizen.application import OWN, Application, load
from web.display import moment
from web.filing import DELIVERIES, way_name
from web.forms.parse import UPLOADS, Sent
from web.forms.schema import kind
from web.forms.sections import Section
from web.house import house
from web.texts import named, t

BACK = "kiem-tra"  # said in addresses: after this page the check comes again


@blueprint.get("/nop/<draft_id>")
@access.citizen
def draft(draft_id: str) -> ResponseReturnValue:
    """The parts of a draft with where each stands."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    days = int((house().catalog.settings.get("drafts") or {}).get("days", 30))
    titles = {one.id: one.title for one in found.sections}
    return render_template(
        "filing/overview.html",
        app=found,
        parts_=[(page, titles.get(page, _own_title()), found.state(page)) for page in found.pages],
        kept=[(n, titles.get(str(one["section"]), ""), one["at"]) for n, one in enumerate(found.draft.overwritten)],
        expires=found.draft.updated_at + timedelta(days=days),
    )


def _own_title() -> str:
    return t("Nhận kết quả", "Getting the result")


@blueprint.route("/nop/<draft_id>/phan/<section_id>", methods=["GET", "POST"])
@access.citizen
def draft_section(draft_id: str, section_id: str) -> ResponseReturnValue:
    """One part of the form as a page; every button of it saves."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    section = found.section(section_id)
    if request.method == "GET":
        problems = found.problems_in(section) if request.args.get("ve") else {}
        return _page(found, section, found.draft.data, problems)
    sent = found.sheet.read(request.form, request.files, section.schema)
    action = request.form.get("_action", "update")
    found.sheet.obey(action, sent.data)
    try:
        saved, unseen = _save(found, section, sent)
    except DraftTooLargeError as error:
        return _page(found, section, sent.data, {}, status=422, conflict=errors.of_domain(error))
    if action == "autosave":
        return _autosaved(saved, unseen)
    return _answer(found, saved, section, sent, unseen)


def _save(found: Application, section: Section, sent: Sent) -> tuple[Draft, bool]:
    page = Page(section=section.id, names=section.names, data=sent.data, seen=posted_version() or 0, tab=posted_tab())
    return house().filing.drafting.save(g.actor, found.draft.id, page)


def posted_tab() -> str:
    """Which open page this is; empty when it does not say so."""
    tab = request.values.get("_tab", "")
    return tab if re.fullmatch(r"[0-9a-f]{8,40}", tab) else ""


def _autosaved(saved: Draft, unseen: bool) -> ResponseReturnValue:
    said = (
        replaced() if unseen else t(f"Đã lưu lúc {moment(saved.updated_at)}.", f"Saved at {moment(saved.updated_at)}.")
    )
    return jsonify({"version": saved.version, "said": said, "unseen": unseen})


def replaced() -> str:
    """Told to whoever saved later than somebody else."""
    return t(
        "Phần này vừa được sửa trên thiết bị hoặc thẻ khác. Nội dung anh/chị vừa gửi được dùng; bản kia được giữ lại ở "
        "trang “Các phần của hồ sơ”.",
        "This part was just changed on another device or tab. What you sent is used; the other copy is kept on the "
        "page “Parts of the application”.",
    )


def _answer(found: Application, saved: Draft, section: Section, sent: Sent, unseen: bool) -> ResponseReturnValue:
    action = request.form.get("_action", "update")
    after = Application.of(saved, found.procedure)
    if unseen:
        flash(replaced())
    if action == "later":
        flash(t("Đã lưu. Anh/chị có thể quay lại bất cứ lúc nào.", "Saved. You can come back at any time."))
        return redirect(url_for("citizen.cases"))
    problems = (
        {**after.problems_in(section), **_unreadable(after, sent)} if action == "next" else _of_files(section, sent)
    )
    problems |= _nothing_chosen(section, sent) if action.startswith("upload:") else {}
    if problems:
        return _page(after, section, sent.data, problems, status=422)
    if action != "next":
        return _page(after, section, saved.data, {})
    return redirect(following(after, section.id))


def _unreadable(after: Application, sent: Sent) -> dict[str, list[str]]:
    visible = after.sheet.visible(after.draft.data)
    return {path: said for path, said in sent.problems.items() if path in visible}


def _of_files(section: Section, sent: Sent) -> dict[str, list[str]]:
    """Refused uploads only: what is said while the page is not yet left."""
    return {path: said for path, said in sent.problems.items() if path in pickers(section, sent.data)}


def pickers(section: Section, data: Mapping[str, Any]) -> frozenset[str]:
    """Paths of the section's questions for files."""
    return frozenset(path for one, path in section.inputs(data) if kind(one) == "filepicker")


def _nothing_chosen(section: Section, sent: Sent) -> dict[str, list[str]]:
    path = request.form.get("_action", "").partition(":")[2]
    given = [file for name in UPLOADS for file in request.files.getlist(f"{name}{path}") if file.filename]
    if given or path not in pickers(section, sent.data):
        return {}
    return {path: [t(NoFileError().message, NoFileError().message_en)]}


def following(app: Application, page: str) -> str:
    """Where Continue leads: the next page; on the way back to the check, first what has come to be asked."""
    back = request.args.get("ve") == BACK
    target = app.first_open if back else app.after(page)
    if target is None:
        return url_for("citizen.draft_check", draft_id=app.draft.id)
    return address(app, target, back=back)


def address(app: Application, page: str, *, back: bool = False) -> str:
    """The address of a page of the draft."""
    ve = BACK if back else None
    if page == OWN:
        return url_for("citizen.draft_delivery", draft_id=app.draft.id, ve=ve)
    return url_for("citizen.draft_section", draft_id=app.draft.id, section_id=page, ve=ve)


def _behind(app: Application, page: str) -> str:
    if request.args.get("ve") == BACK:
        return url_for("citizen.draft_check", draft_id=app.draft.id)
    before = app.before(page)
    return address(app, before) if before else url_for("citizen.draft", draft_id=app.draft.id)


def _page(
    app: Application,
    section: Section,
    data: Mapping[str, Any],
    problems: Mapping[str, list[str]],
    *,
    status: int = 200,
    conflict: errors.Refusal | None = None,
) -> ResponseReturnValue:
    shown = {**app.draft.data, **{name: data.get(name) for name in section.names}}
    return (
        render_template(
            "filing/section.html",
            app=app,
            section=section,
            drawing=app.sheet.draw({k: v for k, v in shown.items() if v is not None}, problems, section.schema),
            conflict=conflict,
            behind=_behind(app, section.id),
            here=address(app, section.id, back=request.args.get("ve") == BACK),
            draft_id=app.draft.id,
            tab=posted_tab() or new_key(),
        ),
        status,
    )


@blueprint.route("/nop/<draft_id>/nhan-ket-qua", methods=["GET", "POST"])
@access.citizen
def draft_delivery(draft_id: str) -> ResponseReturnValue:
    """How the result shall be delivered, where the form itself does not ask."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    wrong: dict[str, str] = {}
    if request.method == "POST":
        way, place = request.form.get("_delivery", ""), posted_text("_address", 500)
        wrong = _wrong_delivery(found, way, place)
        if not wrong:
            return redirect(following(_delivered(found, way, place), OWN))
    return (
        render_template(
            "filing/delivery.html",
            app=found,
            wrong=wrong,
            ways=[(way, way_name(way)) for way in found.procedure.deliveries if way in DELIVERIES],
            chosen=request.form.get("_delivery") or found.draft.delivery,
            place=request.form.get("_address") or found.draft.own.get("address", ""),
            behind=_behind(found, OWN),
        ),
        422 if wrong else 200,
    )


def _wrong_delivery(found: Application, way: str, place: str) -> dict[str, str]:
    if way not in found.procedure.deliveries:
        return {"_delivery": t("Chọn cách nhận kết quả.", "Choose how to get the result.")}
    if way == "post" and not place:
        return {"_address": t("Nhập địa chỉ nhận qua bưu chính.", "Enter the postal address.")}
    return {}


def _delivered(found: Application, way: str, place: str) -> Application:
    def change(one: Draft) -> Draft:
        own = {**one.own, "address": place if way == "post" else ""}
        visited = {**one.sections, OWN: one.version + 1}
        return replace(one, delivery=way, own=own, sections=visited, section=OWN, updated_at=house().clock.now())

    return Application.of(house().filing.drafting.change(g.actor, found.draft.id, change), found.procedure)


@blueprint.post("/nop/<draft_id>/dung-lai")
@access.citizen
def draft_swap(draft_id: str) -> ResponseReturnValue:
    """Use the answers again that a later save had replaced."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    number = request.form.get("_copy", "")
    if number.isdecimal() and int(number) < len(found.draft.overwritten):
        section = found.section(str(found.draft.overwritten[int(number)]["section"]))
        now = house().clock.now()
        house().filing.drafting.change(g.actor, draft_id, lambda one: swap_back(one, int(number), section.names, now))
        flash(t("Đã dùng lại bản đã giữ.", "The copy that was kept is used again."))
    return redirect(url_for("citizen.draft", draft_id=draft_id))


@blueprint.route("/nop/<draft_id>/xoa", methods=["GET", "POST"])
@access.citizen
def draft_delete(draft_id: str) -> ResponseReturnValue:
    """Delete a draft, after asking once."""
    found = house().filing.drafting.get(g.actor, draft_id)
    if request.method == "GET":
        procedure = house().catalog.current(found.procedure, house().clock.now().date())
        return render_template("filing/delete.html", draft=found, procedure=procedure)
    house().filing.drafting.remove(g.actor, draft_id)
    flash(t("Đã xóa hồ sơ đang soạn.", "The draft was deleted."))
    return redirect(url_for("citizen.cases"))


@blueprint.context_processor
def open_drafts() -> dict[str, Any]:
    """For the page of one's cases: what is being written, and what procedures are called."""

    def mine() -> list[tuple[Draft, str]]:
        names = {one.code: named(one) for one in house().catalog.current_all(house().clock.now().date())}
        drafts = house().filing.drafting.mine(g.actor) if g.actor and g.actor.kind == "citizen" else []
        return [(one, names.get(one.procedure, one.procedure)) for one in drafts]

    return {"my_drafts": mine}
