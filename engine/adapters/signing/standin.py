"""A local stand-in of a signing service: a keyed digest over document, role and signer. It has no legal value."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from engine.ports.results import CopyFinding, Signed


class StandinSigning:
    """Implements the Signing port."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, content: bytes, *, role: str, signer: str, key: str, officer: str = "") -> Signed:
        """base64url of the claims, a dot, and their keyed digest; a repeat gives the same. The PDF stays as it is."""
        claims = {"sha256": hashlib.sha256(content).hexdigest(), "role": role, "signer": signer, "service": "standin"}
        body = base64.urlsafe_b64encode(json.dumps(claims, sort_keys=True, ensure_ascii=False).encode())
        return Signed(signature=f"{body.decode()}.{self._mac(body)}")

    def verify(self, content: bytes, signature: str) -> Mapping[str, Any] | None:
        """The claims, or None when the text was not made here or the content is another."""
        body, _, mac = signature.partition(".")
        if not hmac.compare_digest(self._mac(body.encode()).encode(), mac.encode()):
            return None
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body))
        return claims if claims["sha256"] == hashlib.sha256(content).hexdigest() else None

    def _mac(self, body: bytes) -> str:
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()


class DigestChecker:
    """Implements the CopyChecker port where signatures lie apart: of a PDF only the digest is looked at."""

    def check(self, content: bytes) -> CopyFinding:
        """A PDF without signatures."""
        readable = content.startswith(b"%PDF-")
        digests = (hashlib.sha256(content).hexdigest(),)
        return CopyFinding(readable=readable, why="" if readable else "not_pdf", digests=digests)
