"""The mailbox shows what the stand-ins took as its reader would see it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from web.standins import mail, sms, zalo
from web.standins.book import KEPT_FILES, Book
from web.standins.console import create_console

MAIL = {
    "to": "lan@example.vn",
    "subject": "Đã tiếp nhận <hồ sơ>",
    "text": "Kính gửi: Lan\nXem https://xa-mau.example/cases/H-1\n",
    "files": [{"name": "Kết quả.pdf", "size": 2048, "sha256": "a" * 64}],
}


@pytest.fixture
def book() -> Book:
    return Book([mail.PARTY, sms.PARTY, zalo.PARTY])


@pytest.fixture
def console(book: Book) -> FlaskClient:
    return create_console(book).test_client()


def test_mails_messages_and_codes_are_shown_newest_first(book: Book, console: FlaskClient) -> None:
    assert "Chưa có thư nào" in console.get("/hop-thu").text
    book.note("mail", "mail", MAIL)
    book.note("sms", "sms", {"Phone": "84903000111", "Brandname": "XA MAU", "Content": "Ma xac thuc: 482913"})
    book.note("zalo", "zalo", {"phone": "84904", "template_id": "300001", "template_data": {"code": "H-1"}})
    book.note("sms", "refused", {"code": "103"})
    page = console.get("/hop-thu").text
    assert page.index("300001") < page.index("482913") < page.index("Đã tiếp nhận &lt;hồ sơ&gt;")
    assert '<a href="https://xa-mau.example/cases/H-1"' in page
    assert f'href="/mail/file/{"a" * 64}"' in page
    assert "103" not in page


@pytest.mark.parametrize("to", ["lan@EXAMPLE.vn", "0903 000 111", "84903000111"])
def test_one_persons_messages_are_found_by_address_or_number(book: Book, console: FlaskClient, to: str) -> None:
    book.note("mail", "mail", MAIL)
    book.note("sms", "sms", {"Phone": "84903000111", "Brandname": "XA MAU", "Content": "một"})
    book.note("sms", "sms", {"Phone": "84999999999", "Brandname": "XA MAU", "Content": "hai"})
    page = console.get("/hop-thu", query_string={"to": to}).text
    assert page.count("<li class=") == 1
    assert "hai" not in page


def test_the_oldest_files_are_forgotten(book: Book) -> None:
    names = [book.keep(str(number).encode()) for number in range(KEPT_FILES + 5)]
    assert [book.file(name) is None for name in names] == [True] * 5 + [False] * KEPT_FILES
