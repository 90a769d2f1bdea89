"""A case as its applicant follows it: in plain words, with its papers, and for nobody else's eyes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.commands.messages import SuspendCase
from engine.domain.actor import Actor
from engine.domain.errors import NotFoundError
from tests.support.desk import UNIT, citizen, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def lines(followed: Followed, case_id: str) -> list[str]:
    return [row.vi for row in followed.app.following.timelines.of(citizen(), case_id).rows][::-1]


def test_the_timeline_tells_every_step_and_no_note_of_the_house(followed: Followed) -> None:
    case = followed.play(HAPPY)
    told = lines(followed, case.id)
    assert told[0] == "Hồ sơ đã được nộp"
    for line in (
        "Bộ phận Tiếp nhận và Trả kết quả làm xong: Kiểm tra thành phần hồ sơ",
        "Bắt đầu tính thời hạn, hẹn trả 17:00 ngày 22/12/2022",
        "Đã nhận 3.000 đồng",
        "Lãnh đạo đã ký kết quả",
        "Kết quả đã được đóng dấu",
        "Trạng thái: Đã trả kết quả",
    ):
        assert line in told
    assert any(line.startswith("Anh/chị đã làm: ") for line in told)
    page = followed.person("citizen1").get(f"/ho-so/{case.id}")
    assert "Chưa đăng ký kết hôn." not in page  # what the officer noted for the signer
    assert "{" not in "".join(told)


def test_the_page_says_who_holds_the_case_since_when_until_when(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=1)
    page = followed.person("citizen1").get(f"/ho-so/{case.id}")
    here = page.split('class="holders"')[1].split("</section>")[0]
    assert "Công chức Tư pháp - Hộ tịch</strong> đang giữ hồ sơ" in here
    assert "từ 08:30 ngày 19/12/2022" in here
    assert "đến 17:00 ngày 22/12/2022" in here
    assert 'aria-current="step"' in page


def test_what_waits_for_the_applicant_says_so(followed: Followed) -> None:
    case = followed.play(steps=1)
    [holder] = followed.app.following.timelines.of(citizen(), case.id).holders
    assert holder.yours
    assert holder.name[0] == open_of(case, "supply_documents").name
    page = followed.person("citizen1").get(f"/ho-so/{case.id}")
    assert "Chờ anh/chị" in page
    assert "số điện thoại không liên lạc được" in page  # the request's reason


def test_why_the_house_holds_a_case_still_is_not_told(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=1)
    command = SuspendCase(unit=UNIT, case_id=case.id, reason="nghi giấy tờ giả")
    followed.app.handle(command, officer("chairman"), "suspend")
    page = followed.person("citizen1").get(f"/ho-so/{case.id}")
    assert "Hồ sơ tạm ngừng để kiểm tra" in page
    assert "nghi giấy tờ giả" not in page


@pytest.mark.parametrize("path", ["", "/giay-tiep-nhan", "/so-do", "/so-do/intake", "/cach-nhan", "/rut"])
def test_nobody_opens_another_persons_case_or_receipt(followed: Followed, path: str) -> None:
    case = followed.play(HAPPY, steps=1)
    followed.person("citizen2").get(f"/ho-so/{case.id}{path}", 404)
    for stranger in (
        citizen("citizen2"),
        Actor(id="x", name="x", kind="officer", unit="xa-khac", groups=frozenset({"a"})),
    ):
        with pytest.raises(NotFoundError):
            followed.app.following.timelines.of(stranger, case.id)
        with pytest.raises(NotFoundError):
            followed.app.following.papers.form(stranger, case.id, "01")


def test_the_receipt_is_form_01_and_the_same_for_citizen_and_desk(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=1)
    clerk = followed.person("officer-one_stop", "one_stop")
    mine = followed.person("citizen1").client.get(f"/ho-so/{case.id}/giay-tiep-nhan")
    theirs = clerk.client.get(f"/can-bo/ho-so/{case.id}/giay-tiep-nhan")
    assert mine.data == theirs.data
    assert mine.mimetype == "application/pdf"
    page = PdfReader(BytesIO(mine.data)).pages[0]
    text = " ".join(page.extract_text().split())
    for part in (
        case.code,
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Nguyễn Thị Lan",
        "0001/2022/TNHS",
        "03 ngày làm việc",
    ):
        assert part in text
    assert "08 giờ 30 phút, ngày 19/12/2022" in text
    assert "17 giờ 00 phút, ngày 22/12/2022" in text
    assert f"/tra-cuu?code={case.code}" in text
    assert "officer-one_stop" in text  # who received
    assert round(page.mediabox.width * 25.4 / 72) == 148  # A5


def test_there_is_no_receipt_before_the_case_is_received(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=0)
    followed.person("citizen1").get(f"/ho-so/{case.id}/giay-tiep-nhan", 404)


def test_another_way_of_delivery_is_chosen_on_the_page_and_the_process_goes_that_way(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=1)
    lan = followed.person("citizen1")
    lan.get(f"/ho-so/{case.id}/cach-nhan")
    page = lan.post(
        f"/ho-so/{case.id}/cach-nhan", {"delivery": "post", "name": "", "phone": "0903", "address": "x"}, 422
    ).text
    assert 'href="#name"' in page
    assert 'value="0903"' in page
    lan.post(f"/ho-so/{case.id}/cach-nhan", {"delivery": "post", "name": "Lan", "phone": "0903", "address": "12 ấp 3"})
    assert "12 ấp 3" in lan.get(f"/ho-so/{case.id}")
    after = followed.go_on(case, HAPPY, 1, 6)
    assert after.delivery == "post"


def test_a_finished_case_is_rated_once_and_shown(followed: Followed) -> None:
    case = followed.play(HAPPY)
    lan = followed.person("citizen1")
    lan.get(f"/ho-so/{case.id}")
    lan.post(f"/ho-so/{case.id}/danh-gia", {"comment": "không chọn điểm"})
    assert followed.case(case.id).rating is None
    assert "Hãy chọn từ 1 đến 5." in lan.get(f"/ho-so/{case.id}")
    lan.post(f"/ho-so/{case.id}/danh-gia", {"score": "4", "comment": "Nhanh"})
    assert "<strong>4/5</strong>" in lan.get(f"/ho-so/{case.id}")


def test_cases_are_listed_by_what_is_to_be_done(followed: Followed) -> None:
    case = followed.play(steps=1)
    lan = followed.person("citizen1")
    for where, there in (("", True), ("dang", True), ("cho-toi", True), ("nop-phi", False), ("xong", False)):
        assert (case.code in lan.get(f"/ho-so?loc={where}")) is there


def test_messages_go_both_ways(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=1)
    lan, clerk = followed.person("citizen1"), followed.person("officer-one_stop", "one_stop")
    lan.get(f"/ho-so/{case.id}")
    lan.post(f"/ho-so/{case.id}/lam", {"text": "Bao giờ xong?"})
    assert "Bao giờ xong?" in clerk.get(f"/can-bo/ho-so/{case.id}").split('id="trao-doi"')[1].split("</section>")[0]
    clerk.post(f"/can-bo/ho-so/{case.id}/lam", {"_action": "comment", "public": "1", "text": "Ngày mai ạ"})
    clerk.get(f"/can-bo/ho-so/{case.id}")
    clerk.post(f"/can-bo/ho-so/{case.id}/lam", {"_action": "comment", "text": "chuyện trong nhà"})
    page = lan.get(f"/ho-so/{case.id}")
    assert "Ngày mai ạ" in page
    assert "chuyện trong nhà" not in page


def test_looking_up_codes_one_by_one_is_stopped_with_honest_words(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=0)
    somebody = followed.person("citizen2")
    for _ in range(60):
        somebody.client.get(f"/tra-cuu?code={case.code}")
    page = somebody.get(f"/tra-cuu?code={case.code}", 429)
    assert "Hãy đợi 15 phút" in page
    assert "Mới đăng ký" not in page
    somebody.get("/tra-cuu")


def test_a_complaint_is_answered_and_the_answer_is_read(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=0)
    lan, clerk = followed.person("citizen1"), followed.person("officer-one_stop", "one_stop")
    assert "15 ngày làm việc" in lan.get(f"/phan-anh?ho_so={case.id}")
    page = lan.post("/phan-anh", {"kind": "complaint", "text": " ", "ho_so": case.id}, status=422).text
    assert 'href="#text"' in page
    lan.post("/phan-anh", {"kind": "complaint", "text": "Chờ lâu quá", "ho_so": case.id})
    page = clerk.get("/can-bo/phan-anh")
    assert "Chờ lâu quá" in page
    assert case.code in page
    action = page.split('action="/can-bo/phan-anh/')[1].split('"')[0]
    clerk.post(f"/can-bo/phan-anh/{action}", {"state": "answered", "text": "Xin lỗi, mai xong"})
    assert "Xin lỗi, mai xong" in lan.get("/phan-anh")
    assert "Chờ lâu quá" not in followed.person("citizen2").get("/phan-anh")
    followed.person("citizen2").get(f"/phan-anh?ho_so={case.id}", 404)
    followed.person("thu", "cashier").get("/can-bo/phan-anh", 403)


def test_every_look_of_an_officer_is_told_to_the_applicant(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=0)
    lan, clerk = followed.person("citizen1"), followed.person("mai", "one_stop")
    assert "Chưa có cán bộ nào xem." in lan.get(f"/ho-so/{case.id}")
    clerk.get(f"/can-bo/ho-so/{case.id}")
    clerk.get(f"/can-bo/ho-so/{case.id}/viec?key=" + open_of(case, "check_documents").key.replace("#", "%23"))
    clerk.get("/can-bo/ho-so/khong-co", 404)
    page = lan.get(f"/ho-so/{case.id}")
    assert "mai" in page.split("Ai đã xem hồ sơ của tôi")[1]
    assert ": 2 lần" in page
