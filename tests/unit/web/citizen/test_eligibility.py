"""The check before filing asks what the procedure's head calls for, and its answers decide where to go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.adapters.following_texts import read_texts
from engine.domain.procedure import Procedure
from tests.support.desk import ROOT
from tests.unit.web.fake_house import PROCEDURE
from web.citizen.eligibility import asked, filled, verdict

TEXTS = read_texts(ROOT / "catalog")


def made(level: int = 4, **info: Any) -> Procedure:
    return replace(PROCEDURE, level=level, info=info)  # type: ignore[arg-type]  # 3 and 4 are levels


def ids(procedure: Procedure) -> list[str]:
    return [one.question.id for one in asked(TEXTS, procedure, {})]


@pytest.mark.parametrize(
    ("procedure", "questions"),
    [
        (made(), []),
        (made(jurisdiction="UBND xã nơi cư trú", applicant="Cha, mẹ"), ["noi", "ai"]),
        (made(jurisdiction="KHÔNG PHỤ THUỘC nơi cư trú", applicant="Mọi người"), ["ai"]),
        (made(jurisdiction="Bất kỳ cơ quan nào"), []),
        (made(level=3, applicant="Hai bên nam, nữ"), ["ai", "den"]),
    ],
)
def test_only_what_the_head_says_is_asked(procedure: Procedure, questions: list[str]) -> None:
    assert ids(procedure) == questions


@pytest.mark.parametrize(("allowed", "value"), [(True, "uy-quyen"), (False, "nop-thay"), (None, "chua-noi")])
def test_who_files_for_another_is_answered_as_the_procedure_allows(allowed: bool | None, value: str) -> None:
    procedure = made(applicant="Cha, mẹ") if allowed is None else made(applicant="x", authorization_allowed=allowed)
    [whom] = asked(TEXTS, procedure, {})
    assert [one.value for one in whom.answers] == ["toi", value, "khong"]


@pytest.mark.parametrize(
    ("given", "decided"),
    [
        ({}, "ask"),
        ({"noi": "co"}, "ask"),
        ({"noi": "co", "ai": "toi"}, "go"),
        ({"noi": "khong-ro", "ai": "toi"}, "mind"),
        ({"noi": "khong"}, "stop"),
        ({"noi": "co", "ai": "bịa <script>"}, "ask"),
    ],
)
def test_answers_decide(given: dict[str, str], decided: str) -> None:
    assert verdict(asked(TEXTS, made(jurisdiction="nơi cư trú", applicant="Cha"), given)) == decided


def test_texts_say_the_procedures_own_words() -> None:
    procedure = made(jurisdiction="UBND xã nơi cư trú.", applicant="Cha")
    assert filled(("ở {jurisdiction}, {unit}", "{applicant}"), procedure, "xã Mẫu") == (
        "ở UBND xã nơi cư trú, xã Mẫu",
        "Cha",
    )


def test_every_question_and_answer_is_said_in_both_languages() -> None:
    for question in TEXTS.questions:
        assert all(question.text)
        assert all(all(one.label) for one in question.answers)
        assert all(all(one.said) for one in question.answers if one.outcome != "go")
