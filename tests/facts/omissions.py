"""What a procedure says of its gaps: [[omission]] with a reason, and [[fact]] for what stands under another name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.facts import fields, head, rules
from tests.facts.entry import Entry
from tests.facts.fields import Gap

ASPECTS = {
    "field": (
        "type", "label", "required", "options", "columns", "visible_if", "order", *fields.ASPECTS,
    ),
    "document": ("kind", "required"),
    "fee": ("amount", "formula", "when", "confidence"),
    "exemption": (),
    "step": (),
    "rule": ("message",),
}  # fmt: skip
HEAD = ("code", "slug", "level", "field", "name", "name_en", *head.INFO, "legal_basis")
TERM = ("cutoff", "confidence", "extension", "breakdown")
RESULT = ("name", "book", "code", "number_format", "shown")


@dataclass
class Verdict:
    """What is wrong with one procedure: gaps nobody explains, and explanations of no gap."""

    gaps: list[Gap] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)


def judge(fact: Mapping[str, Any], entry: Entry) -> Verdict:
    """Compare one procedure with its facts."""
    verdict, used = Verdict(), set[str]()
    told, verdict.idle = _told(fact, entry)
    for address, wrong in [*head.gaps(fact, entry), *fields.gaps(fact, entry), *rules.gaps(fact, entry)]:
        by = next((known for known in told if address == known or address.startswith(f"{known}.")), None)
        if by is None:
            verdict.gaps.append((address, wrong))
        else:
            used.add(by)
            verdict.explained[address] = told[by]
    return verdict


def _told(fact: Mapping[str, Any], entry: Entry) -> tuple[dict[str, str], list[str]]:
    """({address: reason}, what is wrong with the tables themselves)."""
    known = addresses(fact)
    told: dict[str, str] = {}
    idle = []
    for row in entry.rows("omission"):
        for address in row.get("facts", [row["key"]]):
            told[address] = row["reason"]
            if address not in known:
                idle.append(f"[[omission]] {row['key']}: the facts have no {address}")
    for row in entry.rows("fact"):
        told[row["key"]] = f"stands at {', '.join(row['at'])}"
        if row["key"] not in known:
            idle.append(f"[[fact]] {row['key']}: the facts have none of that name")
        idle += [f"[[fact]] {row['key']}: the catalog has no {place}" for place in row["at"] if not entry.has(place)]
    return told, idle


def addresses(fact: Mapping[str, Any]) -> set[str]:
    """Everything of a procedure's facts that an omission may name."""
    rows = {
        "field": [row for section in fact["form"]["sections"] for row in section["fields"]],
        "document": fact["documents"],
        "fee": fact["fees"],
        "exemption": fact["exemptions"],
        "step": fact["steps"],
        "rule": fact["rules"],
    }
    found = {f"{kind}.{row['key']}" for kind, each in rows.items() for row in each}
    found |= {f"{address}.{aspect}" for address in found for aspect in ASPECTS[address.split(".")[0]]}
    found |= {f"head.{key}" for key in HEAD} | {f"result.{key}" for key in RESULT}
    found |= {"term", *(f"term.{key}" for key in TERM)}
    names = [row["key"] for row in rows["field"]]
    for rule in fact["rules"]:
        found |= {f"rule.{rule['key']}.{name}" for name in names}
    return found
