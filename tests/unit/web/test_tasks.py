"""Officers work on tasks."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.messages import CompleteTask, CorrelateMessage, DelegateTask
from engine.domain.errors import DatabaseUnavailableError, RuleError, StaleVersionError, TaskTakenError

KEY = "call_intake%231/check_documents%231"
PAGE = f"/can-bo/ho-so/case1/viec?key={KEY}"


def test_the_queue_masks_names_and_marks_what_is_late_in_words(browser):
    page = browser("id-mai").get("/can-bo/")
    assert "Nguyễn T. L." in page
    assert "Nguyễn Thị Lan" not in page
    assert "Quá hạn 2 ngày" in page
    assert "079190001234" not in page


def test_the_rail_says_how_much_waits_and_of_very_much_that_it_is_more(browser, house, monkeypatch):
    monkeypatch.setattr(house, "counts", lambda actor: {"one_stop": 1000, "mine": 999})
    page = browser("id-mai").get("/can-bo/")
    assert '<span class="count" data-number="mine">999</span>' in page
    assert '<span class="count" data-number="one_stop">hơn 999</span>' in page
    assert '<span class="count" data-number="one_stop">999+</span>' in browser("id-mai").get("/can-bo/?lang=en")


def test_claim_then_complete_then_the_next_task(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    answer = mai.post(PAGE, {"_action": "complete", "decision": "accepted"})
    assert answer.location == "/can-bo/"
    done = house.handled[-1]
    assert isinstance(done, CompleteTask)
    assert (done.data, done.version) == ({"decision": "accepted"}, 8)
    assert "Đã hoàn thành: Kiểm tra hồ sơ." in mai.get("/can-bo/")


def test_a_second_click_on_complete_completes_once_and_says_so(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    sent = {name: mai.hidden(name) for name in ("csrf_token", "_key", "_version")}
    places = [
        mai.client.post(PAGE, data={**sent, "_action": "complete", "decision": "accepted"}).location for _ in range(2)
    ]
    assert places == ["/can-bo/", "/can-bo/ho-so/case1"]
    assert sum(isinstance(one, CompleteTask) for one in house.handled) == 1


def test_an_old_page_of_a_closed_task_leads_to_the_case(browser):
    mai = browser("id-mai")
    assert mai.client.get("/can-bo/ho-so/case1/viec?key=nothing").location == "/can-bo/ho-so/case1"
    assert "đã được hoàn thành hoặc đã đóng" in mai.get("/can-bo/ho-so/case1")


def test_a_conflict_keeps_what_was_typed_and_the_next_try_knows_the_new_version(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    house.refuse = StaleVersionError()
    house.cases_["case1"] = replace(house.cases_["case1"], version=42)
    typed = {"decision": "supplement", "reason": "Thiếu <trang> 3"}
    page = mai.post(PAGE, {"_action": "complete", **typed}, 409).text
    assert "vừa được người khác cập nhật" in page
    assert "Thiếu &lt;trang&gt; 3" in page
    assert mai.hidden("_version") == "42"
    house.refuse = None
    mai.post(PAGE, {"_action": "complete", **typed})
    assert house.handled[-1].version == 42


def test_when_nobody_knows_whether_it_was_recorded_the_same_request_is_offered_again(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    key = mai.hidden("_key")
    house.refuse = DatabaseUnavailableError(reason="the connection broke in COMMIT")
    page = mai.post(PAGE, {"_action": "complete", "decision": "accepted"}, 503).text
    assert mai.hidden("_key") == key
    assert 'name="decision" value="accepted"' in page
    assert "key=call_intake%231/check_documents%231" in page.replace("%2F", "/")


def test_when_somebody_else_took_the_task_the_typed_words_can_still_be_read(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    house.refuse = TaskTakenError(assignee="Võ Minh Tâm")
    house._change("case1", "call_intake#1/check_documents#1", assignee="id-tam")
    page = mai.post(PAGE, {"_action": "complete", "decision": "supplement", "reason": "Thiếu trang 3"}, 409).text
    assert "đang do Võ Minh Tâm giữ" in page
    assert "Thiếu trang 3" in page


def test_a_rule_of_the_engine_is_shown_with_the_form(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    house.refuse = RuleError(reason="Chỉ bổ sung một lần.", reason_en="Once only.")
    assert "Chỉ bổ sung một lần." in mai.post(PAGE, {"_action": "complete", "decision": "accepted"}, 422).text


def test_a_draft_comes_back(browser):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "draft", "decision": "supplement", "reason": "Thiếu"})
    assert ">Thiếu</textarea>" in mai.get(PAGE)


def test_a_task_is_handed_only_to_those_who_could_take_it(browser, house):
    mai = browser("id-mai")
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "claim"})
    page = mai.get(PAGE)
    assert "Võ Minh Tâm" in page
    assert "Đỗ Kiểm" not in page
    mai.post(PAGE, {"_action": "delegate", "_assignee": "id-audit", "_reason": "x"}, 400)
    mai.get(PAGE)
    mai.post(PAGE, {"_action": "delegate", "_assignee": "id-tam", "_reason": "Nghỉ phép"})
    assert isinstance(house.handled[-1], DelegateTask)


def test_a_task_that_is_gone_says_so_and_shows_the_words_again(browser):
    mai = browser("id-mai")
    mai.get(PAGE)
    page = mai.post("/can-bo/ho-so/case1/viec?key=nothing", {"_action": "complete", "reason": "Rất dài"}, 409).text
    assert "đã được hoàn thành hoặc đã đóng" in page
    assert "Rất dài" in page


def test_personal_answers_are_escaped_everywhere(browser):
    for who, path in (("id-mai", PAGE), ("id-mai", "/can-bo/ho-so/case1"), ("id-lan", "/ho-so/case1")):
        page = browser(who).get(path)
        assert "&lt;b&gt;Lan&lt;/b&gt;" in page
        assert "<b>Lan</b>" not in page


def test_the_case_page_shows_fees_term_history_and_hides_inner_workings(browser):
    page = browser("id-mai").get("/can-bo/ho-so/case1")
    assert "8.000 đồng" in page
    assert "14:05 ngày 04/08/2026" in page
    assert "Nộp hồ sơ" in page
    assert "Quy trình đi tiếp" not in page.split("Hiện cả bước của hệ thống")[0]  # folded away for officers
    assert "Kiểm tra hồ sơ" in page
    assert "data-diagram=" in page
    assert "Quy trình đi tiếp" in browser("id-audit").get("/kiem-tra/case1")


def test_officers_act_on_a_case_with_the_version_they_saw(browser, house):
    mai = browser("id-mai")
    for action in ("withdraw", "cancel", "extend"):
        mai.get("/can-bo/ho-so/case1")
        mai.post("/can-bo/ho-so/case1/lam", {"_action": action, "reason": "Theo đơn", "_version": "7"})
        assert (house.handled[-1].reason, house.handled[-1].version) == ("Theo đơn", 7)
    mai.get("/can-bo/ho-so/case1")
    mai.post("/can-bo/ho-so/case1/lam", {"_action": "comment", "text": "Đã gọi điện", "public": "1"})
    assert house.handled[-1].public is True
    mai.get("/can-bo/ho-so/case1")
    mai.post("/can-bo/ho-so/case1/lam", {"_action": "delete"}, 400)


def test_a_message_is_entered_by_hand_with_its_form(browser, house):
    mai, path = browser("id-mai"), "/can-bo/ho-so/case1/thong-tin?key=wait%231"
    mai.get(path)
    mai.post(path, {"_action": "complete"}, 422)
    mai.post(path, {"_action": "complete", "decision": "accepted"})
    sent = house.handled[-1]
    assert isinstance(sent, CorrelateMessage)
    assert (sent.message, sent.correlation, sent.payload) == ("verification_replied", "c", {"decision": "accepted"})
    mai.get("/can-bo/ho-so/case1/thong-tin?key=other", 409)
