"""Control states as a release left them: every probe's steps, with the snapshot each was taken from."""

from __future__ import annotations

import dataclasses
import json
import lzma
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

from bpmn.feel.temporal import temporal_text
from bpmn.model import ProcessDefinition, Step
from tests import bpmn_support
from tests.support.forgetful import Forgetful

FOLDER = Path(__file__).parent
FILE = "steps.json.xz"


def as_json(value: Any) -> Any:
    """A step, a wait or a value as JSON types, kinds of waits by name."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, **found}
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, str | int | bool) else temporal_text(value)


class Recorder(Forgetful):
    """A forgetful run that writes down what it does."""

    runs: list[dict[str, Any]] = []  # one list for a whole recording

    def __init__(self, definition: ProcessDefinition, *called: ProcessDefinition, **more: Any) -> None:
        self.steps: list[dict[str, Any]] = []
        super().__init__(definition, *called, **more)
        begun = (more.get("begin"), more.get("payload") or {})
        self._note("start", begun, "", {"": dict(more["variables"])}, self.last)
        xml = {each.id: each.xml.decode() for each in (definition, *called)}
        tables = sorted({model.xml.decode() for model in self._decisions.values()})
        self.runs.append({"process": definition.id, "xml": xml, "dmn": tables, "steps": self.steps})

    def _end(self, method: str, *values: Any) -> Step:
        scopes = {scope: dict(held) for scope, held in self.variables.items()}
        before = self.last.snapshot
        step = super()._end(method, *values)
        self._note(method, values, before, scopes, step)
        return step

    def _note(self, method: str, values: Any, before: str, scopes: Any, step: Step) -> None:
        row = {"method": method, "values": values, "snapshot": before, "scopes": scopes}
        self.steps.append(as_json({**row, "now": self.now, "step": step}))


def record(release: str) -> int:
    """Write down every executed probe's steps; the number of probes. FileExistsError when that was done before."""
    Recorder.runs = []
    with mock.patch.object(bpmn_support, "Forgetful", Recorder):
        executed = [probe for probe in bpmn_support.PROBES if bpmn_support.outcome(probe) == "executed"]
    assert len(executed) == len(Recorder.runs)
    named = [
        {**run, "name": f"{probe.group}: {probe.name}"} for probe, run in zip(executed, Recorder.runs, strict=True)
    ]
    with (FOLDER / release / FILE).open("xb") as file:
        file.write(lzma.compress(json.dumps(named, ensure_ascii=False).encode(), preset=9))
    return len(named)


def read(release: str) -> list[dict[str, Any]]:
    """The runs of a release."""
    runs: list[dict[str, Any]] = json.loads(lzma.decompress((FOLDER / release / FILE).read_bytes()))
    return runs
