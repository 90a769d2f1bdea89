"""The page about supported elements says what the probes do, no element kind is without a probe, and lint agrees."""

from __future__ import annotations

import pytest

from bpmn.lint import LintContext, lint
from bpmn.runner import EXECUTED
from tests.bpmn_support import FILE, LIBRARY, PROBES, Probe, outcome, render

# What lint says of a diagram that the runner refuses; a house's own rules (names, forms, drawing) are not among them.
REFUSALS = {
    "not-executed", "cannot-run", "no-start", "several-starts", "flow-crosses-border", "condition-ignored",
    "boundary-bad-host", "called-process-unknown", "event-gateway-target", "timer-setting-invalid",
}  # fmt: skip
NAMED = [pytest.param(probe, id=f"{probe.group}: {probe.name}") for probe in PROBES]


def test_the_page_is_what_the_probes_say() -> None:
    assert FILE.read_text("utf-8") == render(), "run: python -m tests.bpmn_support"


def test_every_executed_kind_has_a_probe_that_is_about_it() -> None:
    probed = set()
    for probe in PROBES:
        element = probe.definition.elements[probe.about]
        kind = (element.kind, element.event)
        if outcome(probe) == "executed":
            probed.add(kind)
            assert kind in EXECUTED or element.kind == "startEvent"
    assert probed >= EXECUTED


def test_no_row_stands_twice() -> None:
    assert len({(probe.group, probe.name) for probe in PROBES}) == len(PROBES)


@pytest.mark.parametrize("probe", NAMED)
def test_lint_refuses_what_the_runner_refuses_and_nothing_else(probe: Probe) -> None:
    known = LintContext(process_ids=frozenset(each.id for each in LIBRARY), functions=frozenset({"add_working_days"}))
    definition = probe.definition
    findings = [each for each in lint(definition.xml, "p.bpmn", known) if each.rule in REFUSALS]
    if outcome(probe) == "executed":
        assert findings == []
    else:
        blamed = {each.element_id for each in findings if each.severity == "error"}
        inside = {each.id for each in definition.elements.values() if each.parent == probe.about}
        flows = {key for key, flow in definition.flows.items() if flow.source == probe.about}
        assert blamed & {probe.about, *inside, *flows, "p"}
