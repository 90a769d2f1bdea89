"""Whose key it is, until when, and when it is time to renew it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.signing_key import KeyOwnerError, KeyWindowError, SigningKey

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
KEY = SigningKey(role="leader", signer="Nguyễn Văn Bình", officer="binh", begins=NOW, ends=NOW + timedelta(days=60))


def test_a_key_signs_for_its_owner_alone() -> None:
    KEY.check_owner("binh")
    for other in ("duc", "", "Binh", "binh "):
        with pytest.raises(KeyOwnerError):
            KEY.check_owner(other)


def test_the_seal_belongs_to_no_officer() -> None:
    replace(KEY, role="agency", officer="").check_owner("whoever")


def test_a_certificate_holds_from_its_first_instant_to_its_last() -> None:
    for at in (KEY.begins, KEY.ends):
        assert at
        KEY.check_window(at)
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(days=60, seconds=1)):
        with pytest.raises(KeyWindowError) as caught:
            KEY.check_window(at)
        assert "từ 27/11/2026 đến 26/01/2027" in caught.value.message


def test_a_certificate_that_nobody_has_read_is_not_held_against_anybody() -> None:
    unread = replace(KEY, begins=None, ends=None)
    unread.check_window(NOW)
    assert (unread.days_left(NOW), unread.warning(NOW, [60])) == (None, None)


@pytest.mark.parametrize(
    ("left", "said"),
    [(61, None), (60, None), (59, 60), (30, 60), (29, 30), (7, 30), (6, 7), (0, 7), (-1, 0), (-400, 0)],
)
def test_the_least_threshold_that_is_passed_is_told(left: int, said: int | None) -> None:
    assert KEY.warning(NOW + timedelta(days=60 - left), [60, 30, 7]) == said


def test_without_thresholds_only_its_end_is_told() -> None:
    assert KEY.warning(NOW, []) is None
    assert KEY.warning(NOW + timedelta(days=61), []) == 0
