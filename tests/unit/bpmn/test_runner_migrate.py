"""An instance goes over to another version: no token moves, each keeps what it has, and what cannot go says why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bpmn.errors import MigrationError
from bpmn.instance import Migration, Plan
from bpmn.model import ProcessDefinition, Step, TimerWait, UserWait
from bpmn.runner import Call, Runner
from tests.support import bpmn_builder as b
from tests.support.forgetful import NOW
from tests.unit.bpmn.test_runner_modify import Running

DAY = timedelta(days=1)


def over(case: Running, to: ProcessDefinition, *called: ProcessDefinition, **plan: Any) -> tuple[Migration, Runner]:
    """The case in another definition, and the runner that goes on with it."""
    runner = Runner(to, {each.id: each for each in called})
    dues = dict.fromkeys(case.open, NOW + DAY)
    call = Call(scopes=case.scopes, now=NOW + 3 * DAY)
    return runner.migrate(case.last.snapshot, case.runner, Plan(dues=dues, **plan), call), runner


def go_on(runner: Runner, moved: Migration, key: str, scopes: Mapping[str, Any] | None = None) -> Step:
    return runner.complete(moved.snapshot, key, {}, Call(scopes=scopes or {"": {}}, now=NOW))


def line(*ids: str, groups: str = "", before: tuple[Any, ...] = ()) -> ProcessDefinition:
    zeebe = f'<zeebe:assignmentDefinition candidateGroups="{groups}"/>' if groups else ""
    return b.define("p", b.start(), *(b.user(each, zeebe=zeebe) for each in ids), b.end(), *before,
                    *b.chain("start", *ids, "end"))  # fmt: skip


def reasons(error: pytest.ExceptionInfo[MigrationError]) -> dict[str, str]:
    return {key: vi for key, _, vi in error.value.problems}


def test_what_has_its_place_by_id_keeps_its_key_and_learns_its_new_facts() -> None:
    moved, runner = over(Running(line("a", "b")), line("new", "a", "b", groups="chairman"))
    assert (moved.keys, moved.closed, moved.opened) == ({}, (), ())
    (wait,) = moved.kept
    assert isinstance(wait, UserWait)
    assert (wait.key, wait.candidate_groups) == ("a#1", ("chairman",))
    assert [each.key for each in go_on(runner, moved, "a#1").opened] == ["b#1"]


def test_a_renamed_element_is_found_by_the_mapping_and_its_key_changes() -> None:
    moved, runner = over(Running(line("a", "b")), line("check", "b"), elements={"a": "check"})
    assert (moved.keys, runner.waits(moved.snapshot)) == ({"a#1": "check#1"}, ("check#1",))


def test_no_key_is_used_for_two_visits() -> None:
    case = Running(line("a", "b"))
    case.take(case.runner.complete(case.last.snapshot, "a#1", {}, case.call()))
    moved, _ = over(case, line("a", "c"), elements={"b": "a"})
    assert moved.keys == {"b#1": "a#2"}, "a#1 stands in the history already"


def test_what_has_no_place_says_so_and_nothing_is_half_moved() -> None:
    case = Running(line("a", "b"))
    with pytest.raises(MigrationError) as error:
        over(case, line("c"))
    assert "không có phần tử này" in reasons(error)["a#1"]
    with pytest.raises(MigrationError) as error:
        over(case, b.define("p", b.start(), b.job("a"), b.end(), *b.chain("start", "a", "end")))
    assert "thuộc loại khác" in reasons(error)["a#1"]


def test_all_that_stands_in_the_way_is_told_at_once() -> None:
    both = b.define("p", b.start(), b.both("s"), b.user("a"), b.user("b"), b.both("j"), b.end(),
                    *b.chain("start", "s", "a", "j", "end"), *b.chain("s", "b", "j"))  # fmt: skip
    with pytest.raises(MigrationError) as error:
        over(Running(both), line("c"))
    assert set(reasons(error)) == {"a#1", "b#1"}


def forked(*between: str, flow_id: str = "", third: bool = False) -> ProcessDefinition:
    """A split into a and b, joined; `between` stands between a and the join."""
    more = [b.user("c"), *b.chain("s", "c", "j")] if third else []
    return b.define(
        "p", b.start(), b.both("s"), b.user("a"), *(b.user(each) for each in between), b.user("b"), b.both("j"),
        b.user("last"), b.end(), *b.chain("start", "s", "a", *between),
        b.flow((between or ("a",))[-1], "j", "", flow_id),
        *b.chain("s", "b", "j", "last", "end"), *more,
    )  # fmt: skip


def one_at_the_join() -> Running:
    case = Running(forked())
    case.take(case.runner.complete(case.last.snapshot, "a#1", {}, case.call()))
    assert case.open == ("b#1",)
    return case


@pytest.mark.parametrize("to", [forked(), forked(flow_id="renamed")], ids=["same flow", "another id of the flow"])
def test_a_token_that_waits_at_a_join_goes_on_waiting_for_the_other(to: ProcessDefinition) -> None:
    moved, runner = over(one_at_the_join(), to)
    assert [each.key for each in go_on(runner, moved, "b#1").opened] == ["last#1"]


def test_a_join_with_a_third_flow_waits_for_that_too() -> None:
    case = one_at_the_join()
    moved, runner = over(case, forked(third=True))
    assert go_on(runner, moved, "b#1").opened == ()


def test_a_token_at_a_join_whose_flow_is_gone_or_that_would_be_complete_cannot_go() -> None:
    with pytest.raises(MigrationError) as error:
        over(one_at_the_join(), forked("x"))
    assert "luồng" in reasons(error)["j#1"]
    alone = b.define("p", b.start(), b.both("s"), b.user("a"), b.user("b"), b.both("j"), b.end(), b.end("e2"),
                     *b.chain("start", "s", "a", "j", "end"), *b.chain("s", "b", "e2"))  # fmt: skip
    with pytest.raises(MigrationError) as error:
        over(one_at_the_join(), alone)
    assert any("đủ nhánh" in text for text in reasons(error).values())


def watched(*watchers: Any) -> ProcessDefinition:
    ends = [b.end(f"end_{each[0]}") for each in watchers]
    return b.define("p", b.message("m"), b.message("n"), b.start(), b.user("a"), b.end(),
                    *(each[1] for each in watchers), *ends, *b.chain("start", "a", "end"),
                    *(b.flow(each[0], f"end_{each[0]}") for each in watchers))  # fmt: skip


def test_boundary_events_stay_close_and_open_with_their_activity() -> None:
    late = ("late", b.boundary_timer("late", "a", duration="P1D", interrupting=False))
    asked = ("asked", b.boundary_message("asked", "a", "m"))
    new = ("new", b.boundary_message("new", "a", "n"))
    moved, runner = over(Running(watched(late, asked)), watched(late, new))
    assert (moved.closed, [each.key for each in moved.opened]) == (("asked#1",), ["new#1"])
    assert runner.waits(moved.snapshot) == ("a#1", "late#1", "new#1")
    assert runner.deliver_message(moved.snapshot, "new#1", {}, Call(scopes={"": {}}, now=NOW)).ended


def test_a_timer_keeps_its_instant_unless_it_is_to_be_computed_anew() -> None:
    case = Running(watched(("late", b.boundary_timer("late", "a", duration="P1D"))))
    longer = watched(("late", b.boundary_timer("late", "a", duration="P10D")))
    assert [each.due for each in over(case, longer)[0].kept if isinstance(each, TimerWait)] == [NOW + DAY]
    anew, _ = over(case, longer, anew=frozenset({"late"}))
    assert [each.due for each in anew.kept if isinstance(each, TimerWait)] == [NOW + 13 * DAY]


def test_a_timer_that_is_over_does_not_come_back() -> None:
    definition = watched(("late", b.boundary_timer("late", "a", duration="P1D", interrupting=False)))
    case = Running(definition)
    case.take(case.runner.fire_timer(case.last.snapshot, "late#1", case.call()))
    moved, _ = over(case, definition)
    assert (moved.opened, [each.key for each in moved.kept]) == ((), ["a#1"])


def test_a_cycle_and_a_single_instant_are_not_the_same_timer() -> None:
    case = Running(watched(("late", b.boundary_timer("late", "a", duration="P1D", interrupting=False))))
    cycle = watched(("late", b.boundary_timer("late", "a", cycle="R/P1D", interrupting=False)))
    with pytest.raises(MigrationError):
        over(case, cycle)
    moved, runner = over(case, cycle, anew=frozenset({"late"}))
    step = runner.fire_timer(moved.snapshot, "late#1", Call(scopes={"": {}}, now=NOW + 5 * DAY))
    assert [each.key for each in step.opened] == ["late#1"], "it goes on as a cycle"


def called(*ids: str) -> ProcessDefinition:
    return b.define("inner", b.start(), *(b.user(each) for each in ids), b.end(), *b.chain("start", *ids, "end"))


def caller(name: str = "call") -> ProcessDefinition:
    made = b.call(name, "inner", inputs={"own": "=1"})
    return b.define("p", b.start(), made, b.end(), *b.chain("start", name, "end"))


def test_tokens_in_called_processes_and_their_variables_go_along_under_new_names() -> None:
    case = Running(caller(), called("x", "y"))
    assert case.scopes["call#1"] == {"own": 1}
    moved, runner = over(case, caller("again"), called("z", "y"), elements={"call": "again", "inner/x": "z"})
    assert moved.keys == {"call#1": "again#1", "call#1/x#1": "again#1/z#1"}
    assert moved.kept[0].scope == "again#1"
    step = go_on(runner, moved, "again#1/z#1", {"": {}, "again#1": {"own": 1}})
    assert [each.key for each in step.opened] == ["again#1/y#1"]


def test_instances_of_a_loop_keep_their_numbers_and_go_on() -> None:
    def drawn(name: str, after: str) -> ProcessDefinition:
        marker = b.each(results=("done", "=result"), sequential=True)
        return b.define("p", b.start(), b.looped(b.user(name), marker), b.user(after), b.end(),
                        *b.chain("start", name, after, "end"))  # fmt: skip

    case = Running(drawn("each", "after"), items=["a", "b"])
    case.take(case.runner.complete(case.last.snapshot, "each#1/each#1", {"result": 1}, case.call()))
    moved, runner = over(case, drawn("every", "then"), elements={"each": "every"})
    assert moved.keys == {"each#1": "every#1", "each#1/each#2": "every#1/every#2"}
    scopes = {moved.keys.get(name, name): values for name, values in case.scopes.items()}
    step = runner.complete(moved.snapshot, "every#1/every#2", {"result": 2}, Call(scopes=scopes, now=NOW))
    assert {"done": [1, 2]} in [change.values for change in step.variables if change.scope == ""]


def test_guards_of_a_scope_stay_close_and_open() -> None:
    def drawn(*names: str) -> ProcessDefinition:
        handlers = [
            b.sub(f"on_{each}", b.begin(each, "message", "m"), b.end(f"e_{each}"), *b.chain(each, f"e_{each}"),
                  triggered=True) for each in names
        ]  # fmt: skip
        return b.define("p", b.message("m"), b.start(), b.user("a"), b.end(), *handlers, *b.chain("start", "a", "end"))

    moved, _ = over(Running(drawn("one", "two")), drawn("two", "three"))
    assert (moved.closed, [each.key for each in moved.opened]) == (("one#1",), ["three#1"])


def test_a_description_that_cannot_be_made_is_a_reason_too() -> None:
    wrong = b.define("p", b.start(), b.user("a", zeebe='<zeebe:assignmentDefinition candidateGroups="=1 + 1"/>'),
                     b.end(), *b.chain("start", "a", "end"))  # fmt: skip
    with pytest.raises(MigrationError) as error:
        over(Running(line("a")), wrong)
    assert "a#1" in reasons(error)
