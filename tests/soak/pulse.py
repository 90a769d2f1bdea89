"""A procedure with a pulse, deployed beside the real ones: timers of seconds, a cycle, jobs, a register, people."""

from __future__ import annotations

import json

from engine.adapters.catalog_files import procedure_from_files
from engine.domain.procedure import Procedure
from tests.support import bpmn_builder as b

CODE = "9.990001"
BEAT_SECONDS = 2
HEAD = f"""
code = "{CODE}"
slug = "nhip-dap"
version = 1
valid_from = 2022-12-19
level = 4
process = "pulse"
form = "application"
field = "Thử"
channels = ["online"]
deliveries = ["electronic"]
officer = "one_stop"
legal_basis = ["Không có: thủ tục của phép thử"]
[name]
vi = "Thủ tục thử có nhịp đập"
en = "A procedure with a pulse"
[deadline]
kind = "working_days"
days = 3
text = "03 ngày làm việc"
confidence = "high"
"""
FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "application",
    "components": [
        {"type": "textfield", "key": "noi_dung", "id": "f1", "label": "Nội dung", "validate": {"required": True}}
    ],
}


def _group(name: str) -> str:
    return f'<zeebe:assignmentDefinition candidateGroups="{name}"/>'


def _status(code: int) -> str:
    return f'<zeebe:properties><zeebe:property name="caseStatus" value="{code}"/></zeebe:properties>'


def diagram() -> bytes:
    """take_in → receipt → (pause, tell, shout | decide, which has a beat every two seconds and hears others) → done."""
    receipt = '<zeebe:taskHeaders><zeebe:header key="kind" value="intake"/></zeebe:taskHeaders>'
    return b.process(
        "pulse",
        b.named("signal", "felt"),
        b.start(),
        b.user("take_in", zeebe=_group("one_stop")),
        b.job("receipt", "receipt.issue", zeebe=receipt + _status(2)),
        b.element("parallelGateway", "fork"),
        b.catch_timer("pause", duration="PT1S"),
        b.job("tell", zeebe=_status(4)),
        b.throwing("intermediateThrowEvent", "shout", "signal", "felt"),
        b.user("decide", zeebe=_group("chairman")),
        b.boundary_timer("beat", "decide", cycle=f"R/PT{BEAT_SECONDS}S", interrupting=False),
        b.job("remind"),
        b.end("reminded"),
        b.throwing("boundaryEvent", "hear", "signal", "felt", attachedToRef="decide", cancelActivity="false"),
        b.job("say"),
        b.end("said"),
        b.element("parallelGateway", "join"),
        b.element("endEvent", "done", b.extensions(_status(9))),
        *b.chain("start", "take_in", "receipt", "fork", "pause", "tell", "shout", "join", "done"),
        *b.chain("fork", "decide", "join"),
        *b.chain("beat", "remind", "reminded"),
        *b.chain("hear", "say", "said"),
    )


def procedure() -> Procedure:
    """The procedure as it is deployed."""
    files = {"procedure.toml": HEAD.encode(), "process.bpmn": diagram(), "form.json": json.dumps(FORM).encode()}
    return procedure_from_files(files)
