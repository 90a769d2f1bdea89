"""The notices of the portal, put together: queue, channels, texts and who delivers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.adapters.db import SqlNotices, SqlStore, SqlTokens
from engine.adapters.messages.channels import channels, has_channels
from engine.adapters.messages.queue import QueueMessages
from engine.adapters.messages.sms import EsmsChannel
from engine.commands.composing import Composer
from engine.commands.deliverer import Deliverer
from engine.commands.notices import NoticeDesk
from engine.domain.notice import NoticeBook
from engine.equipment import Equipment
from engine.ports import Clock, Messages, Ports
from engine.ports.notices import NoticeRows
from engine.settings import Settings

NOTHING = NoticeBook(templates={}, triggers={}, short={"vi": "", "en": ""})


def messages_for(
    settings: Settings, equipment: Equipment, store: SqlStore, clock: Clock, book: NoticeBook | None
) -> Messages:
    """The queue where something can leave the house, else files in the spool; letters to agencies lie there anyway."""
    if book is None or not has_channels(equipment.connectors):
        return equipment.messages
    return QueueMessages(settings.unit, SqlNotices(store), book, clock, equipment.messages)


def rows_of(messages: Messages) -> NoticeRows | None:
    """What makes rows of messages; None where they go elsewhere."""
    return messages if isinstance(messages, QueueMessages) else None


def notice_desk(
    settings: Settings, ports: Ports, store: SqlStore, connectors: Mapping[str, Mapping[str, Any]]
) -> NoticeDesk:
    """The desk of notices of an installation; ValueError where a section of its connectors makes no sense."""
    queue, ways = SqlNotices(store), channels(connectors, settings.unit, SqlTokens(store), ports.clock)
    composer = composer_of(settings, ports)
    sms = ways.get("sms")
    return NoticeDesk(
        unit=settings.unit,
        queue=queue,
        composer=composer,
        deliverer=Deliverer(queue, ways, composer, ports.clock),
        clock=ports.clock,
        callbacks=sms if isinstance(sms, EsmsChannel) else None,
    )


def composer_of(settings: Settings, ports: Ports) -> Composer:
    """Who writes what notices say."""
    return Composer(
        book=ports.notices or NOTHING,
        public_url=settings.public_url,
        zone=ports.catalog.calendar(settings.unit).zone,
        content=ports.files.get,
        wordings=ports.catalog.wordings,
    )
