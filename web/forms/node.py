"""What a form's template draws: a tree of nodes without any rule left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a choice."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was handed in: its signed reference and what it is called."""

    token: str
    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A field, a group of fields, a list of rows or a text. `id` is the HTML id, `name` the data path."""

    kind: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    value: str = ""
    required: bool = False
    live: bool = False
    section: bool = False
    read_only: bool = False
    prefilled: bool = False
    other: str | None = None
    errors: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    uploads: tuple[Upload, ...] = ()
    children: tuple[Node, ...] = ()
    html: Markup = Markup("")
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error of the field."""
        found = [f"{self.id}-hint"] if self.hint else []
        found += [f"{self.id}-from"] if self.prefilled else []
        return " ".join([*found, f"{self.id}-error"] if self.errors else found)

    @property
    def target(self) -> str:
        """The id that a link in the error summary leads to."""
        return self.choices[0].id if self.kind in ("radio", "checklist", "taglist") and self.choices else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A line of the error summary; `target` is empty when the field is not on the page."""

    target: str
    label: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A form ready to be drawn."""

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]
    live: bool
    uploads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a readable form: a heading (value None), or a label with what was answered at which path."""

    label: str
    value: str | None = None
    files: tuple[Mapping[str, Any], ...] = ()
    level: int = 0
    path: str = ""
