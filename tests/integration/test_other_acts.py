"""What may be done with a case beside its form: explained, asked once, done; without JavaScript."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.commands.messages import AddComment, ClaimTask
from engine.domain.case import Case
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, Followed, open_of
from tests.support.web_client import Browser

WANTED = {
    "reason": "Thiếu quyết định ly hôn",
    "missing_documents": "Quyết định ly hôn",
    "_rows.asked": "0",
    "asked.0.field": "ket_hon_voi",
    "asked.0.remark": "Ghi rõ số CCCD",
}


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def held(followed: Followed, *groups: str) -> tuple[Case, Browser]:
    """A case in hand, and the browser of who holds its review."""
    case = followed.play(HAPPY, 1)
    mai = followed.person("mai", *(groups or ("justice_officer",)))
    key = open_of(case, "review_application").key
    followed.app.handle(ClaimTask(unit=UNIT, case_id=case.id, key=key), officer("justice_officer", name="mai"), "claim")
    return followed.case(case.id), mai


def address(case: Case, act: str) -> str:
    return f"/can-bo/ho-so/{case.id}/thao-tac/{act}"


def sure(browser: Browser, path: str, fields: dict[str, Any]) -> str:
    """The page that shows the act once more."""
    browser.get(path)
    page: str = browser.post(path, {**fields, "_step": "check"}, 200).text
    assert "Xác nhận: " in page
    return html.unescape(page)


def hidden(page: str) -> dict[str, str]:
    """Everything the confirmation would send."""
    form = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in form if name not in ("csrf_token", "_key", "_version")}


def test_the_list_says_what_can_be_done_and_leads_to_the_refusal_of_the_form(followed: Followed) -> None:
    case, mai = held(followed)
    page = mai.get(f"/can-bo/ho-so/{case.id}/thao-tac")
    assert f'href="{address(case, "bo-sung")}"' in page
    assert f'href="{address(case, "hen-lai")}"' in page
    assert f'href="{address(case, "dung")}"' not in page  # the desk and the leaders stop cases
    assert f'href="{address(case, "tra-lai")}"' not in page  # intake lies before
    refuse = html.unescape(re.search(r'href="([^"]*chon=refuse[^"]*)"', page)[1])  # type: ignore[index]  # it is there
    form = mai.get(refuse)
    assert re.search(r'value="refuse" checked', form)
    assert "Lý do từ chối" in form


def test_a_supplement_is_shown_once_more_with_what_it_means_and_then_sent(followed: Followed) -> None:
    case, mai = held(followed)
    page = sure(mai, address(case, "bo-sung"), WANTED)
    assert "Thiếu quyết định ly hôn" in page
    assert "tính lại từ đầu" in page
    assert followed.case(case.id) == case
    mai.post(address(case, "bo-sung"), {**hidden(page), "_step": "do"})
    after = followed.case(case.id)
    assert after.status == 5
    assert after.rounds[0]["asked"] == [{"field": "ket_hon_voi", "remark": "Ghi rõ số CCCD"}]
    lan = followed.person("citizen1")
    key = open_of(after, "supply_documents").key.replace("#", "%23")
    form = html.unescape(lan.get(f"/ho-so/{case.id}/viec?key={key}"))
    assert "Ghi rõ số CCCD" in form
    assert "Quyết định ly hôn" in form
    answer = {"application.ket_hon_voi": "Ông Phạm Văn Ngữ, sinh năm 1988, CCCD 079088001111", "_action": "complete"}
    lan.post(f"/ho-so/{case.id}/viec?key={key}", answer)
    assert followed.case(case.id).status == 4


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(followed: Followed) -> None:
    case, mai = held(followed)
    mai.get(address(case, "bo-sung"))
    page = mai.post(address(case, "bo-sung"), {"missing_documents": "Bản án <1>", "_step": "check"}, 422).text
    assert 'id="f-reason-error"' in page
    assert "Bản án &lt;1&gt;" in page
    page = mai.post(address(case, "bo-sung"), {**WANTED, "_action": "add:asked"}, 200).text
    assert "asked.1.field" in page
    assert "Ghi rõ số CCCD" in page
    page = sure(mai, address(case, "bo-sung"), WANTED)
    back = mai.post(address(case, "bo-sung"), {**hidden(page), "_step": "back"}, 200).text
    assert "Thiếu quyết định ly hôn" in html.unescape(back)


def test_a_second_supplement_needs_a_leader(followed: Followed) -> None:
    case, mai = held(followed)
    page = sure(mai, address(case, "bo-sung"), WANTED)
    mai.post(address(case, "bo-sung"), {**hidden(page), "_step": "do"})
    lan, after = followed.person("citizen1"), followed.case(case.id)
    key = open_of(after, "supply_documents").key.replace("#", "%23")
    lan.get(f"/ho-so/{case.id}/viec?key={key}")
    lan.post(
        f"/ho-so/{case.id}/viec?key={key}", {"note": "Đã gửi", "application.ket_hon_voi": "x", "_action": "complete"}
    )
    assert "không phải lãnh đạo" in html.unescape(mai.get(address(case, "bo-sung")))
    binh = followed.person("binh", "chairman")
    assert "bị tính là quá hạn" in html.unescape(binh.get(address(case, "bo-sung")))
    page = sure(binh, address(case, "bo-sung"), {**WANTED, "_waiver": "Có tin mới"})
    assert "Có tin mới" in page
    binh.post(address(case, "bo-sung"), {**hidden(page), "_step": "do"})
    assert followed.case(case.id).rounds[1]["second"] is True


def test_another_day_is_proposed_and_a_wrong_one_is_told(followed: Followed) -> None:
    case, mai = held(followed)
    page = mai.get(address(case, "hen-lai"))
    assert re.search(r'id="due" name="due" class="short" value="\d\d/\d\d/\d{4}"', page)
    wrong = mai.post(address(case, "hen-lai"), {"due": "mai", "reason": "Chờ", "_step": "check"}, 422).text
    assert "ví dụ 03/08/2026" in wrong
    assert "aria-invalid=true aria-describedby" in wrong or "aria-invalid=true" in wrong
    page = sure(mai, address(case, "hen-lai"), {"due": "27/12/2022", "reason": "Chờ xã cũ trả lời"})
    assert "27/12/2022" in page
    mai.post(address(case, "hen-lai"), {**hidden(page), "_step": "do"})
    after = followed.case(case.id)
    assert after.deadline is not None
    assert f"{after.deadline.due:%d/%m/%Y %H:%M}" == "27/12/2022 17:00"
    assert after.receipts[-1]["kind"] == "apology"
    assert "Lúc này không làm được" in html.unescape(mai.get(address(case, "hen-lai")))


@pytest.mark.parametrize(("act", "status"), [("dung", 8), ("rut", 7)])
def test_a_case_is_ended_only_after_it_was_asked_again(followed: Followed, act: str, status: int) -> None:
    case, mai = held(followed, "justice_officer", "one_stop")
    mai.get(address(case, act))
    assert "Hãy ghi rõ lý do" in mai.post(address(case, act), {"_step": "check", "reason": " "}, 422).text
    page = sure(mai, address(case, act), {"reason": "Trùng hồ sơ"})
    assert "Không lấy lại được" in page
    assert not followed.case(case.id).ended
    mai.post(address(case, act), {**hidden(page), "_step": "do"})
    assert (followed.case(case.id).ended, followed.case(case.id).status) == (True, status)


def test_what_others_did_meanwhile_is_told_before_anything_is_done(followed: Followed) -> None:
    case, mai = held(followed, "justice_officer", "one_stop")
    page = sure(mai, address(case, "dung"), {"reason": "Trùng"})
    tam = officer("justice_officer", name="tam")
    followed.app.handle(AddComment(unit=UNIT, case_id=case.id, text="Không trùng, khác người"), tam, "note")
    answer = mai.post(address(case, "dung"), {**hidden(page), "_step": "do"}, 409).text
    assert "Không trùng, khác người" in html.unescape(answer)
    assert not followed.case(case.id).ended


def test_acts_that_are_not_there_and_auditors_get_nowhere(followed: Followed) -> None:
    case, mai = held(followed)
    mai.get(address(case, "xoa"), 404)
    tra = followed.person("tra", "auditor")
    tra.get(f"/can-bo/ho-so/{case.id}/thao-tac")
    for act in ("bo-sung", "tra-lai", "hen-lai", "dung", "rut"):
        assert "Lúc này không làm được" in html.unescape(tra.get(address(case, act)))
        tra.client.post(address(case, act), data={**tra.own(), **WANTED, "due": "27/12/2022", "_step": "do"})
    assert followed.case(case.id) == case
