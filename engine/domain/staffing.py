"""The officers of a unit and what an administrator may do to them: never lock themselves out, never be the last."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.errors import DomainError
from engine.domain.registration import Problem, ProblemsError

ADMINISTRATOR = "administrator"
OUTSIDERS = frozenset({"applicant"})  # roles that no officer holds
LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")  # never digits alone: by those citizens are found
NAME_LENGTH, REASON_LENGTH = 100, 500


class OwnAccountError(DomainError):
    """Không tự làm việc này với tài khoản của chính mình; hãy nhờ một quản trị khác.
    | You may not do this to your own account; ask another administrator."""

    code = "own_account"


class LastAdministratorError(DomainError):
    """{name} là quản trị cuối cùng còn đăng nhập được; hãy thêm một quản trị khác trước.
    | {name} is the last administrator who can sign in; add another one first."""

    code = "last_administrator"


class OfficerChangedError(DomainError):
    """Một quản trị khác vừa sửa tài khoản này. Nội dung mới hiện trên trang; hãy xem lại rồi làm lại.
    | Another administrator has just changed this account. The page shows it as it is now; look and do it again."""

    code = "officer_changed"


class StaffProblemsError(ProblemsError):
    """Có {count} mục cần sửa. | {count} fields need attention."""

    code = "staff_problems"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Why somebody cannot sign in, since when, and by whom."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """An officer as administrators see them. `one_time`: the password was set by one and is to be changed."""

    id: str
    unit: str
    login: str
    name: str
    groups: frozenset[str]
    lock: Lock | None = None
    one_time: bool = False

    @property
    def seen(self) -> str:
        """A short digest of what a page shows: whoever acts on something older is told."""
        told = (self.login, self.name, *sorted(self.groups), self.lock.reason if self.lock else "-", self.one_time)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    @property
    def administers(self) -> bool:
        """Whether the officer can sign in as an administrator."""
        return ADMINISTRATOR in self.groups and self.lock is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed about an officer."""

    login: str
    name: str
    groups: frozenset[str]

    def tidy(self) -> Wanted:
        """As it is kept: one encoding of marks, no stray blanks, logins in small letters."""
        name = " ".join(unicodedata.normalize("NFC", self.name).split())
        return Wanted(login=self.login.strip().casefold(), name=name, groups=self.groups)


def problems_of(wanted: Wanted, known: Collection[str]) -> list[Problem]:
    """What is wrong with a tidy wish; `known`: ids of the house's groups."""
    strange = sorted(wanted.groups - set(known) | wanted.groups & OUTSIDERS)
    shown = ", ".join(strange)[:80]
    tests = (
        (
            LOGIN.fullmatch(wanted.login),
            "login",
            "Tên đăng nhập gồm 3–40 chữ thường không dấu, chữ số, dấu chấm, gạch nối; bắt đầu bằng chữ",
            "A login has 3–40 small letters without marks, digits, dots or dashes, and begins with a letter",
        ),
        (_is_name(wanted.name), "name", "Hãy nhập họ tên, nhiều nhất 100 ký tự", "Enter a name of at most 100 signs"),
        (wanted.groups, "groups", "Hãy chọn ít nhất một nhóm", "Choose one group at least"),
        (not strange, "groups", f"Không có nhóm {shown}", f"There is no group {shown}"),
    )
    return [Problem(field, f"{vi}.", f"{en}.") for met, field, vi, en in tests if not met]


def _is_name(name: str) -> bool:
    letters = any(sign.isalpha() for sign in name)
    return letters and len(name) <= NAME_LENGTH and all(sign.isprintable() for sign in name)


def taken(login: str) -> Problem:
    """The login is somebody else's, perhaps in another unit."""
    vi = f"Tên đăng nhập “{login}” đã có người dùng; hãy chọn tên khác."
    return Problem("login", vi, f"The login “{login}” is taken; choose another.")


def find(staff: Iterable[Officer], officer_id: str, seen: str | None) -> Officer | None:
    """The officer, as they were `seen` (None: however they are); OfficerChangedError."""
    found = next((one for one in staff if one.id == officer_id), None)
    if found is not None and seen is not None and found.seen != seen:
        raise OfficerChangedError()
    return found


def changed(staff: Sequence[Officer], officer: Officer, by: str, *, name: str, groups: frozenset[str]) -> Officer:
    """The officer with another name and other groups; OwnAccountError, LastAdministratorError."""
    after = replace(officer, name=name, groups=groups)
    _keep_an_administrator(staff, officer, after, by)
    return after


def locked(staff: Sequence[Officer], officer: Officer, lock: Lock) -> Officer:
    """The officer, who may not sign in from now on; a reason is needed. OwnAccountError, LastAdministratorError."""
    if officer.id == lock.by:
        raise OwnAccountError()
    _reasoned(lock.reason)
    after = replace(officer, lock=lock)
    _keep_an_administrator(staff, officer, after, lock.by)
    return after


def _reasoned(reason: str) -> None:
    if not reason or len(reason) > REASON_LENGTH:
        wrong = f"Hãy ghi lý do, nhiều nhất {REASON_LENGTH} ký tự."
        raise StaffProblemsError([Problem("reason", wrong, f"Give a reason of at most {REASON_LENGTH} signs.")])


def _keep_an_administrator(staff: Sequence[Officer], before: Officer, after: Officer, by: str) -> None:
    if after.administers or not before.administers:
        return
    if before.id == by:
        raise OwnAccountError()
    if not any(one.administers for one in staff if one.id != before.id):
        raise LastAdministratorError(name=before.name)
