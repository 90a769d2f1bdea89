"""What is recorded of the electronic seal on a paper of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.messages import CaseCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSeal(CaseCommand):
    """Pin the sealed file of a paper that was issued. `seal`: see domain.seals.KEPT."""

    kind: str
    number: str
    seal: Mapping[str, Any]
