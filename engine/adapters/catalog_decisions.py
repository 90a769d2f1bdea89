"""Decision files of the catalog: which decisions they hold, which a procedure needs, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache

from bpmn import dmn, lint
from bpmn.errors import BpmnError
from bpmn.model import ProcessDefinition
from engine.adapters.catalog_findings import Finding, finding, missing
from engine.adapters.catalog_shared import Files, Shared
from engine.domain.errors import CatalogError
from engine.domain.procedure import Procedure

SUFFIX = ".dmn"
_parse = lru_cache(maxsize=64)(dmn.parse)


def decisions_in(name: str, data: bytes) -> dmn.DecisionModel:
    """The decisions of a file; CatalogError when it cannot be read."""
    try:
        return _parse(data)
    except BpmnError as error:
        raise CatalogError(
            code=name, reason=f"{name}: {error.message_vi}", reason_en=f"{name}: {error.message}", file=name
        ) from error


def check_shared(shared: Shared) -> None:
    """CatalogError when a shared file cannot be read, or two have the same decision."""
    seen: dict[str, str] = {}
    for path, data in shared.decisions.items():
        for decision_id in decisions_in(path, data).decisions:
            if decision_id in seen:
                vi, en = (f"{path}: {word} {decision_id} ({seen[decision_id]})" for word in ("trùng", "doubled"))
                raise CatalogError(code=path, reason=vi, reason_en=en, file=path, element=decision_id)
            seen[decision_id] = path


def borrowed(definition: ProcessDefinition, own: Files, shared: Shared) -> Iterator[tuple[str, bytes]]:
    """The shared files with decisions that a process names and its own folder does not have."""
    wanted = called(definition)
    if wanted:
        wanted -= {key for name, data in _files(own) for key in decisions_in(name, data).decisions}
    for path, data in shared.decisions.items() if wanted else ():
        if wanted & decisions_in(path, data).decisions.keys():
            yield path, data


def called(definition: ProcessDefinition) -> set[str]:
    """The decisions that the tasks of a process name."""
    return {each.decision_id for each in definition.elements.values() if each.decision_id}


def decision_ids(files: Files) -> frozenset[str]:
    """The decisions of all files that can be read."""
    return frozenset(key for model in _models(files).values() for key in model.decisions)


def references(
    procedure: Procedure, definitions: Iterable[ProcessDefinition], functions: frozenset[str]
) -> Iterator[Finding]:
    """What keeps the decisions of a procedure from being made: unknown, doubled or wrong ones."""
    for name, data in _files(procedure.files):
        found = linted(data, name, lint.LintContext(functions=functions))
        yield from (each for each in found if each["severity"] == "error")
    models = _models(procedure.files)
    known = {key for model in models.values() for key in model.decisions}
    for definition in definitions:
        for element in definition.elements.values():
            named = element.decision_id
            if named and not named.startswith("=") and named not in known:
                yield missing("process.bpmn", element.id, f"quyết định {named}", f"decision {named}")
    try:
        dmn.by_decision(models.values())
    except BpmnError as error:
        yield finding("process.bpmn", error.element_id or "", "decision", error.message_vi, error.message)


def advice(files: Files, definitions: Iterable[ProcessDefinition], rules: lint.LintContext) -> Iterator[Finding]:
    """Lint of decision files, and decisions that none of the processes asks for, directly or not."""
    wanted = {key for definition in definitions for key in called(definition)}
    for name, data in _files(files):
        yield from linted(data, name, rules)
    for name, model in _models(files).items():
        for key in model.decisions.keys() - _required(model, wanted):
            vi, en = f"quyết định {key} không được dùng", f"the decision {key} is not used"
            yield {**finding(name, key, "decision-unused", vi, en), "severity": "warning"}


def linted(data: bytes, file: str, rules: lint.LintContext) -> Iterator[Finding]:
    """The findings of lint for a diagram or a decision file."""
    for each in lint.lint_file(data, file, rules):
        said = finding(each.file, each.element_id, each.rule, each.message, each.message_en)
        yield {**said, "severity": each.severity}


def _required(model: dmn.DecisionModel, wanted: set[str]) -> set[str]:
    """The decisions of a file that are wanted, with all that they require."""
    found: set[str] = set()
    ahead = [key for key in wanted if key in model.decisions]
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead += [each for each in model.decisions[key].required if each in model.decisions]
    return found


def _files(files: Files) -> list[tuple[str, bytes]]:
    return [(name, data) for name, data in sorted(files.items()) if name.endswith(SUFFIX)]


def _models(files: Files) -> dict[str, dmn.DecisionModel]:
    """The decision files that can be read, by name."""
    found = {}
    for name, data in _files(files):
        with suppress(BpmnError):  # lint says why
            found[name] = _parse(data)
    return found
