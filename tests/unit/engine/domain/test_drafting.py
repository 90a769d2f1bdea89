"""What a save does to a draft, and to what another device saved meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.drafting import (
    MOST_OVERWRITTEN,
    Draft,
    DraftTooLargeError,
    Page,
    check_size,
    save,
    swap_back,
    without,
)
from tests.support.small_house import NINE

DRAFT = Draft(
    id="d1",
    unit="xa-mau",
    account="lan",
    procedure="p",
    procedure_version=1,
    created_at=NINE,
    updated_at=NINE,
    data={"ho_ten": "Lan", "tuoi": 30, "dia_chi": {"xa": "Mẫu"}},
)
NAMES = frozenset({"ho_ten", "tuoi"})


def page(seen: int, names: frozenset[str] = NAMES, section: str = "nguoi", **data: object) -> Page:
    return Page(section=section, names=names, data=data, seen=seen)


def test_a_page_replaces_its_own_answers_and_no_others() -> None:
    saved, unseen = save(DRAFT, page(1, ho_ten="Hoa", la="lạ"), NINE)
    assert not unseen
    assert saved.data == {"ho_ten": "Hoa", "dia_chi": {"xa": "Mẫu"}}
    assert (saved.version, saved.section, saved.sections) == (2, "nguoi", {"nguoi": 2})


def test_two_devices_on_different_pages_keep_both_answers() -> None:
    first, _ = save(DRAFT, page(1, ho_ten="Hoa", tuoi=31), NINE)
    both, unseen = save(first, page(1, frozenset({"dia_chi"}), "o_dau", dia_chi={"xa": "Khác"}), NINE)
    assert not unseen
    assert both.data == {"ho_ten": "Hoa", "tuoi": 31, "dia_chi": {"xa": "Khác"}}


def test_the_later_save_of_the_same_page_wins_and_the_other_is_kept_aside() -> None:
    first, _ = save(DRAFT, page(1, ho_ten="Hoa", tuoi=31), NINE)
    later, unseen = save(first, page(1, ho_ten="Huệ"), NINE)
    assert unseen
    assert later.data["ho_ten"] == "Huệ"
    assert later.overwritten[-1]["data"] == {"ho_ten": "Hoa", "tuoi": 31}
    back = swap_back(later, 0, NAMES, NINE)
    assert back.data == {**first.data}
    assert back.overwritten[-1]["data"] == {"ho_ten": "Huệ"}


def test_the_same_answers_from_two_devices_are_no_quarrel() -> None:
    first, _ = save(DRAFT, page(1, ho_ten="Hoa"), NINE)
    _, unseen = save(first, page(1, ho_ten="Hoa"), NINE)
    assert not unseen


def test_only_the_last_few_that_were_replaced_are_kept() -> None:
    draft = DRAFT
    for number in range(MOST_OVERWRITTEN + 3):
        draft, _ = save(draft, page(0, tuoi=number), NINE)
    assert [one["data"]["tuoi"] for one in draft.overwritten] == [2, 3, 4, 5, 6]


def test_a_draft_that_grows_too_long_is_refused() -> None:
    check_size(DRAFT, 60)
    with pytest.raises(DraftTooLargeError):
        check_size(replace(DRAFT, data={"x": "ư" * 60}), 60)
    with pytest.raises(DraftTooLargeError):
        check_size(replace(DRAFT, overwritten=({"data": {"x": "ư" * 400}},)), 60)


def test_what_lies_at_a_path_is_left_out_wherever_it_is() -> None:
    data = {"a": {"b": 1, "c": 2}, "rows": [{"x": 1, "y": 2}, {"x": 3}], "n": None}
    assert without(data, ["a.b", "rows.0.y", "rows.1", "zz"]) == {"a": {"c": 2}, "rows": [{"x": 1}], "n": None}
    assert without(data, []) is data
