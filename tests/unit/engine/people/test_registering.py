"""Every way to an account, with the outside party honest, refusing, silent and lying."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.identity.making import read_ways
from engine.domain.errors import NotFoundError
from engine.domain.registration import (
    AccountExistsError,
    CodeOverError,
    NotVouchedError,
    OutsideRefusedError,
    OutsideSilentError,
    RegistrationOverError,
    SignatureRefusedError,
    TooManyTriesError,
    WrongCodeError,
)
from engine.people.codes import SENDS, TRIES
from engine.settings import Settings
from tests.support.desk import ROOT
from tests.support.outside import Town, town

HOA = {"name": "Phạm Thị Hoa", "id_number": "079188005678", "birth_date": "1988-03-12"}
MOBILE = {**HOA, "phone": "0905111222"}
INSURED = {**HOA, "insurance_number": "7915000456"}
FIRM = "0312345678"


class Now:
    """A clock that is set by hand; begins at the machine's own time, which certificates and lists go by."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def now(self) -> datetime:
        return self.at

    def go(self, **by: Any) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock() -> Now:
    return Now()


@pytest.fixture
def here(tmp_path: Path, clock: Now) -> Town:
    settings = Settings(home=tmp_path, database_url="", catalog=ROOT / "catalog", unit="xa-mau", demo=True)
    return town(settings, clock)


def begin(here: Town, way: str, given: dict[str, str], subtype: Any = "person") -> Any:
    return here.people.registering.begin(way, subtype, given, address="192.0.2.1")


def account(here: Town, own: Any) -> Any:
    return here.people.registering.finish(own.id, "hash")


def test_all_five_ways_are_offered_to_persons_and_three_to_organisations(here: Town) -> None:
    ways = {who: [one.id for one in here.people.registering.offered(who)] for who in ("person", "enterprise", "agency")}
    assert ways["person"] == ["mobile", "bhxh", "post", "usb", "sim"]
    assert ways["enterprise"] == ways["agency"] == ["post", "usb", "sim"]
    for nonsense in ("robot", ""):
        with pytest.raises(NotFoundError):
            here.people.registering.offered(nonsense)
    with pytest.raises(NotFoundError):
        here.people.registering.text("mobile", "enterprise")


def test_a_way_whose_section_is_missing_is_not_offered(tmp_path: Path, clock: Now) -> None:
    settings = Settings(home=tmp_path, database_url="", catalog=ROOT / "catalog", unit="xa-mau", demo=True)
    first = town(settings, clock)
    first.outside.sections = {"bhxh": first.outside.sections["bhxh"]}
    assert sorted(first.outside.maker().ways(read_ways(ROOT / "catalog"))) == ["bhxh"]


@pytest.mark.parametrize(("way", "given"), [("mobile", MOBILE), ("bhxh", INSURED)])
def test_what_a_register_confirms_is_proven_by_a_code_to_its_own_number(here: Town, way: str, given: Any) -> None:
    own = begin(here, way, given)
    assert (own.step, own.wants) == ("begun", "code")
    message = here.sent.messages[-1]
    assert (message["channel"], message["recipient"], message["template"]) == ("sms", "0905111222", "otp")
    proven = here.people.registering.enter_code(own.id, f" {here.sent.code()[:3]} {here.sent.code()[3:]}")
    assert proven.step == "proven"
    made = account(here, proven)
    assert (made.login, made.name, made.kind) == ("079188005678", "Phạm Thị Hoa", "citizen")
    assert (made.profile["assurance"], made.profile["proven_by"], made.profile["phone"]) == (1, way, "0905111222")
    assert here.accounts.by_login("079188005678") == made


@pytest.mark.parametrize(
    ("way", "given"),
    [
        ("mobile", {**MOBILE, "phone": "0903000111"}),
        ("mobile", {**MOBILE, "phone": "0333999888"}),
        ("bhxh", {**INSURED, "birth_date": "1988-03-13"}),
        ("bhxh", {**INSURED, "name": "Phạm Thị Hòa"}),
        ("bhxh", {**INSURED, "insurance_number": "0000000000"}),
        ("bhxh", {**INSURED, "id_number": "079188005679"}),
        ("post", {"counter_code": "AAAAAAAA", "id_number": "079188005678"}),
    ],
)
def test_details_that_do_not_fit_and_unknown_ones_are_refused_alike(here: Town, way: str, given: Any) -> None:
    with pytest.raises(NotVouchedError) as refused:
        begin(here, way, given)
    assert "không xác nhận những thông tin này" in refused.value.message
    assert here.sent.messages == []


