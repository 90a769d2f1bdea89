"""Filing a case on one page: the form, the check before sending, and sending once; what filing is asked anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from engine.commands.messages import SubmitCase
from engine.domain.errors import DatabaseUnavailableError, DomainError, FormInvalidError
from engine.domain.procedure import Procedure
from web import errors, prefill
from web.acting import do, new_key, posted_key, sheet_of
from web.forms.carry import carry
from web.forms.parse import Sent
from web.forms.schema import Component, dig, inputs, kind, properties, put
from web.forms.sheet import Sheet
from web.house import house
from web.texts import t

# a form that asks with this option set is not followed by the page's own question
DELIVERY_SET = "hinh_thuc_nhan_ket_qua"
WAYS = {"truc_tiep": "desk", "buu_chinh": "post", "dien_tu": "electronic"}
DELIVERIES = {
    "desk": ("Nhận tại Bộ phận Một cửa", "Collect at the one-stop desk"),
    "post": ("Nhận qua bưu chính", "By post"),
    "electronic": ("Nhận bản điện tử", "Electronic copy"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A case on its way: who files how. `own` are the page's own answers, carried beside the form's.

    `known`: facts for answers that are left empty; `judge`: what is wrong with answers beside the form's own rules, by
    path; `files`: what was uploaded, where it is not what came.
    """

    procedure: Procedure
    frame: str
    channel: str
    applicant: Mapping[str, Any]
    own: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    asked: str | None = None
    done: Callable[[str], str]
    template: str = "filing/form.html"
    known: Mapping[str, Any] = field(default_factory=dict)
    judge: Callable[[Sheet, Mapping[str, Any]], Mapping[str, list[str]]] = field(default=lambda sheet, data: {})
    files: MultiDict[str, FileStorage] | None = None

    @property
    def delivery(self) -> str:
        """The way of getting the result chosen in the form or on the page; the first one when nothing was chosen."""
        text = request.form.get(self.asked or "_delivery", "")
        chosen = WAYS.get(text, text)
        return chosen if chosen in self.procedure.deliveries else (self.procedure.deliveries or ("desk",))[0]

    @property
    def context(self) -> dict[str, Any]:
        """What expressions may read before there is a case."""
        case = {
            "procedure": self.procedure.code,
            "level": self.procedure.level,
            "channel": self.channel,
            "delivery": self.delivery,
            "unit": house().settings.unit,
            "applicant": self.applicant,
        }
        return {"case": case}


def serve(filing: Filing) -> ResponseReturnValue:
    """The pages of filing, by the button that was pressed."""
    schema = house().forms.compiled(filing.procedure, filing.procedure.form_id).schema
    filing = replace(filing, asked=delivery_path(schema))
    sheet = sheet_of(filing.procedure, filing.procedure.form_id, filing.context)
    if request.method == "GET":
        return _form(filing, sheet, _completed(filing, sheet, sheet.blank()))
    sent = sheet.read(request.form, request.files if filing.files is None else filing.files)
    _completed(filing, sheet, sent.data)
    action = request.form.get("_action", "update")
    if action == "submit":
        return _submit(filing, sheet, sent)
    if action == "check":
        return _check(filing, sheet, sent)
    sheet.obey(action, sent.data)
    problems = {**filing.judge(sheet, sent.data), **sheet.file_problems(sent)}
    return _form(filing, sheet, sent.data, problems=problems, status=422 if problems else 200)


def _completed(filing: Filing, sheet: Sheet, data: dict[str, Any]) -> dict[str, Any]:
    """The data with what is known, where nothing was answered."""
    if filing.known:
        _, found = prefill.filled(sheet.form.schema, sheet.blank(), filing.known, house().filing.rules)
        for path, value in found.items():
            if dig(data, path) in (None, "", dig(sheet.blank(), path)):
                put(data, path, value)
    return data


def delivery_path(schema: Component) -> str | None:
    """Where the form itself asks how the result shall be delivered."""
    found = (path for one, path in inputs(schema, {}) if properties(one).get("optionSet") == DELIVERY_SET)
    return next(found, None)


def _check(filing: Filing, sheet: Sheet, sent: Sent) -> ResponseReturnValue:
    clean, problems = _clean(filing, sheet, sent)
    if problems:
        return _form(filing, sheet, sent.data, problems=problems, status=422)
    procedure = filing.procedure
    warnings = house().forms.broken(procedure, clean, filing.context, severity="warning")
    return render_template(
        "filing/check.html",
        filing=filing,
        lines=sheet.lines(clean),
        warnings=[message for messages in warnings.values() for message in messages],
        carried=[*carry(sheet.form.schema, sent.data, sheet.uploads.token), *_own(filing)],
        delivery=None if filing.asked else way_name(filing.delivery),
        key=posted_key(),
    )


def _clean(filing: Filing, sheet: Sheet, sent: Sent) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Clean values, and what is wrong in the page's own fields and in the form."""
    problems = {name: [message] for name, message in filing.missing.items()}
    problems.update(filing.judge(sheet, sent.data))
    try:
        return sheet.check(sent), problems
    except FormInvalidError as error:
        return {}, {**problems, **error.errors}


def way_name(way: str) -> str:
    return t(*DELIVERIES.get(way, (way, way)))


def _own(filing: Filing) -> Iterator[tuple[str, str]]:
    yield "_delivery", filing.delivery
    yield from filing.own.items()


def _submit(filing: Filing, sheet: Sheet, sent: Sent) -> ResponseReturnValue:
    clean, problems = _clean(filing, sheet, sent)
    if problems:
        return _form(filing, sheet, sent.data, problems=problems, status=422)
    command = SubmitCase(
        unit=house().settings.unit,
        procedure=filing.procedure.code,
        channel=filing.channel,
        delivery=filing.delivery,
        applicant=filing.applicant,
        application=sent.data,
        documents=tuple(documents(filing.procedure, sheet, clean)),
    )
    try:
        result = do(command)
    except FormInvalidError as error:
        return _form(filing, sheet, sent.data, problems=error.errors, status=422)
    except DatabaseUnavailableError:
        raise
    except DomainError as error:
        refusal = errors.of_domain(error)
        return _form(filing, sheet, sent.data, conflict=refusal, status=refusal.status)
    return redirect(filing.done(str(result.case_id)))


def documents(procedure: Procedure, sheet: Sheet, clean: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The handed-in files by document key."""
    by_path = {rule.field: rule.key for rule in procedure.documents if rule.field}
    for component, path in inputs(sheet.form.schema, clean):
        if kind(component) == "filepicker":
            key = str(properties(component).get("appendix") or by_path.get(path) or path)
            for stored in dig(clean, path) or ():
                yield {"key": key, **stored}


def _form(
    filing: Filing,
    sheet: Sheet,
    data: Mapping[str, Any],
    *,
    problems: Mapping[str, list[str]] | None = None,
    conflict: errors.Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    drawing = sheet.draw(data, {path: found for path, found in (problems or {}).items() if path not in filing.missing})
    return (
        render_template(
            filing.template,
            filing=filing,
            drawing=drawing,
            missing=filing.missing if problems else {},
            deliveries=[] if filing.asked else [(way, way_name(way)) for way in filing.procedure.deliveries],
            conflict=conflict,
            key=posted_key() if request.method == "POST" else new_key(),
            here=url_for(str(request.endpoint), **(request.view_args or {})),
        ),
        status,
    )
