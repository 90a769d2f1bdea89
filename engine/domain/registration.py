"""How an account comes to be: the steps from first page to password, what a password must hold, and the refusals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from engine.domain.errors import DomainError

Subtype = Literal["person", "enterprise", "agency"]
Step = Literal["begun", "proven", "done"]
Wants = Literal["code", "signature", "patience", "nothing"]

SUBTYPES: tuple[Subtype, ...] = ("person", "enterprise", "agency")
LIFE = timedelta(minutes=30)
SKEW = timedelta(minutes=1)  # clocks of two machines may differ so much; a clock set back further voids what was begun
LEAST_LENGTH, GREATEST_LENGTH = 8, 200


class NotVouchedError(DomainError):
    """{party} không xác nhận những thông tin này. Hãy xem lại từng mục; nếu đúng mà vẫn không được, hãy chọn cách khác.
    | {party_en} does not confirm these details. Check each of them; if they are right, choose another way."""

    code = "not_vouched"


class OutsideSilentError(DomainError):
    """{party} chưa trả lời. Chưa có gì được ghi nhận; hãy thử lại sau ít phút hoặc chọn cách khác.
    | {party_en} does not answer. Nothing was recorded; try again in a few minutes or choose another way."""

    code = "outside_silent"


class OutsideRefusedError(DomainError):
    """{party} hiện không nhận yêu cầu. Hãy thử lại sau hoặc chọn cách khác.
    | {party_en} takes no requests just now. Try again later or choose another way."""

    code = "outside_refused"


class RegistrationOverError(DomainError):
    """Lần đăng ký này đã hết hạn hoặc đã dùng. Hãy bắt đầu lại.
    | This registration has run out or was used. Start again."""

    code = "registration_over"


class SignatureRefusedError(DomainError):
    """Chữ ký số không được chấp nhận: {reason}. | The digital signature is not accepted: {reason_en}."""

    code = "signature_refused"


class WrongCodeError(DomainError):
    """Mã xác thực không đúng. Hãy xem lại tin nhắn mới nhất rồi nhập lại.
    | The code is wrong. Look at the newest message and enter it again."""

    code = "wrong_code"


class CodeOverError(DomainError):
    """Mã xác thực đã hết hạn, đã dùng hoặc đã nhập sai quá nhiều lần. Hãy lấy mã mới.
    | The code has run out, was used, or was entered wrongly too often. Ask for a new one."""

    code = "code_over"


class TooManyTriesError(DomainError):
    """Quá nhiều lần thử. Hãy đợi 15 phút rồi thử lại. | Too many attempts. Wait 15 minutes and try again."""

    code = "too_many_tries"


class AccountExistsError(DomainError):
    """Số này đã có tài khoản. Hãy đăng nhập, hoặc đặt lại mật khẩu nếu đã quên.
    | There is already an account for this number. Sign in, or reset the password."""

    code = "account_exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Somebody on the way to an account. `given`: what was typed; `facts`: what an outside party vouches for;
    `reference`: what the way needs to go on (a transaction, a challenge)."""

    id: str
    unit: str
    way: str
    subtype: Subtype
    step: Step
    wants: Wants
    given: Mapping[str, str]
    facts: Mapping[str, str]
    reference: Mapping[str, str]
    begun_at: datetime
    expires_at: datetime
    version: int = 1

    def live(self, now: datetime) -> bool:
        """Whether it may go on; also not when the clock was set back to before its beginning."""
        return self.step != "done" and alive(self.begun_at, self.expires_at, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a way has come: what it wants next, and what it knows by now."""

    wants: Wants
    facts: Mapping[str, str] = field(default_factory=dict)
    reference: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, in Vietnamese and English."""

    field: str
    vi: str
    en: str


class ProblemsError(DomainError):
    """Có {count} mục cần sửa. | {count} fields need attention."""

    code = "problems"

    def __init__(self, problems: Iterable[Problem]) -> None:
        """`problems`: field and words of each."""
        self.problems = tuple(problems)
        super().__init__(count=len(self.problems))


def alive(begun: datetime, expires: datetime, now: datetime) -> bool:
    """Whether `now` lies in the life of something short-lived."""
    return begun - SKEW <= now < expires


def password_problems(password: str, *, field: str = "password") -> list[Problem]:
    """What the password lacks: at least 8 characters with upper and lower case, a digit and a special sign."""
    text = unicodedata.normalize("NFC", password)
    special = any(unicodedata.category(sign)[0] in "PSZ" for sign in text)
    wanted = (
        (len(text) >= LEAST_LENGTH, f"Mật khẩu phải có ít nhất {LEAST_LENGTH} ký tự", f"at least {LEAST_LENGTH} signs"),
        (len(text) <= GREATEST_LENGTH, f"Mật khẩu dài quá {GREATEST_LENGTH} ký tự", f"at most {GREATEST_LENGTH} signs"),
        (any(sign.isupper() for sign in text), "Mật khẩu phải có chữ hoa", "a capital letter"),
        (any(sign.islower() for sign in text), "Mật khẩu phải có chữ thường", "a small letter"),
        (any(sign.isdecimal() for sign in text), "Mật khẩu phải có chữ số", "a digit"),
        (special, "Mật khẩu phải có ký tự đặc biệt, ví dụ @ hoặc dấu chấm", "a special sign such as @ or a full stop"),
    )
    return [Problem(field, f"{vi}.", f"The password needs {en}.") for met, vi, en in wanted if not met]


def profile_of(registration: Registration, assurance: int) -> dict[str, Any]:
    """What an account keeps of a registration; facts of the outside party go before what was typed."""
    known = {**registration.given, **registration.facts}
    kept = {name: value for name, value in known.items() if name in PROFILE and value}
    vouched = sorted(name for name, value in registration.facts.items() if value)
    proven = {"subtype": registration.subtype, "assurance": assurance, "proven_by": registration.way, "proven": vouched}
    return {**kept, **proven, **({"phone_verified": True} if registration.facts.get("phone") else {})}


# What a personal page keeps and forms are filled in from; docs/accounts.md says what each holds.
PROFILE = (
    "id_number",
    "id_issue_date",
    "id_issue_place",
    "birth_date",
    "gender",
    "ethnicity",
    "nationality",
    "phone",
    "email",
    "address",
    "organisation",
    "organisation_code",
)


def subject_of(registration: Registration) -> str:
    """The number that an account is known by: of the enterprise or agency, else of the person."""
    known = {**registration.given, **registration.facts}
    return known.get("organisation_code" if registration.subtype != "person" else "id_number", "")
