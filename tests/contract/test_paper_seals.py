"""A paper gets one seal whoever asks for it, on both databases; what stands in the way of it never keeps the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from engine.adapters.db import SqlResults, SqlStore
from engine.adapters.signing.refusals import NoKeyError, SigningError
from engine.adapters.signing.standin import DigestChecker
from engine.commands import paper_seals
from engine.commands.book_messages import CancelNumber
from engine.commands.messages import AddComment, WithdrawCase
from engine.commands.paper_seals import PaperSeals
from engine.commands.seal_messages import KeepSeal
from engine.domain import seals
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.errors import DatabaseUnavailableError, ForbiddenError, NotFoundError, StaleVersionError
from engine.domain.records import replace
from engine.domain.signing_key import SigningKey
from engine.ports import Signing
from engine.ports.papers import Verification
from engine.ports.results import Signed
from engine.queries.results import ResultQueries
from engine.replay import Auditor
from tests.support import bpmn_builder as b
from tests.support.signed_house import SignedHouse, job, signing_procedure
from tests.support.small_house import CHAIRMAN, CITIZEN, CLERK, UNIT
from tests.support.threads import at_once

RULES = {
    "retry_minutes": 5,
    "paper": [
        {"kind": "intake", "name": "Giấy tiếp nhận", "sealed": True},
        {"kind": "apology", "name": "Phiếu xin lỗi", "sealed": False},
    ],
}
PLAIN = b"%PDF-1.7 plain"


class AgencyKey:
    """Implements the SigningKeys port: the seal of the agency, as long as there is one."""

    def __init__(self) -> None:
        self.there = True
        self.ends: datetime | None = None

    def key(self, role: str, signer: str) -> SigningKey:
        if not self.there or role != "agency":
            raise NoKeyError(role=role, signer=signer)
        begins = self.ends - timedelta(days=365) if self.ends else None
        return SigningKey(role=role, signer=signer, begins=begins, ends=self.ends)

    def all(self) -> Sequence[SigningKey]:
        return []

    def opened(self, key: SigningKey, pin: str) -> Signing:
        raise AssertionError("a seal asks no PIN")


class Seal:
    """Implements the Sealing port: every seal is another file."""

    def __init__(self, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None) -> None:
        self.before, self.after = before, after
        self.asked: list[dict[str, str]] = []

    def seal(self, content: bytes, *, signer: str, reason: str, place: str) -> Signed:
        self.asked.append({"signer": signer, "reason": reason, "place": place})
        self.before()
        made = content + f"\n%seal {len(self.asked)} {id(self)}".encode()
        self.after()
        return Signed(
            signature="s", content=made, subject="CN=UBND xã", serial="0a", signed_at="2022-12-19T09:00:00+07:00"
        )


class KilledError(BaseException):
    """The process is gone."""


def refuse() -> None:
    raise SigningError(reason="dịch vụ cấp dấu thời gian không trả lời", reason_en="the time-stamper is away")


class SealedHouse(SignedHouse):
    """A small house in which filing issues an apology, then form 01; then somebody has work to do."""

    def __init__(self, store: Any) -> None:
        clerk = b.extensions('<zeebe:assignmentDefinition candidateGroups="one_stop"/>')
        parts = [
            b.start(),
            job("receipt.issue", "receipt", kind="intake"),
            job("receipt.issue", "sorry", kind="apology"),
            b.element("userTask", "check", clerk, name="Kiểm tra"),
            b.end("end"),
            *b.chain("start", "sorry", "receipt", "check", "end"),
        ]
        super().__init__(
            store=store, procedure=replace(signing_procedure(), files={"process.bpmn": b.process("small", *parts)})
        )
        self.keys = AgencyKey()
        self.catalog.settings["seals"] = RULES
        object.__setattr__(self.ports, "keys", self.keys)

    def seals(self, sealing: Seal | None = None) -> PaperSeals:
        """Another process of the house."""
        return PaperSeals(self.ports, self.bus, sealing or Seal())

    def results(self) -> ResultQueries:
        """The public pages."""
        return ResultQueries(self.ports, SqlResults(self.store), DigestChecker())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> SqlStore:
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found


@pytest.fixture
def house(store: SqlStore) -> SealedHouse:
    return SealedHouse(store)


@pytest.fixture
def case(house: SealedHouse) -> Case:
    """A case with both papers."""
    return house.file()


def make(proof: Verification | None) -> bytes:
    return PLAIN if proof is None else PLAIN + f" {proof.address} {proof.token} {proof.mark}".encode()


def number(case: Case, kind: str = "intake") -> str:
    return next(str(one["number"]) for one in case.receipts if one["kind"] == kind)


def asked(part: PaperSeals, case: Case, kind: str = "intake") -> bytes:
    return part.given(case, kind, number(case, kind), make)


def recorded(house: SealedHouse, case: Case) -> list[Any]:
    return [one.event for one in house.store.events(case.id) if one.event.tag == "receipt:sealed"]


def test_the_first_who_asks_has_the_paper_sealed_and_everybody_after_gets_the_same_file(
    house: SealedHouse, case: Case
) -> None:
    sealing = Seal()
    part = house.seals(sealing)
    assert part.state(case, "intake", number(case)).code == "ready"
    content = asked(part, case)
    assert content == asked(part, house.case(case.id)) == asked(house.seals(), house.case(case.id))
    assert content == asked(part, case)  # also who has read the case before
    assert len(sealing.asked) == 1
    assert sealing.asked[0]["signer"] == "UBND xã"
    assert number(case) in sealing.asked[0]["reason"]
    assert case.code in sealing.asked[0]["reason"]
    (event,) = recorded(house, case)
    after = house.case(case.id)
    seal = seals.seal_of(after, "intake", number(case))
    assert seal
    assert house.files.get(event.sha256) == content
    assert seal["token"].encode() in content
    assert seals.mark_of(case, "intake", number(case)).encode() in content
    state = part.state(after, "intake", number(case))
    assert (state.code, state.token, state.at) == ("sealed", event.token, seal["at"])
    assert Auditor(house.ports).differences(case.id) == []


def test_a_seal_moves_nothing_in_the_case_but_its_paper(house: SealedHouse, case: Case) -> None:
    asked(house.seals(), case)
    after = house.case(case.id)
    assert (after.tasks, after.jobs, after.scopes, after.status) == (case.tasks, case.jobs, case.scopes, case.status)
    assert [one["kind"] for one in after.receipts] == [one["kind"] for one in case.receipts]
    assert after.version == case.version + 1


def test_a_seal_is_in_nobodys_way_who_has_the_case_before_the_eyes(house: SealedHouse, case: Case) -> None:
    which = {"unit": UNIT, "case_id": case.id, "version": case.version}
    asked(house.seals(), case)
    house.do(AddComment(**which, text="đã in giấy tiếp nhận", public=False), CLERK)
    with pytest.raises(StaleVersionError):  # but the other change is
        house.do(WithdrawCase(**which, reason="thôi"), CITIZEN)
    with pytest.raises(StaleVersionError):
        house.do(WithdrawCase(**{**which, "version": case.version + 9}, reason="thôi"), CITIZEN)
    house.do(WithdrawCase(**{**which, "version": house.case(case.id).version}, reason="thôi"), CITIZEN)


def test_two_processes_asked_at_once_give_one_paper(house: SealedHouse, case: Case) -> None:
    parts = [house.seals(), house.seals()]
    given = at_once([lambda one=one: asked(one, case) for one in parts])  # type: ignore[misc]
    assert given[0] == given[1]
    assert isinstance(given[0], bytes)
    assert b"%seal" in given[0]
    assert len(recorded(house, case)) == 1


def test_who_was_overtaken_gives_the_file_of_the_first(house: SealedHouse, case: Case) -> None:
    first: list[bytes] = []
    slow = Seal(before=lambda: first.append(asked(house.seals(), case)))
    assert asked(house.seals(slow), case) == first[0]
    assert len(recorded(house, case)) == 1


def test_requests_of_one_process_at_once_sign_once(house: SealedHouse, case: Case) -> None:
    sealing = Seal()
    part = house.seals(sealing)
    given = at_once([lambda: asked(part, case)] * 3)
    assert len(set(map(str, given))) == 1
    assert len(sealing.asked) == 1


def test_nobody_waits_long_for_somebody_elses_seal(
    house: SealedHouse, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_seals, "PATIENCE", 0.01)
    at_it, go_on = Event(), Event()

    def stand_still() -> None:
        at_it.set()
        go_on.wait(20)

    part = house.seals(Seal(before=stand_still))

    def second() -> bytes:
        at_it.wait(20)
        try:
            return asked(part, case)
        finally:
            go_on.set()

    sealed, plain = at_once([lambda: asked(part, case), second])
    assert plain == PLAIN
    assert isinstance(sealed, bytes)
    assert b"%seal" in sealed


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_dies_while_it_seals_leaves_nothing_and_the_next_one_seals(
    house: SealedHouse, case: Case, moment: str
) -> None:
    def killed() -> None:
        raise KilledError

    with pytest.raises(KilledError):
        asked(house.seals(Seal(**{moment: killed})), case)
    assert (recorded(house, case), house.case(case.id).version) == ([], case.version)
    assert b"%seal" in asked(house.seals(), case)
    assert len(recorded(house, case)) == 1


def test_what_dies_between_file_and_record_leaves_a_file_that_nobody_knows(
    house: SealedHouse, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: Any, **more: Any) -> None:
        raise KilledError

    part = house.seals()
    with monkeypatch.context() as patch:
        patch.setattr(house.bus, "handle", killed)
        with pytest.raises(KilledError):
            asked(part, case)
    stray = set(house.files.kept)
    assert len(stray) == 1
    content = asked(part, case)  # the turn was given back, too
    (event,) = recorded(house, case)
    assert event.sha256 not in stray
    assert house.files.get(event.sha256) == content
    assert house.results().check(house.files.get(*stray))[0].code == "unknown"


def test_a_service_that_is_away_is_asked_once_and_again_after_a_while(house: SealedHouse, case: Case) -> None:
    sealing = Seal(before=refuse)
    part = house.seals(sealing)
    assert asked(part, case) == asked(part, case) == PLAIN
    assert len(sealing.asked) == 1
    state = part.state(case, "intake", number(case))
    assert state.code == "resting"
    assert "không trả lời" in state.why[0]
    assert "away" in state.why[1]
    assert state.at == house.clock.now() + timedelta(minutes=5)
    assert house.case(case.id).version == case.version
    sealing.before = lambda: None
    house.clock.advance(timedelta(minutes=5))
    assert b"%seal" in asked(part, case)


@pytest.mark.parametrize("error", [OSError("the token was pulled out"), ValueError("x"), RuntimeError()])
def test_whatever_breaks_the_paper_is_given(house: SealedHouse, case: Case, error: Exception) -> None:
    def broken() -> None:
        raise error

    assert asked(house.seals(Seal(after=broken)), case) == PLAIN
    assert recorded(house, case) == []


def test_a_database_that_is_away_is_told_as_everywhere_and_is_not_the_services_fault(
    house: SealedHouse, case: Case
) -> None:
    def away() -> None:
        raise DatabaseUnavailableError()

    part = house.seals(Seal(after=away))
    with pytest.raises(DatabaseUnavailableError):
        asked(part, case)
    assert part.state(case, "intake", number(case)).code == "ready"


def test_a_template_that_cannot_be_made_is_no_fault_of_the_service(house: SealedHouse, case: Case) -> None:
    def spoilt(proof: Verification | None) -> bytes:
        raise NotFoundError(what="mẫu", id="x")

    part = house.seals()
    with pytest.raises(NotFoundError):
        part.given(case, "intake", number(case), spoilt)
    assert b"%seal" in asked(part, case)


def test_without_a_key_or_beyond_its_window_nothing_is_sealed_until_there_is_one(
    house: SealedHouse, case: Case
) -> None:
    sealing = Seal()
    part = house.seals(sealing)
    house.keys.there = False
    assert (asked(part, case), part.state(case, "intake", number(case)).code) == (PLAIN, "no_key")
    house.keys.there, house.keys.ends = True, house.clock.now() - timedelta(seconds=1)
    state = part.state(case, "intake", number(case))
    assert (asked(part, case), state.code) == (PLAIN, "window")
    assert "19/12/2022" in state.why[0]
    assert sealing.asked == []
    house.keys.ends = house.clock.now() + timedelta(days=1)
    assert b"%seal" in asked(part, case)


def test_a_house_without_keys_seals_nothing(house: SealedHouse, case: Case) -> None:
    assert PaperSeals(house.ports, house.bus, None).state(case, "intake", number(case)).code == "no_key"
    assert asked(PaperSeals(house.ports, house.bus, None), case) == PLAIN


@pytest.mark.parametrize("settings", [{}, {"paper": []}, RULES])
def test_which_papers_are_sealed_is_data(house: SealedHouse, case: Case, settings: dict[str, Any]) -> None:
    house.catalog.settings["seals"] = settings
    part = house.seals()
    assert part.state(case, "apology", number(case, "apology")).code == "off"
    assert asked(part, case, "apology") == PLAIN
    assert (b"%seal" in asked(part, case)) is (settings is RULES)


def test_what_was_sealed_stays_sealed_when_the_setting_or_the_key_goes(house: SealedHouse, case: Case) -> None:
    content = asked(house.seals(), case)
    house.catalog.settings["seals"] = {}
    house.keys.there = False
    assert asked(PaperSeals(house.ports, house.bus, None), house.case(case.id)) == content


def test_a_file_that_is_lost_leaves_the_paper_and_is_not_sealed_a_second_time(
    house: SealedHouse, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    part = house.seals()
    asked(part, case)
    house.files.kept.clear()
    assert asked(part, house.case(case.id)) == PLAIN
    assert "is lost" in caplog.text
    assert len(recorded(house, case)) == 1


def test_only_the_house_itself_records_a_seal_and_only_on_a_paper_that_was_issued(
    house: SealedHouse, case: Case
) -> None:
    facts = dict.fromkeys(seals.KEPT, "x") | {"size": 1}
    command = KeepSeal(unit=UNIT, case_id=case.id, kind="intake", number=number(case), seal=facts)
    stranger = Actor(id="x", name="x", kind="officer", unit="xa-khac", groups=frozenset({"one_stop"}))
    for who in (CLERK, CHAIRMAN, CITIZEN, stranger):
        with pytest.raises(ForbiddenError):
            house.do(command, who)
    for wrong in (replace(command, number="9999/2022"), replace(command, kind="refusal")):
        with pytest.raises(NotFoundError):
            house.do(wrong, system(UNIT))
    with pytest.raises(NotFoundError):
        house.do(replace(command, unit="xa-khac"), system("xa-khac"))
    assert house.case(case.id).version == case.version


def test_its_public_page_tells_what_it_is_and_that_its_number_was_struck_out(house: SealedHouse, case: Case) -> None:
    results = house.results()
    content = asked(house.seals(), case)
    (event,) = recorded(house, case)
    view = results.by_token(event.token)
    assert view
    assert (view.kind, view.name, view.number, view.standing) == ("intake", "Giấy tiếp nhận", number(case), "valid")
    assert (view.mark, view.files, view.agency) == (event.mark, (event.sha256,), "UBND xã")
    assert [one["signer"] for one in view.signatures] == ["UBND xã"]
    assert results.check(content, event.token)[0].code == "genuine"
    assert results.check(PLAIN, event.token)[0].code == "unknown"
    book = CancelNumber(unit=UNIT, case_id=case.id, book="receipt/intake/2022", number=1, reason="Viết nhầm người")
    house.do(book, CHAIRMAN)
    after = results.by_token(event.token)
    assert after
    assert (after.standing, after.became["reason"]) == ("revoked", "Viết nhầm người")
    assert "number" not in after.became
    assert results.check(content)[0].code == "revoked"
    assert asked(house.seals(), house.case(case.id)) == content


def test_rebuilding_the_projection_finds_the_paper_again(house: SealedHouse, case: Case) -> None:
    asked(house.seals(), case)
    (event,) = recorded(house, case)
    house.store.rebuild(house.case(case.id))
    assert house.results().by_token(event.token)
