"""Events and states survive the way through JSON text, whatever people typed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.actor import Actor
from engine.domain.codec import dumps, event_data, event_from
from engine.domain.events import EVENT_TYPES, CaseSubmitted, ProcessAdvanced, TaskCompleted, TaskCreated
from engine.domain.history import GENESIS, broken_links, record
from engine.domain.process import ScopeChange, Visit

AT = datetime(2022, 12, 19, 8, 30, tzinfo=timezone(timedelta(hours=7)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def again(event: Any) -> Any:
    return event_from(event.tag, event.version, event_data(event))


@settings(max_examples=100, print_blob=True)
@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_any_form_data_come_back_as_they_were(data: dict[str, Any]) -> None:
    event = TaskCompleted(key="check#1", by="clerk1", data=data)
    assert again(event) == event


@settings(max_examples=100, print_blob=True)
@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_what_was_read_again_is_written_as_it_was_before(data: dict[str, Any]) -> None:
    event = TaskCompleted(key="check#1", by="clerk1", data={**data, "at": AT, "many": {"b", "a"}})
    assert event_data(again(event)) == event_data(event)


@pytest.mark.parametrize("key", ["@dec", "@at", "@@dec", "@"])
def test_typed_keys_that_look_like_our_tags_stay_data(key: str) -> None:
    event = TaskCompleted(key="check#1", by="clerk1", data={"field": {key: "không phải số"}})
    assert again(event) == event


def test_nested_records_and_instants_come_back_with_their_types() -> None:
    step = ProcessAdvanced(
        trigger={"kind": "complete", "key": "a#1", "data": {"n": Decimal("1.50")}},
        snapshot="{}",
        path=(Visit("a#1", "p", "a", "f1"), Visit("b#1", "p", "b", None)),
        variables=(ScopeChange("", {"x": 1}), ScopeChange("call#1", {}, True)),
        closed=("a#1",),
        ended=False,
    )
    assert again(step) == step


def test_a_task_keeps_its_due_instant_with_zone() -> None:
    task = TaskCreated(
        key="a#1",
        scope="",
        process_id="p",
        element_id="a",
        name="Kiểm tra",
        groups=("one_stop", "justice_officer"),
        assignee=None,
        due=AT,
        follow_up=None,
        priority=50,
        form_id=None,
        inputs={},
        properties={},
    )
    assert again(task) == task


def test_the_text_does_not_depend_on_the_order_of_keys() -> None:
    assert dumps({"b": 1, "a": [2, {"d": None, "c": True}]}) == dumps({"a": [2, {"c": True, "d": None}], "b": 1})


@pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity"), object(), b"bytes", {1: "x"}])
def test_what_has_no_faithful_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        dumps(value)


class Name(str):
    """Text of a kind of its own, as libraries hand it over."""


def slowly(value: Any) -> str:
    """The canonical form in the plainest words: what the quick way has to give to the byte, for hashes hang on it."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict | MappingProxyType):
            return {("@" + k if k.startswith("@") else k): plain(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [plain(v) for v in value]
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, Decimal | float):
            return {"@dec": str(value) if isinstance(value, Decimal) else repr(value)}
        if isinstance(value, datetime):
            return {"@at": value.isoformat()}
        return value.isoformat() if isinstance(value, date | time) else value

    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


ODD = (
    st.text()
    | st.sampled_from(
        [Name("Ước"), 2**80, -1, True, None, AT, AT.date(), AT.time(), 1.5, Decimal("1.50"), frozenset({"b", "a"})]
    )
    | st.sampled_from(["@dec", "@at", "\u0000", "😀", "Nguye\u0302\u0303n"])
)
NESTED = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text() | st.just("@dec") | st.just(Name("@k")), inner, max_size=4)
        | st.dictionaries(st.text(), inner, max_size=3).map(MappingProxyType)
    ),
    max_leaves=20,
)


@settings(max_examples=200, print_blob=True)
@given(NESTED)
def test_the_quick_way_to_write_gives_the_canonical_bytes(value: Any) -> None:
    assert dumps(value) == slowly(value)


def test_an_event_that_was_just_recorded_carries_the_text_that_its_hash_covers() -> None:
    actor = Actor(id="a", name="A", kind="officer", unit="x", groups=frozenset())
    events = [TaskCompleted(key=f"a#{n}", by="a", data={"@n": n, "b": AT}) for n in range(3)]
    chain = record(events, stream="s", unit="x", after=0, head=GENESIS, actor=actor, at=AT, cause="c")
    assert [link.text for link in chain] == [event_data(event) for event in events]
    assert broken_links(chain) == []
    forged = replace(chain[1], event=TaskCompleted(key="b#1", by="a", data={}))
    assert len(broken_links([chain[0], forged, chain[2]])) == 1, "the event is proven, not the text it came with"


def test_every_event_type_is_known_by_tag_and_version() -> None:
    assert all(tag == cls.tag and version == cls.version for (tag, version), cls in EVENT_TYPES.items())


def test_a_field_that_joined_later_is_written_only_where_it_says_something() -> None:
    filed: dict[str, Any] = {name: "" for name in ("case_id", "unit", "code", "procedure", "procedure_digest")}
    filed |= {"procedure_version": 1, "level": 4, "channel": "online", "delivery": "desk"}
    plainly = CaseSubmitted(**filed, applicant={"@x": Decimal("1.50")}, application={})
    begun = replace(plainly, begun={"kind": "timer"})
    assert "begun" not in event_data(plainly), "what an earlier release wrote keeps its hash"
    for event in (plainly, begun):
        assert event_from(event.tag, event.version, event_data(event)) == event
