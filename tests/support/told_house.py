"""The small house with the catalog's own book of notices, a queue of them, and channels that do as told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.adapters.catalog_notices import read_notices
from engine.adapters.messages.queue import QueueMessages
from engine.commands.bus import Bus
from engine.commands.composing import Composer
from engine.commands.deliverer import Deliverer
from engine.commands.notices import NoticeDesk
from engine.commands.worker import Worker
from engine.domain.errors import ChannelDownError, ChannelRefusedError
from engine.domain.notice import KeptNotice, NoticeBook
from engine.ports.notices import NoticeQueue, Outgoing
from tests.support.small_house import UNIT, House

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "https://dichvucong.xa-mau.example"


@cache
def book() -> NoticeBook:
    """The book of the catalog."""
    return read_notices("notices.toml", (ROOT / "catalog/_shared/notices.toml").read_bytes())


class ScriptedChannel:
    """A channel that fails as told: `down` and `refused` count tries yet to fail; `sent` is what it took."""

    def __init__(self) -> None:
        self.down = 0
        self.refused = 0
        self.alone = False  # whether it is down for the one message only
        self.sent: list[Outgoing] = []

    def send(self, message: Outgoing) -> str:
        if self.down:
            self.down -= 1
            raise ChannelDownError(channel="x", reason="nobody answers", alone=self.alone)
        if self.refused:
            self.refused -= 1
            raise ChannelRefusedError(channel="x", reason="no such address")
        self.sent.append(message)
        return f"id-{len(self.sent)}"


def with_notices(house: House, queue: NoticeQueue) -> House:
    """The house, telling what it does."""
    messages = QueueMessages(UNIT, queue, book(), house.clock, house.messages)
    house.ports = replace(house.ports, notices=book(), messages=messages, notice_rows=messages)
    house.bus = Bus(house.ports)
    house.worker = Worker(house.ports, house.bus, "test")
    return house


class Told:
    """A desk of notices with scripted channels."""

    def __init__(self, queue: NoticeQueue, clock: Any) -> None:
        self.channels = {name: ScriptedChannel() for name in ("zalo", "sms", "email")}
        self.files: dict[str, bytes] = {}
        self.clock = clock
        self.queue = queue
        composer = Composer(
            book=book(), public_url=PUBLIC, zone=ZoneInfo("Asia/Ho_Chi_Minh"), content=lambda name: self.files[name]
        )
        self.deliverer = Deliverer(queue, self.channels, composer, clock)
        self.desk = NoticeDesk(unit=UNIT, queue=queue, composer=composer, deliverer=self.deliverer, clock=clock)

    def sent(self) -> dict[str, list[str]]:
        """The templates that left, by channel."""
        return {name: [each.template for each in channel.sent] for name, channel in self.channels.items()}


def templates(kept: list[KeptNotice]) -> list[str]:
    """The templates of notices, in order."""
    return [each.notice.template for each in kept]
