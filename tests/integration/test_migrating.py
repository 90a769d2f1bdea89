"""Cases go over to another version: what stays open keeps what people did to it, and replay crosses the versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.messages import (
    ClaimTask,
    CompleteTask,
    MigrateCase,
    RetryIncident,
    SaveTaskDraft,
    SuspendCase,
    WithdrawCase,
)
from engine.commands.migrator import Migrator
from engine.domain.case import Case
from engine.domain.errors import CannotMigrateError, CaseEndedError, ForbiddenError, NotFoundError, RuleError
from engine.domain.procedure import FeeRule, Procedure
from engine.queries.cases import CaseQueries
from tests.support import bpmn_builder as b
from tests.support.small_house import ADMIN, CHAIRMAN, CITIZEN, CLERK, PROCEDURE, UNIT, submit
from tests.support.steered_house import CLERKS, STORES, SteeredHouse, opened, version, which

DAY = timedelta(days=1)
OTHERS = '<zeebe:assignmentDefinition candidateGroups="chairman"/><zeebe:formDefinition formId="newer"/>'
MANY = 120  # cases of one version: more than a batch


def old() -> Procedure:
    """Two branches joined: a task with a reminder, and a job that fails; then a last task."""
    return version(
        1,
        b.start(),
        b.both("split"),
        b.user("check", zeebe=CLERKS),
        b.boundary_timer("late", "check", duration="P5D", interrupting=False),
        b.end("reminded"),
        b.job("tell"),
        b.both("join"),
        b.user("last", zeebe=CLERKS),
        b.end(),
        *b.chain("start", "split", "check", "join", "last", "end"),
        *b.chain("split", "tell", "join"),
        *b.chain("late", "reminded"),
    )


def new(number: int = 2, check: str = "examine", **changes: Any) -> Procedure:
    """The task has another id, groups and form, other watchers; a step more comes before the last."""
    return version(
        number,
        b.message("news", "=case.code"),
        b.start(),
        b.both("split"),
        b.user(check, zeebe=OTHERS),
        b.boundary_timer("later", check, duration="P9D", interrupting=False),
        b.boundary_message("asked", check, "news", interrupting=False),
        b.end("reminded"),
        b.end("heard"),
        b.job("tell"),
        b.both("join"),
        b.user("more", zeebe=CLERKS),
        b.user("last", zeebe=CLERKS),
        b.end(),
        *b.chain("start", "split", check, "join", "more", "last", "end"),
        *b.chain("split", "tell", "join"),
        *b.chain("later", "reminded"),
        *b.chain("asked", "heard"),
        **changes,
    )


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest) -> Iterator[SteeredHouse]:
    with opened(request, old(), new()) as house:
        house.catalog.newest = 1
        yield house


def move(case: Case, **changes: Any) -> MigrateCase:
    wanted: dict[str, Any] = {"to": 2, "reason": "Sửa quy trình", "elements": {"check": "examine"}}
    return MigrateCase(**which(case, **{**wanted, **changes}))


def test_claims_drafts_tries_and_facts_stay_and_the_new_version_says_the_rest(house: SteeredHouse) -> None:
    case = house.file()
    house.messages.failures = 1
    house.worker.drain()
    house.do(ClaimTask(**which(case, key="check#1")), CLERK)
    house.do(SaveTaskDraft(**which(case, key="check#1", draft={"note": "dở"})), CLERK)
    before = house.case(case.id)
    house.do(move(case), ADMIN)
    after = house.case(case.id)
    assert (after.procedure_version, after.procedure_digest) == (2, "digest2")
    task = after.tasks["examine#1"]
    assert (task.assignee, task.draft) == (CLERK.id, {"note": "dở"})
    assert task.created_at == before.tasks["check#1"].created_at
    assert (task.groups, task.form_id, task.element_id) == (("chairman",), "newer", "examine")
    assert (after.jobs["tell#1"].attempt, after.jobs["tell#1"].run_at) == (1, before.jobs["tell#1"].run_at)
    assert (set(after.timers), set(after.subscriptions)) == ({"later#1"}, {"asked#1"})
    told = ["timer:cancelled", "case:migrated", "timer:scheduled", "message:awaited"]
    assert house.tags(case, before.version) == told
    assert after.deadline == before.deadline


def test_a_case_with_one_token_at_the_join_goes_on_in_the_new_version(house: SteeredHouse) -> None:
    case = house.file()
    house.worker.drain()
    assert house.case(case.id).jobs == {}, "one token waits at the join"
    house.do(move(case), ADMIN)
    house.do(ClaimTask(**which(case, key="examine#1")), CHAIRMAN)
    house.do(CompleteTask(**which(case, key="examine#1", data={"decision": "ok"})), CHAIRMAN)
    assert set(house.case(case.id).tasks) == {"more#1"}
    for key in ("more#1", "last#1"):
        house.do(ClaimTask(**which(case, key=key)), CLERK)
        house.do(CompleteTask(**which(case, key=key, data={})), CLERK)
    assert house.case(case.id).ended


def test_a_token_without_a_place_says_so_and_nothing_is_written(house: SteeredHouse) -> None:
    case = house.file()
    with pytest.raises(CannotMigrateError) as refusal:
        house.do(move(case, elements={}), ADMIN)
    (problem,) = refusal.value.data["problems"]
    assert (problem["key"], "không có phần tử" in problem["reason"]) == ("check#1", True)
    for elements, anew in (({"chek": "examine"}, ()), ({"check": "exmine"}, ()), ({"check": "examine"}, ("nothing",))):
        with pytest.raises(CannotMigrateError):
            house.do(move(case, elements=elements, anew=anew), ADMIN)
    assert house.case(case.id).version == case.version


def test_a_form_or_a_table_may_be_all_that_is_new(house: SteeredHouse) -> None:
    fees = (FeeRule(key="f", name="Phí", amount="9000"),)
    house.catalog.drawn[3] = replace(house.catalog.drawn[1], version=3, digest="digest3", fees=fees)
    case = house.file()
    house.do(move(case, to=3, elements={}), ADMIN)
    after = house.case(case.id)
    assert (after.snapshot, set(after.tasks), after.procedure_digest) == (case.snapshot, set(case.tasks), "digest3")
    assert after.timers == case.timers


def test_a_timer_keeps_its_instant_or_is_computed_anew(house: SteeredHouse) -> None:
    house.catalog.drawn[3] = replace(
        house.catalog.drawn[1],
        version=3,
        digest="digest3",
        files={"process.bpmn": house.catalog.drawn[1].files["process.bpmn"].replace(b"P5D", b"P8D")},
    )
    for anew, days in (((), 5), (("late",), 8)):
        case = house.file()
        house.do(move(case, to=3, elements={}, anew=anew), ADMIN)
        assert house.case(case.id).timers["late#1"].due - case.timers["late#1"].due == (days - 5) * DAY


def test_an_incident_goes_along_and_is_retried_in_the_new_version(house: SteeredHouse) -> None:
    case = house.file()
    house.messages.failures = 3
    for _ in range(3):
        house.worker.drain()
        house.clock.advance(timedelta(hours=1))
    (incident,) = house.case(case.id).incidents.values()
    house.do(move(case), ADMIN)
    house.do(RetryIncident(**which(case, incident=incident.id)), ADMIN)
    house.worker.drain()
    after = house.prove(case.id)
    assert (after.jobs, after.incidents) == ({}, {})


def test_a_suspended_case_may_go_and_stays_suspended(house: SteeredHouse) -> None:
    case = house.file()
    house.do(SuspendCase(**which(case, reason="Sửa")), ADMIN)
    house.do(move(case), ADMIN)
    assert house.case(case.id).suspended is not None
    assert house.worker.drain() == 0


def test_who_may_and_what_is_no_move(house: SteeredHouse) -> None:
    case = house.file()
    for actor in (CLERK, CHAIRMAN, CITIZEN):
        with pytest.raises(ForbiddenError):
            house.do(move(case), actor)
    for wrong in ({"to": 1}, {"reason": " "}):
        with pytest.raises(RuleError):
            house.do(move(case, **wrong), ADMIN)
    with pytest.raises(NotFoundError):
        house.do(move(case, to=7), ADMIN)
    house.do(WithdrawCase(**which(case, reason="Đổi ý")), CITIZEN)
    with pytest.raises(CaseEndedError):
        house.do(move(case), ADMIN)


def test_a_dry_run_tells_per_case_and_writes_nothing(house: SteeredHouse) -> None:
    case = house.file()
    migrator = Migrator(house.ports, house.bus)
    fits = migrator.look(ADMIN, move(case))
    assert (fits.fits, fits.keys, fits.closes, fits.opens) == (
        True,
        {"check#1": "examine#1"},
        ("late#1",),
        ("later#1", "asked#1"),
    )
    cannot = migrator.look(ADMIN, move(case, elements={}))
    assert (cannot.fits, [each["key"] for each in cannot.problems]) == (False, ["check#1"])
    assert house.case(case.id) == case


def test_many_cases_go_each_in_its_own_commit_and_the_report_names_those_that_cannot(house: SteeredHouse) -> None:
    cases = [house.case(house.bus.handle(submit(), CITIZEN, f"file/{number}").case_id) for number in range(MANY)]
    stays = cases[7]
    house.do(ClaimTask(**which(stays, key="check#1")), CLERK)
    house.worker.drain()
    house.do(CompleteTask(**which(stays, key="check#1", data={})), CLERK)
    gone = house.catalog.drawn[2].files["process.bpmn"].replace(b'id="last"', b'id="final"')
    gone = gone.replace(b'"more-last" sourceRef="more" targetRef="last"', b'"m" sourceRef="more" targetRef="final"')
    gone = gone.replace(b'"last-end" sourceRef="last"', b'"f" sourceRef="final"')
    house.catalog.drawn[3] = replace(house.catalog.drawn[2], version=3, digest="d3", files={"process.bpmn": gone})
    migrator = Migrator(house.ports, house.bus)
    command = move(cases[0], to=3)
    looked = list(migrator.all(ADMIN, command, PROCEDURE.code, 1, dry=True, run="r"))
    assert (len(looked), [each.case_id for each in looked if not each.fits]) == (MANY, [stays.id])
    assert house.store.running(UNIT, PROCEDURE.code, 3) == []
    moved = list(migrator.all(ADMIN, command, PROCEDURE.code, 1, dry=False, run="r"))
    assert [each.fits for each in moved] == [each.fits for each in looked]
    assert house.store.running(UNIT, PROCEDURE.code, 1) == [stays.id]
    again = list(migrator.all(ADMIN, command, PROCEDURE.code, 1, dry=False, run="r"))
    assert [each.case_id for each in again] == [stays.id], "a second run has only the rest to look at"
    for case in (cases[0], stays, cases[-1]):
        house.prove(case.id)


class Nobody:
    """No account is known."""

    def by_id(self, account_id: str) -> None:
        return None


def test_a_case_whose_called_process_is_no_longer_drawn_is_still_shown(house: SteeredHouse) -> None:
    inner = b.process("inner", b.start(), b.user("x", zeebe=CLERKS), b.end(), *b.chain("start", "x", "end"))
    parts = [b.start(), b.user("last", zeebe=CLERKS), b.end()]
    called = [*parts, b.call("call", "inner"), *b.chain("start", "call", "last", "end")]
    house.catalog.drawn[5] = version(5, *called, files={"inner.bpmn": inner})
    house.catalog.drawn[6] = version(6, *parts, *b.chain("start", "last", "end"))
    house.catalog.newest = 5
    case = house.file()
    house.do(ClaimTask(**which(case, key="call#1/x#1")), CLERK)
    house.do(CompleteTask(**which(case, key="call#1/x#1", data={})), CLERK)
    queries = CaseQueries(house.ports, None, Nobody(), house.ports.runner)  # type: ignore[arg-type]
    assert [each.process_id for each in queries.case(CLERK, case.id).diagrams] == ["small", "inner"]
    house.do(move(case, to=6, elements={}), ADMIN)
    view = queries.case(CLERK, case.id)
    assert [each.process_id for each in view.diagrams] == ["small"]
    assert any("phiên bản 6" in row.text_vi for row in view.history)
