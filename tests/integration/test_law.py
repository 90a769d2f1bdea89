"""What the law says of terms, supplements, fees and registers, as it happens to real cases of the real catalog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.commands.messages import (
    CancelCase,
    ClaimTask,
    CompleteTask,
    CorrelateMessage,
    ExtendDeadline,
    RecordPayment,
    WithdrawCase,
)
from engine.domain import events, status
from engine.domain.actor import Actor, system
from engine.domain.case import Case
from engine.domain.errors import FormInvalidError, PaymentMismatchError, RuleError
from engine.scenarios import read
from tests.support.desk import ROOT, UNIT, Desk, citizen, officer, open_desk, procedure_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
BIRTH, MARITAL, COPIES, FUNERAL = (
    ROOT / "catalog" / name
    for name in ("dang-ky-khai-sinh", "xac-nhan-tinh-trang-hon-nhan", "chung-thuc-ban-sao", "ho-tro-chi-phi-mai-tang")
)
ACCEPTED = {"originals_compared": True, "decision": "accepted"}
SUPPLEMENT = {"decision": "supplement", "reason": "Thiếu giấy tờ.", "missing_documents": "Bản sao bản án"}
REVIEWED = {
    "registers_searched": True,
    "identity_checked": True,
    "competence_checked": True,
    "decision": "certify",
    "signer_note": "Đủ.",
}
VERIFY = {
    "registers_searched": True,
    "competence_checked": True,
    "decision": "verify",
    "verify_commune": "UBND xã Bình Lợi",
    "verify_period": "01/2010 đến 12/2018",
}
CASE_CODE = re.compile(r"^\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}-\d{6}-\d{4}$")
TRANSITIONS = {
    1: {2, 3, 5, 6, 7, 8},
    2: {4, 5, 6, 7, 8, 9},
    3: set(),
    4: {5, 6, 7, 8, 9},
    5: {1, 2, 3, 4, 7, 8},
    6: {1, 2, 4, 7, 8},
    7: set(),
    8: set(),
    9: {10},
    10: set(),
}


def at(day: str, hour: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)


class Office:
    """One commune office at work: files cases, completes tasks, lets time pass."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.app = desk.app

    def do(self, command: Any, actor: Actor) -> Any:
        result = self.app.handle(command, actor, self.app.ids.new())
        self.app.worker.drain()
        return result

    def until(self, moment: datetime) -> None:
        """Time passes; what falls due on the way happens at its own instant."""
        while True:
            due = [d for kind in ("timer", "job") if (d := self.app.store.next_due(kind)) is not None and d <= moment]
            if not due:
                break
            self.desk.clock.set(max(min(due), self.desk.clock.now()))
            self.app.worker.drain()
        self.desk.clock.set(moment)

    def file(
        self, folder: Path, changes: Mapping[str, Any] | None = None, *, channel: str = "online", delivery: str = ""
    ) -> Case:
        path = next(folder.glob("tests/01_*.toml"))
        scenario = read(path)
        command = replace(
            scenario.filing(UNIT, procedure_of(path)),
            channel=channel,
            delivery=delivery or scenario.delivery,
            applicant=scenario.applicant if channel == "online" else {**scenario.applicant, "account": None},
            application={**scenario.application, **(changes or {})},
        )
        who = citizen(scenario.applicant["account"]) if channel == "online" else officer("one_stop")
        return self.case(self.do(command, who).case_id)

    def case(self, case_id: str) -> Case:
        case = self.app.store.case(None, case_id)
        assert case is not None
        return case

    def complete(self, case: Case, element: str, group: str, data: Mapping[str, Any]) -> Case:
        key = next(t.key for t in self.case(case.id).tasks.values() if t.element_id == element)
        actor = citizen(case.applicant["account"]) if group == "applicant" else officer(group)
        if group != "applicant" and self.case(case.id).tasks[key].assignee is None:
            self.do(ClaimTask(unit=UNIT, case_id=case.id, key=key), actor)
        self.do(CompleteTask(unit=UNIT, case_id=case.id, key=key, data=data), actor)
        return self.case(case.id)

    def accept(self, case: Case) -> Case:
        return self.complete(case, "check_documents", "one_stop", ACCEPTED)

    def pay(self, case: Case, **changes: Any) -> Any:
        order = case.payments[-1]
        command = RecordPayment(
            unit=UNIT,
            order=order["order"],
            case_code=case.code,
            provider=order["provider"],
            amount=order["amount"],
            reference="R1",
        )
        return self.do(replace(command, **changes), system(UNIT))

    def open(self, case: Case) -> set[str]:
        return {t.element_id for t in self.case(case.id).tasks.values()}

    def count(self, case: Case, kind: type[events.Event]) -> int:
        return sum(isinstance(link.event, kind) for link in self.app.store.events(case.id))

    def proven(self, case: Case) -> None:
        """No incident, and the case replays from its events."""
        assert self.case(case.id).incidents == {}
        assert self.app.auditor.differences(case.id) == []


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[datetime], Office]]:
    """Opens the office at an instant."""
    opened: list[Desk] = []

    def make(moment: datetime) -> Office:
        home = tmp_path / str(len(opened))
        opened.append(open_desk(home, f"sqlite:///{home / 'motcua.db'}", at=moment))
        return Office(opened[-1])

    yield make
    for desk in opened:
        desk.app.store.close()


