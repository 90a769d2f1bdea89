"""What a password must hold, and how long something short-lived lives."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.registration import Registration, alive, password_problems, profile_of, subject_of

NOW = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)
PROVEN = Registration(
    id="r",
    unit="u",
    way="mobile",
    subtype="person",
    step="proven",
    wants="nothing",
    given={"name": "Lan", "id_number": "079190001234", "phone": "0903000111", "password": "x"},
    facts={"phone": "0903000111", "id_number": "079190001234"},
    reference={},
    begun_at=NOW,
    expires_at=NOW + timedelta(minutes=30),
)


@pytest.mark.parametrize("good", ["Mật khẩu 1", "Abcdef1@", "Đường-số-9", "ÂNg 1234", "A" + "b" * 196 + "1.!"])
def test_passwords_with_every_kind_of_sign_are_taken_in_any_encoding(good: str) -> None:
    for form in ("NFC", "NFD"):
        assert password_problems(unicodedata.normalize(form, good)) == []


@pytest.mark.parametrize(
    ("weak", "lacks"),
    [
        ("Abc1@xy", ["ít nhất 8"]),
        ("abcdef1@", ["chữ hoa"]),
        ("ABCDEF1@", ["chữ thường"]),
        ("Abcdefg@", ["chữ số"]),
        ("Abcdefg1", ["ký tự đặc biệt"]),
        ("", ["ít nhất 8", "chữ hoa", "chữ thường", "chữ số", "đặc biệt"]),
        ("Aa1@" + "x" * 200, ["quá 200"]),
    ],
)
def test_each_thing_a_password_lacks_is_named(weak: str, lacks: list[str]) -> None:
    problems = password_problems(weak)
    assert len(problems) == len(lacks)
    assert all(word in one.vi and one.en for word, one in zip(lacks, problems, strict=True))


def test_the_marks_of_decomposed_letters_are_no_special_signs() -> None:
    assert [one.vi for one in password_problems(unicodedata.normalize("NFD", "Mậtkhẩu123"))] != []


def test_what_is_short_lived_does_not_live_longer_when_a_clock_is_set_back() -> None:
    ends = NOW + timedelta(minutes=5)
    assert alive(NOW, ends, NOW)
    assert alive(NOW, ends, ends - timedelta(seconds=1))
    assert not alive(NOW, ends, ends)
    assert not alive(NOW, ends, NOW - timedelta(hours=1))
    assert not replace(PROVEN, step="done").live(NOW)


def test_an_account_keeps_the_known_facts_and_how_they_were_proven() -> None:
    profile = profile_of(PROVEN, 1)
    assert profile == {
        "id_number": "079190001234",
        "phone": "0903000111",
        "subtype": "person",
        "assurance": 1,
        "proven_by": "mobile",
        "proven": ["id_number", "phone"],
        "phone_verified": True,
    }
    firm = replace(PROVEN, subtype="enterprise", facts={"organisation_code": "0312345678"})
    assert (subject_of(PROVEN), subject_of(firm)) == ("079190001234", "0312345678")
