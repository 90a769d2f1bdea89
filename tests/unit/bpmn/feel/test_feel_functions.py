"""Every built-in function does what its cases say, and docs/feel.md lists exactly the functions there are."""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bpmn import feel
from bpmn.feel import limits
from bpmn.feel.library import REGISTRY
from bpmn.feel.values import kind_of

ROOT = Path(__file__).resolve().parents[4]
FOUND = tomllib.loads((ROOT / "tests" / "data" / "feel_functions.toml").read_text(encoding="utf-8"))
CASES: dict[str, list[list[str]]] = {name: cases for group in FOUND.values() for name, cases in group.items()}
NOW = datetime(2026, 2, 17, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ROW = re.compile(r"^\| `([^`]+)\(([^`]*)\)` \|", re.MULTILINE)


def page() -> str:
    """Return the page of the language."""
    return (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")


def value(text: str) -> Any:
    """Return the value of an expression on the day of the cases."""
    return feel.compile(text)({}, now=NOW)


@pytest.mark.parametrize(("text", "expected"), [case for cases in CASES.values() for case in cases])
def test_function_gives(text: str, expected: str) -> None:
    found, wanted = value(text), value(expected)
    assert (kind_of(found), found) == (kind_of(wanted), wanted)


def test_every_function_has_cases_of_its_own_among_them_one_that_is_refused() -> None:
    assert set(CASES) == feel.function_names
    assert [name for name, cases in CASES.items() if len(cases) < 3] == []
    assert [name for name, cases in CASES.items() if not any(f"{name}(" in text for text, _ in cases)] == []
    gives_null = {name for name, cases in CASES.items() if any(expected == "null" for _, expected in cases)}
    assert feel.function_names - gives_null == {"is", "is defined"}  # which answer every question


def test_the_page_lists_exactly_the_functions_there_are() -> None:
    listed = [name for name, _ in ROW.findall(page())]
    assert sorted(listed) == sorted(set(listed))
    assert set(listed) == feel.function_names


def parameters(name: str) -> list[str]:
    """Return the ways to call a function, as the page writes them."""
    ways = []
    for signature in REGISTRY[name].signatures:
        names = [f"{parameter.name}{'?' * parameter.optional}" for parameter in signature.parameters]
        ways.append(", ".join(names) + ("…" if signature.rest else ""))
    return ways


def test_the_page_names_the_parameters_by_which_a_function_can_be_called() -> None:
    wrong = {
        name: given for name, given in ROW.findall(page()) if sorted(given.split("; ")) != sorted(set(parameters(name)))
    }
    assert wrong == {}


def test_the_page_states_the_limits_there_are() -> None:
    stated = dict(re.findall(r"^\| `(MAX_[A-Z_]+)` \| ([0-9 ]+) \|", page(), re.MULTILINE))
    assert {name: int(number.replace(" ", "")) for name, number in stated.items()} == {
        name: number for name, number in vars(limits).items() if name.startswith("MAX_")
    }


def test_the_page_says_how_many_expressions_agree_with_feelin() -> None:
    listed = tomllib.loads((ROOT / "tests" / "data" / "feel_agreement.toml").read_text(encoding="utf-8"))
    agree = sum(len(group["expressions"]) for group in listed["agree"])
    differ = sum(len(group["values"]) for group in listed["differ"])
    assert f"{agree} of {agree + differ} agree" in page()
    assert f"{differ} differences" in " ".join(page().split())
