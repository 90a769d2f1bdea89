"""What an officer wants the inbox to look like: named filters, which one it opens with, and the columns."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import NameTakenError
from engine.ports.inbox import Choice, SavedFilter
from web import access
from web.acting import new_key, posted_key, posted_text
from web.desk import blueprint
from web.desk.listing import COLUMNS, USUAL, address_of, view_of
from web.forms.schema import nfc
from web.house import house
from web.texts import t

NAME, MOST = 80, 30


@blueprint.get("/bo-loc")
@access.officer
def choices() -> ResponseReturnValue:
    """One's own filters and columns."""
    return _page({})


@blueprint.post("/bo-loc")
@access.officer
def choose() -> ResponseReturnValue:
    """Save, rename or delete a filter, let the inbox open with one, choose columns."""
    posted_key()
    inbox, who = house().desk.inbox.choices, (g.actor.unit, g.actor.id)
    choice, action = inbox.of(*who), request.form.get("_action", "")
    if action in ("save", "rename"):
        return _named(choice, action)
    first, columns = choice.filter, choice.columns
    chosen = request.form.get("id", "")
    if action == "delete":
        inbox.delete(*who, chosen)
        first = "" if first == chosen else first
    elif action == "first":
        first = chosen if any(one.id == chosen for one in choice.saved) else ""
    elif action == "columns":
        columns = tuple(name for name in COLUMNS if name in request.form.getlist("column"))
    if (first, columns) != (choice.filter, choice.columns):
        inbox.choose(*who, columns=columns, first=first)
    flash(t("Đã lưu lựa chọn.", "Your choice was kept."))
    return redirect(url_for("desk.choices"))


def _named(choice: Choice, action: str) -> ResponseReturnValue:
    """A new filter, of the view that was looked at, or a new name of an old one."""
    name = nfc(posted_text("name", NAME + 1)).strip()
    old = next((one for one in choice.saved if one.id == request.form.get("id")), None)
    problem = ""
    if not 1 <= len(name) <= NAME or not name.isprintable():
        problem = t(f"Hãy đặt tên từ 1 đến {NAME} ký tự.", f"A name has 1 to {NAME} letters.")
    elif action == "save" and len(choice.saved) >= MOST:
        problem = t(f"Mỗi người lưu tối đa {MOST} bộ lọc; hãy xóa bớt.", f"{MOST} filters are the most; delete one.")
    elif action == "rename" and old is None:
        return redirect(url_for("desk.choices"))
    saved = SavedFilter(
        id=old.id if old and action == "rename" else str(house().ids.new()),
        name=name,
        query=old.query if old and action == "rename" else view_of(request.form).address,
    )
    if not problem:
        try:
            house().desk.inbox.choices.save(g.actor.unit, g.actor.id, saved)
        except NameTakenError as error:
            problem = t(error.message, error.message_en)
    if problem:
        return _page({"name": problem}), 422
    flash(t("Đã lưu bộ lọc.", "The filter was kept."))
    return redirect(address_of(saved))


def _page(problems: dict[str, str]) -> str:
    choice = house().desk.inbox.choices.of(g.actor.unit, g.actor.id)
    columns = choice.columns or USUAL
    return render_template(
        "desk/choices.html",
        choice=choice,
        all_columns=COLUMNS,
        columns=columns,
        problems=problems,
        view=view_of(request.form),
        key=new_key(),
    )
