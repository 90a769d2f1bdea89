"""The work screen over a real house: papers beside the form, what is new, checks, words that are never lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.commands.messages import AddComment, ClaimTask
from engine.domain.case import Case
from engine.domain.handling import handed_in, marks_of
from tests.support.desk import UNIT, desk_on_stage, officer
from tests.support.followed import HAPPY, SUPPLEMENT, Followed, open_of
from tests.support.web_client import Browser

TAM = officer("justice_officer", name="tam")


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def page_of(case: Case, element: str = "review_application") -> str:
    key = open_of(case, element).key.replace("#", "%23")
    return f"/can-bo/ho-so/{case.id}/viec?key={key}"


def taken(followed: Followed, steps: int = 1, path: Path = HAPPY) -> tuple[Case, Browser, str]:
    """A case with papers whose review an officer holds, the officer's browser at its page, the address of that page."""
    case = with_papers(followed, followed.play(path, steps), b"%PDF-1.7\n%%EOF")
    mai = followed.person("mai", "justice_officer")
    key = open_of(case, "review_application").key
    do(followed, ClaimTask(unit=UNIT, case_id=case.id, key=key), officer("justice_officer", name="mai"))
    mai.get(page_of(case))
    return followed.case(case.id), mai, page_of(case)


def with_papers(followed: Followed, case: Case, *contents: bytes) -> Case:
    """The stored state with these papers in it, as if they had been filed."""
    kinds = {b"%PDF": "application/pdf", b"\xff\xd8": "image/jpeg"}
    papers = [
        {
            "key": "giay_to_tuy_than",
            "name": f"giấy tờ {number}",
            "sha256": followed.app.files.put(content),
            "size": len(content),
            "media_type": next((kind for head, kind in kinds.items() if content.startswith(head)), "text/plain"),
        }
        for number, content in enumerate(contents, 1)
    ]
    followed.app.store.rebuild(replace(case, documents=tuple(papers)))
    return followed.case(case.id)


def do(followed: Followed, command: Any, who: Any) -> None:
    followed.app.handle(command, who, followed.app.ids.new())


def tags(followed: Followed, case: Case) -> list[str]:
    return [link.event.tag for link in followed.app.store.events(case.id)]


def test_papers_stand_beside_the_form_and_open_in_a_frame_of_this_house_alone(followed: Followed) -> None:
    case, mai, address = taken(followed)
    answer = mai.client.get(address)
    digest = next(iter(handed_in(case)))
    frame = f"/can-bo/ho-so/{case.id}/giay-to/{digest}"
    assert f'href="{frame}" target="xem-giay-to"' in answer.text
    assert re.search(rf'<iframe[^>]* name="xem-giay-to"[^>]* title="[^"]+"[^>]* src="{frame}"', answer.text)
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    shown = mai.client.get(frame)
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert f"/can-bo/ho-so/{case.id}/xem/{digest}" in shown.text


def test_only_pictures_and_pdfs_are_shown_and_their_bytes_say_so(followed: Followed) -> None:
    case, mai, _ = taken(followed)
    found = {
        b"%PDF-1.7\n%%EOF": "application/pdf",
        b"\xff\xd8\xff\xe0rest": "image/jpeg",
        b"<html>": "",
        b"\xff\xd8no": "",
    }
    case = with_papers(followed, case, *found)
    for digest, kind in zip(handed_in(case), found.values(), strict=True):
        answer = mai.client.get(f"/can-bo/ho-so/{case.id}/xem/{digest}")
        assert answer.status_code == (200 if kind else 404)
        if kind:
            assert answer.mimetype == kind
            assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert mai.client.get(f"/can-bo/ho-so/{case.id}/xem/{'f' * 64}").status_code == 404


