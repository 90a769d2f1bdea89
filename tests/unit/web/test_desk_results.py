"""The leader's page of a result: what became of it, taking it back, replacing it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.commands.result_messages import ReplaceResult, RevokeResult
from engine.domain.errors import NotFoundError, RuleError
from tests.unit.web.fake_house import NOW

SIGNED = {"role": "agency", "signer": "UBND xã Mẫu", "at": NOW}


@pytest.fixture
def path(house):
    """The page of the one result of the case."""
    case = house.cases_["case1"]
    facts = {"name": "Bản sao", "number": "01/CT", "sha256": "a" * 64, "size": 9, "at": NOW, "signatures": [SIGNED]}
    result = {**facts, "document": f"{case.code}/R1", "token": "t" * 22, "mark": "AB12-CD34", "files": ["a" * 64]}
    house.cases_["case1"] = replace(case, results=(result,))
    return "/can-bo/ho-so/case1/ket-qua/1"


def test_the_leader_revokes_with_a_reason(browser, house, path):
    binh = browser("id-binh")
    assert path in binh.get("/can-bo/ho-so/case1")
    text = binh.get(path)
    assert "Không lấy lại được" in text
    assert f"/ket-qua/{'t' * 22}" in text
    binh.post(path, {"_action": "revoke", "reason": "sai tên"})
    (command,) = house.handled
    assert isinstance(command, RevokeResult)
    assert (command.document, command.reason, command.version) == (house.cases_["case1"].code + "/R1", "sai tên", 7)


def test_the_leader_replaces_by_a_newer_one(browser, house, path):
    binh = browser("id-binh")
    binh.get(path)
    binh.post(path, {"_action": "replace", "reason": "cải chính", "new_document": " HS-2/R1 "})
    (command,) = house.handled
    assert isinstance(command, ReplaceResult)
    assert command.new_document == "HS-2/R1"


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (RuleError(reason="Hãy ghi rõ lý do.", reason_en="Say the reason."), 422),
        (NotFoundError(what="kết quả", id="HS-9/R1"), 404),
    ],
)
def test_a_refusal_is_said_on_top_and_what_was_typed_stays(browser, house, path, refusal, status):
    binh = browser("id-binh")
    binh.get(path)
    house.refuse = refusal
    binh.post(path, {"_action": "replace", "reason": "lý do dài", "new_document": "HS-9/R1"}, status)
    assert refusal.message in binh.page
    assert "lý do dài" in binh.page
    assert 'value="HS-9/R1"' in binh.page


def test_what_was_taken_back_offers_nothing_more(browser, house, path):
    case = house.cases_["case1"]
    revoked = {**case.results[0], "revoked": {"reason": "sai tên", "by": "id-binh", "at": NOW}}
    house.cases_["case1"] = replace(case, results=(revoked,))
    text = browser("id-binh").get(path)
    assert "Đã thu hồi" in text
    assert 'name="_action"' not in text
    assert "đã thu hồi" in browser("id-binh").get("/can-bo/ho-so/case1")


def test_nobody_else_reaches_the_page_and_no_other_result_is_shown(browser, house, path):
    assert path not in browser("id-mai").get("/can-bo/ho-so/case1")
    browser("id-mai").get(path, 403)
    browser("id-lan").get(path, 403)
    for other in ("2", "x", "1%2F", "-1"):
        browser("id-binh").get(f"/can-bo/ho-so/case1/ket-qua/{other}", 404)


def test_an_act_that_is_none_is_refused(browser, house, path):
    binh = browser("id-binh")
    binh.get(path)
    binh.post(path, {"_action": "burn", "reason": "x"}, 400)
    assert house.handled == []