def test_a_name_is_compared_without_regard_to_case_blanks_and_encoding(here: Town) -> None:
    typed = unicodedata.normalize("NFD", "phạm  thị HOA")
    values, problems = here.people.registering.read("bhxh", "person", {**INSURED, "name": typed})
    assert problems == []
    assert begin(here, "bhxh", values).wants == "code"


WAYS: list[tuple[str, str, Any]] = [
    ("mobile", "thuebao", MOBILE),
    ("bhxh", "bhxh", INSURED),
    ("post", "buudien", {"counter_code": "AAAAAAAA", "id_number": "079188005678"}),
    ("sim", "mssp", {"phone": "0905111222", "id_number": "079188005678"}),
]


@pytest.mark.parametrize(("way", "party", "given"), WAYS)
def test_a_party_that_refuses_or_is_silent_leaves_nothing_behind(here: Town, way: str, party: str, given: Any) -> None:
    here.outside.book.turn(party, refuse=True)
    with pytest.raises(OutsideRefusedError):
        begin(here, way, given)
    here.outside.wire.broken = True
    with pytest.raises(OutsideSilentError):
        begin(here, way, given)
    assert here.outside.wire.timeouts == [5.0, 5.0]
    assert here.sent.messages == []


@pytest.mark.parametrize(("way", "party", "given"), WAYS[:2])
def test_an_answer_that_makes_no_sense_is_no_answer(here: Town, way: str, party: str, given: Any) -> None:
    here.outside.book.turn(party, lie="garbage")
    with pytest.raises(OutsideSilentError):
        begin(here, way, given)


def test_a_register_that_confirms_everybody_still_sends_the_code_only_to_the_number_it_names(here: Town) -> None:
    here.outside.book.turn("bhxh", lie="match")
    own = begin(here, "bhxh", {**INSURED, "id_number": "079000000000"})
    assert here.sent.messages[-1]["recipient"] == "0905111222"
    assert own.step == "begun"


def test_a_wrong_code_is_counted_and_after_some_the_right_one_is_too_late(here: Town) -> None:
    own, registering = begin(here, "mobile", MOBILE), here.people.registering
    right = here.sent.code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(TRIES):
        with pytest.raises(WrongCodeError):
            registering.enter_code(own.id, wrong)
    with pytest.raises(CodeOverError):
        registering.enter_code(own.id, right)
    registering.send_again(own.id)
    assert registering.enter_code(own.id, here.sent.code()).step == "proven"


def test_codes_are_good_once_for_five_minutes_and_not_on_a_clock_set_back(here: Town, clock: Now) -> None:
    own, registering = begin(here, "mobile", MOBILE), here.people.registering
    code = here.sent.code()
    clock.go(minutes=5)
    with pytest.raises(CodeOverError):
        registering.enter_code(own.id, code)
    clock.go(minutes=-10)
    with pytest.raises(RegistrationOverError):
        registering.enter_code(own.id, code)
    clock.go(minutes=6)
    registering.enter_code(own.id, code)
    with pytest.raises(RegistrationOverError):
        registering.enter_code(own.id, code)


def test_nobody_can_have_a_phone_flooded_with_codes(here: Town) -> None:
    own, registering = begin(here, "mobile", MOBILE), here.people.registering
    for _ in range(SENDS - 1):
        registering.send_again(own.id)
    with pytest.raises(TooManyTriesError):
        registering.send_again(own.id)
    assert len(here.sent.messages) == SENDS


def test_trying_numbers_out_is_stopped(here: Town) -> None:
    for _ in range(8):
        with pytest.raises(NotVouchedError):
            begin(here, "mobile", {**MOBILE, "phone": "0333999888"})
    with pytest.raises(TooManyTriesError):
        begin(here, "mobile", MOBILE)


def test_no_code_is_kept_in_the_clear(here: Town) -> None:
    begin(here, "mobile", MOBILE)
    assert here.sent.code() not in repr(here.people.store._codes)  # type: ignore[attr-defined]


