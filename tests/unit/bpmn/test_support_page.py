"""The page about supported elements says what the probes do, and no element kind is without a probe."""

from __future__ import annotations

from bpmn.runner import EXECUTED
from tests.bpmn_support import FILE, PROBES, outcome, render


def test_the_page_is_what_the_probes_say() -> None:
    assert FILE.read_text("utf-8") == render(), "run: python -m tests.bpmn_support"


def test_every_executed_kind_has_a_probe_that_is_about_it() -> None:
    probed = set()
    for probe in PROBES:
        element = probe.definition.elements[probe.about]
        if outcome(probe) == "executed":
            probed.add((element.kind, element.event))
        else:
            begins = element.kind == "startEvent" or element.triggered
            assert begins or (element.kind, element.event) not in EXECUTED
    assert probed >= EXECUTED
