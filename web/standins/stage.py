"""What a stand-in is made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from engine.settings import Settings
from web.standins.book import Book


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`connectors`: the house's own sections, so that both sides know the same secrets."""

    settings: Settings
    connectors: Mapping[str, Mapping[str, Any]]
    book: Book


Maker = Callable[[Stage], Flask]
