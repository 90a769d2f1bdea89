"""The end of filing: everything at a glance with the way back to each part, the declaration, sending once, a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.messages import SubmitCase
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError
from web import access, errors
from web.acting import posted_version, sheet_of
from web.citizen import blueprint
from web.citizen.application import OWN, Application, applicant, load
from web.citizen.drafts import address
from web.filing import documents, way_name
from web.forms.draw import html_id
from web.house import house, queries
from web.texts import t


@blueprint.route("/nop/<draft_id>/kiem-tra", methods=["GET", "POST"])
@access.citizen
def draft_check(draft_id: str) -> ResponseReturnValue:
    """Check the answers, declare that they are true, send."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    if request.method == "GET" or found.problems:
        return _page(found), 422 if request.method == "POST" else 200
    if posted_version() != found.draft.version and not found.draft.sending:
        return _page(found, moved=True), 409
    if not found.declares and "_declared" not in request.form:
        said = t("Hãy đánh dấu vào ô cam đoan.", "Tick the declaration.")
        return _page(found, wrong={"_declared": said}), 422
    return _send(found)


def _send(found: Application) -> ResponseReturnValue:
    command = SubmitCase(
        unit=house().settings.unit,
        procedure=found.procedure.code,
        channel=found.draft.channel,
        delivery=found.delivery,
        applicant=applicant(found.draft),
        application=found.draft.data,
        documents=tuple(documents(found.procedure, found.sheet, found.clean)),
    )
    try:
        case_id = house().filing.drafting.send(g.actor, found.draft.id, command)
    except FormInvalidError as error:
        return _page(found, problems=error.errors), 422
    except DatabaseUnavailableError:  # perhaps filed, perhaps not: sending again will tell
        raise
    except DomainError as error:
        refusal = errors.of_domain(error)
        return _page(found, conflict=refusal), refusal.status
    return redirect(url_for("citizen.filed", case_id=case_id))


def _page(
    found: Application,
    *,
    problems: Mapping[str, list[str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    moved: bool = False,
    conflict: errors.Refusal | None = None,
) -> str:
    context = {**found.sheet.context, "application": found.clean}
    warnings = house().forms.broken(found.procedure, found.clean, found.sheet.context, severity="warning")
    open_ = problems if problems is not None else found.problems
    return render_template(
        "filing/answers.html",
        app=found,
        cards=list(_cards(found)),
        problems=[_problem(found, path, said) for path, messages in open_.items() for said in messages],
        warnings=[] if open_ else list(dict.fromkeys(said for messages in warnings.values() for said in messages)),
        fees=None if open_ else house().filing.fees(found.procedure, context),
        applicant=applicant(found.draft),
        delivery=way_name(found.delivery),
        wrong=wrong or {},
        moved=moved,
        conflict=conflict,
        own=OWN,
        draft_id=found.draft.id,
        behind=address(found, found.pages[-1]) if found.pages else url_for("citizen.draft", draft_id=found.draft.id),
    )


def _cards(found: Application) -> Any:
    """Each part: its title, its answers as lines, the way back to it."""
    blank, data = t("Không có", "None"), found.clean or found.draft.data
    visible = found.sheet.visible(data)
    for section in found.sections:
        yield section, found.sheet.lines_of(section.schema, data, blank, visible), address(found, section.id, back=True)


def _problem(found: Application, path: str, said: str) -> dict[str, str]:
    """What is to be mended, with the way to its field."""
    section = next((one for one in found.sections if path and one.holds(path)), None)
    target = f"{address(found, section.id, back=True)}#{html_id(path)}" if section else ""
    return {"said": said, "target": target}


@blueprint.get("/nop/<draft_id>/ban-in")
@access.citizen
def draft_copy(draft_id: str) -> ResponseReturnValue:
    """One's own answers so far, to print or keep."""
    found = load(draft_id)
    if not isinstance(found, Application):
        return found
    return render_template(
        "filing/copy.html",
        procedure=found.procedure,
        applicant=applicant(found.draft),
        code="",
        at=found.draft.updated_at,
        lines=found.sheet.lines(found.clean or found.draft.data),
        delivery=way_name(found.delivery),
        behind=url_for("citizen.draft_check", draft_id=draft_id),
    )


@blueprint.get("/ho-so/<case_id>/ban-in")
@access.citizen
def case_copy(case_id: str) -> ResponseReturnValue:
    """What was declared in a case of one's own, to print or keep."""
    view = queries().case(g.actor, case_id)
    case = view.case
    context = {"case": {"channel": case.channel, "level": case.level, "delivery": case.delivery}}
    sheet = sheet_of(view.procedure, view.procedure.form_id, {**context, "application": case.application})
    return render_template(
        "filing/copy.html",
        procedure=view.procedure,
        applicant=case.applicant,
        code=case.code,
        at=case.submitted_at,
        lines=sheet.lines(case.application),
        delivery=way_name(case.delivery),
        behind=url_for("citizen.case", case_id=case_id),
    )
