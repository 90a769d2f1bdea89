"""The term of a case: how it begins, stands still, moves on, begins again, is extended once and ends.

Every function returns the event that says so; only `apply` makes a Deadline. Rules: BLDS 2015 Điều 147, 148; NĐ 61/2018
Điều 19; Luật Hộ tịch Điều 5.3 for the same-day rule. Instants are aware; terms end with the last office hour of a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NoReturn

from engine.domain.calendar import WorkingCalendar
from engine.domain.case import Adjustment, Deadline
from engine.domain.errors import RuleError
from engine.domain.events import DeadlineAdjusted
from engine.domain.procedure import DeadlineRule, Extension

MOVES = ("extended", "reappointed")


@dataclass(frozen=True, slots=True)
class Term:
    """Where a term ends, and the steps by which that was found."""

    due: datetime
    trail: tuple[str, ...]


def compute(rule: DeadlineRule, received_at: datetime, calendar: WorkingCalendar) -> Term:
    """The end of the term for a full dossier received then; outside office hours it counts at the next session."""
    counted = calendar.counted_at(received_at)
    trail = [f"nhận hồ sơ {_moment(calendar.local(received_at))}"]
    if counted != received_at:
        trail.append(f"ngoài giờ làm việc, tính là nhận lúc {_moment(counted)}")
    if rule.kind == "same_day":
        return _same_day(rule, counted, calendar, trail)
    return _span(rule.days, rule.kind == "working_days", counted.date(), calendar, trail)


def start(rule: DeadlineRule, received_at: datetime, calendar: WorkingCalendar, by: str) -> DeadlineAdjusted:
    """The clock begins with the receipt of the full, valid dossier; the event's time must be `received_at`."""
    term = compute(rule, received_at, calendar)
    return _event("started", None, term, calendar, by=by, reason=rule.text)


def restart(
    rule: DeadlineRule, deadline: Deadline, at: datetime, calendar: WorkingCalendar, *, by: str, reason: str = ""
) -> DeadlineAdjusted:
    """The supplement is in: the whole term anew from the full dossier (NĐ 61/2018 Điều 19)."""
    _must_be_open(deadline)
    term = compute(rule, at, calendar)
    term = replace(term, trail=("tính lại từ đầu sau khi bổ sung hồ sơ", *term.trail))
    return _event("restarted", deadline, term, calendar, by=by, reason=reason or "Đã bổ sung đủ hồ sơ")


def pause(
    deadline: Deadline, at: datetime, calendar: WorkingCalendar, *, by: str, reason: str = ""
) -> DeadlineAdjusted:
    """The clock stands still from now on; the due date stays until it runs again."""
    _must_be_open(deadline)
    if deadline.paused_at is not None:
        _refuse("Thời hạn đang tạm dừng", "The term is already paused")
    term = Term(deadline.due, (f"tạm dừng từ {_moment(calendar.local(at))}",))
    return _event("paused", deadline, term, calendar, by=by, reason=reason)


def resume(
    deadline: Deadline, at: datetime, calendar: WorkingCalendar, *, by: str, reason: str = ""
) -> DeadlineAdjusted:
    """The clock runs again; the due date moves by the working days of the pause."""
    _must_be_open(deadline)
    if deadline.paused_at is None:
        _refuse("Thời hạn không tạm dừng", "The term is not paused")
    return _event("resumed", deadline, _after_pause(deadline, at, calendar), calendar, by=by, reason=reason)


def extend(
    rule: DeadlineRule,
    deadline: Deadline,
    at: datetime,
    calendar: WorkingCalendar,
    *,
    by: str,
    reason: str,
    due: datetime | None = None,
) -> DeadlineAdjusted:
    """A later due date, once in the life of a case and with a reason (NĐ 61/2018 Điều 19).

    Without `due` the law's own extension is taken in full; `due` asks for an earlier end, or appoints the date where
    the law names no number of days. Without ground in law, or once overdue, the kind is `reappointed`: the citizen gets
    a new date, but the case stays measured by the old one. RuleError when the term was moved so before, the reason is
    blank or the date is not allowed.
    """
    _must_be_open(deadline)
    if deadline.extended:
        _refuse("Thời hạn chỉ được gia hạn một lần", "The term may be extended only once")
    if not reason.strip():
        _refuse("Hãy ghi lý do gia hạn", "Give the reason for the extension")
    limit = _limit(rule, deadline, calendar)
    term = limit if due is None else _appointed(due, limit, calendar)
    if term is None:
        _refuse("Luật không định số ngày gia hạn; hãy chọn ngày hẹn lại", "The law gives no extension: choose a date")
    if term.due <= deadline.due:
        _refuse("Ngày hẹn mới phải sau ngày hẹn cũ", "The new date must lie after the old one")
    in_time = calendar.day_of(at) <= calendar.day_of(deadline.due)
    kind = "extended" if rule.extension is not None and in_time else "reappointed"
    return _event(kind, deadline, term, calendar, by=by, reason=reason.strip())


