"""The page that lists all procedures: docs/catalog/README.md."""

from __future__ import annotations

from pathlib import Path

from engine.adapters.catalog_files import FileCatalog
from engine.domain.procedure import FeeRule, Procedure

HEAD = """# The procedures of the catalog

Written by `make docs` from `catalog/`. {count} procedures: {three} at level 3, {four} at level 4.
A “*” marks a figure that a person still has to confirm.

| code | procedure | level | field | term | fee | picture |
|---|---|---|---|---|---|---|
"""
SHARED = """
## What all procedures call

| process | picture |
|---|---|
"""


def page(catalog: Path) -> str:
    """The whole page; CatalogError when a procedure cannot be read."""
    read = FileCatalog.load(catalog)
    found = [(folder.name, read.read(folder)) for folder in read.folders()]
    found.sort(key=lambda one: (one[1].field, one[1].code, one[1].version))
    levels = {procedure.code: procedure.level for _, procedure in found}
    counts = {level: sum(each == level for each in levels.values()) for level in (3, 4)}
    head = HEAD.format(count=len(levels), three=counts[3], four=counts[4])
    shared = sorted(path.stem for path in catalog.glob("_shared/processes/*.bpmn"))
    called = "".join(f"| `{name}` | {_links(f'_{name}')} |\n" for name in shared)
    return head + "".join(_row(*one) for one in found) + SHARED + called


def _row(folder: str, procedure: Procedure) -> str:
    version = f" (version {procedure.version}, from {procedure.valid_from:%d/%m/%Y})" if "@" in folder else ""
    names = f"{procedure.name}{version}<br>{procedure.name_en}"
    term = _marked(procedure.deadline.text or "theo quy định", procedure.deadline.confidence)
    cells = (
        f"`{procedure.code}`", names, str(procedure.level), procedure.field, term, _fees(procedure), _links(folder),
    )  # fmt: skip
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '&#124;') for cell in cells)} |\n"


def _links(name: str) -> str:
    return f"[SVG]({name}.svg), [PNG]({name}.png)"


def _fees(procedure: Procedure) -> str:
    return "<br>".join(_marked(_fee(fee), fee.confidence) for fee in procedure.fees) or "không thu"


def _fee(fee: FeeRule) -> str:
    amount = f"{int(fee.amount):,} đồng".replace(",", ".") if fee.amount.isdecimal() else "theo tờ khai"
    return f"{fee.name}: {amount}{f'/{fee.unit}' if fee.unit and fee.amount.isdecimal() else ''}"


def _marked(text: str, confidence: str) -> str:
    return text if confidence == "high" else f"{text} *"
