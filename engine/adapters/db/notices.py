"""Notices in SQL: the queue that deliverers claim from, and the tokens of channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, func, insert, or_, select, update

from engine.adapters.db.batch import Batch
from engine.adapters.db.connection import saving
from engine.adapters.db.notice_inbox import N, SqlInbox, T, preferences, with_tries
from engine.adapters.db.of_unit import of
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_notices import CHANNEL_TOKEN, NOTICE, NOTICE_TRY, notice_row
from engine.domain.errors import StaleVersionError
from engine.domain.notice import DEFAULT, Notice, Outcome, Try
from engine.ports.notices import NoticeLease, Settled, Token

C = CHANNEL_TOKEN.c


class SqlNotices(SqlInbox):
    """Implements the NoticeQueue port."""

    def put(self, notices: Sequence[Notice]) -> None:
        """Queue them; one that is there under its key already is left as it is."""
        with saving(self._store.engine) as connection:
            batch = Batch(connection.dialect.name)
            batch.add(NOTICE, [notice_row(each) for each in notices])
            batch.run(connection)

    def claim(self, now: datetime, *, limit: int, lease: timedelta) -> list[NoticeLease]:
        """Claim what is due, oldest first; what others hold is passed over. Where nothing is due, one look is all."""
        own = of(NOTICE, self._store.serves)
        due = select(N.unit, N.id).where(*own, N.run_at <= now, or_(N.lease_until.is_(None), N.lease_until <= now))
        with self._store.reading() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return []
        picked = due.order_by(N.run_at, N.id).limit(limit).with_for_update(skip_locked=True)
        with saving(self._store.engine) as connection:
            found = connection.execute(picked).all()
            mine = N.id.in_([row.id for row in found])
            changes = {"lease_until": now + lease, "fence": N.fence + 1, "attempts": N.attempts + 1}
            connection.execute(update(NOTICE).where(mine).values(changes))
            rows = connection.execute(select(NOTICE).where(mine).order_by(N.run_at, N.id)).mappings().all()
            kept = with_tries(connection, rows)
            wants = preferences(connection, {(k.notice.unit, k.notice.account) for k in kept})
        return [
            NoticeLease(kept=k, fence=row["fence"], wants=wants.get((k.notice.unit, k.notice.account), DEFAULT))
            for k, row in zip(kept, rows, strict=True)
        ]

    def settle(self, claim: NoticeLease, settled: Settled, at: datetime) -> bool:
        """Keep what came of a claim; False, and nothing kept, when somebody else has claimed the notice since."""
        notice = claim.kept.notice
        over = settled.state != "open"
        changes: dict[str, Any] = {
            "state": settled.state,
            "run_at": settled.run_at,
            "lease_until": None,
            "finished_at": at if over else None,
        }
        if settled.wipe:
            changes["data"] = "{}"
        mine = update(NOTICE).where(N.unit == notice.unit, N.id == notice.id, N.fence == claim.fence)
        with saving(self._store.engine) as connection:
            if not connection.execute(mine.values(changes)).rowcount:
                return False
            _note(connection, notice, settled.tries)
        return True

    def soonest(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which a notice falls due."""
        with self._store.reading() as connection:
            query = select(func.min(N.run_at)).where(N.run_at > now, *of(NOTICE, self._store.serves))
            at: datetime | None = connection.execute(query).scalar()
        return at

    def called_back(self, channel: str, provider_id: str, outcome: Outcome, at: datetime, error: str = "") -> bool:
        """A channel tells what became of a message; False for one it never took, or whose end was told before."""
        if not provider_id:
            return False
        mine = (T.channel == channel) & (T.provider_id == provider_id) & (T.outcome == "sent")
        with saving(self._store.engine) as connection:
            found = connection.execute(select(T.unit, T.notice_id).where(mine)).first()
            told = update(NOTICE_TRY).where(mine).values(outcome=outcome, error=error[:2000])
            if found is None or not connection.execute(told).rowcount:
                return False
            if outcome == "undelivered":
                connection.execute(_reopened(found.unit, found.notice_id, at).where(N.state == "sent"))
        return True

    def again(self, unit: str, notice_id: str, at: datetime) -> bool:
        """Put a failed notice back into the queue, its failures forgiven; False when it is not a failed one."""
        with saving(self._store.engine) as connection:
            if not connection.execute(_reopened(unit, notice_id, at).where(N.state == "failed")).rowcount:
                return False
            own = update(NOTICE_TRY).where(T.unit == unit, T.notice_id == notice_id)
            connection.execute(own.where(T.outcome.not_in(("sent", "delivered"))).values(forgiven=True))
        return True


def _reopened(unit: str, notice_id: str, at: datetime) -> Update:
    anew = {"state": "open", "run_at": at, "finished_at": None, "lease_until": None}
    return update(NOTICE).where(N.unit == unit, N.id == notice_id).values(anew)


def _note(connection: Connection, notice: Notice, tries: Sequence[Try]) -> None:
    own = select(func.count()).where(T.unit == notice.unit, T.notice_id == notice.id)
    first = int(connection.execute(own).scalar_one()) if tries else 0
    for number, each in enumerate(tries, first):
        row = {name: getattr(each, name) for name in ("channel", "at", "outcome", "provider_id", "error")}
        row["error"] = row["error"][:2000].replace("\0", "")
        connection.execute(insert(NOTICE_TRY).values(unit=notice.unit, notice_id=notice.id, number=number, **row))


class SqlTokens:
    """Implements the Tokens port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def current(self, unit: str, channel: str) -> Token | None:
        """The newest token."""
        query = select(CHANNEL_TOKEN).where(C.unit == unit, C.channel == channel)
        with self._store.reading() as connection:
            row = connection.execute(query).mappings().first()
        return Token(**{name: row[name] for name in ("access", "refresh", "expires_at", "version")}) if row else None

    def begin(self, unit: str, channel: str, version: int, now: datetime, until: datetime) -> bool:
        """Whether the caller is to renew the token of this version; the others wait until it did, or `until`."""
        mine = update(CHANNEL_TOKEN).where(C.unit == unit, C.channel == channel, C.version == version)
        free = or_(C.renewing_until.is_(None), C.renewing_until <= now)
        with saving(self._store.engine) as connection:
            return bool(connection.execute(mine.where(free).values(renewing_until=until)).rowcount)

    def replace(self, unit: str, channel: str, token: Token) -> bool:
        """Keep the next token (`token.version` one more than the last); False when that was kept before."""
        row = {
            "access": token.access,
            "refresh": token.refresh,
            "expires_at": token.expires_at,
            "version": token.version,
            "renewing_until": None,
        }
        last = update(CHANNEL_TOKEN).where(C.unit == unit, C.channel == channel, C.version == token.version - 1)
        try:
            with saving(self._store.engine) as connection:
                if connection.execute(last.values(row)).rowcount:
                    return True
                if token.version > 1:
                    return False
                connection.execute(insert(CHANNEL_TOKEN).values(unit=unit, channel=channel, **row))
                return True
        except StaleVersionError:  # the first token was kept by somebody else at the same instant
            return False
