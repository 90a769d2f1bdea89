"""Messages as rows of the queue of notices: a deliverer chooses the channel and keeps what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.domain.codec import plain
from engine.domain.notice import Attachment, Notice, NoticeBook, topic_key
from engine.ports import Clock, Messages
from engine.ports.notices import NoticeQueue

AGENCY = "agency"
CASE = "_case"  # what a job hands over beside the variables: case_id, account, phone, email, files


class QueueMessages:
    """Implements the ports Messages and NoticeRows: one row a key, twice is once; letters go to `letters`."""

    def __init__(self, unit: str, queue: NoticeQueue, book: NoticeBook, clock: Clock, letters: Messages) -> None:
        self._unit = unit
        self._queue = queue
        self._book = book
        self._clock = clock
        self._letters = letters

    def send(self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str) -> None:
        """Queue the message; what an event of the same case has told already is not told again."""
        if channel == AGENCY:
            self._letters.send(channel=channel, recipient=recipient, template=template, data=data, key=key)
            return
        at = self._clock.now()
        row = self.row(channel=channel, recipient=recipient, template=template, data=data, key=key, at=at)
        self._queue.put([row])

    def row(
        self, *, channel: str, recipient: str, template: str, data: Mapping[str, Any], key: str, at: datetime
    ) -> Notice:
        """The row that a message of this instant becomes; not for letters to agencies."""
        values, known = plain(dict(data)), self._book.template(template)
        own: Mapping[str, Any] = values.pop(CASE, {"account": values.pop("account", "")})
        reached = {"phone": own.get("phone", ""), "email": own.get("email", "")}
        reached["email" if channel == "email" else "phone"] = recipient
        files = own.get("files", ()) if known is not None and known.attach else ()
        case_id = str(own.get("case_id", ""))
        return Notice(
            unit=self._unit,
            key=topic_key(known, case_id, values, key),
            template=template,
            event="notify" if own.get("case_id") else "",
            data=values,
            case_id=case_id,
            account=str(own.get("account", "")),
            phone=str(reached["phone"]),
            email=str(reached["email"]),
            wish=channel,
            attachments=tuple(Attachment(**each) for each in files),
            created_at=at,
            run_at=at,
            expires_at=at + timedelta(minutes=known.minutes) if known is not None and known.minutes else None,
        )
