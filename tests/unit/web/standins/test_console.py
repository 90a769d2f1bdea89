"""The stand-ins' console shows what was received and turns moods, for its own pages only."""

from __future__ import annotations

import pytest

from tests.support.web_client import Browser
from web.standins.book import KEPT, Book, Party
from web.standins.console import create_console

BANK = Party(name="bank", title="Ngân hàng", title_en="Bank", lies={"amount": ("sai số tiền", "wrong amount")})


@pytest.fixture
def book() -> Book:
    return Book([BANK])


def test_what_came_in_is_shown_newest_first_and_can_be_forgotten(book: Book) -> None:
    console = create_console(book).test_client()
    assert "Chưa có gì" in console.get("/").text
    book.note("bank", "pay", {"amount": "8000", "who": "<b>Lan</b>"})
    book.note("bank", "query", {"order": "A1"})
    page = console.get("/").text
    assert page.index("query") < page.index("8000")
    assert "&lt;b&gt;Lan" in page
    assert [row["what"] for row in console.get("/entries.json?party=bank").json] == ["query", "pay"]
    browser = Browser(console)
    browser.get("/")
    browser.post("/bank/forget", {})
    assert console.get("/entries.json").json == []


def test_a_mood_is_set_and_kept_within_bounds(book: Book) -> None:
    console = Browser(create_console(book).test_client())
    console.get("/")
    console.post("/bank/mood", {"refuse": "1", "delay": "1e9", "repeat": "99", "lie": "amount"})
    mood = book.mood("bank")
    assert (mood.refuse, mood.delay, mood.repeat, mood.lie) == (True, 60.0, 20, "amount")
    console.get("/")
    console.post("/bank/mood", {})
    assert book.mood("bank").refuse is False


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [("/nobody/mood", {}, 404), ("/bank/mood", {"lie": "all"}, 400), ("/bank/mood", {"delay": "x"}, 400)],
)
def test_nonsense_changes_nothing(book: Book, path: str, data: dict[str, str], status: int) -> None:
    before = book.mood("bank")
    console = Browser(create_console(book).test_client())
    console.get("/")
    console.post(path, data, status)
    assert book.mood("bank") == before


def test_a_page_from_elsewhere_may_not_turn_moods(book: Book) -> None:
    console = create_console(book).test_client()
    assert console.post("/bank/mood", data={"refuse": "1"}).status_code == 400
    assert book.mood("bank").refuse is False


def test_the_book_forgets_its_oldest_pages(book: Book) -> None:
    for number in range(KEPT + 5):
        book.note("bank", "pay", {"n": number})
    assert len(book.entries()) == KEPT
    assert book.entries()[-1].fields["n"] == 5
