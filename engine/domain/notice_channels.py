"""Which channel a notice takes next, and when: wish, consent, quiet hours, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from engine.domain.notice import CHANNELS, GIVEN_UP, OVER, SHORT_CHANNELS, Notice, Preferences, Template, Try

NIGHT = (time(22), time(6))  # telephones are left alone then, whatever an account says
Leg = tuple[str, ...]  # channels that stand in for each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to try now. `wait`: nothing before this instant. `told`: whether somebody was reached outside the portal."""

    channels: tuple[str, ...] = ()
    wait: datetime | None = None
    told: bool = False
    hopeless: bool = False  # a leg has come to its end and nobody was reached on it


def legs(
    notice: Notice, template: Template | None, wants: Preferences, there: Collection[str] = CHANNELS
) -> tuple[Leg, ...]:
    """The channels of a notice in the order they are tried, each leg by itself: files travel by e-mail only.

    `there`: the channels that the house has.
    """
    if template is not None and template.secret:
        address = notice.email if template.only == "email" else notice.phone
        return ((template.only,),) if address and template.only in there else ()
    usable = [channel for channel in CHANNELS if channel in there and _may(channel, notice, wants)]
    if notice.wish in usable:
        usable.sort(key=lambda channel: channel != notice.wish)
    if notice.attachments and "email" in usable:
        short = tuple(channel for channel in usable if channel != "email")
        return (("email",), short) if short else (("email",),)
    return (tuple(usable),) if usable else ()


def _may(channel: str, notice: Notice, wants: Preferences) -> bool:
    """Whether somebody can be reached there and wants to be. Who left an address at the desk, and has no account to say
    otherwise with, is reached by it: by e-mail, or else by SMS."""
    address = notice.email if channel == "email" else notice.phone
    if not address:
        return False
    if notice.account:
        return bool(getattr(wants, channel))
    return channel == ("email" if notice.email else "sms")


def plan(
    ways: Sequence[Leg], tries: Sequence[Try], now: datetime, *, most: tuple[int, int], wants: Preferences | None
) -> Plan:
    """What to try at `now` after these tries. A channel that failed for the moment so often as `most` says first is
    given up for the next one; the last of a leg as often as it says second.

    `now` carries the zone in which nights are counted; without `wants` there is no night.
    """
    tries = [each for each in tries if not each.forgiven]
    chosen: list[str] = []
    waits: list[datetime] = []
    told, hopeless = False, False
    for leg in ways:
        if any(each.channel in leg and each.outcome in OVER for each in _last(tries).values()):
            told = True
            continue
        channel = next((c for c in leg if not _given_up(c, tries, most[c == leg[-1]])), None)
        until = quiet_until(wants, now) if channel in SHORT_CHANNELS and wants is not None else None
        if channel is None:
            hopeless = True
        elif until is not None:
            waits.append(until)
        else:
            chosen.append(channel)
    return Plan(channels=tuple(chosen), wait=min(waits, default=None), told=told, hopeless=hopeless)


def _last(tries: Sequence[Try]) -> Mapping[str, Try]:
    return {each.channel: each for each in tries}


def _given_up(channel: str, tries: Sequence[Try], most: int) -> bool:
    own = [each for each in tries if each.channel == channel]
    return any(each.outcome in GIVEN_UP for each in own) or sum(each.outcome == "later" for each in own) >= most


def quiet_until(wants: Preferences, now: datetime) -> datetime | None:
    """When telephones may ring again; None when they may now. Nights are counted in the zone of `now`."""
    at = now
    for _ in range(8):  # the night of the house and an account's own hours may follow each other
        ends = [end for span in (NIGHT, (wants.quiet_from, wants.quiet_to)) if (end := _end(span, at)) is not None]
        if not ends:
            break
        at = max(ends)
    return None if at == now else at


def _end(span: tuple[time, time], at: datetime) -> datetime | None:
    """When the span that `at` lies in ends; None outside it. By the clock on the wall, whatever is done to it."""
    start, end = span
    here = at.timetz().replace(tzinfo=None)
    inside = start <= here < end if start <= end else here >= start or here < end
    if not inside or start == end:
        return None
    day = at.date() + timedelta(days=1 if start > end and here >= start else 0)
    return datetime.combine(day, end, tzinfo=at.tzinfo).astimezone(UTC).astimezone(at.tzinfo)
