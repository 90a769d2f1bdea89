"""Claims notices that are due and hands them to channels, outside any transaction; keeps each try."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from engine.commands.composing import Composer
from engine.domain.errors import ChannelRefusedError, DatabaseUnavailableError, DomainError, NotFoundError
from engine.domain.notice import Outcome, Template, Try
from engine.domain.notice_channels import Plan, legs, plan
from engine.ports import Clock
from engine.ports.notices import Channel, NoticeLease, NoticeQueue, Settled

LOG = logging.getLogger("motcua.notices")
BATCH = 20
LEASE = timedelta(minutes=5)
SPARE = timedelta(minutes=1)  # of a lease: what one notice may still take
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=30), timedelta(hours=1)
SECRET_RETRY = timedelta(seconds=5)  # somebody waits for a one-time code
REST = timedelta(seconds=30)  # a channel that is down is left alone for so long
MOST = (6, 24)  # failures for the moment: before another channel stands in, and where none is left (most of a day)


class Deliverer:
    """One of any number of deliverers on one database."""

    def __init__(self, queue: NoticeQueue, channels: Mapping[str, Channel], composer: Composer, clock: Clock) -> None:
        self._queue = queue
        self._channels = channels
        self._composer = composer
        self._clock = clock
        self._down: dict[str, datetime] = {}  # channel -> when it is worth another try

    def run_due(self) -> int:
        """Deliver one batch; how many notices were taken on. What a lease leaves no time for is found again later."""
        begun = self._clock.now()
        claims = self._queue.claim(begun, limit=BATCH, lease=LEASE)
        for claim in claims:
            if self._clock.now() < begun + LEASE - SPARE:
                self._queue.settle(claim, self._settled(claim), self._clock.now())
        return len(claims)

    def drain(self, rounds: int = 1000) -> int:
        """Work until nothing is due now."""
        done = 0
        for _ in range(rounds):
            taken = self.run_due()
            if not taken:
                break
            done += taken
        return done

    def _settled(self, claim: NoticeLease) -> Settled:
        notice, template = claim.kept.notice, self._composer.template(claim.kept.notice)
        now = self._clock.now()
        if notice.expires_at is not None and notice.expires_at <= now:
            return Settled(state="expired", wipe=template.secret)
        new: list[Try] = []
        then = self._next(claim, template, new)
        while then.channels:
            new += [self._try(claim, channel, now) for channel in then.channels]
            then = self._next(claim, template, new)
        return _end(then, template, [*claim.kept.tries, *new], new, self._clock.now())

    def _next(self, claim: NoticeLease, template: Template, new: Sequence[Try]) -> Plan:
        """What is left to try in this round: no channel twice."""
        notice, wants = claim.kept.notice, claim.wants
        ways = legs(notice, template, wants, self._channels)
        awake = None if template.secret else wants
        found = plan(ways, [*claim.kept.tries, *new], self._clock.now(), most=MOST, wants=awake)
        left = tuple(channel for channel in found.channels if channel not in {each.channel for each in new})
        return Plan(channels=left, wait=found.wait, told=found.told, hopeless=found.hopeless)

    def _try(self, claim: NoticeLease, channel: str, now: datetime) -> Try:
        if self._down.get(channel, now) > now:
            return Try(channel=channel, at=now, outcome="later", error="the channel was down a moment ago")
        try:
            message = self._composer.message(claim.kept, channel, claim.wants.lang)
        except Exception as error:  # what cannot be written is no channel's fault, and holds up no other notice
            gone = isinstance(error, NotFoundError)
            return self._failed(channel, "refused" if gone else "later", f"{type(error).__name__}: {error}")
        try:
            answer = self._channels[channel].send(message)
        except DatabaseUnavailableError:
            raise
        except ChannelRefusedError as error:
            return self._failed(channel, "refused", str(error.data.get("reason") or error))
        except Exception as error:  # whatever a channel stumbles over is another try's, never a lost notice
            return self._stumbled(channel, error)
        return Try(channel=channel, at=self._clock.now(), outcome="sent", provider_id=answer[:200])

    def _stumbled(self, channel: str, error: Exception) -> Try:
        """The channel is left alone for a while, unless it was this one message that it would not take yet."""
        facts = error.data if isinstance(error, DomainError) else {}
        if not facts.get("alone"):
            self._down[channel] = self._clock.now() + REST
        LOG.warning("the channel %s failed: %s", channel, type(error).__name__)
        return self._failed(channel, "later", str(facts.get("reason") or type(error).__name__))

    def _failed(self, channel: str, outcome: Outcome, error: str) -> Try:
        return Try(channel=channel, at=self._clock.now(), outcome=outcome, error=error[:2000])


def _end(then: Plan, template: Template, tries: Sequence[Try], new: Sequence[Try], now: datetime) -> Settled:
    """What becomes of a notice after a round."""
    tried = tuple(new)
    failures = sum(each.outcome == "later" and not each.forgiven for each in tries)
    if any(each.outcome == "later" for each in new):
        pause = SECRET_RETRY if template.secret else min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
        return Settled(tries=tried, run_at=min(now + pause, then.wait or now + pause))
    if then.wait is not None:
        return Settled(tries=tried, run_at=then.wait)
    if then.hopeless:
        return Settled(tries=tried, state="failed", wipe=template.secret)
    if then.told:
        return Settled(tries=tried, state="sent", wipe=template.secret)
    return Settled(tries=tried, state="inbox", wipe=template.secret)
