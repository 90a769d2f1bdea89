"""Signing as a job: a failed try is made again, what is done twice is recorded once, the record judges copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.db import SqlResults, open_store, upgrade
from engine.commands.messages import RetryIncident
from engine.commands.result_messages import ReplaceResult, RevokeResult
from engine.commands.spreader import LEASE
from engine.commands.worker import Worker
from engine.domain import events
from engine.domain.case import Case
from engine.domain.procedure import ResultRule
from engine.domain.results import newest_signed
from engine.ports.results import Signed, Signing
from engine.queries.results import ResultQueries
from engine.replay import Auditor
from tests.support.signed_house import SignedHouse
from tests.support.signing import Office, Papers, altered_page, office
from tests.support.small_house import ADMIN, CHAIRMAN, UNIT


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def room(shared: Office) -> Iterator[Office]:
    yield shared.again()
    shared.book.turn("tsa", refuse=False, delay=0.0, lie="")


class Wrapped:
    """Signs like another, after or before something happens."""

    def __init__(self, inner: Signing, before: Callable[[], None] = lambda: None, after: Any = lambda: None) -> None:
        self.inner, self.before, self.after, self.calls = inner, before, after, 0

    def sign(self, content: bytes, *, role: str, signer: str, key: str, officer: str = "") -> Signed:
        self.calls += 1
        self.before()
        signed = self.inner.sign(content, role=role, signer=signer, key=key, officer=officer)
        self.after()
        return signed


class Once:
    """Does something the first time it is called."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.done = act, False

    def __call__(self) -> None:
        if not self.done:
            self.done = True
            self.act()


class KilledError(BaseException):
    """The process is gone."""


def signatures(house: SignedHouse, case: Case) -> list[events.ResultSigned]:
    return [link.event for link in house.store.events(case.id) if isinstance(link.event, events.ResultSigned)]


def checked_in(house: SignedHouse, case: Case) -> None:
    """The result is signed once by each, replays, and its newest file is there."""
    after = house.case(case.id)
    (result,) = after.results
    assert [one["role"] for one in result["signatures"]] == ["leader", "agency"]
    assert [event.role for event in signatures(house, case)] == ["leader", "agency"]
    assert len(set(result["files"])) == 3
    assert all(house.files.exists(sha256) for sha256 in result["files"])
    assert Auditor(house.ports).differences(case.id) == []


def test_without_its_time_stamper_a_result_stays_unsigned_and_somebody_is_told(room: Office) -> None:
    house = SignedHouse(room.signing, Papers())
    room.book.turn("tsa", refuse=True)
    case = house.file()
    for _ in range(8):
        house.worker.drain()
        house.clock.advance(timedelta(hours=1))
    stuck = house.case(case.id)
    (incident,) = stuck.incidents.values()
    assert "Chưa ký số được" in incident.error
    assert stuck.results[0]["signatures"] == []
    assert not stuck.ended
    room.book.turn("tsa", refuse=False)
    house.do(RetryIncident(unit=UNIT, case_id=case.id, incident=incident.id), ADMIN)
    house.worker.drain()
    assert house.case(case.id).ended
    checked_in(house, case)


def test_of_two_workers_that_sign_the_same_result_one_is_recorded(room: Office) -> None:
    house = SignedHouse(room.signing, Papers())

    def overtaken() -> None:
        house.clock.advance(LEASE + timedelta(seconds=1))
        Worker(house.ports, house.bus, "other").drain()

    slow = Wrapped(room.signing, before=Once(overtaken))
    object.__setattr__(house.ports, "signing", slow)
    case = house.file()
    house.worker.drain()
    assert slow.calls == 3  # the leader's signature was made twice
    checked_in(house, case)


def test_what_a_killed_worker_signed_is_signed_again_and_recorded_once(room: Office) -> None:
    house = SignedHouse(room.signing, Papers())

    def killed() -> None:
        raise KilledError()

    dying = Wrapped(room.signing, after=Once(killed))
    object.__setattr__(house.ports, "signing", dying)
    case = house.file()
    with pytest.raises(KilledError):
        house.worker.drain()
    assert signatures(house, case) == []
    house.clock.advance(LEASE + timedelta(seconds=1))
    Worker(house.ports, house.bus, "next").drain()
    checked_in(house, case)


