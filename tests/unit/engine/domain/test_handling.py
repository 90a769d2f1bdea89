"""Which files came with a case, and which marks they bear."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.domain.codec import event_data, event_from
from engine.domain.handling import handed_in, marks_of
from engine.domain.handling_appliers import marked
from engine.domain.handling_events import DocumentMarked
from tests.support.cases import case as made

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
FIRST, SECOND = "a" * 64, "b" * 64


def event(mark: str, **more: Any) -> DocumentMarked:
    values: dict[str, Any] = {
        "sha256": FIRST,
        "name": "sổ.pdf",
        "document": "so",
        "mark": mark,
        "present": True,
        "by": "mai",
    }
    return DocumentMarked(**{**values, **more})


def after(*happened: DocumentMarked) -> set[tuple[str, str]]:
    case = made()
    for one in happened:
        case = marked(case, one, AT)
    return {(mark["sha256"], mark["mark"]) for mark in case.marks}


def test_files_are_told_once_wherever_they_stand_and_in_the_order_of_the_case() -> None:
    file = {"sha256": FIRST, "name": "sổ.pdf", "key": "so"}
    case = made(
        documents=(file,),
        application={"tep": [{"sha256": FIRST, "name": "khác"}, {"sha256": SECOND, "name": "ảnh.jpg"}], "so": 3},
        scopes={"": {"supplement_files": [{"sha256": "c" * 64}], "sha256": 7}},
    )
    assert list(handed_in(case)) == [FIRST, SECOND, "c" * 64]
    assert handed_in(case)[FIRST] == file


@pytest.mark.parametrize("value", [None, "sha256", 7, {"sha256": 5}, [[]], {"a": {"b": ["c"]}}])
def test_what_only_looks_like_a_file_is_none(value: Any) -> None:
    assert handed_in(made(application={"x": value})) == {}


def test_a_mark_comes_once_and_goes_again() -> None:
    assert after(event("compared"), event("compared")) == {(FIRST, "compared")}
    assert after(event("compared"), event("compared", present=False)) == set()
    assert after(event("digitised", present=False)) == set()


def test_a_paper_is_good_or_bad_but_digitised_beside_either() -> None:
    good, bad, scanned = event("compared"), event("failed", note="mờ"), event("digitised")
    assert after(good, scanned, bad) == {(FIRST, "failed"), (FIRST, "digitised")}
    assert after(bad, good) == {(FIRST, "compared")}


def test_marks_of_one_file_say_nothing_of_another() -> None:
    case = marked(made(), event("failed", note="mờ"), AT)
    assert marks_of(case, FIRST)["failed"] == {"sha256": FIRST, "mark": "failed", "by": "mai", "at": AT, "note": "mờ"}
    assert marks_of(case, SECOND) == {}
    assert after(event("compared"), event("failed", sha256=SECOND)) == {(FIRST, "compared"), (SECOND, "failed")}


def test_history_reads_its_own_words() -> None:
    one = event("failed", note="mờ, thiếu trang 2")
    assert event_from(one.tag, one.version, event_data(one)) == one