def due(case: Case) -> datetime:
    assert case.deadline is not None
    return case.deadline.due.astimezone(ZONE)


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (at("2022-12-20", "14:59"), at("2022-12-20", "17:00")),
        (at("2022-12-20", "15:00"), at("2022-12-20", "17:00")),
        (at("2022-12-20", "15:01"), at("2022-12-21", "17:00")),
        (at("2022-12-23", "15:01"), at("2022-12-26", "17:00")),  # a Friday: Monday
        (at("2022-12-25", "10:00"), at("2022-12-26", "17:00")),  # a Sunday counts as Monday morning
        (at("2022-12-24", "09:00"), at("2022-12-26", "17:00")),  # the Saturday duty takes in, but is no working day
        (at("2023-01-19", "15:01"), at("2023-01-27", "17:00")),  # the eve of Tết: the first working day after it
        (at("2023-01-24", "10:00"), at("2023-01-27", "17:00")),  # in Tết
        (at("2022-12-20", "05:30"), at("2022-12-20", "17:00")),  # before the office opens
    ],
)
def test_a_same_day_case_is_due_that_day_and_after_three_oclock_the_next(
    received: datetime, promised: datetime, begin: Callable[[datetime], Office]
) -> None:
    """Luật Hộ tịch Điều 5.3; NĐ 23/2015/NĐ-CP Điều 7: received after 15:00, the next working day."""
    office = begin(received)
    case = office.accept(office.file(BIRTH, {"con_ngay_sinh": (received.date() - timedelta(days=9)).isoformat()}))
    assert due(case) == promised
    office.proven(case)


@pytest.mark.parametrize(
    ("received", "promised"),
    [
        (at("2022-12-19", "09:00"), at("2022-12-22", "17:00")),
        (at("2023-01-08", "09:00"), at("2023-01-12", "17:00")),  # Sunday counts as Monday
        (at("2023-01-19", "16:59"), at("2023-01-31", "17:00")),  # over Tết
        (at("2023-01-19", "17:01"), at("2023-02-01", "17:00")),  # after the office has closed: the day after Tết
        (at("2022-12-29", "09:00"), at("2023-01-04", "17:00")),  # over New Year and its day in lieu
    ],
)
def test_three_working_days_begin_the_day_after_receipt_and_pass_over_days_off(
    received: datetime, promised: datetime, begin: Callable[[datetime], Office]
) -> None:
    """BLDS 2015 Điều 147, 148; NĐ 123/2015/NĐ-CP Điều 22."""
    office = begin(received)
    assert due(office.accept(office.file(MARITAL))) == promised


def test_nothing_is_promised_before_the_case_is_received(begin: Callable[[datetime], Office]) -> None:
    office = begin(at("2022-12-19"))
    case = office.file(MARITAL)
    assert (case.status, case.deadline) == (1, None)
    with pytest.raises(RuleError):
        office.do(ExtendDeadline(unit=UNIT, case_id=case.id, reason="x"), officer("chairman"))


def test_a_supplement_is_asked_for_once_by_the_form_and_by_the_engine(begin: Callable[[datetime], Office]) -> None:
    """NĐ 61/2018/NĐ-CP Điều 11.2.c: at most once; the time before the full dossier counts for nothing (Điều 19)."""
    office = begin(at("2022-12-19"))
    case = office.complete(office.file(MARITAL), "check_documents", "one_stop", SUPPLEMENT)
    assert (case.status, case.supplements, case.deadline) == (5, 1, None)
    office.until(at("2022-12-28"))
    case = office.complete(case, "supply_documents", "applicant", {"note": "Gửi bản án"})
    assert case.status == 1
    with pytest.raises(FormInvalidError) as refusal:
        office.complete(case, "check_documents", "one_stop", SUPPLEMENT)
    assert "decision" in refusal.value.errors
    assert office.case(case.id).supplements == 1
    assert due(office.accept(case)) == at("2023-01-03", "17:00"), "three working days from the full dossier"
    office.proven(case)


