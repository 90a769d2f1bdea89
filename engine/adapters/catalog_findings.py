"""Findings that need no diagram and no form, and how a finding is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.adapters.catalog_shared import SHARED, Shared
from engine.domain.procedure import Procedure

Finding = dict[str, Any]  # file, element_id, rule, severity, message, message_en
HEAD = "procedure.toml"


def missing(file: str, element_id: str, what: str, what_en: str) -> Finding:
    """Something is named that does not exist."""
    return finding(file, element_id, "reference", f"không có {what}", f"there is no {what_en}")


def finding(file: str, element_id: str, rule: str, message: str, message_en: str) -> Finding:
    """A finding of severity error; the message in Vietnamese and English."""
    about = {"file": file, "element_id": element_id, "rule": rule, "severity": "error"}
    return {**about, "message": message, "message_en": message_en}


def located(folder: str, file: str) -> str:
    """A file's path from the catalog's root: shared files are named by it already."""
    return file if file.startswith(f"{SHARED}/") else f"{folder}/{file}"


def fee_keys(procedure: Procedure) -> Iterator[Finding]:
    """Fees that exemptions name."""
    fees = {fee.key for fee in procedure.fees}
    for exemption in procedure.exemptions:
        for key in exemption.fees:
            if key not in fees:
                yield missing(HEAD, f"exemption.{exemption.key}", f"khoản thu {key}", f"fee {key}")


def scenarios(folder: Path) -> Iterator[Finding]:
    """Scenario files that cannot be read."""
    for path in sorted(folder.glob("tests/*.toml")):
        try:
            tomllib.loads(path.read_text("utf-8"))
        except (ValueError, OSError) as error:
            yield finding(f"{folder.name}/tests/{path.name}", "", "scenario", f"không đọc được: {error}", f"{error}")


def versions(procedures: Sequence[tuple[str, Procedure]]) -> Iterator[Finding]:
    """Two folders that claim the same version."""
    seen: dict[tuple[str, int], str] = {}
    for folder, procedure in procedures:
        key = (procedure.code, procedure.version)
        if key in seen:
            vi, en = f"trùng mã và phiên bản với {seen[key]}", f"same code and version as {seen[key]}"
            yield finding(f"{folder}/{HEAD}", "version", "version", vi, en)
        seen[key] = folder


def low_confidence(procedures: Sequence[tuple[str, Procedure]], shared: Shared) -> Iterator[Finding]:
    """Figures that a person still has to confirm: where they stand, what they are, and how sure they are."""
    for folder, procedure in procedures:
        for key, figure, confidence in _figures(procedure):
            if confidence != "high":
                about = {"file": f"{folder}/{HEAD}", "code": procedure.code}
                yield {**about, "key": key, "figure": figure, "confidence": confidence}
    for entry in shared.calendar.special_days:
        if entry.confidence != "high":
            key = f"{entry.day.isoformat()} {entry.name}"
            about = {"file": f"{SHARED}/calendar.toml", "key": key, "figure": entry.day.isoformat()}
            yield {**about, "confidence": entry.confidence, "code": ""}
    supplement = shared.settings.get("supplement", {})
    if supplement.get("confidence", "high") != "high":
        about = {"file": f"{SHARED}/settings.toml", "key": "supplement.days", "figure": str(supplement.get("days"))}
        yield {**about, "confidence": supplement["confidence"], "code": ""}


def _figures(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """(key, figure, confidence) of fees, exemptions and the term, and of what the head says about itself."""
    for fee in procedure.fees:
        yield f"fee.{fee.key}", f"{fee.amount} đồng", fee.confidence
    for each in procedure.exemptions:
        yield f"exemption.{each.key}", each.name, each.confidence
    term = procedure.deadline
    yield "deadline", term.text or f"{term.days} {term.kind}", term.confidence
    extension = f"{term.extension.days} {term.extension.unit}" if term.extension else ""
    said = procedure.info.get("confidence")
    for name, confidence in said.items() if isinstance(said, dict) else ():
        yield f"info.confidence.{name}", extension if name == "extension" else "", str(confidence)


def rule_texts(procedure: Procedure) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The FEEL of a procedure's head: (key, text, names it may read besides case and application)."""
    nothing: frozenset[str] = frozenset()
    for fee in procedure.fees:
        more = frozenset({"exempt", *(["item"] if fee.each else [])})
        yield from ((f"fee.{fee.key}", text, more) for text in (fee.amount, fee.quantity, fee.when))
        if fee.each:
            yield f"fee.{fee.key}", fee.each, frozenset({"exempt"})
    for exemption in procedure.exemptions:
        yield f"exemption.{exemption.key}", exemption.when, nothing
    for document in procedure.documents:
        yield f"document.{document.key}", document.required, nothing
    for rule in procedure.rules:
        yield from ((f"rule.{rule.key}", text, nothing) for text in (rule.when, rule.check))
