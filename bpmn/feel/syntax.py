"""Nodes of a parsed FEEL expression; frozen, without behaviour."""

from __future__ import annotations

from collections.abc import Iterator as Turns
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str
    bound: bool  # a loop variable, parameter or context entry written in the same expression


@dataclass(frozen=True, slots=True)
class Path(Node):
    source: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    source: Node
    predicate: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    callee: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]  # empty for positional arguments


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A flat chain of operators of one precedence, so long sums need no deep recursion."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Connective(Node):
    decisive: bool  # True for "or", False for "and": the value that settles the chain
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """Tests of a decision table cell, applied to the special name "?"."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """A one-sided comparison such as "< 5": a test after "in", a range anywhere else."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    start: Node
    end: Node
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """One "name in source" of a loop; end is given for "name in source..end"."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    decisive: bool  # True for "some", False for "every"
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written after "instance of" or a parameter."""

    name: str
    arguments: tuple[TypeName, ...] = ()
    fields: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None
    parametrised: bool = False  # written with "<…>", even when nothing stands between


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node | None  # None for an external function, which is never run


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName


def parts(node: Any) -> Turns[Node]:
    """Yield the nodes directly below a node, or in a tuple of nodes."""
    fields_of = node if isinstance(node, tuple) else [getattr(node, field.name) for field in fields(node)]
    for part in fields_of:
        if isinstance(part, Node):
            yield part
        elif isinstance(part, tuple | Iterator):
            yield from parts(part)


def mentions(part: Any, name: str) -> bool:
    """Tell whether a node, or any of several nodes, reads the name."""
    if isinstance(part, Name):
        return part.name == name
    return any(mentions(below, name) for below in parts(part))
