"""One form for answering a supplement: just the answers that were asked for, with the remark at each, and the reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from engine.domain import amendment
from engine.domain.errors import FormInvalidError
from engine.queries.views import TaskView
from web import filing
from web.acting import sheet_of
from web.forms.readable import read_out
from web.forms.schema import Component, components, defaults, kind, path_of, properties
from web.forms.sheet import Errors, Sheet
from web.house import CompiledForm
from web.texts import t

PART = "application"  # where the answers of the application stand in the data of the page
STATIC = frozenset({"text", "separator", "spacer", "button"})
Values = Mapping[str, Any]


def asks(view: TaskView) -> bool:
    """Whether the task wants answers of the application to be mended."""
    return bool(view.task.form_id and amendment.asked_of(view.task.inputs))


@dataclass(frozen=True, slots=True)
class Amended:
    """The task's own form and the applicant's form as one; reading and looking things up see both whole."""

    reply: CompiledForm
    form: CompiledForm
    filed: Values
    asked: Mapping[str, str]
    case: Values

    @property
    def schema(self) -> Component:
        """Both forms, the answers of the application in a group of their own."""
        return self.composed(components(self.form.schema))

    def composed(self, answers: list[Component]) -> Component:
        """What was asked in words, these answers, then the reply."""
        label, own = t("Các mục phải sửa", "To be mended"), components(self.reply.schema)
        group = {"type": "group", "id": "amended", "path": PART, "label": label, "components": answers}
        told = [one for one in own if kind(one) in STATIC or properties(one).get("computed")]
        return {**self.reply.schema, "components": [*told, group, *(one for one in own if one not in told)]}

    def merged(self, data: Values) -> dict[str, Any]:
        """The application with what was typed so far, as the engine will take it."""
        answers = data.get(PART)
        return amendment.laid_over(self.filed, answers if isinstance(answers, Mapping) else {}, frozenset(self.asked))

    def visible(self, data: Values, context: Values) -> frozenset[str]:
        """What either form shows."""
        inner = self.form.visible(self.merged(data), self.case)
        return self.reply.visible(_own(data), context) | {f"{PART}.{name}" for name in inner} | {"amended"}

    def settled(self, data: Values, context: Values) -> dict[str, Any]:
        """Both with computed values."""
        return {**self.reply.settled(_own(data), context), PART: self.form.settled(self.merged(data), self.case)}

    def opened(self, data: Values, errors: Errors) -> Component:
        """The answers that were asked for, those that came up by them, and those that something is wrong with."""
        new = self.form.visible(self.merged(data), self.case) - self.form.visible(self.filed, self.case)
        wrong = {path.removeprefix(f"{PART}.") for path in errors if path.startswith(f"{PART}.")}
        return self.composed(list(_opened(self.form.schema, "", self.asked, new | set(map(amendment.whole, wrong)))))


def _own(data: Values) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != PART}


def _opened(holder: Component, prefix: str, asked: Mapping[str, str], more: frozenset[str]) -> Iterator[Component]:
    for component in components(holder):
        path = path_of(component, prefix)
        if kind(component) == "group":
            inner = list(_opened(component, path, asked, more))
            if inner:
                yield {**component, "components": inner}
        elif kind(component) not in STATIC and (path in asked or path in more):
            yield _remarked(component, asked.get(path, ""))


def _remarked(component: Component, remark: str) -> Component:
    """The field with the officer's remark as its hint, before what the form says itself."""
    if not remark:
        return component
    said, own = t(f"Cán bộ ghi: {remark}", f"The desk says: {remark}"), properties(component)
    hints = [said, str(own.get("descriptionEn") or component.get("description") or "")]
    told = " – ".join(hint for hint in (said, str(component.get("description") or "")) if hint)
    return {
        **component,
        "description": told,
        "properties": {**own, "descriptionEn": " – ".join(hint for hint in hints if hint)},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendingSheet(Sheet):
    """A sheet of both forms that shows only what has to be answered."""

    both: Amended

    def blank(self) -> dict[str, Any]:
        """The reply empty, the application as it was filed."""
        return {**defaults(self.both.reply.schema), PART: deepcopy(dict(self.both.filed))}

    def shown(self, data: Values, errors: Errors) -> Component:
        """The part of both forms that is on the page."""
        return self.both.opened(data, errors)

    def lines(self, data: Values) -> list[Any]:
        """The asked answers and the reply, for reading."""
        return read_out(self.both.opened(data, {}), data, self.visible(data), self.lang)


def sheet(view: TaskView) -> AmendingSheet:
    """The page's form of a task that `asks`."""
    procedure, case = view.case.procedure, view.case.case
    reply = sheet_of(procedure, str(view.task.form_id), view.context)
    seen = {"case": view.context["case"]}
    form = sheet_of(procedure, procedure.form_id, seen)
    both = Amended(reply.form, form.form, case.application, amendment.asked_of(view.task.inputs), seen)

    def validate(data: Values) -> dict[str, Any]:
        return _validated(both, reply, form, data)

    return AmendingSheet(
        form=both, validate=validate, context=view.context, uploads=reply.uploads, limits=reply.limits,
        lang=reply.lang, both=both,
    )  # fmt: skip


def _validated(both: Amended, reply: Sheet, form: Sheet, data: Values) -> dict[str, Any]:
    """Clean values of both; everything that is wrong in either is said at once."""
    wrong: dict[str, list[str]] = {}
    clean: dict[str, Any] = {}
    try:
        clean = reply.validate(_own(data))
    except FormInvalidError as error:
        wrong |= error.errors
    try:
        clean[PART] = form.validate(both.merged(data))
    except FormInvalidError as error:
        wrong |= {f"{PART}.{path}" if path else "": said for path, said in error.errors.items()}
    if wrong:
        raise FormInvalidError(wrong)
    return clean


def command(view: TaskView, data: Values) -> dict[str, Any]:
    """What `AnswerSupplement` takes of the page's data, beside which task of which case it is."""
    case, procedure = view.case.case, view.case.procedure
    form = sheet_of(procedure, procedure.form_id, {"case": view.context["case"]})
    both = sheet(view).both
    after = both.merged(data)
    held = {file["sha256"] for file in filing.documents(procedure, form, case.application)}
    apart = [file for file in case.documents if file["sha256"] not in held]  # handed in beside the form
    answers = data.get(PART)
    return {
        "data": _own(data),
        "application": answers if isinstance(answers, Mapping) else {},
        "documents": (*apart, *filing.documents(procedure, form, after)),
    }