@pytest.fixture
def kept(shared: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SignedHouse, ResultQueries]]:
    """Two results of a house on SQL."""
    url = f"sqlite:///{tmp_path_factory.mktemp('signed') / 'house.db'}"
    upgrade(url)
    store = open_store(url)
    house = SignedHouse(shared.signing, Papers(), store)
    house.issued()
    house.clock.advance(timedelta(days=1))
    house.issued()
    yield house, ResultQueries(house.ports, SqlResults(store), shared.checker)
    store.close()


def both(house: SignedHouse) -> list[Case]:
    return [house.case(case_id) for _, case_id in house.store.case_ids()]


def test_the_file_that_was_issued_last_is_genuine_and_earlier_ones_are_not_enough(kept: Any) -> None:
    house, results = kept
    draft, leader, sealed = (house.files.get(sha256) for sha256 in both(house)[0].results[0]["files"])
    token = both(house)[0].results[0]["token"]
    for wanted, content in (("genuine", sealed), ("earlier", leader), ("earlier", draft)):
        verdict, found = results.check(content, token)
        assert verdict.code == wanted
        assert found.number == both(house)[0].results[0]["number"]
    assert all(results.check(sealed)[0].checks.values())


def test_a_page_altered_after_signing_is_reported_as_altered(kept: Any) -> None:
    house, results = kept
    token = both(house)[0].results[0]["token"]
    doctored = altered_page(house.files.get(both(house)[0].results[0]["sha256"]))
    for asked in (token, ""):
        verdict, found = results.check(doctored, asked)
        assert verdict.code == "altered"
        assert found.number == both(house)[0].results[0]["number"]  # what it grew out of is still recognised
        assert verdict.checks["content"] is True  # the digest alone would have called it genuine
        assert verdict.checks["coverage"] is False


def test_a_seal_that_was_cut_off_and_a_copy_of_another_result_are_told(kept: Any) -> None:
    house, results = kept
    one, other = both(house)
    sealed = house.files.get(other.results[0]["sha256"])
    assert results.check(sealed, one.results[0]["token"])[0].code == "other"
    assert results.check(sealed[:-3000], one.results[0]["token"])[0].code in ("unreadable", "altered")


def test_a_sound_file_that_the_house_never_issued_is_no_result_of_it(kept: Any, shared: Office) -> None:
    verdict, found = kept[1].check(shared.sealed())
    assert (verdict.code, found) == ("foreign", None)


def test_what_is_handed_over_is_the_newest_signed_file(kept: Any) -> None:
    house, _ = kept
    procedure = house.catalog.procedures[0]
    assert procedure.result == ResultRule(name="Giấy xác nhận", template="result.typ", book="gxn")
    found = newest_signed(both(house)[0], procedure)
    assert found["sha256"] == found["files"][-1]


def test_replaced_and_revoked_copies_are_said_to_be(kept: Any) -> None:
    house, results = kept
    one, other = both(house)
    which = {"unit": UNIT, "case_id": one.id, "document": f"{one.code}/R1", "reason": "cải chính"}
    house.do(ReplaceResult(**which, new_document=f"{other.code}/R1"), CHAIRMAN)
    assert results.check(house.files.get(one.results[0]["sha256"]))[0].code == "replaced"
    assert results.by_token(one.results[0]["token"]).became["number"] == other.results[0]["number"]
    house.do(RevokeResult(unit=UNIT, case_id=other.id, document=f"{other.code}/R1", reason="nhầm người"), CHAIRMAN)
    assert results.check(house.files.get(other.results[0]["sha256"]))[0].code == "revoked"
    assert results.by_token(other.results[0]["token"]).standing == "revoked"


def test_a_lost_file_leaves_the_page_without_a_verdict_on_it(kept: Any, tmp_path: Path) -> None:
    house, results = kept
    result = both(house)[0].results[0]
    content = house.files.kept.pop(result["sha256"])
    try:
        view = results.by_token(result["token"])
        assert (view.finding.readable, view.finding.why) == (False, "missing")
    finally:
        house.files.kept[result["sha256"]] = content
