"""Looks at procedures as a whole: do their parts refer to things that exist, can their forms and diagrams run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from bpmn import feel, lint, parse
from bpmn.model import Element, ProcessDefinition
from engine.adapters import catalog_decisions as decisions
from engine.adapters.catalog_findings import (
    HEAD,
    Finding,
    fee_keys,
    finding,
    located,
    low_confidence,
    missing,
    rule_texts,
    scenarios,
    versions,
)
from engine.adapters.catalog_levels import levels
from engine.adapters.catalog_names import AROUND, Names, definitions_of, form_of, forms_of
from engine.adapters.catalog_notice_check import notice_findings
from engine.adapters.catalog_shared import SHARED, Shared
from engine.adapters.form_properties import unknown_properties
from engine.adapters.form_schemas import CompiledForm
from engine.domain.errors import CatalogError
from engine.domain.form import Field, Level, names_of
from engine.domain.procedure import Procedure

FUNCTIONS = frozenset({"add_working_days", "add_working_hours", "is_working_day"})


def check_all(procedures: Sequence[tuple[str, Procedure]], shared: Shared, root: Path) -> dict[str, Any]:
    """{procedures, findings, low_confidence} for (folder name, procedure) pairs; raises nothing on what files hold."""
    found: list[Finding] = []
    for folder, procedure in procedures:
        own = chain(_whole(procedure, shared), _diagram(procedure, shared))
        found += [{**each, "file": located(folder, each["file"])} for each in own]
        found += scenarios(root / folder)
    found += _shared_diagrams([procedure for _, procedure in procedures], shared)
    found += versions(procedures)
    found += notice_findings(shared.notices, [d for _, p in procedures for d in definitions_of(p).values()])
    shown = ("code", "version", "name", "level", "digest")
    rows = [{name: getattr(procedure, name) for name in shown} | {"folder": folder} for folder, procedure in procedures]
    found = [each for n, each in enumerate(found) if each not in found[:n]]  # shared files are seen once per procedure
    return {"procedures": rows, "findings": found, "low_confidence": list(low_confidence(procedures, shared))}


def first_error(procedure: Procedure, shared: Shared) -> Finding | None:
    """The first thing that keeps the procedure from being deployed, lint of diagrams apart; None when there is none."""
    return next((each for each in _whole(procedure, shared) if each["severity"] == "error"), None)


def _whole(procedure: Procedure, shared: Shared) -> Iterator[Finding]:
    """What keeps a procedure from being deployed, apart from lint."""
    own = definitions_of(procedure).values()
    return chain(references(procedure, shared), _forms(procedure), levels(procedure, own))


def references(procedure: Procedure, shared: Shared) -> Iterator[Finding]:
    """What the parts of a procedure name and nobody has."""
    definitions = definitions_of(procedure)
    process = procedure.process_id
    if process not in definitions:
        yield missing(HEAD, "process", f"quy trình {process}", f"process {process}")
    yield from decisions.references(procedure, definitions.values(), FUNCTIONS)
    yield from _group_and_template(procedure, shared)
    yield from fee_keys(procedure)
    elements = {each for definition in definitions.values() for each in definition.elements}
    for step in procedure.info.get("special_steps", ()):
        for each in sorted(set(step["elements"]) - elements):
            yield missing(HEAD, f"special_step.{step['key']}", f"phần tử {each}", f"element {each}")
    for definition in definitions.values():
        for element in definition.elements.values():
            yield from _element(procedure, definitions, element, shared)
    form = forms_of(procedure).get(procedure.form_id)
    if form is None and "form.json" not in procedure.files:
        yield missing(HEAD, "form", f"biểu mẫu {procedure.form_id}", f"form {procedure.form_id}")
    elif form is not None:  # else _forms says why it cannot be used
        yield from _form_paths(procedure, form)


def _group_and_template(procedure: Procedure, shared: Shared) -> Iterator[Finding]:
    officer = procedure.info.get("officer_group")
    if officer not in shared.groups:
        yield missing(HEAD, "officer", f"nhóm {officer}", f"group {officer}")
    template = procedure.result.template if procedure.result else None
    if template and template not in procedure.files:
        yield missing(HEAD, "result.template", f"mẫu {template}", f"template {template}")


def _element(
    procedure: Procedure, definitions: Mapping[str, ProcessDefinition], element: Element, shared: Shared
) -> Iterator[Finding]:
    called, own = element.called_element, element.properties
    if called and not called.startswith("=") and called not in definitions:
        yield missing("process.bpmn", element.id, f"quy trình {called}", f"process {called}")
    for form in (element.form_id, own.get("messageForm")):
        if form and form not in _forms_of(procedure):
            yield missing("process.bpmn", element.id, f"biểu mẫu {form}", f"form {form}")
    status = own.get("caseStatus")
    if status and (not status.isdecimal() or int(status) not in shared.statuses):
        yield missing("process.bpmn", element.id, f"trạng thái {status}", f"status {status}")
    for group in (name.strip() for name in own.get("messageGroups", "").split(",") if name.strip()):
        if group not in shared.groups:
            yield missing("process.bpmn", element.id, f"nhóm {group}", f"group {group}")
    template = element.headers.get("template", "")
    if element.job_type == "document.issue" and template and template not in procedure.files:
        yield missing("process.bpmn", element.id, f"mẫu {template}", f"template {template}")


def _form_paths(procedure: Procedure, form: CompiledForm) -> Iterator[Finding]:
    """Fields that documents and rules name, and documents that file fields name."""
    for document in procedure.documents:
        named = form.fields.get(document.field or "")
        if document.field and (named is None or named.kind != "filepicker"):
            what, what_en = f"ô tải tệp {document.field}", f"file field {document.field}"
            yield missing(HEAD, f"document.{document.key}", what, what_en)
    known = {".".join(path.split(".")[:end]) for path in form.fields for end in range(1, path.count(".") + 2)}
    for rule in procedure.rules:
        for path in rule.fields:
            if ".".join(part for part in path.split(".") if not part.isdecimal()) not in known:
                yield missing(HEAD, f"rule.{rule.key}", f"ô {path}", f"field {path}")
    keys = {document.key for document in procedure.documents}
    for path, field in form.fields.items():
        if field.appendix and field.appendix not in keys:
            yield missing("form.json", path, f"giấy tờ {field.appendix}", f"document {field.appendix}")


def _forms(procedure: Procedure) -> Iterator[Finding]:
    """Forms that cannot be used, and expressions in them that read names nobody writes."""
    names = Names([procedure])
    variables = frozenset().union(*(names.written(d) for d in definitions_of(procedure).values()))
    for name, data in procedure.files.items():
        if not name.endswith(".json"):
            continue
        form = form_of(data)
        if isinstance(form, CatalogError):
            said = str(form.data["reason"]), str(form.data["reason_en"])
            yield finding(name, str(form.data.get("element", "")), "form", *said)
        else:
            yield from _properties(name, data)
            yield from _form_names(name, form.level, AROUND if name == "form.json" else AROUND | variables)


def _properties(file: str, data: bytes) -> Iterator[Finding]:
    for component, name, near in unknown_properties(json.loads(data)):
        vi = f"không có thuộc tính {name}" + (f"; có phải {near}?" if near else "")
        en = f"there is no property {name}" + (f"; is it {near}?" if near else "")
        yield finding(file, component, "form-property", vi, en)


def _form_names(file: str, level: Level, around: frozenset[str]) -> Iterator[Finding]:
    for each in level.fields:
        here = around | names_of(level, "")
        parts = each.scope.split(".") if each.scope else []
        for end in range(1, len(parts) + 1):
            here |= names_of(level, ".".join(parts[:end]))
        for text in _texts(each):
            for name in sorted(_unknown(text, here | {"value"})):
                vi, en = f"biểu thức đọc “{name}” nhưng không có", f"the expression reads “{name}” in vain"
                yield finding(file, each.id, "form-name", vi, en)
        if each.rows is not None:
            yield from _form_names(file, each.rows, here | {"parent", "i"})


def _texts(each: Field) -> Iterator[str]:
    yield from (condition.text for condition in each.hidden_by)
    yield from (text for text in (each.required_if, each.computed) if text)
    yield from (check.text for check in each.checks)


def _unknown(text: str, known: frozenset[str]) -> frozenset[str]:
    expression = feel.compile(text)
    return (expression.names | expression.functions) - known - FUNCTIONS


def _diagram(procedure: Procedure, shared: Shared) -> Iterator[Finding]:
    """Lint of the procedure's own diagrams, and FEEL of its rules over names that exist."""
    definitions = definitions_of(procedure)
    for name, data in procedure.files.items():
        if name.endswith(".bpmn") and not name.startswith(SHARED):
            own = [d for d in definitions.values() if d.xml == data]
            yield from _lint(data, name, shared, own, [procedure])
    surroundings = _surroundings(shared, definitions.values(), [procedure])
    own_files = {name: data for name, data in procedure.files.items() if not name.startswith(SHARED)}
    yield from decisions.advice(own_files, definitions.values(), surroundings)
    for key, text, more in rule_texts(procedure):
        for unknown in sorted(_unknown(text, AROUND | more)):
            yield missing(HEAD, key, f"tên “{unknown}” trong biểu thức", f"name “{unknown}” to read")


