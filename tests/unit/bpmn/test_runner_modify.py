"""Tokens moved by the house: what is cancelled closes, what is begun opens, what BPMN gives no meaning is refused."""

from __future__ import annotations

from typing import Any

import pytest

from bpmn.errors import ChangeError
from bpmn.instance import Change
from bpmn.model import ProcessDefinition, Step
from bpmn.runner import Call, Runner
from tests.support import bpmn_builder as b
from tests.support.forgetful import NOW


class Running:
    """An instance whose snapshot and variables are kept between calls."""

    def __init__(self, definition: ProcessDefinition, *called: ProcessDefinition, **variables: Any) -> None:
        self.runner = Runner(definition, {each.id: each for each in called})
        self.scopes: dict[str, dict[str, Any]] = {"": variables}
        self.last = self.take(self.runner.start(self.call()))

    def call(self) -> Call:
        return Call(scopes=self.scopes, now=NOW)

    def take(self, step: Step) -> Step:
        for change in step.variables:
            self.scopes.setdefault(change.scope, {}).update(change.values)
            if change.dropped:
                del self.scopes[change.scope]
        self.last = step
        return step

    def change(self, *cancel: str, begin: tuple[tuple[str, str], ...] = (), **variables: Any) -> Step:
        change = Change(cancel=cancel, begin=begin, variables={"": variables} if variables else {})
        twin = self.runner.modify(self.last.snapshot, change, self.call())
        step = self.take(self.runner.modify(self.last.snapshot, change, self.call()))
        assert step == twin
        return step

    @property
    def open(self) -> tuple[str, ...]:
        return self.runner.waits(self.last.snapshot)


def line() -> Running:
    """a (watched by a timer) → b → c."""
    return Running(
        b.define(
            "p", b.start(), b.user("a"), b.boundary_timer("late", "a", duration="P1D"), b.user("b"), b.user("c"),
            b.end(), b.end("gone"), *b.chain("start", "a", "b", "c", "end"), *b.chain("late", "gone"),
        )
    )  # fmt: skip


def test_a_token_is_moved_on_and_what_watched_it_closes() -> None:
    case = line()
    step = case.change("a#1", begin=(("", "c"),))
    assert set(step.closed) == {"a#1", "late#1"}
    assert [wait.key for wait in step.opened] == ["c#1"]
    assert [visit.element_id for visit in step.path] == ["c"]


def test_a_token_is_moved_back_under_a_new_number() -> None:
    case = line()
    case.take(case.runner.complete(case.last.snapshot, "a#1", {}, case.call()))
    case.change("b#1", begin=(("", "a"),))
    assert case.open == ("a#2", "late#2")


def test_variables_are_set_before_anything_begins() -> None:
    case = Running(
        b.define(
            "p", b.start(), b.user("a"), b.xor("which", "which-no"), b.user("yes"), b.user("no"), b.end(),
            *b.chain("start", "a", "which"), b.flow("which", "yes", "=go = true"), b.flow("which", "no"),
            *b.chain("yes", "end"), *b.chain("no", "end"),
        )
    )  # fmt: skip
    step = case.change("a#1", begin=(("", "which"),), go=True)
    assert case.open == ("yes#1",)
    assert step.variables[0].values == {"go": True}


def test_variables_alone_may_be_set() -> None:
    case = line()
    step = case.change(note="đã sửa")
    assert (step.opened, step.closed, case.scopes[""]) == ((), (), {"note": "đã sửa"})


def test_a_called_process_goes_with_its_call_and_may_be_entered_while_it_runs() -> None:
    inner = b.define("inner", b.start(), b.user("x"), b.user("y"), b.end(), *b.chain("start", "x", "y", "end"))
    flows = b.chain("start", "call", "b", "end")
    outer = b.define("p", b.start(), b.call("call", "inner"), b.user("b"), b.end(), *flows)
    case = Running(outer, inner)
    case.change("call#1/x#1", begin=(("call#1", "y"),))
    assert case.open == ("call#1/y#1",)
    step = case.change("call#1", begin=(("", "b"),))
    assert (case.open, step.closed) == (("b#1",), ("call#1/y#1",))


def test_the_last_token_of_a_scope_takes_the_scope_with_it() -> None:
    inside = b.sub("sub", b.start("s"), b.user("x"), b.end("e"), *b.chain("s", "x", "e"))
    case = Running(
        b.define(
            "p", b.start(), b.both("split"), inside, b.user("b"), b.both("join"), b.user("last"), b.end(),
            *b.chain("start", "split", "sub", "join", "last", "end"), *b.chain("split", "b", "join"),
        )
    )  # fmt: skip
    case.change("sub#1/x#1")
    assert [each.key for each in case.runner.standing(case.last.snapshot)] == ["b#1"]