def test_a_code_of_the_post_office_is_good_once_and_for_its_owner(here: Town) -> None:
    code = here.outside.slip(1)
    with pytest.raises(NotVouchedError):
        begin(here, "post", {"counter_code": code, "id_number": "079190001234"})
    own = begin(here, "post", {"counter_code": code, "id_number": "079188005678"})
    assert own.step == "proven"
    made = account(here, own)
    assert (made.name, made.profile["birth_date"], made.profile["assurance"]) == ("Phạm Thị Hoa", "1988-03-12", 2)
    with pytest.raises(NotVouchedError):
        begin(here, "post", {"counter_code": code, "id_number": "079188005678"})


def test_a_post_office_that_hands_over_somebody_else_is_not_believed(here: Town) -> None:
    here.outside.book.turn("buudien", lie="other")
    with pytest.raises(NotVouchedError):
        begin(here, "post", {"counter_code": "AAAAAAAA", "id_number": "079188005678"})


def test_an_enterprise_and_an_agency_register_by_their_codes(here: Town) -> None:
    firm = begin(here, "post", {"counter_code": here.outside.slip(4), "tax_code": FIRM}, "enterprise")
    made = account(here, firm)
    assert (made.login, made.name, made.profile["subtype"]) == (FIRM, "Công ty TNHH Lúa Vàng", "enterprise")
    agency = begin(here, "usb", {"agency_code": "000.05.12.H29"}, "agency")
    answer = here.outside.token(agency.reference["challenge"], "000.05.12.H29|good")
    made = account(here, here.people.registering.answer(agency.id, answer))
    assert (made.login, made.profile["subtype"]) == ("000.05.12.H29", "agency")
    assert made.profile["organisation"] == "Trạm Y tế xã Mẫu"


def test_a_number_has_one_account_and_only_its_proven_owner_learns_of_it(here: Town) -> None:
    account(here, begin(here, "post", {"counter_code": here.outside.slip(1), "id_number": "079188005678"}))
    again = begin(here, "mobile", MOBILE)
    assert not here.people.registering.taken(again)
    again = here.people.registering.enter_code(again.id, here.sent.code())
    assert here.people.registering.taken(again)
    with pytest.raises(AccountExistsError):
        account(here, again)


def test_a_registration_makes_one_account(here: Town) -> None:
    own = begin(here, "post", {"counter_code": here.outside.slip(1), "id_number": "079188005678"})
    account(here, own)
    with pytest.raises(RegistrationOverError):
        account(here, own)
    for nobody in ("", "x", "a" * 500):
        with pytest.raises(RegistrationOverError):
            here.people.registering.open(nobody)


def test_what_is_not_proven_makes_no_account(here: Town) -> None:
    for own in (begin(here, "mobile", MOBILE), begin(here, "usb", {"id_number": "079188005678"})):
        with pytest.raises(RegistrationOverError):
            account(here, own)


def signed(here: Town, holder: str = "079188005678|good", number: str = "079188005678", **changed: str) -> Any:
    own = begin(here, "usb", {"id_number": number})
    answer = here.outside.token(own.reference["challenge"], holder)
    return here.people.registering.answer(own.id, {**answer, **changed})


def test_a_signature_by_the_token_proves_its_owner(here: Town) -> None:
    made = account(here, signed(here))
    assert (made.name, made.profile["assurance"], made.profile["proven_by"]) == ("Phạm Thị Hoa", 2, "usb")


@pytest.mark.parametrize(
    ("kind", "word"), [("expired", "hết hạn"), ("revoked", "thu hồi"), ("foreign", "không do tổ chức được tin cậy")]
)
def test_certificates_that_are_over_revoked_or_by_others_prove_nothing(here: Town, kind: str, word: str) -> None:
    with pytest.raises(SignatureRefusedError) as refused:
        signed(here, f"079188005678|{kind}")
    assert word in refused.value.message


def test_somebody_elses_certificate_proves_nobody(here: Town) -> None:
    with pytest.raises(NotVouchedError):
        signed(here, "079190001234|good")


