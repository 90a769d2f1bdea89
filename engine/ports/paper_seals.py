"""The agency's electronic seal upon papers of the desk, as those see it who give papers or tell of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.domain.case import Case
from engine.ports.papers import Verification

Make = Callable[[Verification | None], bytes]  # makes the paper, with what is printed on one that will be sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """How a paper stands to its seal.

    `code`: sealed (`at`: when, `token`: of its public page); ready: it will be, when it is first asked for; off: this
    kind is not sealed; no_key: the unit has none; window: the certificate does not hold now (`why`); resting: it was
    tried in vain (`why`) and is left alone until `at`.
    """

    code: str
    at: datetime | None = None
    token: str = ""
    why: tuple[str, str] = ("", "")


class Seals(Protocol):
    """Seals each paper once and keeps its file."""

    def state(self, case: Case, kind: str, number: str) -> SealState:
        """How this paper stands to its seal, without asking anybody outside."""
        ...

    def given(self, case: Case, kind: str, number: str, make: Make) -> bytes:
        """The paper, sealed if it can be now; what is not sealed is `make(None)`."""
        ...

    def kept(self, case: Case, kind: str, number: str) -> bytes | None:
        """The sealed file; None while there is none, or where the store has lost it."""
        ...
