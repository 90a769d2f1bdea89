"""What scenarios reach of the catalog: sequence flows walked, and conditions seen both true and false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.adapters.catalog_files import asks
from engine.adapters.catalog_findings import HEAD, located
from engine.adapters.catalog_shared import SHARED
from engine.adapters.procedure_forms import ProcedureForms, file_of
from engine.domain.case import Case
from engine.domain.context import case_context
from engine.domain.errors import RuleError
from engine.domain.events import ProcessAdvanced, Recorded
from engine.domain.form import Field, Level, Shown, join
from engine.domain.form_state import Place, copy
from engine.domain.procedure import Procedure
from engine.ports import Expressions

Condition = tuple[str, str, str]  # file from the catalog's root, where in it, FEEL text
Flow = tuple[str, str, str]  # folder or _shared, process id, flow id


@dataclass
class Seen:
    """What was reached so far, over any number of scenarios."""

    truths: dict[Condition, set[bool]] = field(default_factory=dict)
    flows: set[Flow] = field(default_factory=set)

    def note(self, condition: Condition, value: object) -> None:
        """A condition had this value; what cannot be computed counts as not true."""
        self.truths.setdefault(condition, set()).add(value is True)

    def add(self, other: Seen) -> None:
        """What was reached elsewhere, too."""
        for condition, values in other.truths.items():
            self.truths.setdefault(condition, set()).update(values)
        self.flows |= other.flows

    def walked(self, folder: str, processes: Mapping[str, bool], history: Iterable[Recorded]) -> None:
        """The flows that a history went along; `processes` says of each process id whether it is shared."""
        for link in history:
            if isinstance(link.event, ProcessAdvanced):
                for visit in link.event.path:
                    if visit.flow_id:
                        home = SHARED if processes.get(visit.process_id) else folder
                        self.flows.add((home, visit.process_id, visit.flow_id))


class WatchedForms:
    """The Forms port, with an eye on every condition of a form that was accepted, and on the head's rules at filing."""

    def __init__(self, forms: ProcedureForms, expressions: Expressions, folder: str, seen: Seen) -> None:
        self._forms = forms
        self._evaluate = expressions.evaluate
        self._folder = folder
        self._seen = seen

    def validate(
        self, procedure: Procedure, form_id: str, data: Mapping[str, Any], context: Mapping[str, Any]
    ) -> dict[str, Any]:
        """As the forms validate; FormInvalidError."""
        clean = self._forms.validate(procedure, form_id, data, context)
        values = copy(clean)
        level = self._forms.compiled(procedure, form_id).level
        place = Place(level, values, {"application": values, **context}, self._evaluate)
        for where, text, value in _values(place, ""):
            self._seen.note((located(self._folder, file_of(procedure, form_id)), where, text), value)
        if form_id == procedure.form_id:
            note_head(self, filing_conditions(procedure), {**context, "application": clean})
        return clean

    def head(self, key: str, text: str, context: Mapping[str, Any]) -> None:
        """Note the value of a condition of the head, when it can be computed."""
        try:
            self._seen.note((located(self._folder, HEAD), key, text), self._evaluate(text, context))
        except RuleError:
            return

    def assessed(self, procedure: Procedure, case: Case) -> None:
        """Note what the fee table asked, once a case has one."""
        if case.fee_total is None:
            return
        context = case_context(case)
        note_head(self, ((f"exemption.{e.key}", e.when) for e in procedure.exemptions), context)
        exempt = any(self._holds(e.when, context) for e in procedure.exemptions)
        for fee in procedure.fees:
            rows = [None] if fee.each is None else self._rows(fee.each, context)
            for row in rows:
                self.head(f"fee.{fee.key}", fee.when, {**context, "exempt": exempt, "item": row})

    def _holds(self, text: str, context: Mapping[str, Any]) -> bool:
        try:
            return self._evaluate(text, context) is True
        except RuleError:
            return False

    def _rows(self, text: str, context: Mapping[str, Any]) -> list[Any]:
        found = self._evaluate(text, context)
        return list(found) if isinstance(found, list | tuple) else []


def note_head(forms: WatchedForms, conditions: Iterable[tuple[str, str]], context: Mapping[str, Any]) -> None:
    """Note the values of several conditions of a head."""
    for key, text in conditions:
        forms.head(key, text, context)


def filing_conditions(procedure: Procedure) -> Iterator[tuple[str, str]]:
    """(key, FEEL) of what a filing is asked: when rules apply, and which documents are required."""
    yield from ((f"rule.{rule.key}", rule.when) for rule in procedure.rules)
    yield from ((f"document.{document.key}", document.required) for document in procedure.documents)


def expected(folder: str, procedure: Procedure, forms: ProcedureForms) -> set[Condition]:
    """Every condition of a procedure that may be true at one time and false at another."""
    head = [*filing_conditions(procedure)]
    head += [(f"exemption.{e.key}", e.when) for e in procedure.exemptions]
    head += [(f"fee.{fee.key}", fee.when) for fee in procedure.fees]
    found = {(located(folder, HEAD), key, text) for key, text in head}
    for name in procedure.files:
        if name.endswith(".json"):
            form_id = procedure.form_id if name == "form.json" else name.rpartition("/")[2].removesuffix(".json")
            level = forms.compiled(procedure, form_id).level
            found |= {(located(folder, name), where, text) for where, text in _conditions(level, "")}
    return {condition for condition in found if asks(condition[2])}


def _conditions(level: Level, prefix: str) -> Iterator[tuple[str, str]]:
    """(where, FEEL): conditions of one text at one place are one condition, for they always have one value."""
    for part in _parts(level):
        yield from ((join(prefix, condition.scope), condition.text) for condition in part.hidden_by)
    for each in level.fields:
        if each.required_if:
            yield join(prefix, each.scope), each.required_if
        if each.rows is not None:
            yield from _conditions(each.rows, join(prefix, each.path))


def _parts(level: Level) -> Iterator[Field | Shown]:
    yield from level.shown
    yield from level.fields


def _values(place: Place, prefix: str) -> Iterator[tuple[str, str, bool]]:
    """(where, FEEL, value) of the conditions; inside what is hidden nothing is asked."""
    for part in _parts(place.level):
        for condition in part.hidden_by:
            value = place.holds(condition.text, condition.scope, otherwise=False)
            yield join(prefix, condition.scope), condition.text, value
            if value:
                break
    for each in place.level.fields:
        if each.required_if:
            value = place.holds(each.required_if, each.scope, otherwise=False)
            yield join(prefix, each.scope), each.required_if, value
        for _, row in place.rows(each):
            yield from _values(row, join(prefix, each.path))


def summary(wanted: Iterable[Any], reached: Callable[[Any], bool], said: Callable[[Any], str]) -> dict[str, Any]:
    """{walked, total, missing} over everything wanted."""
    everything = sorted(set(wanted))
    missing = [said(each) for each in everything if not reached(each)]
    return {"walked": len(everything) - len(missing), "total": len(everything), "missing": missing}
