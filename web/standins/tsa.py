"""Stands in for a time-stamping authority (RFC 3161 over HTTP) and for where a CA publishes its revocation lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask, Response, abort, request

from engine.trial_ca import Credential, TrialCa
from web.standins.book import Mood, Party
from web.standins.stage import Stage

PARTY = Party(
    name="tsa",
    title="Dấu thời gian và danh sách thu hồi chứng thư",
    title_en="Time-stamps and revocation lists",
    lies={
        "imprint": ("đóng dấu thời gian cho nội dung khác", "stamps something else"),
        "expired": ("chứng thư của máy đóng dấu đã hết hạn", "its own certificate has run out"),
        "revoked": ("mọi người ký đều bị thu hồi từ hôm qua", "every signer has been revoked since yesterday"),
    },
)
STAMPER = "pyhanko.sign.timestamps.dummy_client"  # by name: it takes most of a second to load
WRONG = b"\x00" * 32


def create_tsa(stage: Stage) -> Flask:
    """The authority, with the trial CA of the installation behind it."""
    section = stage.connectors.get("signing", {})
    folder = Path(section.get("trial_ca") or stage.settings.home / "keys" / "trial-ca")
    ca = TrialCa(folder, section.get("trial_crl", ""))
    app = Flask("web")

    @app.post("/time")
    def stamp() -> Response:
        mood = stage.book.linger(PARTY.name)
        try:
            asked = tsp.TimeStampReq.load(request.get_data())
            imprint = asked["message_imprint"]["hashed_message"].native
        except (ValueError, TypeError):
            abort(400)
        stage.book.note(PARTY.name, "time-stamp", {"imprint": imprint.hex(), "refused": mood.refuse})
        if mood.refuse:
            abort(503)
        return Response(_stamped(ca, asked, mood), mimetype="application/timestamp-reply")

    @app.get("/crl/<issuer>.crl")
    def revocations(issuer: str) -> Response:
        mood = stage.book.linger(PARTY.name)
        stage.book.note(PARTY.name, "crl", {"issuer": issuer, "refused": mood.refuse})
        if issuer not in ("root", "issuing"):
            abort(404)
        if mood.refuse:
            abort(503)
        return Response(ca.crl(issuer, _revoked(ca, mood)), mimetype="application/pkix-crl")

    return app


def _stamped(ca: TrialCa, asked: Any, mood: Mood) -> bytes:
    if mood.lie == "imprint":
        asked["message_imprint"]["hashed_message"] = WRONG
    own = ca.expired_tsa() if mood.lie == "expired" else ca.tsa
    chain = [_plain(one) for one in own.chain]
    stamper = import_module(STAMPER).DummyTimeStamper(_plain(own.certificate), _key(own), certs_to_embed=chain)
    answer: bytes = stamper.request_tsa_response(asked).dump()
    return answer


def _revoked(ca: TrialCa, mood: Mood) -> list[tuple[int, datetime]]:
    """The serial numbers of everybody who signs, where the mood is to say so."""
    since = datetime.now(UTC) - timedelta(days=1)
    signers = [serial for name, serial in ca.serials().items() if name.startswith(("leader-", "agency-"))]
    return [(serial, since) for serial in signers] if mood.lie == "revoked" else []


def _plain(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _key(own: Credential) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
