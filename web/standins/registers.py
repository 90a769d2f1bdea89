"""Stand-ins of the social insurance register and of the operators' subscriber check."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, abort, jsonify, request
from flask.typing import ResponseReturnValue

from web.standins.book import Mood, Party
from web.standins.citizens import citizens, same_words
from web.standins.stage import Stage

INSURANCE = Party(
    name="bhxh",
    title="Bảo hiểm xã hội",
    title_en="Social insurance register",
    lies={"match": ("khớp với mọi người", "matches everybody"), "garbage": ("trả lời vô nghĩa", "answers nonsense")},
)
SUBSCRIBERS = Party(
    name="thuebao",
    title="Nhà mạng: chính chủ",
    title_en="Operators: who a number belongs to",
    lies={
        "match": ("mọi số đều chính chủ", "every number matches"),
        "garbage": ("trả lời vô nghĩa", "answers nonsense"),
    },
)


def entered(stage: Stage, party: str, section: str, what: str) -> tuple[Mood, dict[str, Any]]:
    """What a call brings, once the caller's key was looked at and the party's mood obeyed."""
    expected = f"Bearer {stage.connectors[section]['key']}"
    if not secrets.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        abort(401)
    body = request.get_json()
    stage.book.note(party, what, body)
    mood = stage.book.linger(party)
    if mood.refuse:
        abort(403)
    return mood, body


def create_insurance(stage: Stage) -> Flask:
    """POST /api/verify: number, name, birth date and id have to belong to one person."""
    app = Flask("web.standins.bhxh")

    @app.post("/api/verify")
    def verify() -> ResponseReturnValue:
        mood, asked = entered(stage, "bhxh", "bhxh", "verify")
        if mood.lie == "garbage":
            return "ok, chắc vậy"
        known = next((one for one in citizens(stage.settings) if one["insurance_number"] == asked["soBHXH"]), None)
        if mood.lie == "match":
            return jsonify(ketQua="KHOP", soDienThoai=(known or {}).get("phone", "0900000000"))
        if known is None:
            return jsonify(ketQua="KHONG_TIM_THAY")
        right = (known["birth_date"], known["id_number"]) == (asked["ngaySinh"], asked["soDinhDanh"])
        if not right or not same_words(known["name"], asked["hoTen"]):
            return jsonify(ketQua="KHONG_KHOP")
        return jsonify(ketQua="KHOP", soDienThoai=known["phone"])

    return app


def create_subscribers(stage: Stage) -> Flask:
    """POST /api/verify: whether a phone number is registered to an id number."""
    app = Flask("web.standins.thuebao")

    @app.post("/api/verify")
    def verify() -> ResponseReturnValue:
        mood, asked = entered(stage, "thuebao", "subscribers", "verify")
        if mood.lie == "garbage":
            return jsonify(["?"])
        if mood.lie == "match":
            return jsonify(result="MATCH")
        known = next((one for one in citizens(stage.settings) if one["phone"] == asked["msisdn"]), None)
        if known is None:
            return jsonify(result="UNKNOWN")
        return jsonify(result="MATCH" if known["id_number"] == asked["idNumber"] else "MISMATCH")

    return app
