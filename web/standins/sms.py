"""An SMS gateway that speaks the eSMS protocol: it takes messages, and calls back with their end."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import requests
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from web.standins.book import Mood, Party
from web.standins.stage import Stage

PARTY = Party(
    name="sms",
    title="Tổng đài tin nhắn (eSMS)",
    title_en="SMS gateway (eSMS)",
    lies={
        "undelivered": ("nhận rồi báo không tới", "takes it, then reports it undelivered"),
        "silent": ("nhận rồi không báo gì", "takes it and never calls back"),
        "empty": ("103: hết tiền", "103: account empty"),
        "template": ("146: sai mẫu đăng ký", "146: no registered template"),
    },
)
CODES = {"empty": "103", "template": "146"}
SOON = 0.2  # seconds between the answer and the callback
PATIENCE = 5.0


def create_sms(stage: Stage) -> Flask:
    """The gateway."""
    app = Flask("web")
    own = stage.connectors.get("sms", {})
    seen: set[str] = set()
    lock = threading.Lock()

    @app.post("/MainService.svc/json/SendMultipleMessage_V4_post_json/")
    def send() -> ResponseReturnValue:
        fields = request.get_json(silent=True) or {}
        mood = stage.book.linger(PARTY.name)
        if mood.refuse:
            return "", 503
        with lock:
            code = _judged(fields, own, seen, mood)
            if code == "100":
                seen.add(str(fields.get("RequestId")))
        if code != "100":
            stage.book.note(PARTY.name, "refused", {"code": code, "RequestId": fields.get("RequestId", "")})
            return jsonify({"CodeResult": code, "ErrorMessage": "refused"})
        told = {name: fields.get(name, "") for name in ("Phone", "Content", "Brandname", "IsUnicode", "RequestId")}
        number = f"sms-{stage.book.note(PARTY.name, 'sms', told).number}-{fields.get('RequestId', '')[:8]}"
        _call_back(str(fields.get("CallbackUrl", "")), number, mood)
        return jsonify({"CodeResult": "100", "CountRegenerate": 0, "SMSID": number})

    return app


def _judged(fields: Mapping[str, Any], own: Mapping[str, Any], seen: set[str], mood: Mood) -> str:
    if (fields.get("ApiKey"), fields.get("SecretKey")) != (own.get("api_key"), own.get("secret_key")):
        return "101"
    if not fields.get("Brandname"):
        return "104"
    if not str(fields.get("Phone", "")).isdecimal():
        return "108"
    if fields.get("RequestId") in seen:
        return "124"
    return CODES.get(mood.lie, "100")


def _call_back(url: str, number: str, mood: Mood) -> None:
    """Tell the end of a message a moment later, as often as the mood says."""
    if not url or mood.lie == "silent":
        return
    lost = mood.lie == "undelivered"
    fields = {
        "SMSID": number,
        "SendStatus": "4" if lost else "5",
        "SendSuccess": "0" if lost else "1",
        "SendFailed": "1" if lost else "0",
    }

    def call() -> None:
        for _ in range(1 + mood.repeat):
            try:
                requests.get(url, params=fields, timeout=PATIENCE)
            except requests.RequestException:
                return

    timer = threading.Timer(SOON, call)
    timer.daemon = True
    timer.start()
