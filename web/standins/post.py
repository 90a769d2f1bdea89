"""Stand-in of the postal service: takes parcels, moves them on when asked, loses or keeps them on demand."""

from __future__ import annotations

import hashlib
import hmac
import json
from threading import Lock
from typing import Any

import requests
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from web.standins.book import Party
from web.standins.registers import entered
from web.standins.stage import Stage

POST = Party(
    name="post",
    title="Bưu chính",
    title_en="Postal service",
    lies={
        "lost": ("làm mất bưu gửi", "loses parcels"),
        "late": ("giữ bưu gửi dọc đường", "keeps parcels on the way"),
        "garbage": ("trả lời vô nghĩa", "answers nonsense"),
    },
)
COURSE = ("created", "accepted", "moving", "delivered")


def create_post(stage: Stage) -> Flask:
    """POST /shipments {reference, receiver} and POST /tracking {number}, both with our key."""
    app = Flask("standin-post")
    numbers: dict[str, str] = {}
    states: dict[str, str] = {}
    lock = Lock()

    @app.post("/shipments")
    def shipments() -> ResponseReturnValue:
        mood, body = entered(stage, POST.name, "post", "shipment")
        if mood.lie == "garbage":
            return jsonify(number="<?>")
        with lock:  # the same reference is the same parcel
            number = numbers.setdefault(str(body["reference"]), f"EV{len(numbers) + 1:09d}VN")
            states.setdefault(number, COURSE[0])
        return jsonify(number=number), 201

    @app.post("/tracking")
    def tracking() -> ResponseReturnValue:
        mood, body = entered(stage, POST.name, "post", "tracking")
        number = str(body["number"])
        if number not in states:
            return jsonify(error="unknown"), 404
        if mood.lie == "garbage":
            return jsonify(state="?")
        with lock:
            states[number] = _next(states[number], mood.lie)
        for _ in range(mood.repeat):
            _tell(stage, number, states[number])
        return jsonify(number=number, state=states[number])

    return app


def _next(state: str, lie: str) -> str:
    if lie == "lost":
        return "lost"
    if state not in COURSE or (lie == "late" and state == "moving"):
        return state
    return COURSE[min(COURSE.index(state) + 1, len(COURSE) - 1)]


def _tell(stage: Stage, number: str, state: str) -> None:
    """Tell the house by itself, signed, as a service does when something happens."""
    section: dict[str, Any] = dict(stage.connectors["post"])
    body = json.dumps({"number": number, "state": state}).encode()
    sign = hmac.new(str(section["callback_secret"]).encode(), body, hashlib.sha256).hexdigest()
    try:
        requests.post(section["callback"], data=body, headers={"X-Signature": sign}, timeout=5)
    except requests.RequestException:
        stage.book.note(POST.name, "callback failed", {"number": number})
