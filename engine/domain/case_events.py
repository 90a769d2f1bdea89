"""Facts about the case itself: filing, status, term, money, papers, results, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubmitted(Event):
    """The citizen, or a clerk for the citizen, filed the case."""

    tag = "case:submitted"
    added = ("begun",)
    case_id: str
    unit: str
    code: str
    procedure: str
    procedure_version: int
    procedure_digest: str
    level: int
    channel: str  # online | desk | post | house
    delivery: str  # desk | post | electronic | house
    applicant: Mapping[str, Any]  # account (or None), name, id_number, phone, email, address; submitted_by, relation
    application: Mapping[str, Any]
    documents: tuple[Mapping[str, Any], ...] = ()  # key, name, sha256, size, media_type
    begun: Mapping[str, Any] = field(default_factory=dict)  # kind, element_id, name, correlation, payload; {}: filed


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Event):
    """The national status changed."""

    tag = "case:status_changed"
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineAdjusted(Event):
    """The term began, paused, resumed, restarted, was extended or ended. `trail` says how `due_after` was computed."""

    tag = "deadline:adjusted"
    kind: str  # started | paused | resumed | restarted | extended | reappointed | finished | stopped
    due_before: datetime | None
    due_after: datetime | None
    reason: str
    by: str
    calendar: str  # version of the calendar it was computed with
    trail: tuple[str, ...] = ()
    timeliness: str | None = None  # finished: early | on_time | late


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeAssessed(Event):
    """The fee table of the case: lines in whole dong with what each rests on, see fee.FeeLine."""

    tag = "fee:assessed"
    lines: tuple[Mapping[str, Any], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrdered(Event):
    """A payment order was opened at a provider."""

    tag = "payment:ordered"
    order: str
    provider: str
    amount: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(Event):
    """Money came in: at the desk or confirmed by the provider, server to server."""

    tag = "payment:received"
    order: str
    provider: str
    amount: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptIssued(Event):
    """A paper of the desk was issued: intake receipt, supplement request, refusal, fee receipt."""

    tag = "receipt:issued"
    added = ("by",)
    kind: str
    number: str
    data: Mapping[str, Any]
    by: str = ""  # the officer whose command it came with


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSealed(Event):
    """A paper of the desk (`kind`, `number` as issued) got the agency's electronic seal: `sha256` is the sealed file,
    which is from then on the paper. `token` leads to its public page, `mark` is printed beside it."""

    tag = "receipt:sealed"
    kind: str
    number: str
    sha256: str
    size: int
    token: str
    mark: str
    signer: str  # the agency, as papers print it
    subject: str  # of the certificate
    serial: str  # of the certificate, in hex
    signed_at: str  # the time-stamp's time, ISO 8601 with an offset
    level: str  # PAdES B-LT


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultIssued(Event):
    """A result document was made and stored. `token` leads to its public page, `mark` is printed beside it.

    `number` is what stands on it, the `running` number of its `book`.
    """

    tag = "result:issued"
    added = ("token", "mark", "book", "running")
    document: str
    name: str
    number: str
    sha256: str
    size: int
    token: str = ""
    mark: str = ""
    book: str = ""
    running: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSigned(Event):
    """The result was signed, by the leader or with the agency's seal. `sha256` is of the file that was signed.

    A signature that stands in the file makes a new one: `signed_sha256`, `signed_size`; then also whose certificate it
    was (`subject`, `serial`), the trusted time and the level of the signature. A deputy signs for somebody: `acts_for`
    is the name, `acting` how the paper says so.
    """

    tag = "result:signed"
    added = ("signed_sha256", "signed_size", "subject", "serial", "signed_at", "level", "acts_for", "acting")
    document: str
    signer: str
    role: str
    sha256: str
    signature: str
    signed_sha256: str = ""
    signed_size: int = 0
    subject: str = ""
    serial: str = ""
    signed_at: str = ""  # ISO 8601 with an offset
    level: str = ""  # PAdES B-LT
    acts_for: str = ""
    acting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRevoked(Event):
    """The house took back a result that it had signed."""

    tag = "result:revoked"
    document: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReplaced(Event):
    """Another signed result stands in the place of this one."""

    tag = "result:replaced"
    document: str
    new_document: str
    number: str  # of the new one
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDelivered(Event):
    """The result reached the applicant."""

    tag = "result:delivered"
    way: str
    receiver: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSent(Event):
    """A message was handed to the channel."""

    tag = "notification:sent"
    template: str
    channel: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWithdrawn(Event):
    """The applicant took the case back."""

    tag = "case:withdrawn"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCancelled(Event):
    """The house stopped the case."""

    tag = "case:cancelled"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCommented(Event):
    """Somebody wrote a note; `public` notes are seen by the applicant."""

    tag = "case:commented"
    comment: str
    text: str
    public: bool
