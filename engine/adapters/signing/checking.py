"""Checks signed PDFs the way docs/signatures.md lists, by pyHanko's interpretation of the standards."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from unicodedata import normalize

from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel

from engine.adapters.signing.apart import apart
from engine.adapters.signing.trust import TrustList, revoked
from engine.ports.results import CopyFinding, SignatureFinding

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what is wrong with a file is told to who asks, not to the log
LARGEST = 10 * 2**20  # bytes
MOST_SIGNATURES = 12
MOST_STATES = 40
KEPT = 64  # findings: the same few files are looked at again and again
MIB = 2**20
LIMITS = DecodeLimits(document_budget=DocumentDecodeBudget(base_allowance=32 * MIB, max_ratio=20))
STRONG = frozenset({"sha256", "sha384", "sha512"})
SHORTEST_RSA = 2048
AHEAD = timedelta(minutes=5)  # a time-stamp may be ahead of our clock by so much
SHORT = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "locality_name": "L",
    "state_or_province_name": "ST",
    "country_name": "C",
}
_TRUST = {
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "revoked",
    AdESFailure.NOT_YET_VALID: "expired",
    AdESIndeterminate.NOT_YET_VALID: "expired",
    AdESIndeterminate.EXPIRED: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "expired",
    AdESIndeterminate.TRY_LATER: "no_revocation_data",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "no_revocation_data",
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: "no_revocation_data",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak",
}


class PadesChecker:
    """Implements the CopyChecker port; what a file says is believed only as far as pinned roots vouch for it."""

    def __init__(self, trust: TrustList, clock: Callable[[], datetime], key_usage: frozenset[str]) -> None:
        self._trust = trust
        self._clock = clock
        self._usage = KeyUsageConstraints(key_usage=set(key_usage))
        self._seen: OrderedDict[tuple[str, tuple[bytes, ...]], CopyFinding] = OrderedDict()
        self._lock = Lock()

    def check(self, content: bytes) -> CopyFinding:
        """What the copy says, as of the trusted time of each signature; never raises on what it holds."""
        if len(content) > LARGEST:
            return CopyFinding(readable=False, why="too_large")
        if b"%PDF-" not in content[:1024]:
            return CopyFinding(readable=False, why="not_pdf")
        digest, lists = hashlib.sha256(content).hexdigest(), self._trust.known()
        key = (digest, lists)
        with self._lock:
            if key in self._seen:
                return self._seen[key]
        finding = apart(lambda: self._read(content, digest, lists))
        with self._lock:
            self._seen[key] = finding
            while len(self._seen) > KEPT:
                self._seen.popitem(last=False)
        return finding

    def _read(self, content: bytes, digest: str, lists: tuple[bytes, ...]) -> CopyFinding:
        try:
            reader = PdfFileReader(io.BytesIO(content), decode_limits=LIMITS)
            if reader.encrypted:
                return CopyFinding(readable=False, why="encrypted")
            signatures = list(reader.embedded_regular_signatures)
            if len(signatures) > MOST_SIGNATURES:
                return CopyFinding(readable=False, why="damaged")
            last = len(signatures) - 1
            found = [self._finding(reader, one, n == last, lists) for n, one in enumerate(signatures)]
        except Exception:  # whatever a stranger's file does to the library: it cannot be checked
            return CopyFinding(readable=False, why="damaged")
        return CopyFinding(readable=True, signatures=tuple(found), digests=(digest, *_states(content)))

    def _finding(self, reader: PdfFileReader, signature: Any, last: bool, lists: tuple[bytes, ...]) -> SignatureFinding:
        moment = _stamped(signature)
        own, others = _evidence(reader)
        context = self._trust.context(moment or self._clock(), own, others, retroactive_revinfo=True)
        status = validate_pdf_signature(signature, context, context, key_usage_settings=self._usage)
        certificate = signature.signer_cert
        problems = [*_touched(status, last), *self._untrusted(status, moment, lists), *_weak(status, certificate)]
        return SignatureFinding(
            signer=_text(certificate.subject.native.get("common_name", "")),
            subject=named(certificate.subject),
            issuer=named(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            at=moment,
            problems=tuple(dict.fromkeys(problems)),
        )

    def _untrusted(self, status: Any, moment: datetime | None, lists: Sequence[bytes]) -> list[str]:
        stamp = status.timestamp_validity
        found = [] if status.trusted or not status.intact else [_TRUST.get(status.trust_problem_indic, "untrusted")]
        if stamp is None or moment is None:
            return [*found, "no_timestamp"]
        if not (stamp.intact and stamp.valid and stamp.trusted) or moment > self._clock() + AHEAD:
            found.append("bad_timestamp")
        if revoked(_path(status), lists, moment):
            found.append("revoked")
        if revoked(_path(stamp), lists, moment):
            found.append("bad_timestamp")
        return found


def named(name: Any) -> str:
    """A name of a certificate on one line: CN=…, O=…, C=VN, composed."""
    parts = [(SHORT.get(key, key), _text(value)) for key, value in name.native.items()]
    return ", ".join(f"{key}={value}" for key, value in sorted(parts, key=lambda part: part[0] != "CN"))


def _text(value: Any) -> str:
    """One value or several, in the form in which we compare and show names."""
    texts = [str(one) for one in value] if isinstance(value, list) else [str(value)]
    return normalize("NFC", " + ".join(texts))


def _touched(status: Any, last: bool) -> list[str]:
    """Whether what was signed is what is there. A digest that is right says nothing of what was added behind it."""
    allowed = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    level = status.modification_level
    found = [] if status.intact else ["altered"]
    if status.intact and not status.valid:
        found.append("wrong_signature")
    partly = status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION
    if partly or level is None or level > allowed or status.docmdp_ok is False:
        found.append("changed_later")
    return found


def _weak(status: Any, certificate: Any) -> list[str]:
    short = certificate.public_key.algorithm == "rsa" and certificate.public_key.bit_size < SHORTEST_RSA
    return ["weak"] if short or status.md_algorithm not in STRONG else []


def _stamped(signature: Any) -> datetime | None:
    """What the time-stamp says, whether it is to be believed or not."""
    token = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None)
    if token is None:
        return None
    at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def _evidence(reader: PdfFileReader) -> tuple[list[bytes], list[Any]]:
    """Revocation lists and certificates that the copy brings along."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], []
    return [one.get_object().data for one in store.crls], list(store.load_certs())


def _path(status: Any) -> list[bytes]:
    path = status.validation_path
    return [certificate.dump() for certificate in path.iter_certs(include_root=True)] if path else []


def _states(content: bytes) -> list[str]:
    """The digests of earlier states of the file, the latest first: each update is written behind the one before."""
    ends = [found.end() for found in re.finditer(rb"%%EOF(\r\n|\r|\n)?", content)][-MOST_STATES:]
    inner = [end for end in ends if end < len(content)]
    return [hashlib.sha256(content[:end]).hexdigest() for end in reversed(inner)]
