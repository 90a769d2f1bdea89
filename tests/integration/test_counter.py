"""The counter over a real house: somebody is found, filed for, received, paid and given their paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from engine.domain.case import Case
from engine.domain.handling import COMPARED, handed_in, marks_of
from tests.support import pages
from tests.support.desk import ROOT, UNIT, desk_on_stage
from tests.support.followed import Followed, open_of
from tests.support.web_client import Browser

COPIES = "2.000815"
SCENARIO = ROOT / "catalog" / "chung-thuc-ban-sao" / "tests" / "02_ban_giay_tai_quay.toml"
NEW = f"/can-bo/quay/nop/{COPIES}"
TYPED = {
    "_applicant.name": "Phan Văn Tài",
    "_applicant.id_number": "079088001122",
    "_applicant.phone": "0911222333",
    "_applicant.id_issue_date": "05/06/2021",
    "nguoi_yeu_cau_giay_to.noi_cap": "Cục Cảnh sát QLHC về TTXH",
    "_rows.danh_sach": "0",
    "danh_sach.0.ten_giay_to": "Bằng tốt nghiệp",
    "danh_sach.0.so_trang": "2",
    "danh_sach.0.so_ban": "3",
    "_compared": "ban_chinh",
    "_accept": "1",
    "_action": "submit",
}


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


@pytest.fixture
def clerk(followed: Followed) -> Browser:
    return opened(followed.person("mai", "one_stop", "cashier"))


def opened(who: Browser) -> Browser:
    """Somebody with an open drawer for the money that is taken."""
    who.get("/can-bo/ket-tien/mo")
    who.post("/can-bo/ket-tien/mo", {"count.10000": "5"})
    return who


def filed(followed: Followed, clerk: Browser, **more: Any) -> Case:
    """A case that was filed at the counter, its machine's work done."""
    clerk.get(NEW)
    address = clerk.post(NEW, {**TYPED, **more}).headers["Location"]
    return worked(followed, address.rpartition("/")[2])


def worked(followed: Followed, case_id: str) -> Case:
    followed.app.worker.drain()
    return followed.case(case_id)


def tags(followed: Followed, case: Case) -> list[str]:
    return [link.event.tag for link in followed.app.store.events(case.id)]


def scan(name: str, content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), name


def test_from_the_empty_page_to_the_printed_receipt_and_the_change(followed: Followed, clerk: Browser) -> None:
    page = clerk.get("/can-bo/quay")
    assert f'<option value="{COPIES}"' in page
    case = filed(followed, clerk)
    assert case.received_at is not None
    assert case.applicant["name"] == "Phan Văn Tài"
    assert case.application["nguoi_yeu_cau_ho_ten"] == "Phan Văn Tài"
    assert case.application["nguoi_yeu_cau_giay_to"]["so"] == "079088001122"
    assert case.application["hinh_thuc_nhan_ket_qua"] == "truc_tiep"
    here = f"/can-bo/quay/ho-so/{case.id}"
    assert "Khách đưa" in clerk.get(here)
    clerk.post(f"{here}/thu-tien", {"given": "20.000"})
    page = clerk.get(here)
    assert "Thối lại: 8.000 đồng" in page
    assert "Khách đưa" not in page
    paid = worked(followed, case.id)
    assert [(one["provider"], one["amount"], one["paid"]) for one in paid.payments] == [("cash", 12000, True)]
    answer = clerk.client.get(f"{here}/giay-tiep-nhan")
    with pikepdf.open(BytesIO(answer.data)) as paper:
        boxes = [tuple(round(float(side)) for side in one.mediabox[2:]) for one in paper.pages]
    assert len(boxes) % 2 == 0
    assert set(boxes) == {(420, 595)}
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_double_click_files_and_takes_the_money_once(followed: Followed, clerk: Browser) -> None:
    clerk.get(NEW)
    own = clerk.own()
    first = clerk.client.post(NEW, data={**own, **TYPED})
    second = clerk.client.post(NEW, data={**own, **TYPED})
    assert first.headers["Location"] == second.headers["Location"]
    case = worked(followed, first.headers["Location"].rpartition("/")[2])
    here = f"/can-bo/quay/ho-so/{case.id}"
    clerk.get(here)
    own = clerk.own()
    for _ in range(2):
        clerk.client.post(f"{here}/thu-tien", data={**own, "given": "12000"})
    assert len(worked(followed, case.id).payments) == 1
    assert tags(followed, case).count("payment:received") == 1