@pytest.mark.parametrize(
    "changed",
    [
        {"signature": ""},
        {"signature": "!!!"},
        {"signature": "AAAA"},
        {"certificate": ""},
        {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
        {"challenge": "another"},
    ],
)
def test_answers_that_were_tampered_with_prove_nothing(here: Town, changed: dict[str, str]) -> None:
    with pytest.raises(SignatureRefusedError):
        signed(here, **changed)


def test_a_signing_program_that_signs_something_else_is_found_out(here: Town) -> None:
    here.outside.book.turn("usbtoken", lie="other_text")
    with pytest.raises(SignatureRefusedError):
        signed(here)


def test_lists_of_revoked_certificates_that_are_old_or_out_of_reach_let_nobody_in(here: Town) -> None:
    here.outside.book.turn("usbtoken", lie="old_lists")
    with pytest.raises(SignatureRefusedError):
        signed(here)
    here.outside.book.turn("usbtoken", lie="")
    own = begin(here, "usb", {"id_number": "079188005678"})
    answer = here.outside.token(own.reference["challenge"], "079188005678|good")
    here.outside.wire.broken = True
    with pytest.raises(OutsideSilentError):
        here.people.registering.answer(own.id, answer)


def test_a_challenge_is_good_once_for_two_minutes_and_for_one_browser(here: Town, clock: Now) -> None:
    own, other = (begin(here, "usb", {"id_number": "079188005678"}) for _ in range(2))
    answer = here.outside.token(own.reference["challenge"], "079188005678|good")
    with pytest.raises(SignatureRefusedError):
        here.people.registering.answer(other.id, answer)
    clock.go(minutes=2)
    with pytest.raises(RegistrationOverError):
        here.people.registering.answer(own.id, answer)
    fresh = here.people.registering.renew(own.id)
    assert fresh.reference["challenge"] != own.reference["challenge"]
    with pytest.raises(SignatureRefusedError):
        here.people.registering.answer(own.id, answer)
    answer = here.outside.token(fresh.reference["challenge"], "079188005678|good")
    assert here.people.registering.answer(own.id, answer).step == "proven"
    with pytest.raises(RegistrationOverError):
        here.people.registering.answer(own.id, answer)


def test_a_challenge_says_what_for_and_where(here: Town) -> None:
    text = begin(here, "usb", {"id_number": "079188005678"}).reference["challenge"]
    assert "purpose: register" in text
    assert "origin: http://127.0.0.1:8000" in text
    assert len(text.splitlines()) == 6


SIM = {"phone": "0905111222", "id_number": "079188005678"}


def test_a_phone_confirms_late_and_is_asked_again_until_then(here: Town) -> None:
    own, registering = begin(here, "sim", SIM), here.people.registering
    assert own.wants == "patience"
    assert registering.answer(own.id, {}).wants == "patience"
    here.outside.press("079188005678")
    proven = registering.answer(own.id, {})
    assert (proven.step, proven.facts["phone"]) == ("proven", "0905111222")
    assert account(here, proven).profile["proven_by"] == "sim"


def test_a_phone_that_refuses_or_never_answers_proves_nothing_and_may_be_asked_anew(here: Town, clock: Now) -> None:
    own, registering = begin(here, "sim", SIM), here.people.registering
    here.outside.press("no")
    with pytest.raises(SignatureRefusedError) as refused:
        registering.answer(own.id, {})
    assert "từ chối" in refused.value.message
    own = registering.renew(own.id)
    clock.go(minutes=3)
    with pytest.raises(SignatureRefusedError) as late:
        registering.answer(own.id, {})
    assert "hết hạn" in late.value.message


def test_a_number_without_a_signing_sim_is_told_so(here: Town) -> None:
    with pytest.raises(SignatureRefusedError) as refused:
        begin(here, "sim", {**SIM, "phone": "0333999888"})
    assert "không có SIM ký số" in refused.value.message


@pytest.mark.parametrize(
    ("lie", "error"),
    [("other_text", SignatureRefusedError), ("revoked", SignatureRefusedError), ("other_person", NotVouchedError)],
)
def test_a_signature_service_that_lies_is_found_out(here: Town, lie: str, error: type[Exception]) -> None:
    own = begin(here, "sim", SIM)
    here.outside.press("079188005678")
    here.outside.book.turn("mssp", lie=lie)
    with pytest.raises(error):
        here.people.registering.answer(own.id, {})


def test_an_enterprise_confirms_on_the_phone_of_who_acts_for_it(here: Town) -> None:
    own = begin(here, "sim", {"phone": "0905111222", "tax_code": FIRM}, "enterprise")
    here.outside.press(FIRM)
    assert here.people.registering.answer(own.id, {}).facts["organisation_code"] == FIRM


def test_a_registration_of_another_unit_is_not_found(here: Town) -> None:
    own = begin(here, "mobile", MOBILE)
    with pytest.raises(RegistrationOverError):
        replace(here.people.registering, unit="xa-khac").open(own.id)
