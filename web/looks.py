"""Whoever of the house looks at a case is noted, whatever page it was on; the applicant may read who it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, make_response, request

from engine.domain.errors import DatabaseUnavailableError
from engine.queries.views import CaseView
from web import errors
from web.house import house


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looked at the case on one day, how often, and when last."""

    name: str
    group: str
    times: int
    last_at: datetime


def note(response: Response) -> Response:
    """After every request: an officer has seen a page or a file of a case, or of those in `g.looked_at`."""
    actor, case_id = getattr(g, "actor", None), (request.view_args or {}).get("case_id")
    shown = request.method == "GET" and response.status_code == 200
    looked_at = [str(case_id)] if case_id else getattr(g, "looked_at", [])
    if actor is not None and actor.kind == "officer" and shown:
        try:
            for one in looked_at:
                house().following.looks.note(actor.unit, one, actor.id, house().clock.now())
        except DatabaseUnavailableError as error:  # what cannot be noted is not shown
            return make_response(errors.answer(errors.of_domain(error)))
    return response


def seen(view: CaseView) -> list[Seen]:
    """Who of the house looked at a case, the latest first."""
    accounts, groups = house().accounts, house().catalog.groups
    found = []
    for look in house().following.looks.of(view.case.unit, view.case.id):
        account = accounts.by_id(look.account)
        names = [groups[one].name for one in sorted(account.groups) if one in groups] if account else []
        found.append(Seen(account.name if account else look.account, ", ".join(names), look.times, look.last_at))
    return found