def test_a_loop_goes_as_a_whole_with_the_variables_of_its_instances() -> None:
    case = Running(
        b.define(
            "p", b.start(), b.looped(b.user("each"), b.each()), b.user("after"), b.end(),
            *b.chain("start", "each", "after", "end"),
        ),
        items=[1, 2, 3],
    )  # fmt: skip
    assert len(case.open) == 3
    with pytest.raises(ChangeError):
        case.change("each#1/each#2")
    case.change("each#1", begin=(("", "after"),))
    assert (case.open, set(case.scopes)) == (("after#1",), {""})


def test_an_inclusive_join_goes_on_when_what_it_waited_for_is_cancelled() -> None:
    case = Running(
        b.define(
            "p", b.start(), b.some("split"), b.user("a"), b.user("b"), b.some("join"), b.user("last"), b.end(),
            b.flow("start", "split"), b.flow("split", "a", "=true"), b.flow("split", "b", "=true"),
            *b.chain("a", "join", "last", "end"), *b.chain("b", "join"),
        )
    )  # fmt: skip
    case.take(case.runner.complete(case.last.snapshot, "a#1", {}, case.call()))
    case.change("b#1")
    assert case.open == ("last#1",)


def refusing() -> Running:
    guarded = b.sub("handler", b.begin("asked", "message", "m"), b.user("h"), b.end("e"), *b.chain("asked", "h", "e"),
                    triggered=True)  # fmt: skip
    return Running(
        b.define(
            "p", b.message("m"), b.message("n"), b.start(), b.both("split"), b.user("a"),
            b.boundary_timer("late", "a", duration="P1D"), b.first_of("first"), b.catch_message("came", "n"),
            b.catch_timer("waited", duration="P1D"), b.both("join"), b.end(), b.end("gone"), b.xor("merge"), guarded,
            b.sub("closed", b.start("s"), b.user("x"), b.end("e2"), *b.chain("s", "x", "e2")),
            *b.chain("start", "split", "a", "join", "closed", "end"), *b.chain("split", "first"),
            *b.chain("first", "came", "merge", "join"), *b.chain("first", "waited", "merge"), *b.chain("late", "gone"),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "element_id"),
    [
        ("", "late"), ("", "asked"), ("", "handler"), ("", "join"), ("", "came"), ("", "x"), ("closed#1", "x"),
        ("", "nothing"), ("a#1", "a"), ("../", "a"),
    ],
)  # fmt: skip
def test_nothing_begins_where_bpmn_gives_it_no_meaning(scope: str, element_id: str) -> None:
    case = refusing()
    before = case.last.snapshot
    with pytest.raises(ChangeError) as refusal:
        case.change("a#1", begin=((scope, element_id),))
    assert refusal.value.message_vi != refusal.value.message
    assert case.last.snapshot == before


@pytest.mark.parametrize("key", ["late#1", "asked#1", "came#1", "waited#1", "a#2", "", "/", "join#1"])
def test_what_only_watches_or_is_not_there_is_not_cancelled(key: str) -> None:
    with pytest.raises(ChangeError):
        refusing().change(key)


def test_an_event_gateway_goes_with_what_waits_behind_it() -> None:
    case = refusing()
    step = case.change("first#1")
    assert set(step.closed) == {"came#1", "waited#1"}


def test_a_change_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ChangeError) as refusal:
        line().change("a#1")
    assert "dừng hồ sơ" in refusal.value.message_vi


@pytest.mark.parametrize("name", ["#items", "a b", "", "x/y"])
def test_only_plain_names_are_written(name: str) -> None:
    with pytest.raises(ChangeError):
        line().change(**{name: 1})


def test_only_scopes_that_run_are_written_to() -> None:
    case = line()
    with pytest.raises(ChangeError):
        case.runner.modify(case.last.snapshot, Change(variables={"a#1": {"x": 1}}), case.call())


def test_where_tokens_stand_is_told_with_what_they_watch() -> None:
    case = refusing()
    found = {each.key: each for each in case.runner.standing(case.last.snapshot)}
    assert found["late#1"].watches == "a#1"
    assert found["came#1"].watches == "first#1"
    assert found["asked#1"].watches == ""
    assert found["a#1"].watches is None
