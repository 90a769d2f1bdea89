"""A supplement is answered exactly where it was asked: by command, and on the pages of citizen and desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.commands.following_messages import AnswerSupplement
from engine.domain.case import Case
from engine.domain.errors import FormInvalidError, NotFoundError, RuleError, TaskNotOpenError
from engine.replay import rebuilt, replay
from tests.support.desk import citizen, desk_on_stage
from tests.support.followed import HAPPY, SUPPLEMENT, Followed, open_of

ANSWER = "Ông Phạm Văn Ngữ, sinh năm 1988, CCCD 079088001111"


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    with desk_on_stage(tmp_path) as desk:
        yield Followed(desk)


def answered(followed: Followed, case: Case, answers: dict[str, Any], *, key: str = "k", who: str = "citizen1") -> None:
    task = open_of(case, "supply_documents")
    command = AnswerSupplement(unit=case.unit, case_id=case.id, key=task.key, data={}, application=answers)
    followed.app.handle(command, citizen(who), key)


def test_only_what_was_asked_changes_and_the_old_answers_are_kept(followed: Followed) -> None:
    case = followed.play(steps=1)
    answers = {"ket_hon_voi": ANSWER, "nguoi_yeu_cau_dien_thoai": "0903000222"}
    answered(followed, case, {**answers, "nguoi_yeu_cau_ho_ten": "Người Khác", "so_luong": 9})
    after = followed.case(case.id)
    assert after.application["ket_hon_voi"] == ANSWER
    assert after.application["nguoi_yeu_cau_ho_ten"] == "Nguyễn Thị Lan"
    assert after.application["so_luong"] == 1
    link = next(link for link in followed.app.store.events(case.id) if link.event.tag == "application:amended")
    assert {"path": "ket_hon_voi", "before": "Ông Phạm Văn Ngữ", "after": ANSWER} in link.event.changes  # type: ignore[attr-defined]
    assert replay(followed.app.ports, None, case.id) == []
    assert rebuilt(followed.app.ports, case.id) == after


def test_a_wrong_answer_is_told_at_its_place_and_nothing_is_kept(followed: Followed) -> None:
    case = followed.play(steps=1)
    with pytest.raises(FormInvalidError) as refusal:
        answered(followed, case, {"ket_hon_voi": ANSWER, "nguoi_yeu_cau_dien_thoai": "12"})
    assert set(refusal.value.errors) == {"application.nguoi_yeu_cau_dien_thoai"}
    assert followed.case(case.id) == case


def test_a_second_click_amends_once_and_an_old_page_finds_the_task_closed(followed: Followed) -> None:
    case = followed.play(steps=1)
    answers = {"ket_hon_voi": ANSWER, "nguoi_yeu_cau_dien_thoai": "0903000222"}
    answered(followed, case, answers)
    answered(followed, case, answers)
    tags = [link.event.tag for link in followed.app.store.events(case.id)]
    assert tags.count("application:amended") == 1
    with pytest.raises(TaskNotOpenError):
        answered(followed, case, answers, key="another")


def test_nobody_else_answers_for_the_applicant(followed: Followed) -> None:
    case = followed.play(steps=1)
    with pytest.raises(NotFoundError):
        answered(followed, case, {"ket_hon_voi": ANSWER}, who="citizen2")


def test_a_task_that_points_at_no_answer_takes_none(followed: Followed) -> None:
    case = followed.play(HAPPY, steps=4)
    task = open_of(case, "confirm_draft")
    command = AnswerSupplement(unit=case.unit, case_id=case.id, key=task.key, data={}, application={"so_luong": 2})
    with pytest.raises(RuleError):
        followed.app.handle(command, citizen(), "k")
    assert followed.case(case.id).application == case.application


def test_the_page_shows_just_the_asked_fields_prefilled_with_the_remark_at_each(followed: Followed) -> None:
    case = followed.play(steps=1)
    lan = followed.person("citizen1")
    page = lan.get(f"/ho-so/{case.id}/viec?key={open_of(case, 'supply_documents').key.replace('#', '%23')}")
    assert 'name="application.ket_hon_voi"' in page
    assert "Ông Phạm Văn Ngữ" in page
    assert "Cán bộ ghi: Ghi năm sinh, số giấy tờ, nơi sẽ đăng ký" in page
    assert 'value="0903000111"' in page
    assert 'name="application.nguoi_yeu_cau_ho_ten"' not in page
    assert 'name="application.so_luong"' not in page


def test_answering_on_the_page_keeps_what_was_typed_until_it_is_right(followed: Followed) -> None:
    case = followed.play(steps=1)
    lan, path = followed.person("citizen1"), f"/ho-so/{case.id}/viec?key="
    path += open_of(case, "supply_documents").key.replace("#", "%23")
    lan.get(path)
    sent = {"application.ket_hon_voi": ANSWER, "application.nguoi_yeu_cau_dien_thoai": "12", "_action": "complete"}
    page = lan.post(path, sent, status=422).text
    assert ANSWER in page
    assert 'href="#f-application-nguoi_yeu_cau_dien_thoai"' in page
    lan.post(path, {**sent, "application.nguoi_yeu_cau_dien_thoai": "0903 000 222"})
    after = followed.case(case.id)
    assert after.application["nguoi_yeu_cau_dien_thoai"] == "0903000222"
    assert after.status == 1
    assert lan.get(f"/ho-so/{case.id}")


def test_a_draft_of_the_answers_survives_signing_out(followed: Followed) -> None:
    case = followed.play(steps=1)
    path = f"/ho-so/{case.id}/viec?key=" + open_of(case, "supply_documents").key.replace("#", "%23")
    lan = followed.person("citizen1")
    lan.get(path)
    lan.post(path, {"application.ket_hon_voi": "đang viết dở", "_action": "draft"})
    assert "đang viết dở" in followed.person("citizen1").get(path)
    assert followed.case(case.id).application == case.application


def test_the_desk_points_at_answers_by_their_labels(followed: Followed) -> None:
    case = followed.play(steps=0)
    clerk = followed.person("officer-one_stop", "one_stop")
    path = f"/can-bo/ho-so/{case.id}/viec?key=" + open_of(case, "check_documents").key.replace("#", "%23")
    clerk.get(path)
    clerk.post(path, {"_action": "claim"})
    clerk.get(path)
    page = clerk.post(path, {"decision": "supplement", "_action": "add:asked"}, status=200).text
    assert '<option value="ket_hon_voi"' in page
    assert "cam_doan" not in page.split("asked.0.field")[1].split("</select>")[0]


def test_officers_see_what_was_changed_until_they_have_gone_on(followed: Followed) -> None:
    case = followed.play(steps=2)
    page = followed.person("officer-one_stop", "one_stop").get(f"/can-bo/ho-so/{case.id}")
    changed = page.split('class="amended"')[1]
    assert "Ông Phạm Văn Ngữ</del>" in changed
    assert "sinh năm 1988" in changed
    assert ">mới</span>" in changed
    followed.go_on(case, SUPPLEMENT, 2, 3)
    page = followed.person("officer-one_stop", "one_stop").get(f"/can-bo/ho-so/{case.id}")
    assert "Ông Phạm Văn Ngữ</del>" in page
    assert ">mới</span>" not in page.split('class="amended"')[1].split("</section>")[0]
