"""Anybody checks a result: by the QR code on the paper, or by a copy of the file."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from engine.queries.copies import CopyVerdict
from engine.queries.results import ResultView
from web import access
from web.auth import WINDOW
from web.house import house
from web.texts import t
from web.verification import sentences

LOOKS, COPIES = 120, 30  # of one address, in the time that WINDOW says

blueprint = Blueprint("verification", __name__, url_prefix="/ket-qua")


@blueprint.get("")
@access.public
def start() -> ResponseReturnValue:
    """How to check a result."""
    return _page(sought=False)


@blueprint.post("")
@access.public
def check() -> ResponseReturnValue:
    """Check a copy of whichever result."""
    return _checked("")


@blueprint.get("/<token>")
@access.public
def result(token: str) -> ResponseReturnValue:
    """What a QR code leads to; an unknown one gives the same page without a result."""
    _count("look", LOOKS)
    return _page(found=house().portal.results.by_token(token), token=token)


@blueprint.post("/<token>")
@access.public
def check_against(token: str) -> ResponseReturnValue:
    """Check a copy of this very result."""
    return _checked(token)


def _checked(token: str) -> ResponseReturnValue:
    _count("copy", COPIES)
    file = request.files.get("copy")
    found = house().portal.results.by_token(token) if token else None
    if file is None or not file.filename:
        problem = t("Hãy chọn tệp PDF cần kiểm tra.", "Choose the PDF to be checked.")
        return _page(found=found, token=token, problem=problem)
    content = file.stream.read(sentences.LARGEST + 1)
    file.close()
    verdict, own = house().portal.results.check(content, token)
    return _page(found=found or own, token=token, verdict=verdict)


def _page(
    *,
    found: ResultView | None = None,
    token: str = "",
    verdict: CopyVerdict | None = None,
    problem: str = "",
    sought: bool = True,
) -> ResponseReturnValue:
    page = render_template(
        "verification/result.html",
        found=found,
        token=token,
        verdict=verdict,
        problem=problem or sentences.unreadable(verdict),
        said=sentences,
        sought=bool(token) and sought,
    )
    unknown = bool(token) and found is None
    response = make_response(page, 404 if unknown else 422 if problem or sentences.unreadable(verdict) else 200)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key to the page
    return response


def _count(kind: str, most: int) -> None:
    """So that nobody tries tokens by the thousand, or keeps the house busy with copies."""
    key = f"verify/{kind}:{request.remote_addr}"
    if house().accounts.count_attempt(key, house().clock.now(), WINDOW) > most:
        raise TooManyRequests()
