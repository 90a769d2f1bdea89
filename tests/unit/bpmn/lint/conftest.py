"""A diagram that keeps every rule, the surroundings it is checked in, and a way to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bpmn.lint import LintContext

Spoil = Callable[..., bytes]


@pytest.fixture(scope="session")
def good() -> str:
    return Path(__file__).with_name("good.bpmn").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def surroundings() -> LintContext:
    return LintContext(
        groups={"one_stop": "Bộ phận một cửa", "justice_officer": "Công chức tư pháp"},
        form_ids=frozenset({"check", "verify", "withdrawal"}),
        process_ids=frozenset({"intake"}),
        decision_ids=frozenset({"fee"}),
        variables=frozenset({"case", "decision"}),
        functions=frozenset({"add_working_days"}),
    )


@pytest.fixture(scope="session")
def spoil(good: str) -> Spoil:
    """Replace texts of the good diagram; a text that is not in it is a mistake of the test."""

    def replaced(*changes: tuple[str, str]) -> bytes:
        text = good
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return text.encode()

    return replaced
