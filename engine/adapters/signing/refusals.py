"""Why a result could not be signed now: the job is tried again, then a person of the house is told."""

from __future__ import annotations

from engine.domain.errors import DomainError


class SigningError(DomainError):
    """Chưa ký số được: {reason} | Cannot be signed now: {reason_en}"""

    code = "signing"


class NoKeyError(DomainError):
    """Chưa cài đặt chứng thư số cho {signer} ({role}). | There is no signing key for {signer} ({role})."""

    code = "no_key"
