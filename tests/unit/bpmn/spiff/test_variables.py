"""Variables by scope within one call."""

from __future__ import annotations

from bpmn.model import ScopeChange
from bpmn.spiff.variables import Variables


def test_reading_goes_outward_and_ends_at_the_context() -> None:
    found = Variables({"": {"a": 1, "b": 1}, "c#1": {"b": 2}}, {"a": 9, "case": 3})
    assert dict(found.view(("c#1", ""))) == {"a": 1, "b": 2, "case": 3}
    assert dict(found.view(("c#1",))) == {"a": 9, "b": 2, "case": 3}


def test_a_view_sees_what_the_call_writes_and_the_given_stays() -> None:
    given = {"": {"a": 1}}
    found = Variables(given, {})
    view = found.view(("",))
    found.write("", {"a": 2})
    assert view["a"] == 2
    assert given == {"": {"a": 1}}


def test_changes_keep_their_order_and_neighbours_become_one() -> None:
    found = Variables({}, {})
    found.write("", {"a": 1})
    found.write("", {"a": 2, "b": 3})
    found.write("c#1", {"x": 1})
    found.write("", {})
    found.drop("c#1")
    found.write("c#1", {"x": 2})
    assert found.changes == (
        ScopeChange("", {"a": 2, "b": 3}),
        ScopeChange("c#1", {"x": 1}),
        ScopeChange("c#1", {}, dropped=True),
        ScopeChange("c#1", {"x": 2}),
    )
    assert found.own("c#1") == {"x": 2}
