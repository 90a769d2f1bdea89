"""Reads what the catalog sets for reports: reports.toml and score_766.toml of its shared folder."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from engine.adapters.catalog_shared import SHARED
from engine.domain.report_rules import ReportRules
from engine.domain.score import Item, Scheme, ScoreGroup
from engine.domain.score_formulas import FORMULAS

REPORTS: Final = f"{SHARED}/reports.toml"
SCORE: Final = f"{SHARED}/score_766.toml"


def read_rules(catalog: Path) -> ReportRules:
    """The rules; a catalog without these files has the defaults and a score without items. ValueError, KeyError."""
    reports, score = _read(catalog / REPORTS), _read(catalog / SCORE)
    public = reports.get("public", {})
    numbers = {name: public[name] for name in ("least", "months", "satisfied_from") if name in public}
    marks = {name: score[name] for name in ("disliked_at_most", "assured_from") if name in score}
    return ReportRules(
        cut_day=reports.get("period", {}).get("cut_day", 15),
        form=reports.get("ii06a", {}),
        scheme=read_scheme(score, _digest(catalog / SCORE)),
        **numbers,
        **marks,
    )


def read_scheme(data: Mapping[str, Any], digest: str) -> Scheme:
    """The scheme; ValueError where the points of items do not add up to their group's, or a formula is unknown."""
    groups = tuple(ScoreGroup(**{**entry, "most": Decimal(entry["most"])}) for entry in data.get("group", ()))
    items = tuple(Item(**{**entry, "most": Decimal(entry["most"])}) for entry in data.get("item", ()))
    known = {item.id for item in items}
    for item in items:
        if item.formula and item.formula not in FORMULAS:
            raise ValueError(f"{item.id}: there is no formula {item.formula}")
        if item.scaled_by and item.scaled_by not in known:
            raise ValueError(f"{item.id}: there is no item {item.scaled_by}")
    for group in groups:
        points = sum((item.most for item in items if item.group == group.id), Decimal(0))
        if points != group.most:
            raise ValueError(f"{group.id}: its items have {points} points, not {group.most}")
    return Scheme(version=f"{data.get('version', '')}/{digest}", groups=groups, items=items)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() if path.is_file() else b"").hexdigest()[:12]