def test_marks_are_made_with_the_form_and_what_was_typed_stays(followed: Followed) -> None:
    case, mai, address = taken(followed)
    digest = next(iter(handed_in(case)))
    typed = {"signer_note": "Chưa xong, đừng mất"}
    page = mai.post(address, {"_action": f"mark:compared:{digest}", **typed}, 200).text
    assert "Chưa xong, đừng mất" in page
    assert marks_of(followed.case(case.id), digest)["compared"]["by"] == "mai"
    assert re.search(r"Đã đối chiếu bản chính.*?– mai,", page, re.S)
    page = mai.post(address, {"_action": f"mark:failed:{digest}", **typed}, 200).text
    assert "Hãy ghi giấy tờ không đạt ở điểm nào" in page
    page = mai.post(address, {"_action": f"mark:failed:{digest}", f"_note.{digest}": "mờ", **typed}, 200).text
    assert set(marks_of(followed.case(case.id), digest)) == {"failed"}
    assert "Không đạt" in mai.get(f"/can-bo/ho-so/{case.id}")
    mai.post(f"/can-bo/ho-so/{case.id}/danh-dau", {"_action": f"unmark:failed:{digest}"})
    assert marks_of(followed.case(case.id), digest) == {}


def test_a_colleagues_mark_does_not_stand_in_the_way_of_completing(followed: Followed) -> None:
    case, mai, address = taken(followed)
    tam, digest = followed.person("tam", "justice_officer"), next(iter(handed_in(case)))
    tam.get(f"/can-bo/ho-so/{case.id}")
    tam.post(f"/can-bo/ho-so/{case.id}/danh-dau", {"_action": f"mark:digitised:{digest}"})
    mai.post(address, {"_action": "complete", **answers()})
    assert tags(followed, case).count("task:completed") >= 2


def answers() -> dict[str, str]:
    ticked = dict.fromkeys(("registers_searched", "identity_checked", "competence_checked"), "true")
    return {**ticked, "decision": "certify", "signer_note": "Gõ dở <b>"}


def test_a_change_that_matters_is_told_with_who_made_it_and_the_words_stay(followed: Followed) -> None:
    case, mai, address = taken(followed)
    do(followed, AddComment(unit=UNIT, case_id=case.id, text="Đương sự báo đã đổi ý"), TAM)
    followed.person("tam", "justice_officer")  # whose name is told
    page = mai.post(address, {"_action": "complete", **answers()}, 409).text
    told = html.unescape(page)
    assert "Kể từ khi anh/chị mở trang này" in told
    assert re.search(r"<strong>tam</strong>.*Đương sự báo đã đổi ý", told, re.S)
    assert "Gõ dở &lt;b&gt;</textarea>" in page
    mai.post(address, {"_action": "complete", **answers()})
    assert "review_application" not in {task.element_id for task in followed.case(case.id).tasks.values()}


def test_what_is_typed_saves_itself_without_a_trace_in_history_and_comes_back(followed: Followed) -> None:
    case, mai, address = taken(followed)
    before = followed.case(case.id).version
    for word in ("M", "Một", "Một lời", "Một lời dặn"):
        answer = mai.client.post(address, data={**mai.own(), "_action": "autosave", "signer_note": word})
        assert answer.status_code == 200
        assert "Đã tự lưu lúc" in answer.json["said"]
    assert followed.case(case.id).version == before
    page = mai.get(address)
    assert "Một lời dặn</textarea>" in page
    assert "đang nhập dở" in page
    mai.post(address, {"_action": "discard"})
    assert "Một lời dặn" not in mai.get(address)


def test_saving_on_purpose_is_one_event_and_ends_the_autosave(followed: Followed) -> None:
    case, mai, address = taken(followed)
    mai.client.post(address, data={**mai.own(), "_action": "autosave", "signer_note": "tự lưu"})
    mai.post(address, {"_action": "draft", "signer_note": "lưu tay"})
    assert tags(followed, case).count("task:draft_saved") == 1
    page = mai.get(address)
    assert "lưu tay</textarea>" in page
    assert "đang nhập dở" not in page


def test_who_takes_over_finds_what_was_typed(followed: Followed) -> None:
    case, mai, address = taken(followed)
    mai.client.post(address, data={**mai.own(), "_action": "autosave", "signer_note": "Mai gõ dở"})
    mai.post(address, {"_action": "unclaim"})
    tam = followed.person("tam", "justice_officer")
    tam.get(address)
    tam.post(address, {"_action": "claim"})
    assert "Mai gõ dở</textarea>" in tam.get(address)


