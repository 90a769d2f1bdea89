"""A report as a page shows it: the newest approved one, an earlier one, or the figures as they are now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from engine.domain.errors import DomainError, FormInvalidError
from engine.domain.report import Approved, Draft
from engine.domain.report_period import Period
from web.acting import posted_text
from web.errors import status_of
from web.figures.periods import Choice, chosen
from web.house import house
from web.texts import t


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`approved` None: the figures as they are now. `every`: all approvals of the period, the newest first."""

    choice: Choice
    draft: Draft
    approved: Approved | None
    every: Sequence[Approved]

    @property
    def period(self) -> Period:
        """What it is about."""
        return self.choice.period

    @property
    def over(self) -> bool:
        """Whether the period is over, so that it may be approved."""
        return house().clock.now() >= house().desk.figures.queries.span(g.actor.unit, self.period)[1]

    @property
    def revision(self) -> str:
        """For addresses: which approval is shown, 0 for none."""
        return str(self.approved.revision) if self.approved else "0"


def shown(kind: str) -> Shown:
    """What the address asks for by `ban`: a revision, 0 the figures of now, nothing the newest approval if any."""
    part, choice = house().desk.figures, chosen()
    every = part.reports.all(g.actor.unit, kind, choice.period.id)
    asked = request.values.get("ban", "")
    approved = every[0] if every and not asked else next((x for x in every if str(x.revision) == asked), None)
    if asked not in ("", "0") and approved is None:
        raise NotFound()
    draft = approved.draft if approved else part.queries.draft(g.actor.unit, kind, choice.period)
    return Shown(choice=choice, draft=draft, approved=approved, every=every)


def approve(kind: str, page: Callable[..., ResponseReturnValue]) -> ResponseReturnValue:
    """Approve what was seen; what speaks against it is shown on the page with the newest figures."""
    period = chosen().period
    try:
        found = house().desk.figures.reporting.approve(
            g.actor, kind, period, seen=posted_text("seen", 64), reason=posted_text("reason", 500)
        )
    except FormInvalidError as error:
        said = t(error.errors["reason"][0], "Say why the approved report is corrected.")
        return page(problem=said, at="reason", status=422)
    except DomainError as error:
        return page(problem=t(error.message, error.message_en), status=status_of(error))
    flash(t("Đã duyệt báo cáo; số liệu đã được giữ lại.", "The report was approved; its figures are kept."))
    return redirect(url_for(f"figures.{page.__name__}", ky=period.id, ban=found.revision))
