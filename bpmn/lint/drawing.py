"""Rules about the picture: everything that runs is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.lint.view import Hit, View, hit
from bpmn.model import Element, Flow


def check_shape(view: View, element: Element) -> Iterator[Hit]:
    """Every element has a shape."""
    if element.id not in view.process.shapes:
        yield hit("shape-missing", element.id, name=view.name(element.id))


def check_edge(view: View, flow: Flow) -> Iterator[Hit]:
    """Every sequence flow has an edge."""
    if flow.id not in view.process.shapes:
        yield hit("shape-missing", flow.id, name=view.name(flow.id))
