"""What reports count of one case: one record made of its history, from which every figure of any period follows.

Instants stay instants, so that a figure as of some moment counts what had happened before it and nothing later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

RECEIVED = 2
PROCESSED = (9, 10)
CLOSING = frozenset({3, 7, 8, *PROCESSED})  # refused, withdrawn, stopped, processed, handed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The case came into a national status."""

    at: datetime
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TermPoint:
    """The term changed. `due`: by which it is measured then, which a new appointment does not move."""

    at: datetime
    kind: str  # as DeadlineAdjusted
    due: datetime
    timeliness: str = ""  # finished: early | on_time | late


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """A task of the case: who did it, and the office minutes from its creation to the claim and to the end.

    `by` is empty while it is open and where nobody had to do it any more.
    """

    element_id: str
    name: str
    groups: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime | None = None
    by: str = ""
    waited: int = 0
    lasted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Money that came in, in dong."""

    at: datetime
    provider: str
    amount: int
    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of the procedure as a file with its first signature; `gone_at` when it was taken back."""

    at: datetime
    document: str
    signed_at: datetime | None = None
    gone_at: datetime | None = None

    def stands(self, until: datetime) -> bool:
        """Whether a signed file was there just before `until`."""
        signed = self.signed_at is not None and self.signed_at < until
        return signed and (self.gone_at is None or self.gone_at >= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digitised:
    """A paper of the case is a file, handed in as one or marked so by an officer, until that was taken back."""

    at: datetime
    gone_at: datetime | None = None

    def stands(self, until: datetime) -> bool:
        """Whether it was so just before `until`."""
        return self.at < until and (self.gone_at is None or self.gone_at >= until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """The applicant's newest word, 1 to 5."""

    at: datetime
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """All that is counted of a case. `version`: how many events it was made of."""

    unit: str
    case_id: str
    code: str
    version: int
    procedure: str
    field: str
    level: int
    channel: str  # online | desk | post | house
    filed_at: datetime
    last_at: datetime  # of its newest event
    paper_result: bool  # whether the procedure ends with a document
    assurance: int  # how well proven the account was that filed
    statuses: tuple[Entered, ...] = ()
    asked_at: tuple[datetime, ...] = ()  # when more papers were asked for, each with its slip (form 02)
    terms: tuple[TermPoint, ...] = ()
    steps: tuple[StepFacts, ...] = ()
    fee: int | None = None  # in dong, as last assessed
    fee_at: datetime | None = None
    payments: tuple[Paid, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    papers: tuple[Digitised, ...] = ()
    ratings: tuple[Rated, ...] = ()
    ended_at: datetime | None = None
    lasted: int | None = None  # office minutes from its receipt to its end

    @property
    def received_at(self) -> datetime | None:
        """When it was first received; None of what never was."""
        return next((one.at for one in self.statuses if one.status == RECEIVED), None)

    @property
    def solved_at(self) -> datetime | None:
        """When the house was done with it, as far as is known."""
        received = self.received_at
        if received is None:
            return None
        ends = [one.at for one in self.statuses if one.status in CLOSING and one.at >= received]
        return min([*ends[:1], *([self.ended_at] if self.ended_at is not None else [])], default=None)

    def was_received(self, until: datetime) -> bool:
        """Whether it was received before `until`."""
        return self.received_at is not None and self.received_at < until

    def was_solved(self, until: datetime) -> bool:
        """Whether the house was done with it before `until`."""
        return self.solved_at is not None and self.solved_at < until

    def supplements(self, until: datetime) -> int:
        """How often more papers were asked for before `until`."""
        return sum(at < until for at in self.asked_at)

    def term(self, until: datetime) -> TermPoint | None:
        """How the term stood just before `until`."""
        return next((one for one in reversed(self.terms) if one.at < until), None)

    def outcome(self, until: datetime) -> bool:
        """Whether its result was there as a signed file just before `until`."""
        return any(one.stands(until) for one in self.outcomes)

    def digitised(self, until: datetime) -> bool:
        """Whether a paper of it was a file just before `until`."""
        return any(one.stands(until) for one in self.papers)

    def rating(self, until: datetime) -> int | None:
        """The newest rating before `until`."""
        return next((one.score for one in reversed(self.ratings) if one.at < until), None)

    def paid_online(self, until: datetime) -> bool:
        """Whether money came in through a provider before `until`."""
        return any(one.online and one.at < until for one in self.payments)

    def fee_due(self, until: datetime) -> bool:
        """Whether a fee above zero was assessed before `until`."""
        return bool(self.fee) and self.fee_at is not None and self.fee_at < until
