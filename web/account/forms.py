"""What forms about accounts share: problems as pages show them, passwords that are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.errors import DomainError
from engine.domain.registration import (
    AccountExistsError,
    CodeOverError,
    NotVouchedError,
    OutsideRefusedError,
    OutsideSilentError,
    Problem,
    SignatureRefusedError,
    TooManyTriesError,
    WrongCodeError,
    password_problems,
)
from web.errors import status_of
from web.forms.schema import nfc

SHOWN = (  # refusals that a form tells beside what was typed
    NotVouchedError,
    OutsideSilentError,
    OutsideRefusedError,
    SignatureRefusedError,
    TooManyTriesError,
    WrongCodeError,
    CodeOverError,
    AccountExistsError,
)


def refusal(error: DomainError, field: str) -> tuple[list[Problem], int]:
    """A refusal as a problem of a field, and the status of the page that shows it."""
    return [Problem(field, error.message, error.message_en)], status_of(error)


def page(template: str, problems: Sequence[Problem] = (), status: int = 200, **more: Any) -> ResponseReturnValue:
    """A page with its problems; pages on the way to an account are not kept by caches either."""
    shown = 422 if problems and status == 200 else status
    headers = {"Cache-Control": "no-store"}
    return render_template(template, problems=problems, account=g.account, **more), shown, headers


def typed(*names: str) -> dict[str, str]:
    """What was typed into these fields, in NFC."""
    return {name: nfc(request.form.get(name, ""))[:600] for name in names}


def chosen_password() -> tuple[str, list[Problem]]:
    """The password that was chosen and typed twice, and what is wrong with it."""
    password, again = nfc(request.form.get("password", "")[:1000]), nfc(request.form.get("again", "")[:1000])
    problems = password_problems(password)
    if not problems and password != again:
        problems = [Problem("again", "Hai lần nhập mật khẩu không giống nhau.", "The two passwords differ.")]
    return password, problems


def from_where() -> str:
    """The address of whoever asks, for counting."""
    return str(request.remote_addr)


def assurance_of_account() -> int:
    """How well the signed-in account is proven."""
    return int(g.account.profile.get("assurance") or 0)
