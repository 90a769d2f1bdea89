"""Whoever signed in and was refused is noted, whatever page it was: those who watch over the house may read it."""

from __future__ import annotations

from contextlib import suppress

from flask import Response, g, request

from engine.domain.errors import DatabaseUnavailableError
from web.house import house

OTHERS = frozenset({"case_id", "draft_id"})  # what belongs to somebody: not found means not yours, too


def note(response: Response) -> Response:
    """After every request: was somebody refused?"""
    actor = getattr(g, "actor", None)
    if actor is not None and request.endpoint and _refused(response):
        with suppress(DatabaseUnavailableError):  # the log has it: errors.answer wrote who was refused what
            house().desk.attempts.note(
                actor.unit,
                actor.id,
                page=request.endpoint,
                method=request.method,
                path=request.path,
                at=house().clock.now(),
            )
    return response


def _refused(response: Response) -> bool:
    return response.status_code == 403 or (
        response.status_code == 404 and not OTHERS.isdisjoint(request.view_args or {})
    )