def test_two_clerks_at_one_case_take_the_money_once(followed: Followed, clerk: Browser) -> None:
    other, case = opened(followed.person("tam", "one_stop", "cashier")), filed(followed, clerk)
    here = f"/can-bo/quay/ho-so/{case.id}"
    for one in (clerk, other):
        one.get(here)
    clerk.post(f"{here}/thu-tien", {"given": "12000"})
    other.post(f"{here}/thu-tien", {"given": "12000"})
    assert tags(followed, worked(followed, case.id)).count("payment:received") == 1


@pytest.mark.parametrize("given", ["11999", "-12000", "mười hai nghìn", "1e9", "9" * 40])
def test_too_little_and_no_amount_at_all_is_said_at_the_field(followed: Followed, clerk: Browser, given: str) -> None:
    case = filed(followed, clerk)
    here = f"/can-bo/quay/ho-so/{case.id}"
    clerk.get(here)
    page = clerk.post(f"{here}/thu-tien", {"given": given}, 422).text
    assert "ít nhất 12.000 đồng" in page
    assert f'value="{given[:30]}"' in page
    assert not followed.case(case.id).payments


def test_who_is_no_cashier_is_sent_to_one(followed: Followed) -> None:
    clerk = followed.person("hoa", "one_stop")
    case = filed(followed, clerk)
    page = clerk.get(f"/can-bo/quay/ho-so/{case.id}")
    assert "Khách đưa" not in page
    assert "quầy thu phí" in page


@pytest.mark.parametrize("text", ["079085004321", "0908000222", "tran quoc hung", "Trần Quốc Hùng"])
def test_somebody_who_was_here_is_found_masked_and_brings_their_answers_along(
    followed: Followed, clerk: Browser, text: str
) -> None:
    earlier = followed.play(SCENARIO, 1)
    page = clerk.get(f"/can-bo/quay?q={text}&thu-tuc={COPIES}")
    assert "Trần Q. H." in page
    listed = page[page.index("<table") :]
    assert "079085004321" not in listed
    assert "0908000222" not in listed
    form = clerk.get(f"{NEW}/nguoi/{earlier.id}")
    assert 'value="079085004321"' in form
    assert 'name="nguoi_yeu_cau_ho_ten" value="Trần Quốc Hùng"' in form
    assert [look.account for look in followed.app.following.looks.of(UNIT, earlier.id)] == ["mai"]


def test_whoever_filed_often_is_listed_once_and_strangers_are_not(followed: Followed, clerk: Browser) -> None:
    for _ in range(3):
        filed(followed, clerk)
    page = clerk.get("/can-bo/quay?q=phan van tai")
    assert page.count("Phan V. T.") == 2  # the name, and the same for the ear at the button
    assert "(3 hồ sơ)" in page
    assert "Chưa có ai như vậy" in clerk.get("/can-bo/quay?q=khong co ai")
    assert "Chưa có ai như vậy" in clerk.get("/can-bo/quay?q=%25%00%27%27")


def test_only_the_desk_of_the_unit_finds_people(followed: Followed, clerk: Browser) -> None:
    case = filed(followed, clerk)
    specialist = followed.person("duc", "justice_officer")
    specialist.get("/can-bo/quay?q=phan", 403)
    specialist.get(f"{NEW}/nguoi/{case.id}", 403)
    clerk.get(f"{NEW}/nguoi/{'0' * 32}", 404)


def test_what_is_missing_is_said_at_its_place_and_the_rest_is_kept(followed: Followed, clerk: Browser) -> None:
    clerk.get(NEW)
    page = clerk.post(NEW, {**TYPED, "_applicant.id_number": "12", "danh_sach.0.ten_giay_to": ""}, 422).text
    assert "Nhập số định danh 12 chữ số" in page
    assert 'value="Phan Văn Tài"' in page
    assert 'value="ban_chinh" checked' in page


