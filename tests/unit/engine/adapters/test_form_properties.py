"""A property of a form that nobody reads is told by its component, with the one that was probably meant."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine.adapters.form_properties import KNOWN, unknown_properties
from tests.support.desk import ROOT


def form(**own: Any) -> dict[str, Any]:
    inner = {"id": "anh", "type": "filepicker", "key": "anh", "properties": own}
    return {"id": "f", "type": "default", "components": [{"id": "nhom", "type": "group", "components": [inner]}]}


def test_a_slip_of_the_pen_is_told_with_what_was_meant() -> None:
    assert list(unknown_properties(form(captur="signature", maxFile="2"))) == [
        ("anh", "captur", "capture"),
        ("anh", "maxFile", "maxFiles"),
    ]


def test_something_of_another_kind_is_told_without_a_guess() -> None:
    assert list(unknown_properties(form(zzz="1"))) == [("anh", "zzz", "")]


@pytest.mark.parametrize("name", [*KNOWN, "check1", "message12", "messageEn2", "label:quan_he", "labelEn:giay_to"])
def test_what_the_house_knows_is_no_finding(name: str) -> None:
    assert list(unknown_properties(form(**{name: "x"}))) == []


@pytest.mark.parametrize(
    "schema", [{}, {"components": None}, {"components": ["text", None, {"properties": "x"}]}, {"properties": None}]
)
def test_a_form_of_another_shape_breaks_nothing(schema: dict[str, Any]) -> None:
    assert list(unknown_properties(schema)) == []


def test_every_property_is_explained_in_the_documents() -> None:
    text = (ROOT / "docs" / "catalog-format.md").read_text(encoding="utf-8")
    table = text[text.index("| property | meaning |") : text.index("A dynamiclist with")]
    assert [name for name in KNOWN if not re.search(rf"`{name}\b", table)] == []
