"""Zalo in the small: tokens whose renewal is good for one use, and notices by approved templates."""

from __future__ import annotations

import hmac
import threading
from typing import Any

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from web.standins.book import Party
from web.standins.stage import Stage

PARTY = Party(
    name="zalo",
    title="Zalo (ZNS)",
    title_en="Zalo (ZNS)",
    lies={
        "expired": ("-124: mã truy cập hết hạn", "-124: the token has expired"),
        "no_account": ("-118: số máy không dùng Zalo", "-118: the number has no Zalo account"),
        "quota": ("-144: hết hạn mức ngày", "-144: daily quota used up"),
        "night": ("-133: không gửi ban đêm", "-133: no notices by night"),
    },
)
ANSWERS = {
    "no_account": (-118, "Zalo account not existed"),
    "quota": (-144, "OA has reached its daily quota"),
    "night": (-133, "Sending is not allowed at this time"),
}
LASTING = "90000"  # seconds, as text, as the real one says it


class Tokens:
    """The n-th pair of tokens; a refresh token opens the next pair once. Made from a key, so that a restart of the
    stand-in locks nobody out."""

    def __init__(self, first: str, key: str) -> None:
        self._first = first
        self._key = key.encode()
        self._number = 0
        self._lock = threading.Lock()

    def _word(self, kind: str, number: int) -> str:
        return f"{kind}{number}-{hmac.digest(self._key, f'{kind}{number}'.encode(), 'sha256').hex()[:24]}"

    def renew(self, given: str) -> tuple[str, str] | None:
        """The next access and refresh token; None for a refresh token that was used, or never given."""
        with self._lock:
            number = 0 if given == self._first else self._read(given)
            if number is None or number < self._number:
                return None
            self._number = number + 1
            return self._word("a", self._number), self._word("r", self._number)

    def _read(self, given: str) -> int | None:
        text = given[1:].partition("-")[0]
        number = int(text) if text.isdecimal() and len(text) < 9 else None
        return number if number is not None and given == self._word("r", number) else None

    def good(self, access: str) -> bool:
        """Whether this is the newest access token, or one of before a restart."""
        text = access[1:].partition("-")[0]
        number = int(text) if text.isdecimal() and len(text) < 9 else -1
        return number >= max(self._number, 1) and access == self._word("a", number)


def create_zalo(stage: Stage) -> Flask:
    """The two addresses of it."""
    app = Flask("web")
    own = stage.connectors.get("zalo", {})
    tokens = Tokens(str(own.get("refresh_token", "")), str(own.get("secret_key", "")))

    @app.post("/v4/oa/access_token")
    def token() -> ResponseReturnValue:
        stage.book.linger(PARTY.name)
        right = request.headers.get("Secret-Key") == own.get("secret_key")
        pair = tokens.renew(request.form.get("refresh_token", "")) if right else None
        stage.book.note(PARTY.name, "token" if pair else "token refused", {"app_id": request.form.get("app_id", "")})
        if pair is None:
            return jsonify({"error": -14014, "error_name": "Invalid refresh token"})
        return jsonify({"access_token": pair[0], "refresh_token": pair[1], "expires_in": LASTING})

    @app.post("/message/template")
    def send() -> ResponseReturnValue:
        fields: dict[str, Any] = request.get_json(silent=True) or {}
        mood = stage.book.linger(PARTY.name)
        if mood.refuse:
            return "", 503
        if not tokens.good(request.headers.get("Access-Token", "")):
            return jsonify({"error": -124, "message": "Access token invalid"})
        if mood.lie == "expired":
            stage.book.turn(PARTY.name, lie="")  # once: the renewed token is good
            return jsonify({"error": -124, "message": "Access token has expired"})
        if mood.lie in ANSWERS:
            code, said = ANSWERS[mood.lie]
            stage.book.note(PARTY.name, "refused", {"error": code, "message": said})
            return jsonify({"error": code, "message": said})
        told = {name: fields.get(name, "") for name in ("phone", "template_id", "template_data", "tracking_id")}
        entry = stage.book.note(PARTY.name, "zalo", told)
        return jsonify({"error": 0, "message": "Success", "data": {"msg_id": f"zns-{entry.number}"}})

    return app
