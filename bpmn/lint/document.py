"""Rules about the file as a whole: its processes and the ids in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bpmn.lint.view import Hit, hit
from bpmn.model import ProcessDefinition
from bpmn.parse import BPMN_NS, flow_nodes, local

_PROCESS = f"{{{BPMN_NS}}}process"
_FLOW = f"{{{BPMN_NS}}}sequenceFlow"


def check_processes(root: etree._Element, processes: tuple[ProcessDefinition, ...]) -> Iterator[Hit]:
    """The file holds exactly one executable process; other pools may stand beside it."""
    executable = [process for process in processes if process.executable]
    if not processes:
        yield hit("no-process", "")
    elif not executable:
        yield hit("not-executable", processes[0].id)
    for process in executable[1:]:
        yield hit("several-processes", process.id, id=process.id)


def check_ids(root: etree._Element, processes: tuple[ProcessDefinition, ...]) -> Iterator[Hit]:
    """Every process, element and flow has an id, and no id is used twice."""
    for process in root.findall(_PROCESS):
        parts = [process, *(node for node, _ in flow_nodes(process)), *process.iter(_FLOW)]
        for node in parts:
            if not node.get("id"):
                yield hit("missing-id", process.get("id") or "", kind=local(node))
    counts = Counter(node.get("id") or "" for node in root.iter(f"{{{BPMN_NS}}}*"))
    for key, count in counts.items():
        if key and count > 1:
            yield hit("duplicate-id", key, id=key, count=count)
