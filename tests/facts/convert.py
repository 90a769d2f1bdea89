"""Takes the facts of the procedures (YAML, written by hand) over into tests/data/procedures.json.

    python -m tests.facts.convert DIR      # DIR holds procedures.yaml; needs PyYAML

Kept is what the catalog must show. Where a fact has no key it gets one from its words, so that it can be named.
Left out is what concerns the reading of the sources only: where on the web a fact was found, and remarks on that.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.facts.keys import key_of

TARGET = Path(__file__).resolve().parents[1] / "data" / "procedures.json"
HEAD = ("code", "slug", "name", "name_en", "field", "level", "applicant", "jurisdiction", "authorization_allowed")
TAIL = ("legal_basis", "officer", "signer")
FIELD = (
    "key", "label", "type", "required", "options", "options_ref", "allow_other", "allowed_values", "visible_if",
    "default", "min", "max", "must_be", "computed", "readonly", "fixed_rows", "min_rows",
)  # fmt: skip
RULE = ("rule", "field", "a", "b", "value", "when", "unless", "severity", "message", "basis")
STEP = ("key", "name", "actor", "role", "optional", "when", "days", "unit", "basis")
DOCUMENT = ("key", "name", "kind", "form", "qty", "required", "condition")
FEE = ("key", "name", "amount_vnd", "unit", "formula", "when", "basis", "confidence")
WORDS, CHECKED = 6, re.compile(r"\s*(-\s*)?\bverified\b")


def main(folder: Path) -> None:
    """Write the facts that stand in the folder's procedures.yaml."""
    procedures = yaml.safe_load((folder / "procedures.yaml").read_text("utf-8"))["procedures"]
    facts = [procedure(each) for each in sorted(procedures, key=lambda p: p["slug"])]
    TARGET.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(f"{len(facts)} procedures -> {TARGET.name}")


def procedure(raw: dict[str, Any]) -> dict[str, Any]:
    """The facts of one procedure, every one with a key of its own."""
    return {
        **kept(raw, HEAD),
        "term": term(raw),
        "fees": [kept(fee, FEE) for fee in raw["fees"]],
        "exemptions": keyed([{"name": text} for text in raw["fee_exemptions"]], "name"),
        "documents": keyed([document(each) for each in raw["documents"]], "name"),
        "form": form(raw["form"]),
        "rules": rules(raw["validation"]),
        "result": result(raw["result"]),
        "steps": keyed([step(each) for each in raw["special_steps"]], "name"),
        **kept(raw, TAIL),
    }


def kept(raw: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """Those keys of a fact that say something."""
    return {key: plain(raw[key]) for key in keys if raw.get(key) is not None}


def plain(value: Any) -> Any:
    """Texts without the mark of the one who checked them."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return CHECKED.sub("", value) if isinstance(value, str) else value


def term(raw: dict[str, Any]) -> dict[str, Any]:
    """How long it takes: {kind, days, cutoff?, text?, extension?, breakdown, confidence}."""
    own = raw["processing"]
    kind = own.get("kind") or own["unit"]
    days = own.get("days") if own.get("days") is not None else own.get("working_days")
    shares = own.get("breakdown") or [{"what": s["stage"], **s} for s in own.get("stages", ())]
    return {
        "kind": kind,
        "days": days or 0,
        **kept(own, ("cutoff", "text", "extension")),
        "breakdown": [kept(share, ("level", "actor", "days", "unit", "what")) for share in shares],
        "confidence": own.get("confidence") or raw["confidence"].get("time", "high"),
    }


def form(raw: dict[str, Any]) -> dict[str, Any]:
    """{name, template, sections: [{title, visible_if?, required_if?, fields}]}; a header's fields come first."""
    return {
        "name": raw["name"],
        "template": raw.get("template") or raw.get("ref") or "",
        "sections": [
            {
                **kept(section, ("title", "visible_if", "required_if")),
                "fields": [field(each) for each in (*section.get("header", ()), *section["fields"])],
            }
            for section in raw["sections"]
        ],
    }


def field(raw: dict[str, Any]) -> dict[str, Any]:
    """A field; columns of a table are {key, label?, type?}."""
    columns = raw.get("columns")
    found = kept(raw, FIELD)
    if columns:
        found["columns"] = [
            {"key": c} if isinstance(c, str) else kept(c, ("key", "label", "type", "options")) for c in columns
        ]
    return found


def document(raw: dict[str, Any]) -> dict[str, Any]:
    """A paper to submit or present; required is always, if or optional."""
    found = kept(raw, DOCUMENT)
    if isinstance(raw["required"], bool):
        found["required"] = "always" if raw["required"] else "if" if raw.get("condition") else "optional"
        found["qty"] = (raw.get("original") or 0) + (raw.get("copy") or 0)
    return found


def rules(raw: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules; `key` is the rule's name, or made of its words where the rule is written as a sentence."""
    found = []
    for each in raw:
        row = kept({**each, "message": each.get("message") or each.get("message_vi")}, RULE)
        named = re.fullmatch(r"\w+", row["rule"])
        row["key"] = row["rule"] if named else key_of(row["rule"], WORDS)
        found.append(row)
    keys = [row["key"] for row in found]
    for row in found:
        if keys.count(row["key"]) > 1:
            row["key"] = f"{row['key']}_{row['field']}"
    return unique(found)


def step(raw: dict[str, Any]) -> dict[str, Any]:
    """A special step."""
    return kept({**raw, "name": raw.get("name") or raw.get("step")}, STEP)


def result(raw: dict[str, Any]) -> dict[str, Any]:
    """What comes out, with what it shows."""
    return {**kept(raw, ("name", "code", "book", "number_format")), "shown": raw.get("shown") or raw.get("fields", [])}


def keyed(rows: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """The rows, each with a key: its own, or the first words of a text."""
    return unique([{**row, "key": row.get("key") or key_of(row[by], WORDS)} for row in rows])


def unique(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows unchanged; ValueError when two bear one key."""
    keys = [row["key"] for row in rows]
    if doubled := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"doubled keys: {doubled}")
    return [{"key": row["key"], **row} for row in rows]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
