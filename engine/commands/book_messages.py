"""What is asked about the books of numbers: verb and noun, as in messages."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelNumber(CaseCommand):
    """Strike a number of the case out of its book. `job`: under which it was drawn, where no paper bears it."""

    book: str
    number: int
    reason: str
    job: str = ""
