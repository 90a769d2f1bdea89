"""An application that is being written, as its pages need it: the draft, its form in sections, what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, g, redirect, url_for
from werkzeug.wrappers import Response

from engine.domain.drafting import Draft, without
from engine.domain.errors import FormInvalidError, NotFoundError
from engine.domain.procedure import Procedure
from web.acting import sheet_of
from web.filing import WAYS, delivery_path
from web.forms.schema import dig, inputs, is_true, properties
from web.forms.sections import Section, sections
from web.forms.sheet import Sheet
from web.house import house
from web.texts import t

OWN = "nhan-ket-qua"  # the page's own question how the result shall be delivered, where the form does not ask
PERSON = ("name", "id_number", "phone", "email", "address")
PROOF = ("proven_by", "subtype", "organisation_code")
Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A draft with its form. `sections` are those that ask anything; `problems` by path, as sending would find them."""

    draft: Draft
    procedure: Procedure
    sheet: Sheet
    sections: tuple[Section, ...]
    asks_delivery: bool
    problems: Problems
    clean: Mapping[str, Any]

    @classmethod
    def of(cls, draft: Draft, procedure: Procedure) -> Application:
        """The draft as its pages need it."""
        sheet = _sheet(draft, procedure)
        schema, visible = sheet.form.schema, sheet.visible(draft.data)
        problems, clean = _problems(sheet, draft.data)
        return cls(
            draft=draft,
            procedure=procedure,
            sheet=sheet,
            sections=tuple(one for one in sections(schema, sheet.lang) if one.asks(visible)),
            asks_delivery=delivery_path(schema) is None and len(procedure.deliveries) > 1,
            problems=problems,
            clean=clean,
        )

    @property
    def pages(self) -> tuple[str, ...]:
        """Ids of the pages in their order."""
        return (*(one.id for one in self.sections), *((OWN,) if self.asks_delivery else ()))

    def section(self, section_id: str) -> Section:
        """A section of the form; NotFoundError."""
        found = next((one for one in sections(self.sheet.form.schema, self.sheet.lang) if one.id == section_id), None)
        if found is None:
            raise NotFoundError(what="phần", id="")
        return found

    def problems_in(self, section: Section) -> Problems:
        """What of a section is to be mended."""
        return {path: said for path, said in self.problems.items() if section.holds(path)}

    def state(self, page: str) -> str:
        """One of "done", "mend" (visited, but something is wrong) and "todo"."""
        if page not in self.draft.sections:
            return "todo"
        if page == OWN:
            return "done"
        return "mend" if self.problems_in(self.section(page)) else "done"

    @property
    def first_open(self) -> str | None:
        """The first page that is not done."""
        return next((page for page in self.pages if self.state(page) != "done"), None)

    def after(self, page: str) -> str | None:
        """The page after this one; None after the last."""
        pages = self.pages
        at = pages.index(page) + 1 if page in pages else len(pages)
        return pages[at] if at < len(pages) else None

    def before(self, page: str) -> str | None:
        """The page before this one."""
        at = self.pages.index(page) if page in self.pages else 0
        return self.pages[at - 1] if at else None

    @property
    def declares(self) -> bool:
        """Whether the form itself lets people declare that what they say is true."""
        return any(is_true(properties(one).get("mustBeTrue")) for one, _ in inputs(self.sheet.form.schema, {}))

    @property
    def delivery(self) -> str:
        """How the result shall be delivered."""
        return delivery_of(self.draft, self.procedure)


def delivery_of(draft: Draft, procedure: Procedure) -> str:
    """The way chosen in the form or on the page; the first one when nothing was chosen."""
    schema = house().forms.compiled(procedure, procedure.form_id).schema
    path = delivery_path(schema)
    text = str(dig(draft.data, path) or "") if path else draft.delivery
    chosen = WAYS.get(text, text)
    return chosen if chosen in procedure.deliveries else (procedure.deliveries or ("desk",))[0]


def profile() -> dict[str, Any]:
    """What the house knows of whoever has signed in."""
    return {"name": g.account.name, **g.account.profile}


def applicant(draft: Draft) -> dict[str, Any]:
    """Who applies: the account that files, and, where that is somebody else, whom it files for."""
    known, other = profile(), draft.on_behalf_of
    person = {key: _line(known.get(key)) for key in PERSON}
    if draft.own.get("address"):
        person["address"] = draft.own["address"]
    if other.get("kind") in ("person", "organisation"):
        by = {"submitted_by": person["name"], "submitted_by_id_number": person["id_number"]}
        own = {"name": other.get("name", ""), "id_number": other.get("id_number", "")}
        person = {**person, **own, **by, "kind": other["kind"], "relation": other.get("relation", "")}
    proof = {key: str(known[key]) for key in PROOF if known.get(key)}
    return {"account": g.account.id, **person, **proof, "assurance": int(known.get("assurance") or 0)}


def _line(value: Any) -> str:
    """A fact in one line: an address in parts is written as people write it."""
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value or "")


def _sheet(draft: Draft, procedure: Procedure) -> Sheet:
    case = {
        "procedure": procedure.code,
        "level": procedure.level,
        "channel": draft.channel,
        "delivery": delivery_of(draft, procedure),
        "unit": house().settings.unit,
        "applicant": applicant(draft),
    }
    return sheet_of(procedure, procedure.form_id, {"case": case}, draft.prefilled)


def _problems(sheet: Sheet, data: Mapping[str, Any]) -> tuple[Problems, dict[str, Any]]:
    try:
        return {}, sheet.validate(data)
    except FormInvalidError as error:
        return {path: list(said) for path, said in error.errors.items()}, {}


def load(draft_id: str) -> Application | Response:
    """An own draft; the case's page when it was sent, the overview when its form was renewed meanwhile."""
    draft = house().filing.drafting.get(g.actor, draft_id)
    if draft.case_id is not None:
        return redirect(url_for("citizen.filed", case_id=draft.case_id))
    procedure = house().catalog.current(draft.procedure, house().clock.now().date())
    if procedure.version != draft.procedure_version:
        _renew(draft, procedure)
        return redirect(url_for("citizen.draft", draft_id=draft.id))
    return Application.of(draft, procedure)


def _renew(draft: Draft, procedure: Procedure) -> None:
    """Carry the answers that still fit over to the version now in force, and say so."""
    problems, _ = _problems(_sheet(draft, procedure), draft.data)
    gone = [path for path in problems if dig(draft.data, path) not in (None, "", [], {})]
    names = {path.split(".", 1)[0] for path in gone}
    known = {one.id: one for one in sections(house().forms.compiled(procedure, procedure.form_id).schema)}

    def change(before: Draft) -> Draft:
        visited = {k: v for k, v in before.sections.items() if k in known and not known[k].names & names}
        data = without(before.data, gone)
        return replace(before, procedure_version=procedure.version, data=data, sections=visited, overwritten=())

    house().filing.drafting.change(g.actor, draft.id, change)
    flash(
        t(
            f"Thủ tục đã có phiên bản {procedure.version}. Các câu trả lời còn phù hợp được giữ lại"
            f"{f'; {len(gone)} câu trả lời không còn phù hợp đã bỏ' if gone else ''}. Hãy xem lại từng phần.",
            f"Version {procedure.version} of the procedure is in force now. Answers that still fit were kept"
            f"{f'; {len(gone)} that no longer fit were dropped' if gone else ''}. Please look through the sections.",
        )
    )
