"""The return desk: what is ready, who collects it, several cases of one person at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import AddComment, ClaimTask, Command, CompleteTask
from engine.domain.context import case_context, variables
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError, SearchTooWideError
from engine.queries.returning import Ready
from web import access, errors
from web.acting import new_key, posted_key, sheet_of
from web.counter import blueprint
from web.forms.schema import nfc
from web.forms.sheet import Sheet
from web.house import house
from web.texts import t

SELF = "ban_than"  # in the option set of relations: the applicant in person


@blueprint.get("/tra")
@access.groups("one_stop")
def ready() -> ResponseReturnValue:
    """What is ready to be collected."""
    text, problem, found = nfc(request.args.get("q", "")).strip()[:300], "", []
    try:
        found = list(house().desk.counter.returning.find(g.actor, text))
    except SearchTooWideError as error:
        problem = t(error.message, error.message_en)
    return render_template("counter/ready.html", found=found, text=text, problem=problem)


@blueprint.route("/tra/<case_id>", methods=["GET", "POST"])
@access.groups("one_stop")
def hand_over(case_id: str) -> ResponseReturnValue:
    """Identify the collector, hand over this case and whatever else of the same person was ticked."""
    found = house().desk.counter.returning.of_person(g.actor, case_id)
    sheet = _sheet(found[0])
    if request.method == "GET":
        return _page(found, sheet, _begin(found[0], sheet))
    sent = sheet.read(request.form, request.files)
    if request.form.get("_action") != "complete":
        return _page(found, sheet, sent.data)
    chosen = [one for one in found if one.case.id in {case_id, *request.form.getlist("_case")}]
    try:
        sheet.check(sent)
        _check_collector(chosen, sent.data)
        for one in chosen:
            for number, command in enumerate(_steps(one, sent.data)):
                house().handle(command, g.actor, f"return:{g.actor.id}:{posted_key()}:{one.case.id}:{number}")
    except FormInvalidError as error:
        return _page(found, sheet, sent.data, problems=error.errors, status=422)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        refusal = errors.of_domain(error)
        return _page(found, sheet, sent.data, conflict=refusal, status=refusal.status)
    codes = ", ".join(one.case.code for one in chosen)
    flash(t(f"Đã trả kết quả: {codes}.", f"Handed over: {codes}."))
    return redirect(url_for("counter.ready"))


def _sheet(one: Ready) -> Sheet:
    context = {**variables(one.case, one.task), **case_context(one.case)}
    return sheet_of(one.procedure, str(one.task.form_id), context)


def _begin(one: Ready, sheet: Sheet) -> dict[str, Any]:
    """The applicant in person, as most often."""
    who = one.case.applicant
    known = {"collector_name": who.get("name"), "collector_id_number": who.get("id_number"), "collector_relation": SELF}
    return {**sheet.blank(), **{name: value for name, value in known.items() if value}}


def _check_collector(chosen: Sequence[Ready], data: Mapping[str, Any]) -> None:
    """Nobody collects for another what has to be collected in person."""
    for one in chosen:
        mine = data.get("collector_id_number") == one.case.applicant.get("id_number")
        if one.in_person and not (mine and data.get("collector_relation") == SELF):
            said = t(
                f"Hồ sơ {one.case.code}: thủ tục này không được ủy quyền; chính người nộp phải đến nhận.",
                f"Case {one.case.code}: of this procedure only the applicant in person may collect.",
            )
            raise FormInvalidError({"collector_relation": [said]})


def _steps(one: Ready, data: Mapping[str, Any]) -> Iterator[Command]:
    which: dict[str, Any] = {"unit": one.case.unit, "case_id": one.case.id}
    given = [name for name in one.originals if name in request.form.getlist("_original")]
    if given:
        yield AddComment(**which, text=("Đã trả lại bản chính: " + "; ".join(given))[:2000])
    yield ClaimTask(**which, key=one.task.key)
    yield CompleteTask(**which, key=one.task.key, data=data)


def _page(
    found: Sequence[Ready],
    sheet: Sheet,
    data: Mapping[str, Any],
    *,
    problems: Mapping[str, list[str]] | None = None,
    conflict: errors.Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "counter/hand_over.html",
        found=found,
        drawing=sheet.draw(data, problems),
        conflict=conflict,
        originals=list(dict.fromkeys(name for one in found for name in one.originals)),
        here=url_for("counter.hand_over", case_id=found[0].case.id),
        key=posted_key() if request.method == "POST" else new_key(),
    )
    return page, status