def test_nobody_saves_into_a_task_that_a_colleague_holds(followed: Followed) -> None:
    case, mai, address = taken(followed)
    tam = followed.person("tam", "justice_officer")
    tam.get(address)
    answer = tam.client.post(address, data={**tam.own(), "_key": "a" * 32, "_action": "autosave", "signer_note": "x"})
    assert answer.status_code == 409


def test_a_note_goes_along_with_the_form(followed: Followed) -> None:
    case, mai, address = taken(followed)
    page = mai.post(address, {"_action": "note", "_comment": "Gọi lại thứ Hai", "signer_note": "dở dang"}, 200).text
    assert "Gọi lại thứ Hai" in page
    assert "dở dang</textarea>" in page
    assert tags(followed, case)[-1] == "case:commented"


def test_what_others_did_since_the_last_visit_is_marked(followed: Followed) -> None:
    case = followed.play(SUPPLEMENT, 1)
    mai = followed.person("mai", "one_stop")
    assert "mới sửa" not in mai.get(f"/can-bo/ho-so/{case.id}")
    case = followed.go_on(case, SUPPLEMENT, 1, 2)
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(hours=1))
    page = mai.get(f"/can-bo/ho-so/{case.id}")
    assert re.search(r"Kết hôn với ai[^<]*<span[^>]*>mới sửa", page)
    assert page.count('class="is-new"') > 1
    followed.desk.clock.set(followed.desk.clock.now() + timedelta(hours=1))
    assert "mới sửa" not in mai.get(f"/can-bo/ho-so/{case.id}")


def test_checks_say_what_they_compare_and_on_what_ground(followed: Followed) -> None:
    case, mai, address = taken(followed)
    page = html.unescape(mai.get(address))
    assert "Những điều phải kiểm tra" in page
    assert "Thông tư 04/2020/TT-BTP Điều 12" in page
    assert re.search(r'<li class="holds[^"]*"><strong class="state">Đạt</strong>', page)
    assert re.search(r"Số lượng giấy: <b>1</b>.*Nếu sai sẽ báo: Dùng để kết hôn chỉ cấp 01 bản", page, re.S)


def test_who_was_asked_elsewhere_when_until_when_and_what_comes_without_an_answer(followed: Followed) -> None:
    path = next(one for one in sorted(HAPPY.parent.glob("*.toml")) if "verification_replied" in one.read_text())
    cases = (followed.play(path, steps) for steps in range(2, 6))
    case = next(one for one in cases if any("await_verification_reply" in key for key in one.subscriptions))
    duc = followed.person("duc", "justice_officer")
    page = html.unescape(duc.get(f"/can-bo/ho-so/{case.id}"))
    asked = page.split('class="notice elsewhere"')[1].split("</div></div>")[0]
    slip = next(one for one in case.receipts if one["kind"] == "request")
    assert slip["data"]["to"] in asked
    assert slip["number"] in asked
    due = {timer.element_id: timer.due for timer in case.timers.values()}
    assert f"{due['verification_term_over']:%d/%m/%Y}" in asked
    assert "Lập văn bản cam đoan" in asked
    assert "Nhắc xã được hỏi" in asked
    assert "Nhập thông tin" in page
    number, year = slip["number"].split("/")
    letter = html.unescape(duc.get(f"/can-bo/ho-so/{case.id}/cong-van/{year}/{number}"))
    for text in (slip["data"]["to"], case.code, "Đề nghị xác minh", "trả lời bằng văn bản trước"):
        assert text in letter
    duc.get(f"/can-bo/ho-so/{case.id}/cong-van/{year}/9999", 404)


def test_hand_overs_say_who_gave_the_case_to_whom(followed: Followed) -> None:
    case, mai, _ = taken(followed)
    page = html.unescape(mai.get(f"/can-bo/ho-so/{case.id}"))
    slip = page.split('id="giao-nhan"')[1].split("</details>")[0]
    assert "Bộ phận Tiếp nhận và Trả kết quả" in slip
    assert "Công chức Tư pháp - Hộ tịch: mai" in slip