def test_a_page_that_is_hard_to_read_is_told_and_taken_when_somebody_says_so(
    followed: Followed, clerk: Browser
) -> None:
    clerk.get(NEW)
    poor = scan("bang.jpg", pages.as_jpeg(pages.blurred()))
    page = clerk.post(NEW, {**TYPED, "_upload.danh_sach.0.tep_chup": poor}, 422).text
    assert "bang.jpg: trang 1 bị nhòe" in page
    token = re.search(r'name="danh_sach\.0\.tep_chup" value="([^"]+)"', page)
    assert token is not None
    anyway = {**TYPED, "danh_sach.0.tep_chup": token[1], "_use_anyway": "1", "_compared": "ban_sao"}
    case = worked(followed, clerk.post(NEW, anyway).headers["Location"].rpartition("/")[2])
    notes = [link.event.text for link in followed.app.store.events(case.id) if link.event.tag == "case:commented"]
    assert any("vẫn dùng: bang.jpg: trang 1 bị nhòe" in note for note in notes)
    assert not any(
        link.event.public for link in followed.app.store.events(case.id) if link.event.tag == "case:commented"
    )
    (digest,) = handed_in(case)
    assert COMPARED in marks_of(case, digest)


def test_pictures_chosen_at_once_become_one_document(followed: Followed, clerk: Browser) -> None:
    clerk.get(NEW)
    shots = [pages.as_jpeg(pages.page(1169, lines=20 + n, grain=1), 60) for n in range(3)]
    files = [FileStorage(BytesIO(shot), filename=f"trang{n}.jpg") for n, shot in enumerate(shots)]
    sent: MultiDict[str, Any] = MultiDict({**clerk.own(), **TYPED, "_bind": "1"})
    sent.setlist("_upload.danh_sach.0.tep_chup", files)
    answer = clerk.client.post(NEW, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text[:2000]
    case = worked(followed, answer.headers["Location"].rpartition("/")[2])
    (file,) = handed_in(case).values()
    assert (file["name"], file["media_type"]) == ("trang0.pdf", "application/pdf")
    with pikepdf.open(BytesIO(followed.app.files.get(file["sha256"]))) as document:
        assert len(document.pages) == 3


def test_without_the_tick_the_case_waits_to_be_received(followed: Followed, clerk: Browser) -> None:
    case = filed(followed, clerk, _accept="")
    assert case.received_at is None
    assert open_of(case, "check_documents").assignee is None
    assert "Chưa có giấy tiếp nhận" in clerk.get(f"/can-bo/quay/ho-so/{case.id}")


def test_a_number_leads_from_the_kiosk_over_the_board_to_the_case(followed: Followed, clerk: Browser) -> None:
    visitor, queue = Browser(followed.flask.test_client()), followed.app.desk.counter.queueing
    visitor.get("/lay-so")
    slip = visitor.post("/lay-so", {"kind": "ho_tich"}).headers["Location"]
    assert "A001" in visitor.get(slip)
    assert "<strong>0</strong> người trước" in visitor.page
    clerk.get("/can-bo/quay")
    clerk.post("/can-bo/quay/goi-so", {"window": "2", "kind": "ho_tich"})
    assert "Mời số A001 vào cửa 2" in clerk.get("/can-bo/quay")
    assert "<option selected>2</option>" in clerk.page
    assert "A001" in visitor.get("/bang-so")
    case = filed(followed, clerk)
    assert [(one.case_id, one.window) for one in queue.board(UNIT).serving] == [(case.id, "2")]
    clerk.get("/can-bo/quay")
    clerk.post("/can-bo/quay/xong-so", {"number": "1"})
    assert "Chưa gọi số nào" in visitor.get("/bang-so")


def test_nonsense_at_the_kiosk_is_refused_in_words(followed: Followed) -> None:
    visitor = Browser(followed.flask.test_client())
    visitor.get("/lay-so")
    assert 'role="alert"' in visitor.post("/lay-so", {"kind": "../x"}, 404).text
    visitor.get("/lay-so/77", 404)


def at_the_return_desk(followed: Followed, times: int = 1) -> list[Case]:
    """Cases of one applicant whose results lie at the counter."""
    return [followed.play(SCENARIO, 8) for _ in range(times)]


COLLECTED = {
    "collector_name": "Trần Quốc Hùng",
    "collector_id_number": "079085004321",
    "collector_relation": "ban_than",
    "signed": "true",
    "_action": "complete",
}


def test_what_is_ready_is_found_by_the_scanned_receipt_and_handed_over(followed: Followed, clerk: Browser) -> None:
    (case,) = at_the_return_desk(followed)
    scanned = f"https://mot-cua.example/tra-cuu?code={case.code}"
    page = clerk.client.get("/can-bo/quay/tra", query_string={"q": scanned}).text
    assert case.code in page
    assert "Trần Q. H." in page
    here = f"/can-bo/quay/tra/{case.id}"
    assert 'name="collector_name" value="Trần Quốc Hùng"' in clerk.get(here)
    original = re.search(r'name="_original" value="([^"]+)"', clerk.page)
    assert original is not None
    clerk.post(here, {**COLLECTED, "_original": original[1]})
    done = worked(followed, case.id)
    assert (done.ended, done.status) == (True, 10)
    notes = [link.event.text for link in followed.app.store.events(case.id) if link.event.tag == "case:commented"]
    assert notes == [f"Đã trả lại bản chính: {original[1]}"]
    clerk.get(here, 404)


def test_several_cases_of_one_person_are_handed_over_at_once_and_unticked_ones_stay(
    followed: Followed, clerk: Browser
) -> None:
    first, second, third = at_the_return_desk(followed, 3)
    here = f"/can-bo/quay/tra/{first.id}"
    page = clerk.get(here)
    assert all(one.code in page for one in (first, second, third))
    clerk.post(here, {**COLLECTED, "_case": second.id})
    assert [worked(followed, one.id).ended for one in (first, second, third)] == [True, True, False]


def test_a_double_click_at_the_return_desk_hands_over_once(followed: Followed, clerk: Browser) -> None:
    (case,) = at_the_return_desk(followed)
    here = f"/can-bo/quay/tra/{case.id}"
    clerk.get(here)
    own = clerk.own()
    answers = [clerk.client.post(here, data={**own, **COLLECTED}).status_code for _ in range(2)]
    assert answers[0] == 302
    assert tags(followed, worked(followed, case.id)).count("result:delivered") == 1


def test_who_did_not_sign_gets_nothing_and_the_form_says_why(followed: Followed, clerk: Browser) -> None:
    (case,) = at_the_return_desk(followed)
    here = f"/can-bo/quay/tra/{case.id}"
    clerk.get(here)
    page = clerk.post(here, {name: said for name, said in COLLECTED.items() if name != "signed"}, 422).text
    assert page.count('class="field wrong"') == 1
    assert not worked(followed, case.id).ended


def test_what_has_to_be_collected_in_person_is_not_given_to_another(
    followed: Followed, clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = at_the_return_desk(followed)
    procedure = followed.app.catalog.procedure(case.procedure, case.procedure_version)
    monkeypatch.setitem(procedure.info, "authorization_allowed", False)  # type: ignore[arg-type]  # a dict it is
    here = f"/can-bo/quay/tra/{case.id}"
    assert "chính người nộp phải đến nhận" in clerk.get(here)
    other = {**COLLECTED, "collector_name": "Lê An", "collector_id_number": "079085009999", "collector_relation": "con"}
    assert "không được ủy quyền" in clerk.post(here, other, 422).text
    clerk.post(here, COLLECTED)
    assert worked(followed, case.id).ended


def test_an_officer_of_another_unit_finds_nothing_of_this_one(followed: Followed, clerk: Browser) -> None:
    case = filed(followed, clerk)
    stranger = followed.person("xa", "one_stop", "cashier", unit="xa-khac")
    assert "Phan V. T." not in stranger.get("/can-bo/quay?q=phan")
    assert case.code not in stranger.get("/can-bo/quay/tra")
    stranger.get(NEW)
    for path in (f"{NEW}/nguoi/{case.id}", f"/can-bo/quay/ho-so/{case.id}", f"/can-bo/quay/tra/{case.id}"):
        stranger.get(path, 404)
