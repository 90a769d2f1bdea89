"""Built-in functions over dates: the clock of the run and the calendar."""

from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal

from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@builtin("now", "")
def now(run: Run) -> datetime | None:
    """Return the instant the caller gave, or null without one."""
    return run.now


@builtin("today", "")
def today(run: Run) -> date | None:
    """Return the date of the instant the caller gave, or null without one."""
    return None if run.now is None else run.now.date()


@builtin("day of year", "date:day")
def day_of_year(_: Run, day: date) -> Decimal:
    """Return 1 for the first day of the year."""
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week", "date:day")
def day_of_week(_: Run, day: date) -> str:
    """Return the English name of the day."""
    return _DAYS[day.weekday()]


@builtin("month of year", "date:day")
def month_of_year(_: Run, day: date) -> str:
    """Return the English name of the month."""
    return _MONTHS[day.month - 1]


@builtin("week of year", "date:day")
def week_of_year(_: Run, day: date) -> Decimal:
    """Return the week number of ISO 8601."""
    return Decimal(day.isocalendar().week)


@builtin("last day of month", "date:day")
def last_day_of_month(_: Run, day: date) -> Decimal:
    """Return the number of days in the month of the date."""
    return Decimal(monthrange(day.year, day.month)[1])
