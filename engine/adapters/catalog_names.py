"""Which names may have a value in a process: what is written there, mapped in by callers, or handed down by them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from bpmn import feel, lint, parse
from bpmn.errors import BpmnError
from bpmn.model import Element, ProcessDefinition
from engine.adapters.form_schemas import CompiledForm, FormSchemas
from engine.domain.errors import CatalogError, RuleError
from engine.domain.form import names_of
from engine.domain.procedure import Procedure

AROUND = frozenset({"case", "application"})
JOB_RESULTS: Mapping[str, tuple[str, ...]] = {
    "receipt.issue": ("receipt_number",),
    "fee.assess": ("fee_total",),
    "fee.collect": ("payment_order",),
    "document.issue": ("result_number", "result_document"),
    "document.sign": ("signature",),
    "result.deliver": ("delivered_at",),
    "request.send": ("request_number",),
    "register.write": ("register_number",),
}
MESSAGE_PAYLOADS: Mapping[str, tuple[str, ...]] = {"payment_received": ("order", "provider", "amount", "reference")}


class Names:
    """The names of the processes of some procedures; who calls whom is looked up once, whatever is asked then."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        everything = list(procedures)
        self._forms = {form: compiled for p in everything for form, compiled in forms_of(p).items()}
        definitions = {d.id: d for p in everything for d in definitions_of(p).values()}
        self._calls: dict[str, list[tuple[ProcessDefinition, Element]]] = {}
        for definition in definitions.values():
            for element in definition.elements.values():
                if element.called_element:
                    self._calls.setdefault(element.called_element, []).append((definition, element))

    def known(self, processes: Iterable[ProcessDefinition]) -> frozenset[str]:
        """Names that may have a value in one of these processes."""
        once = {definition.xml: definition for definition in processes}  # procedures share most of theirs
        return frozenset().union(*(self._known(definition) for definition in once.values()))

    def _known(self, definition: ProcessDefinition) -> set[str]:
        """Its own, what callers map in, and what they hand down as it is: these in turn have it from their callers."""
        names: set[str] = set()
        seen, ahead = {definition.id}, [definition]
        while ahead:
            called = ahead.pop()
            names |= self.written(called)
            for caller, element in self._calls.get(called.id, ()):
                names |= {mapping.target for mapping in element.inputs}
                if element.propagate_all_parent and caller.id not in seen:
                    seen.add(caller.id)
                    ahead.append(caller)
        return names

    def written(self, definition: ProcessDefinition) -> set[str]:
        """What the elements of a process write: mappings, forms, jobs and messages."""
        names = set(lint.variables_written(definition)) | {"loopCounter"}
        for element in definition.elements.values():
            names |= {mapping.target for mapping in element.inputs}
            names |= set(JOB_RESULTS.get(element.job_type or "", ()))
            names |= set(MESSAGE_PAYLOADS.get(element.message.name if element.message else "", ()))
            for form in (element.form_id, element.properties.get("messageForm")):
                if form in self._forms:
                    names |= names_of(self._forms[form].level, "")
        return names


def definitions_of(procedure: Procedure) -> dict[str, ProcessDefinition]:
    """The diagrams of a procedure that can be read, by process id."""
    found = {}
    for name, data in procedure.files.items():
        if name.endswith(".bpmn"):
            with suppress(BpmnError):  # lint says why
                definition = parse.parse(data)
                found[definition.id] = definition
    return found


@lru_cache(maxsize=1024)
def form_of(data: bytes) -> CompiledForm | CatalogError:
    """The compiled form of a file, or why it cannot be used."""
    try:
        return SCHEMAS.compile(json.loads(data))
    except CatalogError as error:
        return error


def forms_of(procedure: Procedure) -> dict[str, CompiledForm]:
    """The forms of a procedure that can be used, by form id."""
    found = {}
    for name, data in procedure.files.items():
        form = form_of(data) if name.endswith(".json") else None
        if isinstance(form, CompiledForm):
            found[procedure.form_id if name == "form.json" else Path(name).stem] = form
    return found


def _evaluate(text: str, context: Mapping[str, Any]) -> Any:
    try:
        return feel.evaluate(text, context)
    except feel.FeelError as error:
        raise RuleError(reason=error.message_vi, reason_en=error.message) from error


SCHEMAS = FormSchemas(_evaluate)
