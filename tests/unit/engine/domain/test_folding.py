"""What people type and what is written meet without capitals and marks, however the marks are composed."""

from __future__ import annotations

import unicodedata

import pytest

from engine.domain.folding import without_marks


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_and_capitals_are_left_out_in_every_composition(form: str) -> None:
    assert without_marks(unicodedata.normalize(form, "ĐẶNG Thị Ước")) == "dang thi uoc"  # type: ignore[arg-type]  # a form


def test_other_signs_stay() -> None:
    assert without_marks("xã 12/3-A, 東京") == "xa 12/3-a, 東京"
