"""A unit's own words in notices: which count when, and what may be written."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.notice import Language, Template
from engine.domain.wording import (
    FURTHEST,
    LONGEST,
    Wording,
    counting,
    day_problems,
    faults,
    fields_of,
    problems_of,
    texts_of,
    tidy,
    worded,
)
from tests.support.told_house import book

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
TEMPLATE = Template(
    key="news",
    title={"vi": "Tin {code}", "en": "News {code}"},
    body={"vi": "Kính gửi: {name}\nXem {link}", "en": "Dear {name}\nSee {link}"},
    status={"vi": "Có tin", "en": "News"},
)
CODE = Template(
    key="code",
    title={"vi": "Mã", "en": "Code"},
    body={"vi": "Gửi bằng tin nhắn.", "en": "Sent as a message."},
    short={"vi": "Mã: {otp}", "en": "Code: {otp}"},
    secret=True,
    only="sms",
    minutes=5,
)
OWN = texts_of(TEMPLATE) | {"title": "Tin mới về hồ sơ {code}"}
ROW = Wording(unit="u", template="news", edition=1, valid_from=TODAY, texts=OWN, changed_at=NOON, changed_by="an")


def short(template: Template, lang: Language) -> str:
    return template.status.get(lang, "") + template.short.get(lang, "")


def wrong(template: Template = TEMPLATE, **given: str) -> list[str]:
    texts = tidy(template, {**texts_of(template), **given})
    return [one.field for one in problems_of(template, texts, short)]


def test_a_notice_has_the_words_that_counted_when_it_was_written() -> None:
    later = replace(ROW, edition=2, changed_at=NOON + timedelta(hours=1))
    assert counting([ROW], "news", NOON - timedelta(seconds=1)) is None
    assert counting([ROW, later], "news", NOON) == ROW
    assert counting([later, ROW], "news", NOON + timedelta(hours=1)) == later
    assert counting([ROW], "other", NOON) is None


def test_words_of_a_later_day_wait_for_it_and_then_go_before_what_was_written_since() -> None:
    planned = replace(ROW, edition=1, valid_from=TODAY + timedelta(days=5))
    meanwhile = replace(ROW, edition=2, changed_at=NOON + timedelta(hours=1))
    assert counting([planned, meanwhile], "news", NOON + timedelta(days=4)) == meanwhile
    assert counting([planned, meanwhile], "news", NOON + timedelta(days=5)) == planned
    back = replace(ROW, edition=3, texts={}, valid_from=TODAY + timedelta(days=6))
    assert counting([planned, meanwhile, back], "news", NOON + timedelta(days=6)) is None


def test_own_words_replace_texts_and_nothing_else() -> None:
    own = worded(TEMPLATE, {"title": "Khác", "strange": "x"})
    assert own == replace(TEMPLATE, title={"vi": "Khác", "en": "News {code}"})
    assert worded(CODE, {"secret": "", "short": "Số: {otp}"}) == replace(
        CODE, short={"vi": "Số: {otp}", "en": "Code: {otp}"}
    )
    assert [name for name, _, _ in fields_of(CODE)] == ["title", "title_en", "body", "body_en", "short", "short_en"]


def test_every_template_of_the_catalog_would_pass_as_a_units_own() -> None:
    for template in book().templates.values():
        assert wrong(template) == [], template.key


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"title": ""}, ["title"]),
        ({"body_en": " \n "}, ["body_en"]),
        ({"title": "Tin {ma_ho_so}"}, ["title"]),
        ({"body": "Mã {code} {{name}}"}, ["body"]),
        ({"body": "Xem {link"}, ["body"]),
        ({"body": "Xem {code.__class__}"}, ["body"]),
        ({"body": "{% raw %} ${link}"}, ["body"]),
        ({"status": "Của {name}"}, ["status"]),
        ({"status": "x" * 31}, ["status"]),
        ({"title": "x" * 201, "body": "x" * 4001}, ["title", "body"]),
        ({"body": "x" * 10_000_000}, ["body"]),
    ],
)
def test_each_mistake_is_told_at_its_field(given: dict[str, str], fields: list[str]) -> None:
    assert wrong(**given) == fields


def test_a_message_that_would_be_cut_is_refused_where_it_is_written() -> None:
    assert wrong(CODE, short="{otp} " + "đ" * 156) == []  # braces have no place in a short message
    assert wrong(CODE, short="{otp} " + "đ" * 157) == ["short"]


def test_a_one_time_code_has_to_stay_in_its_message() -> None:
    assert wrong(CODE, short="Mã của anh/chị", short_en="Code {link}") == ["short", "short_en"]


def test_texts_are_kept_in_one_encoding_and_on_one_line_but_for_the_body() -> None:
    given = {name: unicodedata.normalize("NFD", text) for name, text in texts_of(TEMPLATE).items()}
    found = tidy(TEMPLATE, {**given, "title": " Tin\r\n {code}\x00 ", "body": "Một\r\n\r\nHai\u2028", "strange": "x"})
    assert found == {**texts_of(TEMPLATE), "title": "Tin {code}", "body": "Một\n\nHai"}


@pytest.mark.parametrize(
    ("day", "sound"),
    [
        (TODAY, True),
        (TODAY + FURTHEST, True),
        (None, False),
        (date(2026, 11, 26), False),
        (TODAY + FURTHEST + timedelta(days=1), False),
    ],
)
def test_a_day_is_today_or_later(day: date | None, sound: bool) -> None:
    assert [one.field for one in day_problems(day, TODAY)] == ([] if sound else ["valid_from"])


def test_faults_name_the_rule_in_both_languages() -> None:
    assert [rule for rule, _, _ in faults("status", "{name} {" + "x" * LONGEST["status"])] == [
        "notice-name",
        "notice-name",
        "notice-length",
    ]
