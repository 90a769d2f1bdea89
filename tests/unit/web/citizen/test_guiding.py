"""Pages that guide: occasions, the check, how it works, larger text without scripts."""

from __future__ import annotations

from typing import Any


def test_the_first_page_leads_to_occasions_and_those_to_procedures(browser: Any) -> None:
    page = browser().get("/")
    assert 'href="/su-kien/ban-sao"' in page
    assert "/thu-tuc/2.000815" in browser().get("/su-kien/ban-sao")
    assert "/su-kien/" not in browser().get("/?q=sao").split("<main")[1]  # who searches is not sent back
    browser().get("/su-kien/khong-co", 404)


def test_the_fields_are_folded_until_one_is_chosen(browser: Any) -> None:
    assert '<details class="fold"><summary>' in browser().get("/")
    assert '<details class="fold" open><summary>' in browser().get("/?field=chung-thuc")


def test_the_procedure_leads_through_the_check_to_the_form(browser: Any) -> None:
    one = browser("id-lan")
    assert 'href="/thu-tuc/2.000815/kiem-tra"' in one.get("/thu-tuc/2.000815")
    assert 'name="ai" value="toi"' in one.get("/thu-tuc/2.000815/kiem-tra")
    page = one.get("/thu-tuc/2.000815/kiem-tra?tiep=1", 422)
    assert 'href="#ai-toi"' in page
    assert "<title>Lỗi: " in page
    page = one.get("/thu-tuc/2.000815/kiem-tra?tiep=1&ai=khong")
    assert "Phải là: Mọi người" in page
    assert "/thu-tuc/2.000815/nop" not in page
    answer = one.client.get("/thu-tuc/2.000815/kiem-tra?tiep=1&ai=toi")
    assert answer.headers["Location"] == "/thu-tuc/2.000815/nop"
    one.get("/thu-tuc/9.999999/kiem-tra", 404)


def test_the_guide_names_the_hotline(browser: Any) -> None:
    assert 'href="tel:02838880000"' in browser().get("/huong-dan")


def test_the_look_of_pages_is_remembered_and_turned_back(browser: Any) -> None:
    one = browser()
    assert one.client.get("/hien-thi/large?next=/tra-cuu").headers["Location"] == "/tra-cuu"
    page = one.get("/tra-cuu")
    assert 'class="citizen large"' in page
    assert "/hien-thi/large-contrast?next=/tra-cuu" in page
    assert "/hien-thi/plain?next=/tra-cuu" in page
    assert one.client.get("/hien-thi/large?next=https://x.example/").headers["Location"] == "/"
    one.get("/hien-thi/style=x", 404)
