"""What stands at the head of a procedure, compared with procedure.toml: level, term, fees, papers, result, people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.facts.entry import Entry
from tests.facts.fields import Gap
from tests.facts.wording import alike, same

INFO = ("applicant", "jurisdiction", "authorization_allowed", "officer", "signer")


def gaps(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    """What the facts ask of procedure.toml and it does not have."""
    yield from _names(fact, entry)
    for law in fact["legal_basis"]:
        if not any(alike(law, known) for known in entry.head.get("legal_basis", [])):
            yield "head.legal_basis", f"without “{law}”"
    yield from _term(fact["term"], entry)
    yield from _fees(fact, entry)
    yield from _exemptions(fact, entry)
    yield from _documents(fact, entry)
    yield from _result(fact["result"], entry)


def _names(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    head, name = entry.head, entry.head.get("name", {})
    for key in ("code", "slug", "level", "field"):
        if head.get(key) != fact[key]:
            yield f"head.{key}", f"{head.get(key)} instead of {fact[key]}"
    for key, mine in (("name", name.get("vi", "")), ("name_en", name.get("en", ""))):
        if not same(fact[key], mine):
            yield f"head.{key}", f"“{mine}” instead of “{fact[key]}”"
    for key in INFO:
        if key in fact and not _told(fact[key], head.get("info", {}).get(key)):
            yield f"head.{key}", f"info.{key} does not say “{fact[key]}”"


def _told(fact: Any, mine: Any) -> bool:
    return alike(fact, str(mine or "")) if isinstance(fact, str) else mine == fact


def _term(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    mine = entry.head.get("deadline", {})
    if (mine.get("kind"), mine.get("days", 0)) != (fact["kind"], fact["days"]):
        yield "term", f"{mine.get('days', 0)} {mine.get('kind')} instead of {fact['days']} {fact['kind']}"
    if mine.get("cutoff") != fact.get("cutoff"):
        yield "term.cutoff", f"{mine.get('cutoff')} instead of {fact.get('cutoff')}"
    if mine.get("confidence", "high") != fact["confidence"].split()[0]:
        yield "term.confidence", f"{mine.get('confidence', 'high')} instead of {fact['confidence']}"
    if "extension" in fact:
        yield from _extension(fact["extension"], mine.get("extension"))
    shares = entry.head.get("info", {}).get("breakdown", [])
    known = [(share.get("days"), share.get("unit", fact["kind"])) for share in shares]
    for share in fact["breakdown"]:
        if len(fact["breakdown"]) > 1 and (share["days"], share.get("unit", fact["kind"])) not in known:
            yield "term.breakdown", f"info.breakdown without {share['days']} days: {share.get('what', '')}"


def _extension(fact: Mapping[str, Any], mine: Mapping[str, Any] | None) -> Iterator[Gap]:
    totals = [v for k, v in fact.items() if k.startswith("max_total")]
    added = [v for k, v in fact.items() if k.startswith("add_")]
    if mine is None:
        yield "term.extension", f"none: {fact['when']}"
    elif totals or added:
        wanted = totals if mine.get("total") else added
        if mine.get("days") not in wanted:
            yield "term.extension", f"{mine.get('days')} days (total: {mine.get('total')}) instead of {dict(fact)}"


def _fees(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    known = {row["key"]: row for row in entry.rows("fee")}
    for fee in fact["fees"]:
        mine = known.get(fee["key"])
        if mine is None:
            yield f"fee.{fee['key']}", f"no such fee: {fee['name']}, {fee['amount_vnd']} đ"
            continue
        if str(fee["amount_vnd"]) not in re.findall(r"\d+", str(mine.get("amount"))):
            yield f"fee.{fee['key']}.amount", f"{mine.get('amount')} instead of {fee['amount_vnd']}"
        for number in re.findall(r"\d{3,}", fee.get("formula", "")):
            if number not in f"{mine.get('amount')} {mine.get('quantity')}":
                yield f"fee.{fee['key']}.formula", f"without {number}: {fee['formula']}"
        if (fee["when"] == "always") != (mine.get("when", "true") == "true") and "each" not in mine:
            yield f"fee.{fee['key']}.when", f"{mine.get('when', 'true')} instead of {fee['when']}"
        if mine.get("confidence", "high") != fee["confidence"]:
            yield f"fee.{fee['key']}.confidence", f"{mine.get('confidence', 'high')} instead of {fee['confidence']}"


def _exemptions(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    known = entry.rows("exemption")
    for each in fact["exemptions"]:
        if not any(row["key"] == each["key"] or alike(row["name"], each["name"]) for row in known):
            yield f"exemption.{each['key']}", f"no such exemption: {each['name']}"


def _documents(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    for each, mine in pairs(fact["documents"], entry.rows("document")):
        if mine is None:
            yield f"document.{each['key']}", f"no such document: {each['name']}"
            continue
        if mine.get("kind") != each.get("kind", mine.get("kind")):
            yield f"document.{each['key']}.kind", f"{mine.get('kind')} instead of {each['kind']}"
        always = mine.get("required", "true").strip() == "true"
        never = mine.get("required", "true").strip() == "false"
        if always != (each["required"] == "always") or (never and each["required"] == "if"):
            want = each.get("condition", each["required"])
            yield f"document.{each['key']}.required", f"{mine.get('required', 'true')} instead of {want}"


def pairs(
    facts: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any] | None]]:
    """Each fact with the row that bears its key, else with the row most like it by name that is not taken yet."""
    found = {each["key"]: row for each in facts for row in rows if row["key"] == each["key"]}
    for each in facts:
        free = [row for row in rows if row not in found.values() and alike(each["name"], row["name"])]
        if each["key"] not in found and free:
            found[each["key"]] = max(free, key=lambda row: _nearness(each["name"], row["name"]))
    return [(each, found.get(each["key"])) for each in facts]


def _nearness(one: str, other: str) -> tuple[bool, int]:
    return same(one, other), -abs(len(one) - len(other))


def _result(fact: Mapping[str, Any], entry: Entry) -> Iterator[Gap]:
    mine = entry.head.get("result", {})
    for key in ("name", "book"):
        if key in fact and not alike(fact[key], mine.get(key, "")):
            yield f"result.{key}", f"“{mine.get(key, '')}” instead of “{fact[key]}”"
    if "code" in fact and mine.get("code") != fact["code"]:
        yield "result.code", f"{mine.get('code')} instead of {fact['code']}"
    if "number_format" in fact and "number_format" not in mine:
        yield "result.number_format", f"none: {fact['number_format']}"
    for line in fact["shown"]:
        if not any(alike(line, known) for known in mine.get("fields", [])):
            yield "result.shown", f"result.fields without “{line}”"
