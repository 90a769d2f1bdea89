"""Stand-in of a mobile signature service after ETSI TS 102 204, and of the phones that confirm."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from flask import Flask, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from web.standins.book import Mood, Party
from web.standins.citizen_ca import CitizenCa
from web.standins.citizens import citizens, organisations
from web.standins.stage import Stage

MSSP = Party(
    name="mssp",
    title="SIM ký số: dịch vụ và điện thoại",
    title_en="Mobile signatures: service and phones",
    lies={
        "other_text": ("ký nội dung khác", "signs something else"),
        "other_person": ("ký bằng chứng thư người khác", "signs with another's certificate"),
        "revoked": ("ký bằng chứng thư đã thu hồi", "signs with a revoked certificate"),
    },
)


@dataclass(slots=True)
class _Request:
    phone: str
    shown: str
    text: bytes
    until: datetime
    status: str = "504"


class Phones:
    """Signing requests by transaction; kept in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: dict[str, _Request] = {}

    def add(self, asked: dict[str, Any]) -> str:
        """A request that a phone now shows; its transaction."""
        name = secrets.token_hex(8)
        phone = "0" + str(asked["MobileUser"]["MSISDN"]).removeprefix("+84")
        until = datetime.now(UTC) + timedelta(seconds=int(asked.get("TimeOut", 120)))
        text = base64.b64decode(asked["DataToBeSigned"]["Value"])
        with self._lock:
            self._requests[name] = _Request(phone, asked["DataToBeDisplayed"]["Value"], text, until)
        return name

    def at(self, name: str) -> _Request | None:
        """The request; one that nobody answered in time has run out."""
        found = self._requests.get(name)
        if found and found.status == "504" and datetime.now(UTC) >= found.until:
            found.status = "208"
        return found

    def shown(self) -> list[tuple[str, _Request]]:
        """Newest first."""
        return [(name, self._requests[name]) for name in reversed(list(self._requests)) if self.at(name)]


def create_mssp(stage: Stage) -> Flask:
    """MSS_Signature and MSS_StatusQuery for the house; every phone's screen at the root."""
    app, phones, ca = Flask("web"), Phones(), CitizenCa(stage.settings)
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="motcua_mssp")
    protection = CSRFProtect(app)
    signers = _signers(stage)

    @app.post("/MSS_Signature")
    @protection.exempt  # type: ignore[untyped-decorator]  # the library carries no types
    def signature() -> ResponseReturnValue:
        _, asked = _asked(stage, "MSS_Signature")
        phone = "0" + str(asked["MobileUser"]["MSISDN"]).removeprefix("+84")
        if phone not in {number for number, _ in signers}:
            return jsonify(_status("105"))
        return jsonify(_status("100") | {"MSSP_TransID": phones.add(asked)})

    @app.post("/MSS_StatusQuery")
    @protection.exempt  # type: ignore[untyped-decorator]  # the library carries no types
    def status() -> ResponseReturnValue:
        mood, asked = _asked(stage, "MSS_StatusQuery")
        found = phones.at(str(asked["MSSP_TransID"]))
        return jsonify(_standing(ca, found, mood) | {"MSSP_TransID": asked["MSSP_TransID"]})

    @app.get("/")
    def screens() -> ResponseReturnValue:
        return render_template("standins/phones.html", requests=phones.shown(), signers=signers)

    @app.post("/<name>")
    def press(name: str) -> ResponseReturnValue:
        found = phones.at(name)
        if found and found.status == "504":
            answer = request.form.get("answer", "")
            found.status = "401" if answer == "no" else f"500{answer}"
        return redirect(url_for("screens"))

    return app


def _signers(stage: Stage) -> list[tuple[str, str]]:
    """(phone, holder of the certificate): people, and organisations on their representative's phone."""
    people = {one["id_number"]: one["phone"] for one in citizens(stage.settings)}
    firms = [(people[one["representative"]], one["code"]) for one in organisations(stage.settings)]
    return [(phone, number) for number, phone in people.items()] + firms


def _asked(stage: Stage, what: str) -> tuple[Mood, dict[str, Any]]:
    asked: dict[str, Any] = request.get_json()
    own, caller = stage.connectors["mssp"], asked.get("AP_Info") or {}
    if (caller.get("AP_ID"), caller.get("AP_PWD")) != (own["ap_id"], own["ap_password"]):
        abort(401)
    shown = {name: value for name, value in asked.items() if name != "AP_Info"}
    if what == "MSS_Signature":
        stage.book.note("mssp", what, shown)
    mood = stage.book.linger("mssp")
    if mood.refuse:
        abort(403)
    return mood, asked


def _status(code: str) -> dict[str, Any]:
    return {"MajorVersion": "1", "MinorVersion": "1", "Status": {"StatusCode": {"Value": code}}}


def _standing(ca: CitizenCa, found: _Request | None, mood: Mood) -> dict[str, Any]:
    if found is None:
        return _status("101")
    signed = {"MSS_Signature": _signed(ca, found, mood, found.status[3:])} if found.status.startswith("500") else {}
    return _status(found.status[:3]) | signed


def _signed(ca: CitizenCa, found: _Request, mood: Mood, holder: str) -> dict[str, str]:
    text = b"something else" if mood.lie == "other_text" else found.text
    if mood.lie == "other_person":
        holder = next(one for one in ca.holders() if one != holder)
    chain, signature = ca.sign(holder, "revoked" if mood.lie == "revoked" else "good", text)
    return {"Certificate": chain, "Base64Signature": base64.b64encode(signature).decode()}
