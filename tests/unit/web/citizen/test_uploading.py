"""Files of a draft: in parts, resumed, removed, moved, opened again; refused with words of their own; nobody else's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.unit.web.citizen.test_drafts import PAPERS, PDF, Writer, draft_of

KEY = "k" * 16


class Sender(Writer):
    """Somebody who uploads."""

    def put(self, content: bytes, path: str = "tep", **query: Any) -> Any:
        values = {"key": KEY, "name": "bản chính.pdf", "size": len(content), "offset": 0, **query}
        self.open("phan/giay")
        head = {"X-CSRFToken": self.client.hidden("csrf_token")}
        return self.client.client.put(f"{self.home}/tep/{path}", data=content, query_string=values, headers=head)

    def names(self, house: Any) -> list[str]:
        return [one["name"] for one in draft_of(house, self).data.get("tep", ())]


@pytest.fixture
def lan(browser: Any) -> Sender:
    return Sender(browser("id-lan"))


def test_a_file_comes_in_parts_and_goes_on_where_it_stopped(lan: Sender, house: Any) -> None:
    assert lan.put(PDF[:4], size=len(PDF)).json == {"received": 4}
    asked = lan.client.client.get(f"{lan.home}/tep/tep?key={KEY}")
    assert asked.json == {"received": 4}
    again = lan.put(PDF[:4], size=len(PDF))
    assert (again.status_code, again.json) == (409, {"received": 4})
    done = lan.put(PDF[4:], size=len(PDF), offset=4).json
    assert done["done"]
    assert "bản chính.pdf" in done["html"]
    assert lan.names(house) == ["bản chính.pdf"]
    assert done["version"] == draft_of(house, lan).version
    assert "bản chính.pdf" in lan.open("phan/giay")


def test_a_file_of_the_draft_can_be_opened_again_by_its_owner_only(lan: Sender, browser: Any) -> None:
    sha256 = lan.put(PDF).json["sha256"]
    answer = lan.client.client.get(f"{lan.home}/tai/{sha256}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    lan.client.get(f"{lan.home}/tai/{'a' * 64}", 404)
    browser("id-hung").get(f"{lan.home}/tai/{sha256}", 404)


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (b"MZ", {}, "wrong_kind"),
        (b"", {}, "empty_file"),
        (PDF, {"name": "a.png"}, "wrong_kind"),
        (PDF, {"size": 2 * 2**20}, "big_file"),
        (PDF, {"size": 3}, "broken_off"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    lan: Sender, house: Any, content: bytes, more: dict[str, Any], code: str
) -> None:
    answer = lan.put(content, **more)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert answer.json["error"]
    assert lan.names(house) == []


def test_more_files_than_the_question_takes_are_refused(lan: Sender, house: Any) -> None:
    for number in range(2):
        assert lan.put(PDF + bytes([number]), key=f"{KEY}{number}").json["done"]
    assert lan.put(PDF, key="one-more").json["code"] == "many_files"
    assert len(lan.names(house)) == 2


def test_the_same_file_twice_is_one(lan: Sender, house: Any) -> None:
    for number in range(2):
        lan.put(PDF, key=f"{KEY}{number}")
    assert lan.names(house) == ["bản chính.pdf"]


@pytest.mark.parametrize("query", [{"key": "../x"}, {"size": "x"}, {"offset": "-1"}, {"key": ""}])
def test_requests_that_make_no_sense_are_refused(lan: Sender, query: dict[str, Any]) -> None:
    assert lan.put(PDF, **query).status_code == 400


@pytest.mark.parametrize("path", ["ho_ten", "zzz", "danh_sach.0.ten", "../x", "tep.0"])
def test_a_question_that_takes_no_files_takes_none(lan: Sender, path: str) -> None:
    assert lan.put(PDF, path).status_code in (404, 308)


def test_a_put_without_its_token_is_refused(lan: Sender, house: Any) -> None:
    answer = lan.client.client.put(f"{lan.home}/tep/tep?key={KEY}&name=a.pdf&size=10&offset=0", data=PDF)
    assert answer.status_code == 400
    assert lan.names(house) == []


def test_nobody_puts_a_file_into_a_draft_of_somebody_else(lan: Sender, browser: Any, house: Any) -> None:
    hung = browser("id-hung")
    hung.get("/ho-so")
    head = {"X-CSRFToken": hung.hidden("csrf_token")}
    query = {"key": KEY, "name": "a.pdf", "size": len(PDF), "offset": 0}
    for home in (lan.home, f"/nop/{'f' * 32}"):
        assert hung.client.put(f"{home}/tep/tep", data=PDF, query_string=query, headers=head).status_code == 404
    assert lan.names(house) == []


def test_without_scripts_files_are_uploaded_moved_and_removed_on_the_same_page(lan: Sender, house: Any) -> None:
    lan.open("phan/giay")
    two = [(BytesIO(PDF + b"1"), "một.pdf"), (BytesIO(PDF + b"2"), "hai.pdf")]
    page = lan.press("phan/giay", {**PAPERS, "_upload.tep": two}, "upload:tep", 200).text
    assert lan.names(house) == ["một.pdf", "hai.pdf"]
    tokens = [one.split('"')[0] for one in page.split('name="tep" value="')[1:]]
    lan.press("phan/giay", {**PAPERS, "tep": tokens}, "upfile:tep:1", 200)
    assert lan.names(house) == ["hai.pdf", "một.pdf"]
    lan.press("phan/giay", {**PAPERS, "tep": tokens}, "unfile:tep:0", 200)
    assert lan.names(house) == ["hai.pdf"]


def test_a_photo_taken_at_once_is_a_file_like_others(lan: Sender, house: Any) -> None:
    lan.open("phan/giay")
    lan.press("phan/giay", {**PAPERS, "_camera.tep": (BytesIO(b"\x89PNG 1"), "ảnh.png")}, "upload:tep", 200)
    assert lan.names(house) == ["ảnh.png"]


def test_uploading_nothing_says_so(lan: Sender) -> None:
    lan.open("phan/giay")
    page = lan.press("phan/giay", PAPERS, "upload:tep", 422).text
    assert "Hãy chọn tệp trước khi tải lên." in page


def test_a_refused_file_is_said_at_its_field_and_typed_text_is_saved(lan: Sender, house: Any) -> None:
    lan.open("phan/giay")
    upload = {**PAPERS, "_upload.tep": (BytesIO(b"MZ"), "a.pdf")}
    assert "không phải là tệp PDF, PNG hợp lệ" in lan.press("phan/giay", upload, "upload:tep", 422).text
    assert draft_of(house, lan).data["so_ban"] == 2


def test_a_signed_file_is_shown_by_its_copy_and_the_original_can_be_had(lan: Sender, house: Any, browser: Any) -> None:
    signed = PDF + b" signed"
    sha256 = lan.put(signed).json["sha256"]
    lan.write("phan/nguoi", {"ho_ten": "Lan"})
    lan.open("phan/giay")
    lan.press("phan/giay", {**PAPERS, "tep": lan.client.hidden("tep")})
    lan.write("nhan-ket-qua", {"_delivery": "desk"})
    assert lan.send().location == "/ho-so/case2/da-nop"
    clerk = browser("id-mai").client
    assert clerk.get(f"/can-bo/ho-so/case2/tep/{sha256}").data == b"%PDF-view"
    assert clerk.get(f"/can-bo/ho-so/case2/tep/{sha256}?goc=1").data == signed
