"""What notices say: the catalog's words, the unit's own from a day on, a sample of both, earlier wordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.calendar_edition import read_date
from engine.domain.errors import StaleVersionError
from engine.domain.notice import Language
from engine.domain.registration import Problem
from engine.domain.wording import (
    LONGEST,
    WordingProblemsError,
    counting,
    fields_of,
    names_of,
    texts_of,
    tidy,
    worded,
)
from web import access
from web.house import house
from web.housekeeping import ADMINISTRATORS, LOOKERS, blueprint
from web.texts import lang, t

PARTS: Mapping[str, tuple[str, str]] = {
    "title": ("Tiêu đề", "Title"),
    "body": ("Nội dung", "Text"),
    "status": ("Trạng thái trong tin ngắn", "Status in short messages"),
    "short": ("Tin ngắn", "Short message"),
}
LANGUAGES: Mapping[str, tuple[str, str]] = {"vi": ("tiếng Việt", "Vietnamese"), "en": ("tiếng Anh", "English")}
MOST_SIGNS = 50_000  # of a text that is read from a form
RACED = Problem(
    "course",
    "Một quản trị khác vừa sửa nội dung thông báo; hãy xem lại rồi lưu lần nữa.",
    "Another administrator has just changed the notices; look again, then save once more.",
)


@blueprint.get("/mau")
@access.groups(*LOOKERS)
def templates() -> ResponseReturnValue:
    """Every template, with whether the unit has words of its own."""
    desk, now = house().desk.administration.wordings, house().clock.now()
    rows, found = desk.rows(g.actor), []
    for one in desk.templates():
        own = counting(rows, one.key, now)
        later = [row for row in rows if row.template == one.key and row.valid_from > now.date()]
        found.append((worded(one, own.texts if own else {}), own, later))
    return render_template("housekeeping/templates.html", found=found)


@blueprint.get("/mau/<template>")
@access.groups(*LOOKERS)
def template(template: str) -> ResponseReturnValue:
    """One of them, as people would read it; `lan` puts an earlier wording of the unit into the form."""
    desk = house().desk.administration.wordings
    known, own = desk.template(template), desk.now(g.actor, template)
    wanted = request.args.get("lan", 0, type=int)
    earlier = next((row for row in desk.rows(g.actor) if (row.template, row.edition) == (template, wanted)), own)
    texts = texts_of(worded(known, earlier.texts if earlier else {}))
    broken = desk.problems(g.actor, template, texts) if earlier else []  # by a newer catalog, which knows other names
    return _page(template, texts, f"{house().clock.now():%d/%m/%Y}", broken)


@blueprint.post("/mau/<template>")
@access.groups(*ADMINISTRATORS)
def change_template(template: str) -> ResponseReturnValue:
    """Look at other words, write them, go back to the catalog's, or take back what has not begun."""
    desk, number = house().desk.administration.wordings, _whole("_number")
    known, day = desk.template(template), request.form.get("valid_from", "")[:20]
    typed = {name: request.form.get(name, "")[:MOST_SIGNS] for name, _, _ in fields_of(known)}
    texts, action = tidy(known, typed), request.form.get("_action", "")
    if action == "look":
        return _page(template, texts, day, desk.problems(g.actor, template, texts), looked=True)
    try:
        if action == "take_back":
            desk.take_back(g.actor, template, _whole("edition"), number)
            flash(t("Đã rút lại nội dung chưa dùng.", "What had not begun is taken back."))
        elif action == "catalog":
            desk.back(g.actor, template, read_date(day), number)
            flash(t("Đã lưu: dùng lại nội dung của danh mục.", "Saved: the catalog’s words count again."))
        else:
            desk.put(g.actor, template, typed, read_date(day), number)
            flash(t("Đã lưu nội dung thông báo.", "The wording is saved."))
    except WordingProblemsError as error:
        return _page(template, texts, day, error.problems, refused=True)
    except StaleVersionError:
        return _page(template, texts, day, [RACED], refused=True)
    return redirect(url_for("housekeeping.template", template=template))


def _whole(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1


def _page(
    key: str,
    texts: Mapping[str, str],
    day: str,
    problems: Sequence[Problem] = (),
    *,
    looked: bool = False,
    refused: bool = False,
) -> ResponseReturnValue:
    desk, now = house().desk.administration.wordings, house().clock.now()
    number = desk.number(g.actor)  # before the rows: whoever saw older rows than it says would overwrite newer ones
    known, rows = desk.template(key), [row for row in desk.rows(g.actor) if row.template == key]
    language: Language = "en" if lang() == "en" else "vi"
    fields = [(name, part, f"{t(*PARTS[part])} ({t(*LANGUAGES[tongue])})") for name, part, tongue in fields_of(known)]
    page = render_template(
        "housekeeping/template.html",
        known=known,
        shown=desk.look(g.actor, key, texts, language),
        fields=fields,
        texts=texts,
        day=day,
        problems=problems,
        looked=looked,
        names={part: sorted(names_of(part)) for part in ("body", "short")},
        longest=LONGEST,
        own=counting(rows, key, now),
        rows=list(reversed(rows)),
        today=now.date(),
        number=number,
        people={one.id: one.name for one in house().accounts.all(g.actor.unit) if one.kind == "officer"},
        may_change=not g.actor.groups.isdisjoint(ADMINISTRATORS),
    )
    return page, 422 if refused or (looked and problems) else 200
