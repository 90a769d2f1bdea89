"""Frozen facts of a decision file, as drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmn.dmn.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition:
    """An itemDefinition: another name for a type, a list of it, or a context of components."""

    id: str
    name: str
    type_ref: str | None
    collection: bool
    allowed: str  # unary tests, "" for none
    components: tuple[TypeDefinition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A column of conditions; `values` are unary tests every value has to pass, "" for none."""

    id: str
    label: str
    expression: str
    type_ref: str | None
    values: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column of results; `values` list what it may give, the first having the highest priority."""

    id: str
    name: str
    label: str
    type_ref: str | None
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a table; `number` counts from 1. An empty test passes everything, an empty result is null."""

    id: str
    number: int
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table; the hit policy by its word (UNIQUE, ...), the aggregation likewise or ""."""

    id: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A decision that is one FEEL expression."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class InputData:
    """Data from outside: the variable of its name."""

    id: str
    name: str
    type_ref: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnDecision:
    """A decision; others see its result under `variable`. `required` are ids of decisions and input data."""

    id: str
    name: str
    variable: str
    type_ref: str | None
    required: tuple[str, ...]
    logic: Table | Literal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionModel:
    """One decision file. `problems` are what reading alone finds; `digest` is the SHA-256 of the source in hex."""

    id: str
    name: str
    decisions: Mapping[str, DrawnDecision]  # in document order
    data: Mapping[str, InputData]
    types: tuple[TypeDefinition, ...]
    problems: tuple[Problem, ...]
    digest: str
    xml: bytes = field(repr=False)

    def __hash__(self) -> int:
        return hash((self.id, self.digest))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DecisionModel) and (self.id, self.digest) == (other.id, other.digest)