def finish(deadline: Deadline, at: datetime, calendar: WorkingCalendar, *, by: str) -> DeadlineAdjusted:
    """The result is ready: early before the due date, on_time on it, late after it; a new appointment heals nothing."""
    _must_be_open(deadline)
    term = _after_pause(deadline, at, calendar) if deadline.paused_at else Term(deadline.due, ())
    promised = calendar.day_of(_measured_by(deadline, term.due, calendar))
    done = calendar.day_of(at)
    timeliness = "early" if done < promised else "on_time" if done == promised else "late"
    trail = (*term.trail, f"xong ngày {_day(done)}, hạn ngày {_day(promised)}")
    event = _event("finished", deadline, Term(term.due, trail), calendar, by=by, reason="")
    return replace(event, timeliness=timeliness)


def stop(deadline: Deadline, at: datetime, calendar: WorkingCalendar, *, by: str, reason: str = "") -> DeadlineAdjusted:
    """Withdrawn or stopped: the term ends without a verdict."""
    _must_be_open(deadline)
    term = Term(deadline.due, (f"dừng lúc {_moment(calendar.local(at))}",))
    return _event("stopped", deadline, term, calendar, by=by, reason=reason)


def measured_by(deadline: Deadline, calendar: WorkingCalendar) -> datetime:
    """The due date that the case is measured by; a new appointment does not move it."""
    return _measured_by(deadline, deadline.due, calendar)


def apply(deadline: Deadline | None, event: DeadlineAdjusted, at: datetime) -> Deadline:
    """Fold the event that was recorded at `at` into the deadline."""
    if deadline is None:
        if event.due_after is None:
            raise ValueError(f"a term cannot begin with {event.kind}")
        deadline = Deadline(original_due=event.due_after, due=event.due_after, started_at=at)
    kept = Adjustment(
        kind=event.kind,
        at=at,
        due_before=event.due_before,
        due_after=event.due_after,
        reason=event.reason,
        by=event.by,
        calendar=event.calendar,
        trail=event.trail,
    )
    ended = event.kind in ("finished", "stopped")
    moved = event.kind in MOVES
    return replace(
        deadline,
        due=event.due_after or deadline.due,
        started_at=at if event.kind == "restarted" else deadline.started_at,
        paused_at=at if event.kind == "paused" else deadline.paused_at if moved else None,
        finished_at=at if ended else None,
        timeliness=event.timeliness,
        extended=deadline.extended or moved,
        adjustments=(*deadline.adjustments, kept),
    )


def _same_day(rule: DeadlineRule, counted: datetime, calendar: WorkingCalendar, trail: list[str]) -> Term:
    """Due the day of receipt, or the next working day when received after the cut-off."""
    late = rule.cutoff is not None and counted.time() > rule.cutoff
    day = calendar.add_working_days(counted.date(), 1) if late else counted.date()
    if late and rule.cutoff is not None:
        trail.append(f"nhận sau {rule.cutoff:%H:%M}, trả trong ngày làm việc tiếp theo {_day(day)}")
    else:
        trail.append(f"trả trong ngày {_day(day)}")
    return _end(day, calendar, trail)