def test_the_clock_stands_still_while_money_is_owed_and_goes_on_with_what_was_left(
    begin: Callable[[datetime], Office],
) -> None:
    office = begin(at("2022-12-19"))
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", REVIEWED)
    assert case.status == 6
    assert case.deadline is not None
    assert case.deadline.paused_at is not None
    office.until(at("2022-12-21", "10:00"))
    office.pay(case)
    case = office.case(case.id)
    assert (case.status, case.deadline and case.deadline.paused_at) == (4, None)
    assert due(case) == at("2022-12-26", "17:00"), "two working days later than promised"


def test_the_clock_begins_from_nought_after_a_supplement_asked_while_it_ran(
    begin: Callable[[datetime], Office],
) -> None:
    """NĐ 61/2018/NĐ-CP Điều 19; the certified copies wait for the originals in status 5."""
    office = begin(at("2022-12-19", "08:30"))
    case = office.accept(office.file(COPIES))
    office.pay(case)
    case = office.case(case.id)
    assert case.status == 5
    assert case.deadline is not None
    assert case.deadline.paused_at is not None
    office.until(at("2022-12-21", "15:30"))
    data = {
        "nguoi_dem_den": "nguoi_yeu_cau",
        "da_doi_chieu_ban_chinh": True,
        "can_cu_tu_choi": [],
        "decision": "matches",
    }
    case = office.complete(case, "compare_original", "one_stop", data)
    assert case.status == 4
    assert due(case) == at("2022-12-22", "17:00"), "as if received on the 21st after three o'clock"
    assert [a.kind for a in case.deadline.adjustments if case.deadline][0] == "started"
    office.proven(case)


def test_a_term_is_extended_once_with_a_reason_and_within_the_law(begin: Callable[[datetime], Office]) -> None:
    """NĐ 61/2018/NĐ-CP Điều 19: re-appointed at most once."""
    office = begin(at("2022-12-19"))
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", VERIFY)
    at_case: dict[str, Any] = {"unit": UNIT, "case_id": case.id}
    for wrong in (
        {"reason": " "},
        {"reason": "x", "due": at("2024-01-02", "17:00")},
        {"reason": "x", "due": at("2022-12-20", "17:00")},
    ):
        with pytest.raises(RuleError):
            office.do(ExtendDeadline(**at_case, **wrong), officer("justice_officer"))
    office.do(ExtendDeadline(**at_case, reason="Phải xác minh"), officer("justice_officer"))
    extended = due(office.case(case.id))
    assert extended > due(case)
    with pytest.raises(RuleError):
        office.do(ExtendDeadline(**at_case, reason="Lần nữa"), officer("chairman"))
    assert due(office.case(case.id)) == extended


def test_a_commune_that_was_asked_is_reminded_after_three_working_days_and_given_up_after_twenty(
    begin: Callable[[datetime], Office],
) -> None:
    """NĐ 123/2015/NĐ-CP Điều 22; TT 04/2020/TT-BTP Điều 4: reply in 3 working days; after 20 days, a declaration."""
    office = begin(at("2022-12-30"))  # a Friday: Monday is a day off
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", VERIFY)

    def sent() -> int:
        return office.count(case, events.NotificationSent)

    before = sent()
    office.until(at("2023-01-05", "07:00"))
    assert sent() == before, "the third working day is not over"
    office.until(at("2023-01-06", "07:00"))
    assert sent() == before + 1
    office.until(at("2023-01-19", "08:59"))
    assert office.open(case) == set()
    office.until(at("2023-01-19", "09:01"))
    assert office.open(case) == {"take_declaration"}
    assert sent() == before + 1, "it is reminded once"
    reply = CorrelateMessage(unit=UNIT, message="verification_replied", correlation=case.code, payload={})
    with pytest.raises(Exception, match="nothing_waits"):
        office.do(reply, officer("justice_officer"))
    office.proven(case)


