"""Names of a diagram's elements, for the list that stands in for the picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from xml.etree import ElementTree

from web.diagram_graph import MODEL, named


@lru_cache(maxsize=64)
def _names(xml: str) -> dict[str, str]:
    """Names by element id. Deployed diagrams have passed the hardened reader; this only looks names up."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return {}
    elements = (one for one in root.iter() if str(one.tag).startswith(MODEL))
    return {one.attrib["id"]: named(one) for one in elements if "id" in one.attrib}


def element_names(ids: Sequence[str], xml: str) -> list[str]:
    """The drawn names of these elements, in order; unnamed ones are left out."""
    names = _names(xml)
    return [names[one] for one in ids if names.get(one)]
