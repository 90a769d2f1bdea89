"""Tables of administration: who was locked, what was changed, a unit's facts and days, who is alive, what was tried."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _unit() -> Column[str]:
    return Column("unit", String(60), primary_key=True)


def _changed() -> list[Column[object]]:
    """When a row was written, and by whom."""
    return [Column("changed_at", Instant, nullable=False), Column("changed_by", String(80), nullable=False)]


ADMINISTRATION_LOG = Table(
    "administration_log",
    metadata,
    _unit(),
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("what", String(60), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

OFFICER_STATE = Table(
    "officer_state",
    metadata,
    _unit(),
    Column("account_id", String(80), primary_key=True),
    Column("locked_at", Instant, nullable=True),
    Column("locked_by", String(80), nullable=False),
    Column("lock_reason", Text, nullable=False),
    # the hash of a password that was set for somebody: as long as it is the account's it has to be changed
    Column("one_time_hash", Text, nullable=False),
    Column("one_time_until", Instant, nullable=True),
)

UNIT_FACTS = Table(
    "unit_facts",
    metadata,
    _unit(),
    Column("valid_from", Date, primary_key=True),
    Column("facts", Text, nullable=False),
    *_changed(),
)

CALENDAR_DAY = Table(
    "calendar_day",
    metadata,
    _unit(),
    Column("day", Date, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("like", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("paper_date", Date, nullable=False),
    *_changed(),
)

CALENDAR_YEAR = Table(
    "calendar_year",
    metadata,
    _unit(),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("paper", Text, nullable=False),
    Column("paper_date", Date, nullable=False),
    *_changed(),
)

CALENDAR_HOURS = Table(
    "calendar_hours",
    metadata,
    _unit(),
    Column("valid_from", Date, primary_key=True),
    Column("sessions", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("paper_date", Date, nullable=False),
    *_changed(),
)

CALENDAR_EDITION = Table("calendar_edition", metadata, _unit(), Column("number", Integer, nullable=False))

UNIT_FEE = Table(
    "unit_fee",
    metadata,
    _unit(),
    Column("procedure", String(60), primary_key=True),
    Column("fee", String(80), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("amount", BigInteger, nullable=True),  # in đồng; none: nothing is charged
    Column("basis", Text, nullable=False),
    Column("over", Text, nullable=False),  # what the catalog charged when it was written
    Column("edition", Integer, nullable=False),
    *_changed(),
)

FEE_EDITION = Table("fee_edition", metadata, _unit(), Column("number", Integer, nullable=False))

UNIT_WORDING = Table(
    "unit_wording",
    metadata,
    _unit(),
    Column("template", String(60), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Date, nullable=False),
    Column("texts", Text, nullable=False),
    *_changed(),
)

WORDING_EDITION = Table("wording_edition", metadata, _unit(), Column("number", Integer, nullable=False))

HEARTBEAT = Table(
    "heartbeat",
    metadata,
    _unit(),
    Column("process", String(200), primary_key=True),
    Column("release", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("beat_at", Instant, nullable=False),
)

CONNECTOR_TRIAL = Table(
    "connector_trial",
    metadata,
    _unit(),
    Column("party", String(60), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("well", Boolean, nullable=False),
    Column("said", Text, nullable=False),
    Column("millis", Integer, nullable=False),
)
