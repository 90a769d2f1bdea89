"""What a supplement asks for, laid over an application: only that changes, and what changed is told."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.amendment import asked_of, changes, covers, laid_over, whole

FILED: dict[str, Any] = {
    "ho_ten": "Lan",
    "dia_chi": {"xa": "Mẫu", "ap": "3"},
    "giay_to": [{"so": "1"}, {"so": "2"}],
    "so_ban": 2,
}


def over(answers: dict[str, Any], *asked: str) -> dict[str, Any]:
    return laid_over(FILED, answers, frozenset(asked))


def test_what_was_not_asked_stays_whatever_is_sent() -> None:
    assert over({"ho_ten": "Hùng", "so_ban": 9}, "so_ban") == {**FILED, "so_ban": 9}


def test_an_asked_answer_that_is_not_given_is_taken_away() -> None:
    assert "so_ban" not in over({}, "so_ban")


def test_one_answer_inside_a_group_leaves_its_neighbours() -> None:
    assert over({"dia_chi": {"ap": "4", "xa": "Khác"}}, "dia_chi.ap")["dia_chi"] == {"xa": "Mẫu", "ap": "4"}


def test_a_list_is_answered_as_a_whole_even_when_one_row_was_asked() -> None:
    assert over({"giay_to": [{"so": "7"}]}, "giay_to.1.so")["giay_to"] == [{"so": "7"}]


def test_answers_where_there_was_none_are_taken_so_that_new_questions_can_be_answered() -> None:
    assert over({"ly_do": "mới", "dia_chi": {"to": "5"}}, "so_ban")["dia_chi"] == {"xa": "Mẫu", "ap": "3", "to": "5"}


def test_the_application_that_was_filed_is_left_as_it_is() -> None:
    over({"dia_chi": {"ap": "4"}}, "dia_chi.ap")
    assert FILED["dia_chi"] == {"xa": "Mẫu", "ap": "3"}


def test_changes_tell_both_answers_and_leave_out_blanks() -> None:
    after = {**FILED, "dia_chi": {"xa": "Mẫu", "ap": "4"}, "dong_y": False, "moi": [], "so_ban": None}
    assert changes(FILED, after) == (
        {"path": "dia_chi.ap", "before": "3", "after": "4"},
        {"path": "so_ban", "before": 2, "after": None},
    )


@pytest.mark.parametrize("inputs", [{}, {"asked": None}, {"asked": "x"}, {"asked": [{}, "y", {"field": ""}]}])
def test_a_task_that_points_at_nothing_asks_for_nothing(inputs: dict[str, Any]) -> None:
    assert asked_of(inputs) == {}


def test_the_remark_goes_with_its_answer() -> None:
    assert asked_of({"asked": [{"field": "a", "remark": "thiếu"}, {"field": "b"}]}) == {"a": "thiếu", "b": ""}


def test_a_path_is_covered_from_around_and_from_inside() -> None:
    assert covers({"a.b": ""}, "a.b.c")
    assert covers({"a.b": ""}, "a")
    assert not covers({"a.b": ""}, "a.bc")
    assert whole("ds.0.so") == "ds"
    assert whole("a.b") == "a.b"
