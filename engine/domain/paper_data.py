"""What the template of a result gets: plain JSON of the case, the unit and who signs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.domain.case import Case
from engine.domain.codec import dumps, plain
from engine.domain.context import case_context
from engine.domain.procedure import ResultRule

Values = Mapping[str, Any]


def result_data(case: Case, variables: Values, unit: Values, *, number: str, at: datetime) -> dict[str, Any]:
    """{case, application, variables, result, unit, signer} of a result with its number, JSON types only."""
    signer = {"name": unit["signer_name"], "title": unit["signer_title"], "acting": unit.get("signer_acting", "")}
    result = {"number": number, "year": at.year, "date": at.date().isoformat(), "at": at}
    return _data(case, variables, unit, {"result": result, "signer": signer})


def draft_data(case: Case, variables: Values, unit: Values, *, at: datetime) -> dict[str, Any]:
    """The same of a draft: without number, day and signer, and marked as what it is."""
    result = {"number": None, "year": at.year, "date": None, "at": at}
    return {**_data(case, variables, unit, {"result": result, "signer": None}), "draft": True}


def draft_digest(case: Case, variables: Values, unit: Values, rule: ResultRule | None) -> str:
    """What tells two drafts of a case apart: all they are made from, but for the day on which they are looked at."""
    template = rule.template or "" if rule else ""
    about = dumps([template, case.procedure_digest, _data(case, variables, unit, {})])
    return hashlib.sha256(about.encode()).hexdigest()[:16]


def _data(case: Case, variables: Values, unit: Values, own: Values) -> dict[str, Any]:
    named = {"name": unit["name"], "parent": unit["parent"], "place": unit["place"]}
    texts: dict[str, Any] = _texts(plain({**case_context(case), "variables": variables, "unit": named, **own}))
    return texts


def _texts(value: Any) -> Any:
    """Tagged instants and decimals as plain text: templates read ISO 8601."""
    if isinstance(value, dict):
        if len(value) == 1 and (inner := value.get("@at") or value.get("@dec")):
            return inner
        return {k: _texts(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_texts(v) for v in value]
    return value
