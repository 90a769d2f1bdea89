"""Whoever signed in and was refused is noted; pages that are simply not there are nobody's attempt."""

from __future__ import annotations

import pytest

from engine.domain.errors import DatabaseUnavailableError


@pytest.mark.parametrize(
    ("path", "status", "page"),
    [("/kiem-tra/", 403, "audit.cases"), ("/can-bo/ho-so/nobodys", 404, "desk.case")],
)
def test_a_refused_page_is_noted_with_who_and_what(browser, house, path, status, page):
    browser("id-mai").get(path, status)
    assert house.attempts == [("xa-mau", "id-mai", page)]


@pytest.mark.parametrize(("path", "status"), [("/khong-co", 404), ("/can-bo/", 200), ("/thu-tuc/9.999999", 404)])
def test_what_is_open_or_not_there_for_anybody_is_not_noted(browser, house, path, status):
    browser("id-mai").get(path, status)
    assert house.attempts == []


def test_strangers_are_sent_to_sign_in_and_not_noted(browser, house):
    browser().get("/can-bo/", 302)
    assert house.attempts == []


def test_a_refusal_stands_when_the_database_cannot_note_it(browser, house, monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise DatabaseUnavailableError()

    clerk = browser("id-mai")
    monkeypatch.setattr(house.desk.attempts, "note", away)
    clerk.get("/kiem-tra/", 403)
