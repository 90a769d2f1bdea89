"""A supplement that is asked while the case is in hand: its round is settled, and the term begins from zero."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.advance import change_status
from engine.commands.work import Work
from engine.domain import events
from engine.domain.handling import SUPPLIED, is_beside, open_round

IN_HAND = 4


def settle_round(work: Work, outcome: str, reply: Mapping[str, Any]) -> None:
    """Close the open round, if there is one; supplied, the term begins anew (Decree 61/2018/ND-CP, article 19)."""
    begun = open_round(work.case)
    if begun is None:
        return
    for key in [key for key in work.case.tasks if is_beside(key)]:
        work.add(events.TaskCancelled(key=key))
    work.add(events.SupplementSettled(round=begun["round"], outcome=outcome, reply=reply))
    if outcome == SUPPLIED:
        change_status(work, IN_HAND)
