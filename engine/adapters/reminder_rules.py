"""Reads what the catalog sets for reminders: reminders.toml of its shared folder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from engine.adapters.catalog_shared import SHARED
from engine.domain.reminding import KINDS, Kind, ReminderRules, Threshold

REMINDERS: Final = f"{SHARED}/reminders.toml"
KEY = 40  # characters of a threshold's key, as the table keeps it


def read_reminders(catalog: Path) -> ReminderRules:
    """The rules; a catalog without the file reminds nobody. ValueError, KeyError."""
    path = catalog / REMINDERS
    return rules_of(tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {})


def rules_of(data: Mapping[str, Any]) -> ReminderRules:
    """The rules of a file that was read; ValueError where one of them makes no sense."""
    thresholds = tuple(_threshold(entry) for entry in data.get("threshold", ()))
    if len({one.key for one in thresholds}) != len(thresholds):
        raise ValueError("two thresholds have one key")
    soon = int(data.get("dashboard", {}).get("soon_working_days", 1))
    if soon < 1:
        raise ValueError("soon_working_days is at least 1")
    return ReminderRules(
        thresholds=thresholds,
        soon_working_days=soon,
        leaders=tuple(data.get("escalation", {}).get("groups", ())),
        nobody=tuple(data.get("nobody", {}).get("groups", ())),
    )


def _threshold(entry: Mapping[str, Any]) -> Threshold:
    key = str(entry["key"])
    given: list[Kind] = [kind for kind in KINDS if kind in entry]
    if len(given) != 1 or not 0 < len(key) <= KEY:
        raise ValueError(f"{key}: needs a short key and one of {', '.join(KINDS)}")
    value = float(entry[given[0]])
    if value < 0 or (value >= 1 if given[0] == "part" else value != int(value)):
        raise ValueError(f"{key}: {given[0]} cannot be {value}")
    return Threshold(
        key=key,
        name=entry["name"],
        name_en=entry["name_en"],
        kind=given[0],
        value=value,
        escalate=bool(entry.get("escalate", False)),
    )
