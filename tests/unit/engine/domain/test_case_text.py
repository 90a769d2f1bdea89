"""A state written field by field is the same text as one written whole, whatever is kept of the one before."""

from __future__ import annotations

import gc
import json
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain import case_text
from engine.domain.case import Case
from engine.domain.case_text import case_from
from engine.domain.codec import dumps
from tests.support.cases import case, deadline, incident, job, subscription, task, timer, with_open

AT = datetime(2026, 2, 3, 8, 30, tzinfo=timezone(timedelta(hours=7)))
NASTY: list[dict[str, Any]] = [
    {"@at": "không phải giờ"},
    {"@dec": 1},
    {"@": [], "@@x": {"@at": None}},
    {"giờ": AT, "số": Decimal("1.50"), "danh sách": [{"sâu": {"ở trong": AT}}, "@at"]},
    {'"@': '}{",":\\"'},
    {"": "\x00\x1f\u2028😀", "Nguye\u0302\u0303n": "Nguyễn"},
    {"version": 3, "unit": '"version":1,"zz":'},
]


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def full() -> Case:
    opened = with_open(
        case(status=4, snapshot='{"s":{"":{"n":{},"t":[]}},"v":1}', scopes={"": {"x": 1}, "call#1": {"when": AT}}),
        tasks=(task(draft={"@at": "x"}),),
        timers=(timer(),),
        jobs=(job(),),
        subscriptions=(subscription(),),
        incidents=(incident(),),
    )
    return replace(opened, deadline=deadline(AT), receipts=({"kind": "intake", "at": AT},), fee_total=7, ended=True)


@pytest.mark.parametrize("data", NASTY)
def test_a_state_comes_back_as_it_was_and_is_written_as_it_was(data: dict[str, Any]) -> None:
    state = replace(full(), application=data, scopes={"": data}, payments=(data,))
    text = case_text.case_text(state)
    assert text == dumps(state)
    again = case_from(text)
    assert again == state
    assert case_text.case_text(again, again) == text == case_text.case_text(again)


@settings(max_examples=100, print_blob=True)
@given(st.sets(st.sampled_from([f.name for f in fields(Case)])), st.dictionaries(st.text(), st.text() | st.integers()))
def test_whatever_changes_the_text_is_that_of_the_whole(names: set[str], data: dict[str, Any]) -> None:
    other = replace(full(), application=data, scopes={"": data}, tasks={}, version=9, ended=False, deadline=None)
    before = case_from(dumps(full()))
    after = replace(before, **{name: getattr(other, name) for name in names})
    assert case_text.case_text(after, before) == dumps(after)


def test_a_text_that_another_release_wrote_is_read_all_the_same() -> None:
    state = full()
    whole = json.loads(dumps(state))
    for text in (
        json.dumps(whole),  # blanks, and letters spelled out
        json.dumps(dict(reversed(whole.items())), separators=(",", ":")),
        canonical({**whole, "zzz": {"new": 1}}),
        canonical({**whole, "@x": 1}),
        canonical({name: value for name, value in whole.items() if name not in ("held", "begun")}),
    ):
        again = case_from(text)
        assert replace(again, begun=state.begun, held=state.held) == state
        assert case_text.case_text(replace(again, version=7), again) == dumps(replace(again, version=7))


NOT_STATES = ["", "{", "{}", "[]", "null", '{"applicant":1', dumps(full()) + "}", dumps(full())[:-1]]


@pytest.mark.parametrize("text", NOT_STATES, ids=range(len(NOT_STATES)))
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError, AttributeError)):
        case_from(text)


def test_texts_are_kept_no_longer_than_their_case() -> None:
    gc.collect()
    before = len(case_text._texts._kept)
    kept = [case_from(dumps(full())) for _ in range(3)]
    assert len(case_text._texts._kept) == before + 3
    kept.clear()
    gc.collect()
    assert len(case_text._texts._kept) == before
