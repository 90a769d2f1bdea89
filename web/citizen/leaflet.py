"""A procedure in the parts that the law wants published (Decree 61/2018, Circular 02/2017), ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from engine.domain.errors import NotFoundError
from engine.domain.procedure import DocumentRule, FeeRule, Procedure, Rule, in_force
from engine.domain.unit_fees import Turn, charged, coming, course
from web.diagram_steps import Step, steps
from web.filing import DELIVERIES
from web.forms.plain_words import Questions, plain
from web.house import house
from web.texts import lang, named, t

SETS = 1  # number of sets of papers to hand in, when the catalog does not say otherwise
WAYS = {
    "online": ("Trực tuyến, trên trang này", "Online, on this site"),
    "desk": ("Trực tiếp tại Bộ phận Một cửa", "In person at the one-stop desk"),
    "post": ("Qua dịch vụ bưu chính công ích", "By public postal service"),
}
PAYING = {
    ("online", 4): ("trả trực tuyến, hoặc tại Bộ phận Một cửa", "paid online, or at the one-stop desk"),
    ("online", 3): ("trả tại Bộ phận Một cửa hoặc qua bưu chính", "paid at the one-stop desk or by post"),
    ("desk", 0): ("trả tại Bộ phận Một cửa", "paid at the one-stop desk"),
    ("post", 0): ("trả qua bưu chính", "paid by post"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A special step of this procedure and the law that asks for it."""

    name: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step in words: who does it, in which case, what it consists of, what the law says about it."""

    name: str
    who: str
    always: bool
    waits: bool
    when: tuple[str, ...]
    inner: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to file: its name, how the fee is paid on it, whether it is on this site."""

    name: str
    paying: str
    here: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, and when it is needed: "always", "never" (may be added), or "case" with the case in words."""

    rule: DocumentRule
    need: str
    when: str


class Fee(NamedTuple):
    """A fee as the unit charges it, and what it will be next."""

    rule: FeeRule
    later: Turn | None


class Leaflet:
    """One version of a procedure for its page."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.info: Mapping[str, Any] = procedure.info
        self.questions = Questions.of(_schema(procedure), lang())

    def steps(self) -> list[StepLine]:
        """The course of a case after it was filed."""
        left = [(Note(one["name"], one["basis"]), set(one["elements"])) for one in self.info.get("special_steps", ())]
        lines = []
        for step in _steps_of(self.procedure, self.procedure.process_id):
            notes = tuple(note for note, elements in left if step.element_id in elements)
            left = [(note, elements) for note, elements in left if note not in notes]
            lines.append(self._line(step, notes))
        return [*lines, *(_note_line(note) for note, _ in left)]

    def _line(self, step: Step, notes: tuple[Note, ...]) -> StepLine:
        inner = _steps_of(self.procedure, step.called) if step.called else ()
        return StepLine(
            name=step.name,
            who=_who(step),
            always=step.always,
            waits=step.waits,
            when=step.when,
            inner=tuple(dict.fromkeys(one.name for one in inner if one.by_hand)),
            notes=notes,
        )

    def ways(self) -> list[Way]:
        """How a case is filed and its fee paid, by the procedure's channels and level."""
        found = []
        for way in self.procedure.channels:
            paying = PAYING.get((way, self.procedure.level)) or PAYING.get((way, 0))
            paid = t(*paying) if paying and self.procedure.fees else ""
            found.append(Way(t(*WAYS.get(way, (way, way))), paid, way == "online"))
        return found

    def deliveries(self) -> list[str]:
        """How the result is handed over."""
        return [t(*DELIVERIES.get(way, (way, way))) for way in self.procedure.deliveries]

    def fees(self) -> list[Fee]:
        """What the unit charges by this version today (or on the first of its days, or the last), and from when on
        another amount counts."""
        one, today, catalog = self.procedure, house().clock.now().date(), house().catalog
        rows, known = catalog.unit_fees(house().settings.unit), catalog.versions(one.code)
        new = in_force(known, today)
        current = new is not None and new.version == one.version
        shown = charged(one, rows, min(max(today, one.valid_from), one.valid_to or date.max))
        return [Fee(rule, coming(course(known, rows, rule.key), today) if current else None) for rule in shown]

    def papers(self, kind: str) -> list[Paper]:
        """The documents to submit or to present."""
        return [self._paper(rule) for rule in self.procedure.documents if rule.kind == kind]

    def _paper(self, rule: DocumentRule) -> Paper:
        need = {"true": "always", "false": "never"}.get(rule.required.strip(), "case")
        return Paper(rule, need, self.when(rule.required) if need == "case" else "")

    def when(self, condition: str) -> str:
        """A condition in plain words; empty when it holds always or is too much for plain words."""
        return "" if condition.strip() == "true" else plain(condition, self.questions) or ""

    def rules(self, *severities: str) -> list[Rule]:
        """Requirements and conditions: those that block ("error"), those that are only said ("warning", "info")."""
        return [rule for rule in self.procedure.rules if rule.severity in severities]

    @property
    def sets(self) -> int:
        """How many sets of papers are handed in."""
        found = self.info.get("sets", SETS)
        return found if isinstance(found, int) and found > 0 else SETS

    @property
    def form_name(self) -> str:
        """The name of the declaration."""
        return str(self.info.get("form_name") or "")

    def breakdown(self) -> list[tuple[str, int, bool]]:
        """How the term is divided: (who does what, days, whether they are working days)."""
        rows = [row for row in self.info.get("breakdown", ()) if isinstance(row, Mapping)]
        return [(str(row.get("what", "")), row.get("days", 0), row.get("unit") == "working_days") for row in rows]

    def related(self) -> list[tuple[str, Procedure | None]]:
        """Procedures that go with this one: what the catalog calls them, and the one in force if there is one."""
        known = {one.code: one for one in house().catalog.current_all(house().clock.now().date())}
        return [(str(code), known.get(str(code))) for code in self.info.get("related", ())]

    def unsure(self, *parts: str) -> bool:
        """Whether a part of the facts (`time`, `fee`, `documents`, …) still has to be confirmed by a person."""
        said = self.info.get("confidence", "high")
        return any((said.get(part, "high") if isinstance(said, Mapping) else said) != "high" for part in parts)


def _schema(procedure: Procedure) -> Mapping[str, Any]:
    try:
        return house().forms.compiled(procedure, procedure.form_id).schema
    except NotFoundError:
        return {}


def _steps_of(procedure: Procedure, process_id: str) -> tuple[Step, ...]:
    try:
        _, xml, _ = house().diagrams.diagram(procedure, process_id)
    except NotFoundError:
        return ()
    return steps(xml, process_id)


def _who(step: Step) -> str:
    groups = house().catalog.groups
    own = [named(groups[one]) for one in step.groups if one in groups]
    return ", ".join(own) or next((named(one) for one in groups.values() if one.name == step.lane), step.lane)


def _note_line(note: Note) -> StepLine:
    return StepLine(name=note.name, who="", always=False, waits=False, when=(), inner=(), notes=(Note("", note.basis),))


def versions(code: str) -> Iterator[Procedure]:
    """Every version of a procedure, the latest first."""
    yield from sorted(house().catalog.versions(code), key=lambda one: (one.valid_from, one.version), reverse=True)
