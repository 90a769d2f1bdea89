"""The tables. What belongs to a commune has `unit` first in its key, so that tables can be spread by it later.

Deployments and sign-in attempts belong to the installation, not to a commune.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy import text as sql_text

from engine.adapters.db.types import Instant

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WORDS = 200  # characters of a search text; more would not fit into a row of an index, whatever people are called
metadata = MetaData(naming_convention=NAMES)


def _key(name: str, size: int = 200) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


def _text(name: str, size: int = 200, *, null: bool = False) -> Column[Any]:
    return Column(name, String(size), nullable=null)


def _wait(*columns: Column[Any]) -> list[Column[Any]]:
    """What a row of a case's open things begins with."""
    return [_key("unit", 60), _key("case_id", 32), _key("key", 400), *columns]


CASE = Table(
    "case_file",
    metadata,
    _key("unit", 60),
    _key("id", 32),
    _text("code", 60),
    _text("procedure", 40),
    Column("procedure_version", Integer, nullable=False),
    _text("digest", 64),
    Column("status", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("due_at", Instant, nullable=True),
    Column("submitted_at", Instant, nullable=False),
    Column("applicant_name", Text, nullable=False),
    _text("applicant_account", 80, null=True),
    Column("search_text", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    _text("head_hash", 64),
    Column("state", Text, nullable=False),
    Index("ix_case_file_id", "id", unique=True),
    Index("uq_case_file_code", "unit", "code", unique=True),
    Index("ix_case_file_submitted", "unit", "submitted_at", "id"),
    Index("ix_case_file_account", "unit", "applicant_account", "submitted_at", "id"),
)

EVENT = Table(
    "event",
    metadata,
    _key("unit", 60),
    _key("stream", 32),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _text("tag", 60),
    Column("version", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    _text("at_zone", 10),
    _text("actor", 120),
    _text("on_behalf_of", 120, null=True),
    Column("cause", Text, nullable=False),
    Column("data", Text, nullable=False),
    _text("prev_hash", 64),
    _text("hash", 64),
    Index("ix_event_stream", "stream", "seq"),
)

TASK = Table(
    "task",
    metadata,
    *_wait(
        _text("element_id"),
        Column("name", Text, nullable=False),
        _text("assignee", 80, null=True),
        Column("due_at", Instant, nullable=True),
        Column("follow_up_at", Instant, nullable=True),
        Column("priority", Integer, nullable=False),
        Column("created_at", Instant, nullable=False),
        _text("case_code", 60),
        _text("procedure", 40),
        Column("applicant_name", Text, nullable=False),
        Column("search_text", Text, nullable=False),
        Column("case_due_at", Instant, nullable=True),
        Column("order_at", Instant, nullable=False),
    ),
    Index(
        "ix_task_assignee",
        "unit",
        "assignee",
        "order_at",
        "case_id",
        "key",
        postgresql_include=["follow_up_at", "procedure"],
    ),
    Index("ix_task_case_code", "case_code"),
)

QUEUED = ("unit", "group_id", "order_at", "case_id", "key")  # a group's tasks in their order


def _some(name: str, which: str) -> Index:
    """An index of the queue's order that holds some of its rows only."""
    return Index(name, *QUEUED, postgresql_where=sql_text(which), sqlite_where=sql_text(which))


TASK_GROUP = Table(
    "task_group",
    metadata,
    *_wait(
        _key("group_id", 80),
        Column("order_at", Instant, nullable=False),
        Column(
            "words", Text, nullable=False
        ),  # how the task's search text begins: a walk along the queue need not look it up
        _text("procedure", 40),
        _text("assignee", 80, null=True),
        Column("follow_up_at", Instant, nullable=True),
    ),
    Index("ix_task_group_queue", *QUEUED, postgresql_include=["words", "follow_up_at"]),
    Index("ix_task_group_procedure", "unit", "group_id", "procedure", *QUEUED[2:]),
    _some("ix_task_group_free", "assignee IS NULL"),
    _some("ix_task_group_aside", "follow_up_at IS NOT NULL"),
)


def _due_table(name: str, *columns: Column[Any]) -> Table:
    """Rows that fall due and are claimed: `fence` grows with every claim."""
    return Table(
        name,
        metadata,
        *_wait(
            *columns,
            Column("run_at", Instant, nullable=True),
            Column("lease_until", Instant, nullable=True),
            Column("fence", Integer, nullable=False, server_default="0"),
        ),
        Index(f"ix_{name}_run_at", "run_at"),
    )


TIMER = _due_table("timer", _text("element_id"))
JOB = _due_table("job", _text("element_id"), _text("type", 80), Column("attempt", Integer, nullable=False))
AWAITED = sql_text("run_at IS NULL AND type = 'document.sign'")  # signatures that no worker may give
Index("ix_job_awaited", JOB.c.unit, JOB.c.case_id, postgresql_where=AWAITED, sqlite_where=AWAITED)

SUBSCRIPTION = Table(
    "subscription",
    metadata,
    *_wait(_text("element_id"), _text("message"), _text("correlation", 400), Column("opened", Integer, nullable=False)),
    Index("ix_subscription_match", "unit", "message", "correlation"),
)

SIGNAL_WAIT = Table(
    "signal_wait",
    metadata,
    *_wait(_text("element_id"), _text("signal")),
    Index("ix_signal_wait_match", "unit", "signal", "case_id"),
)
BEGUN = Table(
    "begun",
    metadata,
    *_wait(_text("message"), _text("correlation", 400), _text("case_code", 60)),
    Index("uq_begun_by", "unit", "message", "correlation", unique=True),
)
BROADCAST = _due_table("broadcast", _text("signal"))

INCIDENT = Table(
    "incident",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _key("id", 32),
    _text("key", 400),
    _text("kind", 40),
    Column("error", Text, nullable=False),
    _text("case_code", 60),
    Column("raised_at", Instant, nullable=False),
    Index("ix_incident_raised", "unit", "raised_at"),
)

COMMAND_LOG = Table(
    "command_log",
    metadata,
    _key("unit", 60),
    _key("key", 600),
    _text("fingerprint", 400),
    Column("result", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

COUNTER = Table("counter", metadata, _key("unit", 60), _key("name", 400), Column("value", BigInteger, nullable=False))

START_TIMER = Table(
    "start_timer",
    metadata,
    _key("unit", 60),
    _key("procedure", 40),
    _key("element_id"),
    Column("version", Integer, nullable=False),
    Column("effect", Instant, nullable=False),
    Column("covered", Instant, nullable=False),
    Column("due", Instant, nullable=True),
    Column("run_at", Instant, nullable=True),
    Column("error", Text, nullable=False),
    Column("lease_until", Instant, nullable=True),
    Column("fence", Integer, nullable=False, server_default="0"),
    Index("ix_start_timer_run_at", "run_at"),
)

DEPLOYMENT = Table(
    "deployment",
    metadata,
    _key("code", 40),
    Column("version", Integer, primary_key=True, autoincrement=False),
    _text("digest", 64),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    Column("name", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("files", LargeBinary, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    _text("deployed_by", 120),
)

ACCOUNT = Table(
    "account",
    metadata,
    _key("unit", 60),
    _key("id", 80),
    _text("login", 200),
    Column("name", Text, nullable=False),
    _text("kind", 20),
    Column("groups", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Index("uq_account_login", "unit", "login", unique=True),
    Index("ix_account_id", "id"),
    Index("ix_account_kind", "unit", "kind", "id"),
)

SESSION = Table(
    "session",
    metadata,
    _key("unit", 60),
    _key("token_hash", 64),
    _text("account_id", 80),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("uq_session_token", "token_hash", unique=True),
    Index("ix_session_expires", "expires_at"),
)

ATTEMPT = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("key", 300),
    Column("at", Instant, nullable=False),
    Index("ix_attempt_key", "key", "at"),
)

ROUTINE = Table("routine", metadata, _key("unit", 60), _key("name", 80), Column("ran_at", Instant, nullable=False))
