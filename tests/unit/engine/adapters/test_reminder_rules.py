"""The rules of reminders as the catalog has them, and what makes no sense in them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.reminder_rules import read_reminders, rules_of

ROOT = Path(__file__).resolve().parents[4]
GOOD: dict[str, Any] = {"key": "k", "name": "Nhắc", "name_en": "Reminder", "days_left": 1}


def test_the_catalogs_own_rules_name_groups_that_there_are_and_escalate_what_is_overdue() -> None:
    rules = read_reminders(ROOT / "catalog")
    groups = tomllib.loads((ROOT / "catalog" / "_shared" / "groups.toml").read_text(encoding="utf-8"))["group"]
    assert {*rules.leaders, *rules.nobody} <= {one["id"] for one in groups}
    assert [one.key for one in rules.thresholds if one.escalate] == ["overdue"]
    assert [one.kind for one in rules.thresholds] == ["part", "days_left", "days_left", "days_over"]
    assert rules.named("half") is not None
    assert rules.named("nothing") is None


def test_a_catalog_without_the_file_reminds_nobody(tmp_path: Path) -> None:
    assert read_reminders(tmp_path).thresholds == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"days_left": -1},
        {"days_left": 0.5},
        {"part": 0.5},  # beside days_left: which one?
        {"key": ""},
        {"key": "k" * 41},
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=":"):
        rules_of({"threshold": [{**GOOD, **wrong}]})


def test_a_share_of_all_or_more_and_doubled_keys_are_refused() -> None:
    whole = {name: text for name, text in GOOD.items() if name != "days_left"} | {"part": 1}
    with pytest.raises(ValueError, match="part"):
        rules_of({"threshold": [whole]})
    with pytest.raises(ValueError, match="one key"):
        rules_of({"threshold": [GOOD, GOOD]})
    with pytest.raises(ValueError, match="at least 1"):
        rules_of({"dashboard": {"soon_working_days": 0}})