@pytest.mark.parametrize(
    ("pages", "copies", "total"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (5, 2, 14_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (2000, 3, 600_000),
    ],
)
def test_copies_cost_by_the_page_and_never_more_than_200_000_each(
    pages: int, copies: int, total: int, begin: Callable[[datetime], Office]
) -> None:
    """TT 226/2016/TT-BTC Điều 4."""
    office = begin(at("2022-12-19"))
    papers = [{"ten_giay_to": "Hợp đồng", "so_trang": pages, "so_ban": copies}]
    case = office.accept(office.file(COPIES, {"danh_sach": papers}))
    assert case.fee_total == total
    assert case.payments[-1]["amount"] == total
    assert office.app.ports.payments.name == case.payments[-1]["provider"]


@pytest.mark.parametrize(("age", "total"), [(0, 0), (59, 0), (60, 0), (61, 5_000), (400, 5_000)])
def test_a_birth_is_registered_free_of_charge_up_to_the_sixtieth_day(
    age: int, total: int, begin: Callable[[datetime], Office]
) -> None:
    """Luật Hộ tịch Điều 11, 15: within 60 days of birth."""
    office = begin(at("2022-12-19", "06:30"))  # early, when the day in UTC is still the one before
    born = date(2022, 12, 19) - timedelta(days=age)
    case = office.accept(office.file(BIRTH, {"con_ngay_sinh": born.isoformat()}))
    data = {"originals_seen": True, "names_checked": True, "identity_checked": True, "competence_checked": True}
    case = office.complete(case, "review_application", "justice_officer", {**data, "decision": "register"})
    assert case.fee_total == total
    office.proven(case)


def test_an_exemption_leaves_its_line_with_nothing_to_pay(begin: Callable[[datetime], Office]) -> None:
    """Luật Hộ tịch Điều 11: lệ phí is waived, and the table says on which ground."""
    office = begin(at("2022-12-19"))
    proof = [{"sha256": "a" * 64, "name": "so-ho-ngheo.pdf", "size": 52000, "media_type": "application/pdf"}]
    case = office.accept(office.file(MARITAL, {"mien_le_phi": "ho_ngheo", "tep_mien_le_phi": proof}))
    case = office.complete(case, "review_application", "justice_officer", REVIEWED)
    assert case.fee_total == 0
    (line,) = case.fee_lines
    assert (line["amount"], line["unit_amount"]) == (0, 3000)
    assert line["exempted"]
    assert case.payments == ()
    assert [r["kind"] for r in case.receipts] == ["intake", "fee"]


def test_level_three_is_paid_at_the_desk_and_level_four_online(begin: Callable[[datetime], Office]) -> None:
    office = begin(at("2022-12-19"))
    late = office.accept(office.file(BIRTH, {"con_ngay_sinh": "2022-01-05"}))
    data = {"originals_seen": True, "names_checked": True, "identity_checked": True, "competence_checked": True}
    late = office.complete(late, "review_application", "justice_officer", {**data, "decision": "register"})
    assert (late.level, late.fee_total, late.payments) == (3, 5000, ())
    assert office.open(late) == {"collect_fee_at_desk"}
    order = f"{late.code.replace('.', '').replace('-', '')}P1"
    guess = RecordPayment(unit=UNIT, order=order, case_code=late.code, provider="standin", amount=5000, reference="R")
    with pytest.raises(PaymentMismatchError):
        office.do(guess, system(UNIT))
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", REVIEWED)
    assert (case.level, case.payments[-1]["amount"]) == (4, 3000)
    for wrong in ({"amount": 2999}, {"amount": 3001}, {"amount": 0}, {"provider": "other"}, {"order": "x"}):
        with pytest.raises(PaymentMismatchError):
            office.pay(case, **wrong)
    office.pay(case)
    assert office.pay(office.case(case.id)).data == {"already": True}
    assert office.count(case, events.PaymentReceived) == 1
    assert office.open(case) == {"draft_certificate"}


def signing(office: Office) -> Case:
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", REVIEWED)
    office.pay(case)
    case = office.complete(
        case, "draft_certificate", "justice_officer", {"contents_checked": True, "signer_note": "Trình ký"}
    )
    return office.complete(case, "confirm_draft", "applicant", {"decision": "agreed"})


def test_a_case_is_withdrawn_before_the_signature_only(begin: Callable[[datetime], Office]) -> None:
    office = begin(at("2022-12-19"))
    early, late = signing(office), signing(office)
    office.do(WithdrawCase(unit=UNIT, case_id=early.id, reason="Không cần nữa"), citizen("citizen1"))
    withdrawn = office.case(early.id)
    assert (withdrawn.status, withdrawn.ended, withdrawn.tasks, withdrawn.timers) == (7, True, {}, {})
    assert withdrawn.deadline is not None
    assert withdrawn.deadline.timeliness is None
    late = office.complete(late, "sign_result", "chairman", {"decision": "signed"})
    with pytest.raises(RuleError):
        office.do(WithdrawCase(unit=UNIT, case_id=late.id, reason="Muộn"), citizen("citizen1"))
    office.proven(early)
    office.proven(late)


def test_money_that_comes_after_a_case_was_stopped_is_booked_and_somebody_is_told(
    begin: Callable[[datetime], Office],
) -> None:
    office = begin(at("2022-12-19"))
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", REVIEWED)
    office.do(CancelCase(unit=UNIT, case_id=case.id, reason="Trùng hồ sơ"), officer("chairman"))
    office.pay(case)
    stopped = office.case(case.id)
    assert (stopped.status, stopped.ended, stopped.payments[-1]["paid"]) == (8, True, True)
    (incident,) = stopped.incidents.values()
    assert incident.kind == "payment"
    assert "3.000" in incident.error
    assert office.app.auditor.differences(case.id) == []


def test_money_that_comes_twice_is_booked_and_somebody_is_told(begin: Callable[[datetime], Office]) -> None:
    office = begin(at("2022-12-19"))
    case = office.complete(office.accept(office.file(MARITAL)), "review_application", "justice_officer", REVIEWED)
    cash = {"method": "cash", "payer_name": "Nguyễn Thị Lan", "received": True}
    paid = office.complete(case, "collect_fee", "cashier", cash)
    office.pay(case)
    twice = office.case(case.id)
    assert sum(p["amount"] for p in twice.payments if p["paid"]) == 6000
    assert [i.kind for i in twice.incidents.values()] == ["payment"]
    assert office.open(twice) == office.open(paid) == {"draft_certificate"}


def test_statuses_follow_each_other_as_the_national_table_says(begin: Callable[[datetime], Office]) -> None:
    statuses = begin(at("2022-12-19")).app.catalog.statuses
    assert {code: set(each.follows) for code, each in statuses.items()} == TRANSITIONS
    assert {code for code, each in statuses.items() if each.terminal} == {3, 7, 8, 10}
    for before in statuses:
        for after in statuses:
            allowed = after == before or after in TRANSITIONS[before]
            if allowed:
                status.check(before, after, statuses)
            else:
                with pytest.raises(RuleError):
                    status.check(before, after, statuses)


def test_case_codes_count_from_one_each_day_of_the_office(begin: Callable[[datetime], Office]) -> None:
    """TT 01/2018/TT-VPCP Điều 19."""
    office = begin(at("2022-12-19", "23:59"))
    codes = [office.file(MARITAL).code for _ in range(3)]
    office.until(at("2022-12-20", "00:01"))
    codes += [office.file(MARITAL).code, office.file(COPIES, {"ngay_hen": "2022-12-21"}).code]
    assert all(CASE_CODE.match(code) for code in codes)
    assert [code.split("-", 1)[1] for code in codes] == [
        "221219-0001",
        "221219-0002",
        "221219-0003",
        "221220-0001",
        "221220-0002",
    ]


def finished(office: Office) -> Case:
    case = office.complete(signing(office), "sign_result", "chairman", {"decision": "signed"})
    return office.complete(case, "seal_result", "records_clerk", {"checked": True, "entered": True, "sealed": True})


def test_registers_count_without_gaps_and_begin_anew_each_year(begin: Callable[[datetime], Office]) -> None:
    """One book per year and kind, numbers continuous from 01; a case that was given up leaves no hole."""
    office = begin(at("2022-12-29"))
    first = finished(office)
    given_up = signing(office)
    office.do(CancelCase(unit=UNIT, case_id=given_up.id, reason="Dừng"), officer("chairman"))
    second = finished(office)
    office.until(at("2023-01-04"))
    third = finished(office)
    books = [[r["number"] for r in case.receipts if r["kind"] == "register"] for case in (first, second, third)]
    assert books == [["01/2022"], ["02/2022"], ["01/2023"]]
    assert [case.results[-1]["number"].split("/")[0] for case in (first, second, third)] == ["01", "02", "01"]
    for case in (first, second, third):
        assert (case.status, case.ended) == (10, True)
        office.proven(case)


@pytest.mark.parametrize(
    ("day", "timeliness"), [("2022-12-21", "early"), ("2022-12-22", "on_time"), ("2022-12-23", "late")]
)
def test_a_result_is_early_on_time_or_late_by_the_day_it_was_promised(
    day: str, timeliness: str, begin: Callable[[datetime], Office]
) -> None:
    office = begin(at("2022-12-19"))
    case = signing(office)
    office.until(at(day, "16:59"))
    case = office.complete(case, "sign_result", "chairman", {"decision": "signed"})
    case = office.complete(case, "seal_result", "records_clerk", {"checked": True, "entered": True, "sealed": True})
    assert case.deadline is not None
    assert case.deadline.timeliness == timeliness
