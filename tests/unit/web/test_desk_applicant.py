"""Officers see for whom a case was filed, by whom, and how well that account is proven."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

CASE = "/can-bo/ho-so/case1"
TASK = f"{CASE}/viec?key=call_intake%231/check_documents%231"
MOTHER = {
    "account": "id-lan",
    "name": "Cụ <Tư>",
    "id_number": "079140000777",
    "kind": "person",
    "phone": "0903000111",
    "submitted_by": "Nguyễn Thị Lan",
    "submitted_by_id_number": "079190001234",
    "relation": "Mẹ",
    "assurance": 2,
}


def facts(page: str) -> dict[str, str]:
    """What stands beside each word of the lists, without markup."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", said).split()) for name, said in pairs}


def filed(house, **person):
    """The case as if this person had filed it."""
    house.cases_["case1"] = replace(house.cases_["case1"], applicant={**MOTHER, **person})


@pytest.mark.parametrize("place", [CASE, TASK])
def test_who_filed_for_whom_stands_on_the_case_and_beside_its_task(browser, house, place):
    filed(house)
    page = browser("id-mai").get(place)
    seen = facts(page)
    assert seen["Người nộp"] == "Cụ &lt;Tư&gt; (cá nhân)"
    assert seen["Số định danh"] == "079140000777"
    assert seen["Người nộp thay"] == "Nguyễn Thị Lan (•••••••••234)"
    assert seen["Quan hệ"] == "Mẹ"
    assert seen["Điện thoại"] == "0903000111"
    assert seen["Mức xác thực tài khoản"] == "mức 2"
    assert "079190001234" not in page


@pytest.mark.parametrize("place", [CASE, TASK])
def test_an_organisation_has_a_code_and_somebody_with_a_position(browser, house, place):
    filed(house, kind="organisation", name="HTX Rau Sạch", id_number="0312345678", relation="Giám đốc")
    seen = facts(browser("id-mai").get(place))
    assert (seen["Người nộp"], seen["Mã số"], seen["Chức vụ"]) == ("HTX Rau Sạch (tổ chức)", "0312345678", "Giám đốc")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_an_account_that_nothing_proves_is_said_to_be_of_level_nought(browser, house, level):
    filed(house, assurance=level)
    assert facts(browser("id-mai").get(CASE))["Mức xác thực tài khoản"] == f"mức {level}"
    assert facts(browser("id-mai").get(f"{CASE}?lang=en"))["Assurance of the account"] == f"level {level}"


@pytest.mark.parametrize("place", [CASE, TASK])
def test_of_a_case_without_these_facts_nothing_is_said(browser, place):
    seen = facts(browser("id-mai").get(place))
    assert seen["Người nộp"] == "Nguyễn Thị Lan"
    assert not {"Người nộp thay", "Quan hệ", "Chức vụ", "Mức xác thực tài khoản"} & set(seen)
