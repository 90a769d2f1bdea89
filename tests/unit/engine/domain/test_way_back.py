"""Where a task may be sent back to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine.domain import events
from engine.domain.event import Event, Recorded
from engine.domain.way_back import way_back

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def created(key: str, groups: tuple[str, ...] = ("justice_officer",)) -> events.TaskCreated:
    scope, _, own = key.rpartition("/")
    return events.TaskCreated(
        key=key, scope=scope, process_id="p", element_id=own.partition("#")[0], name=own, groups=groups, assignee=None,
        due=None, follow_up=None, priority=50, form_id=None, inputs={}, properties={},
    )  # fmt: skip


def job(key: str, kind: str) -> events.JobCreated:
    return events.JobCreated(
        key=key, scope="", process_id="p", element_id=key, name=key, type=kind, headers={}, retries=3, inputs={},
        properties={},
    )  # fmt: skip


def done(key: str, **data: Any) -> events.TaskCompleted:
    return events.TaskCompleted(key=key, by="duc", data=data)


def step(kind: str, key: str) -> events.ProcessAdvanced:
    return events.ProcessAdvanced(
        trigger={"kind": kind, "key": key, "data": {}}, snapshot="", path=(), variables=(), closed=(), ended=False,
        closed_reason=None,
    )  # fmt: skip


def history(*happened: Event) -> list[Recorded]:
    return [Recorded("c", seq, "xa-mau", AT, "duc", None, "k", event, "", "") for seq, event in enumerate(happened, 1)]


def back(*happened: Event, key: str = "sign#1") -> str | None:
    found = way_back(history(*happened), key)
    return found.element_id if found else None


def test_the_step_before_is_the_one_whose_completion_opened_the_task() -> None:
    found = way_back(
        history(created("review#1"), done("review#1", decision="ok"), step("complete", "review#1"), created("sign#1")),
        "sign#1",
    )
    assert found is not None
    assert (found.element_id, found.scope, found.by, dict(found.data)) == ("review", "", "duc", {"decision": "ok"})


def test_a_notice_in_between_is_no_hindrance_and_a_result_or_a_fee_is() -> None:
    way = (created("review#1"), done("review#1"), step("complete", "review#1"))
    for kind, where in (("notify", "review"), ("document.issue", None), ("fee.assess", None)):
        assert back(*way, job("j#1", kind), step("job", "j#1"), created("sign#1")) == where


def test_where_the_process_forked_nobody_goes_back_alone() -> None:
    way = (created("review#1"), done("review#1"), step("complete", "review#1"))
    assert back(*way, created("other#1"), created("sign#1")) is None
    assert back(*way, created("sign#1"), created("other#1")) is None


def test_there_is_no_way_back_to_the_applicant_into_another_process_or_past_a_timer() -> None:
    mine = created("review#1", ("applicant",))
    assert back(mine, done("review#1"), step("complete", "review#1"), created("sign#1")) is None
    inner = created("call#1/review#1")
    assert back(inner, done("call#1/review#1"), step("complete", "call#1/review#1"), created("sign#1")) is None
    assert back(created("review#1"), step("timer", "t#1"), created("sign#1")) is None
    assert back(step("start", ""), created("sign#1")) is None


def test_within_one_called_process_there_is_a_way() -> None:
    way = (created("call#1/a#1"), done("call#1/a#1"), step("complete", "call#1/a#1"), created("call#1/b#1"))
    assert back(*way, key="call#1/b#1") == "a"


def test_the_newest_time_counts_when_a_step_was_done_twice() -> None:
    way = (created("a#1"), done("a#1"), step("complete", "a#1"), created("b#1"), done("b#1"), step("complete", "b#1"))
    again = (created("a#2"), done("a#2", n=2), step("complete", "a#2"), created("b#2"))
    found = way_back(history(*way, *again), "b#2")
    assert found is not None
    assert dict(found.data) == {"n": 2}
    assert way_back(history(*way, *again), "nothing#1") is None
