"""Headers that tell browsers what a page may do, and the limits on what they may send."""

from __future__ import annotations

from flask import Flask, g, request
from werkzeug.wrappers import Response

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# officers' forms take photographs by the machine's own camera
PHOTOGRAPH = ("desk", "counter")
CAMERA = {"Permissions-Policy": HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")}

# a page that shows papers of a case beside its form, and what it shows: both of this house alone
FRAMING = {"Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; frame-src 'self'"}
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " object-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}


def add_headers(response: Response) -> Response:
    """After every request: policy headers; pages of people who signed in are not kept by caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.blueprint in PHOTOGRAPH:
        response.headers.update(CAMERA)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if getattr(g, "actor", None) is not None and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def limit(app: Flask) -> None:
    """Sizes of requests: files together 60 MB, form fields 4 MB in at most 5000 parts."""
    app.config["MAX_CONTENT_LENGTH"] = 60 * 1024 * 1024
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    app.config["MAX_FORM_PARTS"] = 5000
