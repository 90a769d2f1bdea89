"""What became of a notice, in words."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from engine.domain.notice import KeptNotice
from web.texts import t

CHANNELS = MappingProxyType(
    {"email": ("thư điện tử", "e-mail"), "sms": ("tin nhắn SMS", "SMS"), "zalo": ("Zalo", "Zalo")}
)
OUTCOMES = MappingProxyType(
    {
        "sent": ("đã gửi", "sent"),
        "delivered": ("đã tới nơi", "delivered"),
        "later": ("chưa gửi được, hệ thống sẽ thử lại", "not sent yet, it is tried again"),
        "refused": ("không gửi được", "could not be sent"),
        "undelivered": ("đã gửi nhưng không tới nơi", "sent, but it did not arrive"),
    }
)
SHOWN_STATES = MappingProxyType(
    {
        "failed": ("Không gửi được", "Failed"),
        "open": ("Đang chờ gửi", "Waiting"),
        "sent": ("Đã gửi", "Sent"),
        "inbox": ("Chỉ có trên cổng", "On the portal only"),
        "expired": ("Hết hiệu lực", "Expired"),
    }
)


def said_of(kept: KeptNotice) -> list[tuple[datetime, str, str, str]]:
    """(instant, channel, what came of it, error) of each try, in the reader's language."""
    return [
        (each.at, t(*CHANNELS.get(each.channel, (each.channel,) * 2)), t(*OUTCOMES[each.outcome]), each.error)
        for each in kept.tries
    ]


def delivered(kept: KeptNotice) -> str:
    """One line for the list: where it was sent to, and whether it came there."""
    last = {each.channel: each.outcome for each in kept.tries}
    if not last:
        return t("Có trên cổng", "On the portal") if kept.state != "open" else t("Đang gửi", "Being sent")
    parts = (f"{t(*CHANNELS.get(name, (name,) * 2))}: {t(*OUTCOMES[outcome])}" for name, outcome in last.items())
    return "; ".join(parts)