def _shared_diagrams(procedures: Iterable[Procedure], shared: Shared) -> Iterator[Finding]:
    everything = list(procedures)
    for process_id, data in shared.processes.items():
        yield from _lint(data, f"{SHARED}/processes/{process_id}.bpmn", shared, [parse.parse(data)], everything)
    definitions = [definition for procedure in everything for definition in definitions_of(procedure).values()]
    yield from decisions.advice(shared.decisions, definitions, _surroundings(shared, definitions, everything))


def _lint(
    data: bytes, file: str, shared: Shared, own: Iterable[ProcessDefinition], procedures: Sequence[Procedure]
) -> Iterator[Finding]:
    yield from decisions.linted(data, file, _surroundings(shared, own, procedures))


def _surroundings(
    shared: Shared, own: Iterable[ProcessDefinition], procedures: Sequence[Procedure]
) -> lint.LintContext:
    """What lint has to know: everything that may be named, and the names that may have a value in these processes."""
    files = {f"{p.slug}/{name}": data for p in procedures for name, data in p.files.items()}
    return lint.LintContext(
        groups={group.id: group.name for group in shared.groups.values()},
        form_ids=frozenset(shared.forms) | {form for p in procedures for form in _forms_of(p)},
        process_ids=frozenset(shared.processes) | {name for p in procedures for name in definitions_of(p)},
        decision_ids=decisions.decision_ids(shared.decisions) | decisions.decision_ids(files),
        variables=AROUND | Names(procedures).known(own),
        functions=FUNCTIONS,
    )


def _forms_of(procedure: Procedure) -> frozenset[str]:
    names = {Path(name).stem for name in procedure.files if name.endswith(".json")}
    return frozenset(names - {"form"} | ({procedure.form_id} if "form.json" in procedure.files else set()))
