"""House rules for diagrams: `lint` looks at a file and returns findings; it raises nothing, whatever the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from lxml import etree

from bpmn.errors import UnreadableDiagramError
from bpmn.lint import document, drawing, expressions, gateways, kinds, paths, people, work
from bpmn.lint.decisions import lint_decisions
from bpmn.lint.texts import RULES, Rule
from bpmn.lint.view import Hit, LintContext, View, hit, view
from bpmn.model import Element, Finding, Flow, ProcessDefinition
from bpmn.parse import BPMN_NS, definitions, read

__all__ = [
    "MAX_FEEL",
    "MAX_FINDINGS",
    "RULES",
    "LintContext",
    "Rule",
    "lint",
    "lint_decisions",
    "lint_file",
    "variables_written",
]

MAX_FINDINGS: Final = 500
MAX_FEEL: Final = 100_000  # characters of expressions in one file; compiling takes some microseconds for each

_T = TypeVar("_T")

_FILE_CHECKS: Final = (document.check_processes, document.check_ids)
_PROCESS_CHECKS: Final = (paths.check_levels, paths.check_reachable, paths.check_loops, people.check_lanes)
_ELEMENT_CHECKS: Final[tuple[Callable[[View, Element], Iterator[Hit]], ...]] = (
    kinds.check_kind,
    kinds.check_refused,
    kinds.check_extensions,
    paths.check_ways,
    paths.check_boundary,
    gateways.check_choice,
    gateways.check_parallel,
    gateways.check_event_gateway,
    gateways.check_join,
    people.check_group,
    people.check_form,
    people.check_schedule,
    people.check_name,
    people.check_id,
    expressions.check_expressions,
    expressions.check_mappings,
    work.check_timer,
    work.check_timer_settings,
    work.check_event_condition,
    work.check_message,
    work.check_job,
    work.check_call,
    work.check_decision,
    drawing.check_shape,
)
_FLOW_CHECKS: Final[tuple[Callable[[View, Flow], Iterator[Hit]], ...]] = (
    paths.check_flow,
    gateways.check_condition,
    expressions.check_flow_expression,
    drawing.check_edge,
)


def lint(data: bytes, file: str, rules: LintContext) -> tuple[Finding, ...]:
    """Return what is wrong with a diagram file, in document order; `file` is only named in the findings.

    Raises nothing: a file that cannot be read is one finding "unreadable", a failing check one finding "internal".
    Only executable processes are looked at, or all when none is executable. At most 500 findings are listed; the
    last one then says how many more there are.
    """
    try:
        return tuple(_finding(file, each) for each in _listed(data, rules))
    except UnreadableDiagramError as error:
        return (_finding(file, hit("unreadable", "", reason=error.message, reason_vi=error.message_vi)),)
    except Exception:
        return (_finding(file, hit("internal", "", check="lint")),)


def lint_file(data: bytes, file: str, rules: LintContext) -> tuple[Finding, ...]:
    """Return what is wrong with a diagram or, by the end of its name, a decision file."""
    return (lint_decisions if file.lower().endswith(".dmn") else lint)(data, file, rules)


def variables_written(definition: ProcessDefinition) -> frozenset[str]:
    """Return the names that output mappings and decisions assign; results of calls, jobs and forms come on top."""
    elements = definition.elements.values()
    mapped = {mapping.target for element in elements for mapping in element.outputs if mapping.target}
    return frozenset(mapped | {each.result_variable for each in elements if each.result_variable and not each.outputs})


def _listed(data: bytes, rules: LintContext) -> list[Hit]:
    tree = read(data)
    found = list(_hits(tree.getroot(), definitions(tree, data), rules))
    found.sort(key=_order(tree.getroot()))
    if len(found) > MAX_FINDINGS:
        found[MAX_FINDINGS - 1 :] = [hit("more-findings", "", count=len(found) - MAX_FINDINGS + 1)]
    return found


def _hits(root: etree._Element, processes: tuple[ProcessDefinition, ...], rules: LintContext) -> Iterator[Hit]:
    for check in _FILE_CHECKS:
        yield from _guarded(check.__name__, "", check(root, processes))
    nodes = root.findall(f"{{{BPMN_NS}}}process")
    runs = any(process.executable for process in processes)
    pairs = [pair for pair in zip(processes, nodes, strict=True) if pair[0].executable or not runs]
    views = [view(process, node, rules) for process, node in pairs]
    size = sum(map(expressions.amount, views))
    if size > MAX_FEEL:
        yield hit("expressions-too-long", "", count=size, limit=MAX_FEEL)
        views = [replace(seen, reads_feel=False) for seen in views]
    for seen in views:
        yield from _process_hits(seen)


def _process_hits(seen: View) -> Iterator[Hit]:
    for check in _PROCESS_CHECKS:
        yield from _guarded(check.__name__, seen.process.id, check(seen))
    yield from _each(seen, seen.process.elements.values(), _ELEMENT_CHECKS)
    yield from _each(seen, seen.process.flows.values(), _FLOW_CHECKS)


def _each(seen: View, parts: Iterable[_T], checks: Iterable[Callable[[View, _T], Iterator[Hit]]]) -> Iterator[Hit]:
    checks = tuple(checks)
    for part in parts:
        key = str(getattr(part, "id", ""))
        for check in checks:
            yield from _guarded(check.__name__, key, check(seen, part))


def _guarded(check: str, element_id: str, hits: Iterator[Hit]) -> list[Hit]:
    """Collect the hits of one check; its failure is one finding, because a linter that fails helps nobody."""
    found: list[Hit] = []
    try:
        found.extend(hits)
    except Exception:
        found.append(hit("internal", element_id, check=check))
    return found


def _order(root: etree._Element) -> Callable[[Hit], tuple[int, str]]:
    """Order hits by where their element stands in the file, then by rule; the file itself comes first."""
    position: dict[str, int] = {"": -1}
    for index, node in enumerate(root.iter(f"{{{BPMN_NS}}}*")):
        position.setdefault(node.get("id") or "", index)
    return lambda each: (position.get(each.element_id, -1), each.rule)


def _finding(file: str, each: Hit) -> Finding:
    rule = RULES[each.rule]
    words = {key: _short(value) for key, value in each.words.items()}
    vi, en = rule.vi.format(**words), rule.en.format(**words)
    return Finding(file, each.element_id, each.rule, rule.severity, vi, en)


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 300 else text[:300] + "…"
