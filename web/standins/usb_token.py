"""Stand-in of a vendor's signing page for USB tokens, and of where its issuers say what they took back."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta

from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect

from web.standins.book import Party
from web.standins.citizen_ca import KINDS, CitizenCa
from web.standins.stage import Stage

USB = Party(
    name="usbtoken",
    title="USB ký số: trang ký",
    title_en="USB token: signing page",
    lies={
        "other_text": ("ký nội dung khác", "signs something else"),
        "old_lists": ("danh sách thu hồi cũ", "revocation lists out of date"),
    },
)


def create_usb(stage: Stage) -> Flask:
    """GET /sign shows the request and the certificates, POST signs and hands the answer back through the browser."""
    app, ca = Flask("web"), CitizenCa(stage.settings)
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="motcua_usbtoken")
    CSRFProtect(app)

    @app.get("/sign")
    def ask() -> ResponseReturnValue:
        holders = [(one, ca.subject(one)) for one in ca.holders()]
        challenge, back = request.args.get("challenge", ""), request.args.get("return", "")
        return render_template("standins/sign.html", holders=holders, kinds=KINDS, challenge=challenge, back=back)

    @app.post("/sign")
    def sign() -> ResponseReturnValue:
        form = {name: request.form.get(name, "").replace("\r\n", "\n") for name in ("challenge", "back", "holder")}
        holder, _, kind = form["holder"].rpartition("|")
        mood = stage.book.linger("usbtoken")
        stage.book.note("usbtoken", "sign", {"holder": holder, "kind": kind, "challenge": form["challenge"]})
        if mood.refuse:
            abort(403)
        text = form["challenge"] if mood.lie != "other_text" else "purpose: something else"
        try:
            chain, signature = ca.sign(holder, kind, text.encode())
        except FileNotFoundError:
            abort(400)
        signed = base64.b64encode(signature).decode()
        answer = {"challenge": form["challenge"], "certificate": chain, "signature": signed}
        return render_template("standins/signed.html", back=form["back"], answer=answer)

    @app.get("/<authority>.crl")
    def revoked(authority: str) -> ResponseReturnValue:
        mood = stage.book.linger("usbtoken")
        if mood.refuse or authority not in ("root", "issuing"):
            abort(404)
        now = datetime.now(UTC) - timedelta(days=30 if mood.lie == "old_lists" else 0)
        return ca.revoked(authority, now), 200, {"Content-Type": "application/pkix-crl"}

    return app
