"""An entry of the catalog as the engine sees it: data only, pinned by version and digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, time
from typing import Any, Literal

Confidence = Literal["high", "medium", "low"]
Level = Literal[3, 4]
ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """One fee. `amount`, `quantity`, `each`, `when` are FEEL over case and application; `each` binds `item`.

    `edition`: of the unit's own resolutions, where one lies over the catalog's rule; `waived` by it, `basis` names it.
    """

    key: str
    name: str
    amount: str
    quantity: str = "1"
    each: str | None = None
    when: str = "true"
    unit: str = ""
    basis: str = ""
    kind: Literal["phi", "le_phi"] = "phi"
    confidence: Confidence = "high"
    waived: bool = False
    edition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A ground on which fees are waived; `when` is FEEL, `fees` the keys of the fees it waives (empty: all)."""

    key: str
    name: str
    when: str
    fees: tuple[str, ...] = ()
    basis: str = ""
    confidence: Confidence = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How far the term may be extended once; `days` of `unit` in total or on top, with the reason the law asks for."""

    days: int
    unit: Literal["working_days", "calendar_days"]
    total: bool
    when: str
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """The legal term. `same_day` ends the day of receipt, or the next working day when received after `cutoff`."""

    kind: Literal["same_day", "working_days", "calendar_days"]
    days: int = 0
    cutoff: time | None = None
    text: str = ""
    extension: Extension | None = None
    confidence: Confidence = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRule:
    """A document to submit or present. `required` is FEEL over {case, application}: "true", "false" or a condition."""

    key: str
    name: str
    kind: Literal["submit", "present"]
    form: str = ""
    quantity: int = 1
    required: str = "true"
    field: str | None = None  # path of the file field in the application form, when it can be uploaded there
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A validation rule of the application: wrong when `when` holds and `check` does not. Severity error blocks."""

    key: str
    check: str
    message: str
    message_en: str
    when: str = "true"
    fields: tuple[str, ...] = ()
    severity: Literal["error", "warning", "info"] = "error"
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRule:
    """What comes out: its name, register and number format ("{number}/{year}" ...), and the Typst template."""

    name: str
    code: str = ""
    book: str = ""
    number_format: str = "{number:02d}/{year}"
    template: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One version of a procedure: law, form, process and fee together. `files` maps file names to their bytes."""

    code: str
    slug: str
    version: int
    digest: str
    name: str
    name_en: str
    field: str
    level: Level
    process_id: str
    form_id: str
    valid_from: date
    valid_to: date | None
    legal_basis: tuple[str, ...]
    deadline: DeadlineRule
    fees: tuple[FeeRule, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    documents: tuple[DocumentRule, ...] = ()
    rules: tuple[Rule, ...] = ()
    result: ResultRule | None = None
    channels: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    info: Mapping[str, Any] = made(default_factory=dict)  # applicant, jurisdiction, officer, signer, reasons, sources
    files: Mapping[str, bytes] = made(default_factory=dict, repr=False)  # process.bpmn, forms/*.json, _shared/…


def in_force(versions: Iterable[Procedure], day: date) -> Procedure | None:
    """The version of one procedure that new cases take on a day: of those valid then, the one that began last."""
    valid = [p for p in versions if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)]
    return max(valid, key=lambda p: (p.valid_from, p.version), default=None)


def pays_online(level: int) -> bool:
    """Whether fees may be paid online: level 4 (Decree 43/2011/NĐ-CP, article 3); at level 3 at the desk or by post."""
    return level == 4


def offers(level: int, delivery: str) -> bool:
    """Whether a level knows this way of handing the result over: an electronic result belongs to level 4 alone."""
    return level == 4 or delivery != ELECTRONIC


@dataclass(frozen=True, slots=True)
class Group:
    """A candidate group of the closed list; `name` is what lanes say."""

    id: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Status:
    """One of the ten national statuses; `clock` says what the term does on entering it."""

    code: int
    name: str
    name_en: str
    clock: Literal["none", "start", "run", "restart", "pause", "stop", "finish"]
    follows: tuple[int, ...]
    terminal: bool = False
