"""Two procedures that signal to each other, for tests of what travels between cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.commands.messages import ClaimTask, CompleteTask
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.procedure import Procedure
from tests.support import bpmn_builder as b
from tests.support.small_house import CLERK, PROCEDURE, UNIT, House, submit

SIGNALS = (b.named("signal", "flood"), b.named("signal", "calm"))


def made(code: str, *parts: Any, version: int = 1, **changes: Any) -> Procedure:
    """A procedure of these parts; its process bears its code without the dot."""
    process = "p" + code.replace(".", "")
    files = {"process.bpmn": b.process(process, *parts)}
    facts: dict[str, Any] = {"code": code, "slug": process, "process_id": process, "digest": f"{code}/{version}"}
    return replace(PROCEDURE, **{**facts, "version": version, "files": files, **changes})


def asked(element_id: str) -> Any:
    """A task of the clerk without a form."""
    groups = '<zeebe:assignmentDefinition candidateGroups="one_stop"/>'
    return b.element("userTask", element_id, f"<bpmn:extensionElements>{groups}</bpmn:extensionElements>", name="Việc")


WARNS = made(
    "0.000002",
    *SIGNALS,
    b.start(),
    asked("look"),
    b.element(
        "endEvent",
        "warn",
        b.extensions(b.mappings({"level": "=2 + 1"}, None)) + '<bpmn:signalEventDefinition signalRef="signal_flood"/>',
    ),
    b.throwing("intermediateCatchEvent", "own", "signal", "flood"),
    b.end(),
    *b.chain("start", "look", "warn"),
    *b.chain("start", "own", "end"),
)
HEARS = made(
    "0.000003",
    *SIGNALS,
    b.start(),
    asked("work"),
    b.throwing("boundaryEvent", "alarm", "signal", "flood", attachedToRef="work", cancelActivity="false"),
    asked("leave"),
    b.end(),
    *b.chain("start", "work", "end"),
    *b.chain("alarm", "leave", "end"),
)
BREAKS = made(
    "0.000004",
    *SIGNALS,
    b.start(),
    b.throwing("intermediateCatchEvent", "alarm", "signal", "flood"),
    b.xor("which"),
    b.end(),
    *b.chain("start", "alarm", "which"),
    b.flow("which", "end", "=missing.thing > 1"),
)
BEGINS = made(
    "0.000005",
    *SIGNALS,
    b.begin("alarmed", "signal", "flood"),
    asked("help"),
    b.end(),
    *b.chain("alarmed", "help", "end"),
)
ALL = (PROCEDURE, WARNS, HEARS)


def filed(house: House, procedure: Procedure, clerk: Actor = CLERK) -> Case:
    """A new case of a procedure."""
    return house.case(house.do(submit(procedure=procedure.code, channel="desk"), clerk).case_id)


def completed(house: House, case: Case, key: str) -> Case:
    """The case after the clerk has done a task."""

    house.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), CLERK)
    house.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data={}), CLERK)
    return house.case(case.id)
