"""Keys that sign for the house: whose they are, until when they may sign, and why one may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.domain.errors import DomainError


class ChangedSinceSeenError(DomainError):
    """Hồ sơ {code} đã thay đổi từ lúc mở; hãy xem lại bản dự thảo rồi ký.
    | {code} has changed since it was opened; look at its draft again, then sign."""

    code = "changed_since_seen"


class KeyOwnerError(DomainError):
    """Khóa ký của {signer} thuộc về người khác; anh/chị không ký được bằng khóa này.
    | The signing key of {signer} is somebody else's; you cannot sign with it."""

    code = "key_owner"


class KeyWindowError(DomainError):
    """Chứng thư số của {signer} chỉ có hiệu lực từ {begins} đến {ends}; hãy gia hạn rồi ký.
    | The certificate of {signer} is valid from {begins} to {ends} only; renew it, then sign."""

    code = "key_window"


class KeyLockedError(DomainError):
    """Khóa ký của {signer} cần số PIN: chính người đó ký ở trang Chờ ký.
    | The signing key of {signer} needs its PIN: its owner signs at the sign queue."""

    code = "key_locked"


class WrongPinError(DomainError):
    """Số PIN của khóa ký không đúng; chưa ký hồ sơ nào.
    | The PIN of the signing key is wrong; nothing was signed."""

    code = "wrong_pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A key that signs as `role` (leader, agency) in the name of `signer`.

    `officer`: the id of the account that owns it, empty for the agency's seal. `asks_pin`: it opens by a PIN that only
    the owner knows. `begins` and `ends`: the window of its certificate, None where nobody has read it yet.
    """

    role: str
    signer: str
    officer: str = ""
    asks_pin: bool = False
    serial: str = ""
    begins: datetime | None = None
    ends: datetime | None = None

    def check_owner(self, officer: str) -> None:
        """KeyOwnerError where the account is not the one that owns the key."""
        if self.officer and self.officer != officer:
            raise KeyOwnerError(signer=self.signer)

    def check_window(self, now: datetime) -> None:
        """KeyWindowError where the certificate is not valid at the moment: no longer, or not yet."""
        if self.begins is None or self.ends is None or self.begins <= now <= self.ends:
            return
        begins, ends = (f"{at.astimezone(now.tzinfo):%d/%m/%Y}" for at in (self.begins, self.ends))
        raise KeyWindowError(signer=self.signer, begins=begins, ends=ends)

    def days_left(self, now: datetime) -> int | None:
        """Whole days until the certificate ends, below zero once it has; None where that is not known."""
        return None if self.ends is None else (self.ends - now).days

    def warning(self, now: datetime, thresholds: Sequence[int]) -> int | None:
        """The least of the thresholds (days) that the certificate has come below; 0: it has ended, None: in time."""
        left = self.days_left(now)
        if left is None:
            return None
        return 0 if left < 0 else min((days for days in thresholds if left < days), default=None)
