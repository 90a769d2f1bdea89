"""The steering pages: who sees them, what each form asks of the engine, and what is said when it refuses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.commands import messages as m
from engine.domain.case import Incident, Suspension
from engine.domain.errors import ChangeRefusedError, ProposalStaleError
from engine.domain.steering import Change, Effect, Proposal
from tests.unit.web.fake_house import NOW, FakeHouse

PAGE, ACT = "/dieu-hanh/case1", "/dieu-hanh/case1/lam"
KEY = "call_intake#1/check_documents#1"
INCIDENT = Incident(
    id="i1", key=KEY, kind="task", error="Không điều kiện nào đúng <b>", raised_at=NOW, element="decide",
    kept={"x": 1}, by="id-mai", notes=({"text": "Đã hỏi", "by": "id-quan", "at": NOW},),
)  # fmt: skip
PROPOSAL = Proposal(
    id="p1",
    by="id-binh",
    at=NOW,
    reason="Vẽ sai",
    change=Change(cancel=(KEY,), begin=(("", "last"),), variables={"": {"phi": Decimal("1.50")}}),
    basis="b",
    effect=Effect(closes=(KEY,), opens=("last#1",), visits=("last#1",), ended=False),
)


def put(house: FakeHouse, **changes: Any) -> None:
    house.cases_["case1"] = replace(house.cases_["case1"], **changes)


def last(house: FakeHouse) -> Any:
    return house.handled[-1]


def test_only_administrators_and_chairmen_see_them(browser):
    for account, status in (("id-quan", 200), ("id-binh", 200), ("id-mai", 403), ("id-audit", 403), ("id-lan", 403)):
        one = browser(account)
        one.get("/dieu-hanh/", status)
        one.get(PAGE, status)


def test_the_list_shows_incidents_proposals_and_suspensions_apart(browser, house):
    admin = browser("id-quan")
    assert "Không có sự cố nào" in admin.get("/dieu-hanh/")
    put(house, incidents={"i1": INCIDENT}, proposal=PROPOSAL)
    put(house, suspended=Suspension(id="s", reason="Chờ sửa", by="id-quan", at=NOW))
    page = admin.get("/dieu-hanh/")
    assert page.index("Không điều kiện nào đúng &lt;b&gt;") < page.index("Vẽ sai") < page.index("Chờ sửa")


def test_suspend_and_resume(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    admin.post(ACT, {"_action": "suspend", "suspend_reason": " Chờ sửa "})
    assert last(house) == m.SuspendCase(unit="xa-mau", case_id="case1", reason="Chờ sửa")
    put(house, suspended=Suspension(id="s", reason="Chờ sửa", by="id-quan", at=NOW))
    assert "Chờ sửa" in admin.get(PAGE)
    admin.post(ACT, {"_action": "resume", "note": "Xong"})
    assert last(house) == m.ResumeCase(unit="xa-mau", case_id="case1", note="Xong")


@pytest.mark.parametrize(
    ("action", "command"), [("retry", m.RetryIncident), ("note", m.NoteIncident), ("close", m.ResolveIncident)]
)
def test_an_incident_is_retried_noted_or_closed_with_its_own_note(browser, house, action, command):
    put(house, incidents={"i1": INCIDENT})
    admin = browser("id-quan")
    page = admin.get(PAGE)
    assert "Đã hỏi" in page
    assert "Lê Thị Mai" in page, "whose completion is kept"
    admin.post(ACT, {"_action": action, "incident": "i1", "_note": "mended_1", "mended_1": "Đã sửa"})
    assert last(house) == command(unit="xa-mau", case_id="case1", incident="i1", note="Đã sửa")


def test_a_chairman_is_not_offered_what_only_administrators_may(browser, house):
    put(house, incidents={"i1": INCIDENT})
    page = browser("id-binh").get(PAGE)
    assert 'value="retry"' not in page
    assert 'value="migrate"' not in page
    assert 'value="propose"' in page


def test_a_change_is_proposed_with_exact_numbers(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    form = {"cancel": KEY, "begin": "call#1/y", "change_reason": "Vẽ sai"}
    admin.post(ACT, {**form, "_action": "propose", "variables": 'a = {"b": [1.50]}\r\n\r\ncall#1/c = "x=y"\r\n'})
    change = Change(
        cancel=(KEY,), begin=(("call#1", "y"),), variables={"": {"a": {"b": [Decimal("1.50")]}}, "call#1": {"c": "x=y"}}
    )
    assert last(house) == m.ProposeModification(unit="xa-mau", case_id="case1", change=change, reason="Vẽ sai")


@pytest.mark.parametrize("line", ["a", "a =", "= 1", "a = NaN", "a = Infinity", "a = {", "a = " + "[" * 5000])
def test_a_line_that_is_none_is_named_and_what_was_typed_stays(browser, house, line):
    admin = browser("id-quan")
    admin.get(PAGE)
    page = admin.post(ACT, {"_action": "propose", "variables": line, "change_reason": "Vì <thế>"}, 422).text
    assert "không đúng dạng" in page
    assert "Vì &lt;thế&gt;" in page
    assert house.handled == []


def test_a_refusal_is_said_on_the_page_with_what_was_typed(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    house.refuse = ChangeRefusedError(element="late", reason="“late” chỉ theo dõi", reason_en="watches")
    page = admin.post(ACT, {"_action": "propose", "cancel": KEY, "change_reason": "Vẽ sai"}, 422).text
    assert "“late” chỉ theo dõi" in page
    assert f'value="{KEY}" checked' in page


def test_the_own_proposal_cannot_be_approved_and_a_stale_one_by_nobody(browser, house):
    put(house, proposal=PROPOSAL)
    admin, chairman = browser("id-quan"), browser("id-binh")
    assert 'value="approve"' in admin.get(PAGE)
    page = chairman.get(PAGE)
    assert 'value="approve"' not in page
    assert "Rút đề nghị" in page
    admin.get(PAGE)
    admin.post(ACT, {"_action": "approve", "proposal": "p1"})
    assert last(house) == m.ApproveModification(unit="xa-mau", case_id="case1", proposal="p1")
    house.refuse = ProposalStaleError()
    admin.get(PAGE)
    assert "đã đi tiếp" in admin.post(ACT, {"_action": "approve", "proposal": "p1"}, 409).text
    house.refuse, house.steering.stale = None, True
    page = admin.get(PAGE)
    assert 'value="approve"' not in page
    admin.post(ACT, {"_action": "reject", "proposal": "p1", "reject_reason": "Thôi"})
    assert last(house) == m.RejectModification(unit="xa-mau", case_id="case1", proposal="p1", reason="Thôi")


def test_a_dry_run_writes_nothing_and_keeps_the_form(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    form = {"_action": "look", "to": "2", "elements": "a = b", "anew": "t1, t2"}
    page = admin.post(ACT, form, 200).text
    assert "Chuyển được. Chưa ghi gì." in page
    assert "a#1 → b#1" in page
    assert "a = b</textarea>" in page
    house.steering.fits = False
    assert "“a#1”: không có" in admin.post(ACT, form, 200).text
    assert house.handled == []


def test_a_case_is_moved_with_its_mapping(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    form = {"to": "2", "elements": "a = b\np/c = d", "anew": "t1, t2,", "move_reason": "Sửa"}
    admin.post(ACT, {"_action": "migrate", **form})
    command = last(house)
    assert (command.to, command.elements, command.anew) == (2, {"a": "b", "p/c": "d"}, ("t1", "t2"))
    assert command.version == 7, "what the administrator has seen"


@pytest.mark.parametrize("form", [{"_action": "drop"}, {}])
def test_what_no_button_asks_is_no_request(browser, form):
    admin = browser("id-quan")
    admin.get(PAGE)
    admin.post(ACT, form, 400)


def test_without_its_token_nothing_is_done(browser, house):
    admin = browser("id-quan")
    admin.get(PAGE)
    admin.post(ACT, {"_action": "suspend", "suspend_reason": "x", "csrf_token": "wrong"}, 400)
    assert house.handled == []


def test_the_desk_leads_to_it_and_says_that_a_case_is_suspended(browser, house):
    put(house, suspended=Suspension(id="s", reason="Chờ sửa", by="id-quan", at=NOW))
    assert PAGE in browser("id-binh").get("/can-bo/ho-so/case1")
    page = browser("id-mai").get("/can-bo/ho-so/case1")
    assert PAGE not in page
    assert "Chờ sửa" in page
