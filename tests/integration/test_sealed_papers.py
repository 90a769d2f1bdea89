"""The desk's papers bear the agency's seal: once, the same file for everybody, and never in the way of whoever asks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from engine.commands.following_messages import ChangeDelivery
from engine.commands.messages import ExtendDeadline
from engine.domain import seals
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.replay import Auditor
from tests.support.desk import UNIT, citizen, officer
from tests.support.followed import Followed
from tests.support.key_store import HAPPY, Keys, ending, house_with, kept
from tests.support.signing import AGENCY, Office, altered_page, now, office, pdfsig

SCENARIOS = HAPPY.parent
SUPPLEMENT, REFUSED = SCENARIOS / "02_bo_sung_roi_tiep_nhan_tai_quay.toml", SCENARIOS / "04_khong_tiep_nhan.toml"
CLERK = officer("one_stop", name="clerk-mai")


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def room(shared: Office) -> Iterator[Office]:
    yield shared
    shared.book.turn("tsa", refuse=False, delay=0.0, repeat=0, lie="")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Followed]]:
    """Opens houses, and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda keys, url="": stack.enter_context(house_with(keys, tmp_path, url))


@pytest.fixture
def house(room: Office, tmp_path: Path, opened: Any) -> Followed:
    """A house with the agency's key."""
    found: Followed = opened(Keys(room, tmp_path))
    return found


def received(house: Followed) -> Case:
    return house.desk.play(HAPPY, steps=1, check=False)


def form(house: Followed, case: Case, number: str = "01", who: Actor = CLERK) -> bytes:
    return house.app.following.papers.form(who, case.id, number)


