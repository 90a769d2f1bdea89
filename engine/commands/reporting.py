"""Keeping up what reports count, approving reports, entering what the house cannot know, nightly figures."""

from __future__ import annotations

import logging
from datetime import datetime

from engine.domain import report_period
from engine.domain.actor import Actor
from engine.domain.case_facts import CaseFacts
from engine.domain.counting import facts_of
from engine.domain.errors import DomainError, ForbiddenError, FormInvalidError, RuleError
from engine.domain.events import CaseSubmitted
from engine.domain.public_month import month_figures
from engine.domain.report import Approved
from engine.domain.report_period import Period
from engine.domain.score import Given
from engine.ports import Ports
from engine.ports.reports import Figures, Kept, Reckoning, Reports

LOG = logging.getLogger("motcua.reporting")
APPROVERS = ("chairman",)
ENTERERS = ("chairman", "administrator")
AT_ONCE = 200  # cases in one transaction
MOST = 1_000_000_000


class FiguresChangedError(RuleError):
    """Số liệu đã thay đổi từ khi anh/chị xem. Hãy xem lại số mới rồi duyệt.
    | The figures have changed since you looked at them. Look at the new ones, then approve."""

    code = "figures_changed"


class Reporting:
    """Writes rows of its own; cases and their histories are only read."""

    def __init__(self, ports: Ports, figures: Figures, reports: Reports, queries: Reckoning) -> None:
        self._ports = ports
        self._figures = figures
        self._reports = reports
        self._queries = queries

    def refresh(self, now: datetime | None = None) -> int:
        """Count every case anew that has gone on since it was counted; how many. Safe to be run by several at once."""
        count, after = 0, ("", "")
        while found := self._figures.behind(after, AT_ONCE):
            facts = [one for unit, case_id in found if (one := self._facts(unit, case_id)) is not None]
            self._figures.put(facts)
            count, after = count + len(facts), found[-1]
        return count

    def _facts(self, unit: str, case_id: str) -> CaseFacts | None:
        """What is counted of a case; one that cannot be counted must not keep the others from it."""
        history = self._ports.store.events(case_id)
        try:
            filed = history[0].event
            assert isinstance(filed, CaseSubmitted)
            procedure = self._ports.catalog.procedure(filed.procedure, filed.procedure_version)
            return facts_of(history, procedure, self._ports.catalog.calendar(unit))
        except (DomainError, LookupError, AssertionError):
            LOG.exception("the case %s cannot be counted", case_id)
            return None

    def nightly(self, now: datetime) -> None:
        """Keep the score of the present quarter, and of the one before in its first month; months for the public."""
        self.refresh()
        unit_of_house = self._ports.catalog.settings.get("units", {})
        for unit in unit_of_house:
            self._keep_score(unit, now)
            self._keep_months(unit, now)

    def _keep_score(self, unit: str, now: datetime) -> None:
        today = self._ports.catalog.calendar(unit).day_of(now)
        period = report_period.quarter_of(today, self._queries.rules.cut_day)
        found = self._queries.score(unit, period)
        figures = self._queries.score_figures(found)
        kept = Kept(kind="766", period=period.id, day=today, formula=found.version, figures=figures, at=now)
        self._reports.keep(unit, kept)

    def _keep_months(self, unit: str, now: datetime) -> None:
        """The running month and the one before anew; older ones only where they are missing."""
        rules, calendar = self._queries.rules, self._ports.catalog.calendar(unit)
        known = {kept.period for kept in self._reports.kept(unit, "month", limit=rules.months)}
        period = report_period.month_of(calendar.day_of(now))
        for number in range(rules.months):
            if number < 2 or period.id not in known:
                start, end = self._queries.span(unit, period)
                cases, span = self._figures.between(unit, start, end), (start, min(end, now))
                figures = month_figures(cases, span, calendar, rules)
                kept = Kept(kind="month", period=period.id, day=period.first, formula="1", figures=figures, at=now)
                self._reports.keep(unit, kept)
            period = report_period.before(period, rules.cut_day)

    def approve(self, actor: Actor, kind: str, period: Period, *, seen: str, reason: str = "") -> Approved:
        """Freeze a report whose digest the leader has `seen`; the same figures a second time are the same approval.

        Others than those approved already are a correction, which needs a reason and leaves the first as it is.
        FiguresChangedError, FormInvalidError, RuleError before the period is over, ForbiddenError, StaleVersionError.
        """
        if actor.kind != "officer" or not actor.in_any(APPROVERS):
            raise ForbiddenError()
        now = self._ports.clock.now()
        if now < self._queries.span(actor.unit, period)[1]:
            raise RuleError(reason="Kỳ báo cáo chưa kết thúc.", reason_en="The period is not over yet.")
        self.refresh()
        draft = self._queries.draft(actor.unit, kind, period)
        earlier = self._reports.all(actor.unit, kind, period.id)
        if earlier and earlier[0].digest == draft.digest:
            return earlier[0]
        if draft.digest != seen:
            raise FiguresChangedError()
        if earlier and not reason.strip():
            raise FormInvalidError({"reason": ["Hãy ghi lý do đính chính báo cáo đã duyệt."]})
        report = Approved(
            draft=draft,
            revision=len(earlier) + 1,
            digest=draft.digest,
            by=actor.id,
            by_name=actor.name,
            at=now,
            reason=reason.strip(),
        )
        self._reports.add(report)
        return report

    def enter(self, actor: Actor, period: Period, item: str, given: Given) -> None:
        """Keep numbers the house cannot know, with where they are from; FormInvalidError, ForbiddenError."""
        if actor.kind != "officer" or not actor.in_any(ENTERERS):
            raise ForbiddenError()
        known = {one.id for one in self._queries.rules.scheme.items if not one.formula}
        errors: dict[str, list[str]] = {}
        if item not in known:
            errors["item"] = ["Chỉ tiêu này do hệ thống tính, không nhập tay."]
        if not 0 < given.total <= MOST:
            errors["total"] = ["Tổng số phải là số nguyên lớn hơn 0."]
        if not 0 <= given.hits <= given.total:
            errors["hits"] = ["Số đạt phải từ 0 đến tổng số."]
        if not given.source.strip():
            errors["source"] = ["Hãy ghi nguồn số liệu."]
        if errors:
            raise FormInvalidError(errors)
        self._reports.enter(actor.unit, period.id, item, given, by=actor.id, at=self._ports.clock.now())
