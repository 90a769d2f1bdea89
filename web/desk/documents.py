"""The papers of a case: looked at beside a form, and marked with what an officer found of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.handling_messages import MarkDocument
from engine.domain import handling
from engine.queries.views import CaseView
from web import access, case_files, security
from web.acting import do_or_tell, posted_text
from web.desk import blueprint
from web.house import house, queries
from web.texts import t

SHOWN = ("application/pdf", "image/jpeg", "image/png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file of a case: as which of the procedure's documents it came, which marks it bears, whether it is new."""

    file: Mapping[str, Any]
    document: str
    marks: Mapping[str, Mapping[str, Any]]
    shown: bool
    new: bool


def papers_of(view: CaseView, new: frozenset[str] = frozenset()) -> list[Paper]:
    """Every paper that was handed in, in the order of the case; `new`: digests of those the reader has not seen yet."""
    names = {rule.key: rule.name for rule in view.procedure.documents}
    return [
        Paper(
            file=file,
            document=names.get(str(file.get("key") or ""), ""),
            marks=_marks(view, sha256),
            shown=str(file.get("media_type")) in SHOWN,
            new=sha256 in new,
        )
        for sha256, file in handling.handed_in(view.case).items()
    ]


def _marks(view: CaseView, sha256: str) -> dict[str, dict[str, Any]]:
    """The marks of a file, each with the name of who made it."""
    return {name: {**one, "who": who(one["by"])} for name, one in handling.marks_of(view.case, sha256).items()}


def who(account_id: str) -> str:
    """The name of somebody of the house."""
    account = house().accounts.by_id(account_id)
    return account.name if account else account_id


@blueprint.get("/ho-so/<case_id>/giay-to/<sha256>")
@access.officer
def document(case_id: str, sha256: str) -> ResponseReturnValue:
    """A paper by itself, as it is shown in the frame beside a form."""
    view = queries().case(g.actor, case_id)
    file = case_files.find(view, sha256)
    paper = next((one for one in papers_of(view) if one.file["sha256"] == sha256), None)
    shown = str(file.get("media_type")) in SHOWN or "number" in file
    response = make_response(render_template("desk/document.html", view=view, file=file, paper=paper, shown=shown))
    response.headers.update(security.FRAMED)
    return response


@blueprint.get("/ho-so/<case_id>/xem/<sha256>")
@access.officer
def show_file(case_id: str, sha256: str) -> ResponseReturnValue:
    """The PDF or picture itself."""
    return case_files.show(case_id, sha256)


@blueprint.post("/ho-so/<case_id>/danh-dau")
@access.officer
def mark_document(case_id: str) -> ResponseReturnValue:
    """Mark a paper from the page of its case."""
    view = queries().case(g.actor, case_id)
    if not mark(view, request.form.get("_action", "")):
        raise BadRequest()
    return redirect(url_for("desk.case", case_id=case_id, _anchor="giay-to"))


def mark(view: CaseView, action: str) -> bool:
    """Carry out `mark:KIND:SHA256` or `unmark:KIND:SHA256`; False for anything else. A refusal is said on the page."""
    verb, _, rest = action.partition(":")
    kind, _, sha256 = rest.partition(":")
    if verb not in ("mark", "unmark") or not sha256:
        return False
    case, note = view.case, posted_text(f"_note.{sha256}", 1000)
    command = MarkDocument(unit=case.unit, case_id=case.id, sha256=sha256, mark=kind, present=verb == "mark", note=note)
    if do_or_tell(command):
        said = ("Đã ghi dấu lên giấy tờ.", "The mark was kept.") if verb == "mark" else ("Đã bỏ dấu.", "Mark removed.")
        flash(t(*said))
    return True