def _span(days: int, working: bool, received: date, calendar: WorkingCalendar, trail: list[str]) -> Term:
    """So many days after the day of receipt; calendar days roll from a day off to the next working day."""
    if working:
        day = calendar.add_working_days(received, days)
        trail.append(f"cộng {days} ngày làm việc từ sau ngày {_day(received)}: {_day(day)}")
    else:
        last = received + timedelta(days=days)
        day = calendar.roll(last)
        trail.append(f"cộng {days} ngày từ sau ngày {_day(received)}: {_day(last)}")
        if day != last:
            trail.append(f"{_day(last)} là ngày nghỉ, chuyển sang {_day(day)}")
    return _end(day, calendar, trail)


def _limit(rule: DeadlineRule, deadline: Deadline, calendar: WorkingCalendar) -> Term | None:
    """The latest end the law allows; None when it names none (no extension, or one by agreement: 0 days)."""
    extension = rule.extension
    if extension is None or extension.days == 0:
        return None
    if not extension.total:
        return _on_top(extension, deadline.due, calendar)
    received = calendar.counted_at(deadline.started_at).date()
    trail = ["gia hạn, tính cả thời hạn đầu"]
    term = _span(extension.days, extension.unit == "working_days", received, calendar, trail)
    plain = compute(rule, deadline.started_at, calendar).due
    paused = calendar.working_days_between(calendar.day_of(plain), calendar.day_of(deadline.due))
    return _moved(term, paused, calendar)


def _on_top(extension: Extension, due: datetime, calendar: WorkingCalendar) -> Term:
    working = extension.unit == "working_days"
    return _span(extension.days, working, calendar.day_of(due), calendar, ["gia hạn thêm vào hạn cũ"])


def _appointed(due: datetime, limit: Term | None, calendar: WorkingCalendar) -> Term:
    if limit is not None and due > limit.due:
        latest = _moment(limit.due)
        _refuse(f"Ngày hẹn mới không được sau {latest}", f"The new date may not lie after {latest}")
    if not calendar.is_working_day(calendar.day_of(due)):
        _refuse("Ngày hẹn mới phải là ngày làm việc", "The new date must be a working day")
    return Term(due, (f"hẹn lại {_moment(calendar.local(due))}",))


def _measured_by(deadline: Deadline, due: datetime, calendar: WorkingCalendar) -> datetime:
    """The due date that counts: a new appointment leaves the old one, moved by later pauses."""
    for kept in reversed(deadline.adjustments):
        if kept.kind in ("restarted", "extended"):
            break
        if kept.kind == "reappointed" and kept.due_before and kept.due_after:
            paused = calendar.working_days_between(calendar.day_of(kept.due_after), calendar.day_of(due))
            return _moved(Term(kept.due_before, ()), paused, calendar).due
    return due


def _after_pause(deadline: Deadline, at: datetime, calendar: WorkingCalendar) -> Term:
    paused_at = deadline.paused_at or at
    days = calendar.working_days_between(calendar.day_of(paused_at), calendar.day_of(at))
    since = f"tạm dừng từ {_day(calendar.day_of(paused_at))} đến {_day(calendar.day_of(at))}: {days} ngày làm việc"
    return _moved(Term(deadline.due, (since,)), days, calendar)


def _moved(term: Term, days: int, calendar: WorkingCalendar) -> Term:
    if days <= 0:
        return term
    day = calendar.add_working_days(calendar.day_of(term.due), days)
    return _end(day, calendar, [*term.trail, f"lùi {days} ngày làm việc"])


def _end(day: date, calendar: WorkingCalendar, trail: list[str]) -> Term:
    due = calendar.end_of_day(day)
    return Term(due, (*trail, f"hạn {_moment(due)}"))


def _event(
    kind: str, deadline: Deadline | None, term: Term, calendar: WorkingCalendar, *, by: str, reason: str
) -> DeadlineAdjusted:
    return DeadlineAdjusted(
        kind=kind,
        due_before=deadline.due if deadline else None,
        due_after=term.due,
        reason=reason,
        by=by,
        calendar=calendar.version,
        trail=term.trail,
    )


def _must_be_open(deadline: Deadline) -> None:
    if deadline.finished_at is not None:
        _refuse("Thời hạn đã kết thúc", "The term has ended")


def _refuse(reason: str, reason_en: str) -> NoReturn:
    raise RuleError(reason=reason, reason_en=reason_en)


def _moment(at: datetime) -> str:
    return f"{at:%H:%M ngày %d/%m/%Y}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