def text_of(content: bytes) -> str:
    """The words of a PDF, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def shown(content: bytes) -> str:
    """What its seal looks like, in words."""
    (widget,) = [one.get_object() for one in PdfReader(io.BytesIO(content)).pages[0]["/Annots"]]
    left, bottom, right, top = (float(side) for side in widget["/Rect"])
    width, height = (float(side) for side in PdfReader(io.BytesIO(content)).pages[0].mediabox[2:])
    assert 0 < left < right < width
    assert height - 34 < bottom < top < height  # in the upper margin of 12 mm, where nothing else is
    return text_of(content)


def token_of(case: Case, kind: str = "intake") -> str:
    return str(next(one["seal"]["token"] for one in case.receipts if one["kind"] == kind))


def flipped(content: bytes) -> bytes:
    """With one bit of its page changed."""
    place = content.index(b"stream") + 40
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def verdict(house: Followed, content: bytes, token: str = "") -> str:
    return house.app.portal.results.check(content, token)[0].code


def test_form_01_bears_the_agencys_seal_and_strangers_tools_accept_it(
    house: Followed, room: Office, tmp_path: Path
) -> None:
    case = received(house)
    content = form(house, case)
    (one,) = room.checker.check(content).signatures
    assert (one.signer, one.problems) == (AGENCY, ())
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    assert case.code in signature.sig_object["/Reason"]
    assert signature.sig_object["/Location"] == "Mẫu"
    said = pdfsig(content, tmp_path)
    assert (said.count("Signature is Valid"), said.count("ETSI.CAdES.detached")) == (1, 1)
    assert "/DSS" in PdfFileReader(io.BytesIO(content)).root
    words = shown(content)
    assert "Giấy này được cơ quan ký số" in words
    assert seals.mark_of(case, "intake", str(case.receipts[0]["number"])) in words


def test_it_is_the_same_file_for_clerk_and_citizen_whatever_comes_later(house: Followed) -> None:
    case = received(house)
    content = form(house, case)
    assert form(house, case, who=citizen(str(case.applicant["account"]))) == content
    due = case.deadline.due if case.deadline else now()
    moved = ExtendDeadline(unit=UNIT, case_id=case.id, reason="Chờ xác minh.", due=due + timedelta(days=1))
    house.app.handle(moved, officer("chairman", name="leader"), "extend")
    assert form(house, case) == content
    assert Auditor(house.app.ports).differences(case.id) == []


def test_forms_02_and_03_are_sealed_and_04_is_left_to_the_head_of_the_agency(house: Followed, room: Office) -> None:
    asked = house.desk.play(SUPPLEMENT, steps=1, check=False)
    refused = house.desk.play(REFUSED, steps=1, check=False)
    for case, number in ((asked, "02"), (refused, "03")):
        assert room.checker.check(form(house, case, number)).sound
    case = received(house)
    due = case.deadline.due if case.deadline else now()
    moved = ExtendDeadline(unit=UNIT, case_id=case.id, reason="Chờ xác minh.", due=due + timedelta(days=1))
    house.app.handle(moved, officer("chairman", name="leader"), "extend")
    assert room.checker.check(form(house, case, "04")).signatures == ()
    assert "Ký, đóng dấu" in text_of(form(house, case, "04"))
    assert "không ký số" in house.person("clerk-mai", "one_stop").get(f"/can-bo/ho-so/{case.id}")


def test_what_a_paper_says_is_what_was_so_when_it_was_issued(house: Followed, room: Office) -> None:
    case = received(house)
    assert case.delivery == "electronic"
    which = {"unit": UNIT, "case_id": case.id, "delivery": "desk"}
    house.app.handle(ChangeDelivery(**which), citizen(str(case.applicant["account"])), "elsewhere")
    assert house.case(case.id).delivery == "desk"
    said = text_of(form(house, case))  # asked for only now
    assert "Đăng ký nhận kết quả tại: Bản điện tử" in said
    room.book.turn("tsa", refuse=True)
    other = received(house)
    house.app.handle(
        ChangeDelivery(**{**which, "case_id": other.id}), citizen(str(other.applicant["account"])), "elsewhere 2"
    )
    assert "Đăng ký nhận kết quả tại: Bản điện tử" in text_of(form(house, other))  # also without a seal


@pytest.mark.parametrize("lie", ["imprint", "expired", "revoked"])
def test_a_stamper_that_lies_or_a_revoked_key_seals_nothing_and_the_paper_is_given(
    house: Followed, room: Office, lie: str
) -> None:
    case = received(house)
    room.book.turn("tsa", lie=lie)
    content = form(house, case)
    assert room.checker.check(content).signatures == ()
    assert case.code in text_of(content)
    assert "ký số" not in text_of(content)
    assert house.case(case.id).version == case.version
    room.book.turn("tsa", lie="")
    house.desk.clock.advance(timedelta(minutes=11))  # longer than lists of revoked keys are believed
    assert PdfFileReader(io.BytesIO(form(house, case))).embedded_regular_signatures


def test_a_stamper_that_is_away_is_told_to_the_officer_and_the_next_paper_is_sealed(
    house: Followed, room: Office
) -> None:
    case = received(house)
    clerk = house.person("clerk-mai", "one_stop")
    assert "sẽ ký số khi tải lần đầu" in clerk.get(f"/can-bo/ho-so/{case.id}")
    room.book.turn("tsa", refuse=True)
    answer = clerk.client.get(f"/can-bo/ho-so/{case.id}/mau/01")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    page = clerk.get(f"/can-bo/ho-so/{case.id}")
    assert "chưa ký số (không tải được danh sách thu hồi" in page
    assert "thử lại sau" in page
    assert "đã ký số" not in page
    room.book.turn("tsa", refuse=False)
    house.desk.clock.advance(timedelta(minutes=6))
    clerk.client.get(f"/can-bo/ho-so/{case.id}/mau/01")
    page = clerk.get(f"/can-bo/ho-so/{case.id}")
    assert "đã ký số" in page
    assert f"/ket-qua/{token_of(house.case(case.id))}" in page
    assert "bản ký số là từng tệp riêng" in page


def test_the_citizens_page_and_the_counter_say_that_the_receipt_is_sealed(house: Followed) -> None:
    case = received(house)
    lan = house.person(str(case.applicant["account"]))
    assert "đã ký số" not in lan.get(f"/ho-so/{case.id}")
    counter = house.person("clerk-mai", "one_stop")
    assert "sẽ ký số khi tải lần đầu" in counter.get(f"/can-bo/quay/ho-so/{case.id}")
    form(house, case)
    assert "đã ký số" in lan.get(f"/ho-so/{case.id}")
    assert "đã ký số" in counter.get(f"/can-bo/quay/ho-so/{case.id}")


def test_a_download_is_not_in_the_way_of_a_form_that_is_open(house: Followed) -> None:
    case = received(house)
    lan = house.person(str(case.applicant["account"]))
    lan.get(f"/ho-so/{case.id}/rut")
    assert lan.client.get(f"/ho-so/{case.id}/mau/01").mimetype == "application/pdf"
    assert house.case(case.id).version == case.version + 1
    lan.post(f"/ho-so/{case.id}/rut", {"reason": "Không cần nữa"})
    assert house.case(case.id).status == 7


def test_an_expired_key_seals_nothing_and_says_so(room: Office, tmp_path: Path, opened: Any) -> None:
    keys = Keys(room, tmp_path)
    made = ending(room, AGENCY, now() - timedelta(days=1))
    keys.entries[0] = {"role": "agency", "signer": AGENCY, **kept(tmp_path, "old", made)}
    house = opened(keys)
    case = received(house)
    assert room.checker.check(form(house, case)).signatures == ()
    page = house.person("clerk-mai", "one_stop").get(f"/can-bo/ho-so/{case.id}")
    assert f"chưa ký số: Chứng thư số của {AGENCY} chỉ có hiệu lực" in page


def test_a_unit_without_a_seal_gives_its_papers_and_says_so(room: Office, tmp_path: Path, opened: Any) -> None:
    keys = Keys(room, tmp_path)
    keys.entries[0] = {**keys.entries[0], "signer": "Ủy ban nhân dân xã Khác"}
    house = opened(keys)
    case = received(house)
    assert room.checker.check(form(house, case)).signatures == ()
    page = house.person("clerk-mai", "one_stop").get(f"/can-bo/ho-so/{case.id}")
    assert "chưa ký số: đơn vị chưa có khóa con dấu" in page


def test_the_verification_page_tells_a_good_seal_a_changed_byte_and_a_stranger(house: Followed, room: Office) -> None:
    case, other = received(house), received(house)
    content, strange = form(house, case), form(house, other)
    token = token_of(house.case(case.id))
    assert [verdict(house, content, token), verdict(house, content)] == ["genuine", "genuine"]
    assert verdict(house, altered_page(content), token) == "altered"
    assert verdict(house, flipped(content)) in ("altered", "unreadable")
    assert verdict(house, strange, token) == "other"
    assert verdict(house, room.sealed()) == "foreign"
    anybody = house.person("somebody")
    page = anybody.get(f"/ket-qua/{token}")
    assert "Giấy tiếp nhận hồ sơ và hẹn trả kết quả" in page
    assert "Chữ ký số trong bản lưu còn nguyên vẹn" in page
    assert str(case.applicant["name"]) not in page
    anybody.page = page
    answer = anybody.client.post(
        f"/ket-qua/{token}", data={**anybody.own(), "copy": (io.BytesIO(altered_page(content)), "x.pdf")}
    )
    assert "Bản này đã bị sửa sau khi ký" in answer.text


def test_a_key_that_had_been_revoked_is_told_with_the_reason(house: Followed, room: Office) -> None:
    case = received(house)
    content = form(house, case)
    token = token_of(house.case(case.id))
    room.book.turn("tsa", lie="revoked")
    later = house.app.portal.results
    later._checker = room.again().checker  # which has yet to fetch the lists
    assert verdict(house, content, token) == "untrusted"
    view = later.by_token(token)
    assert view
    assert view.finding.signatures[0].problems == ("revoked",)
    page = house.person("somebody").get(f"/ket-qua/{token}")
    assert "chứng thư đã bị thu hồi khi ký" in page


def test_all_papers_in_one_file_show_the_seals_and_hold_no_signature(house: Followed, room: Office) -> None:
    case = received(house)
    content = form(house, case)
    papers = house.app.following.papers
    for whole in (papers.everything(CLERK, case.id), papers.several(CLERK, [case.id])[0], papers.twice(content)):
        assert room.checker.check(whole).signatures == ()
        assert "/AcroForm" not in PdfReader(io.BytesIO(whole)).trailer["/Root"]
        assert "Giấy này được cơ quan ký số" in text_of(whole)
    assert papers.everything(CLERK, case.id) == papers.everything(CLERK, case.id)


def test_printing_everything_seals_nothing(house: Followed, room: Office) -> None:
    case = received(house)
    house.app.following.papers.everything(CLERK, case.id)
    house.app.following.papers.several(CLERK, [case.id])
    assert house.case(case.id).version == case.version


def test_filing_and_receiving_ask_nobody_for_a_seal(house: Followed, room: Office) -> None:
    before = room.book.entries("tsa")
    case = received(house)
    assert not [one for one in case.receipts if "seal" in one]
    assert room.book.entries("tsa") == before
    form(house, case)
    assert room.book.entries("tsa") != before
