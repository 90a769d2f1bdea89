"""Whether a signature by a citizen's certificate holds: the signature, a chain to a pinned root, use, revocation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from engine.adapters.identity.outgoing import Outgoing
from engine.domain.registration import SignatureRefusedError

LEAST_RSA = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
HASHES = (SHA256, SHA384, SHA512)
WEAK = ("thuật toán hoặc khóa quá yếu", "its algorithm or key is too weak")
FORGED = ("chữ ký không khớp với nội dung", "it does not fit what was to be signed")
UNTRUSTED = (
    "chứng thư đã hết hạn hoặc không do tổ chức được tin cậy cấp",
    "the certificate is out of date or not by a trusted issuer",
)
REVOKED = ("chứng thư đã bị thu hồi", "the certificate was revoked")
STALE = ("không kiểm tra được tình trạng thu hồi của chứng thư", "whether the certificate was revoked cannot be told")
MISUSED = ("chứng thư không dùng để ký", "the certificate is not for signing")
UNNAMED = ("chứng thư không ghi số định danh của chủ thể", "the certificate does not name its owner's number")
UNREADABLE = ("không đọc được chữ ký hoặc chứng thư", "the signature or certificate cannot be read")
OWNER = re.compile(r"(CCCD|CMND|MST|MDD):([0-9A-Z.]{9,30})")
FACT = {"CCCD": "id_number", "CMND": "id_number", "MST": "organisation_code", "MDD": "organisation_code"}


def refused(reason: tuple[str, str]) -> SignatureRefusedError:
    """The refusal for a reason in both languages."""
    return SignatureRefusedError(reason=reason[0], reason_en=reason[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateCheck:
    """`roots`: files of pinned roots; `revoked`: addresses of the lists of what issuers took back, one each."""

    roots: Sequence[Path]
    revoked: Sequence[str]
    outgoing: Outgoing

    def owner(self, chain_pem: bytes, signature: bytes, signed: bytes, now: datetime) -> dict[str, str]:
        """Who signed `signed`: the owner's facts; SignatureRefusedError, and OutsideSilentError without a list."""
        try:
            chain = x509.load_pem_x509_certificates(chain_pem)
        except ValueError as error:
            raise refused(UNREADABLE) from error
        _check_signature(chain[0], signature, signed)
        path = self._path(chain, now)
        self._check_revocation(path, now)
        return _facts(chain[0])

    def _path(self, chain: Sequence[x509.Certificate], now: datetime) -> list[x509.Certificate]:
        """From the owner's certificate to a pinned root. Certificates of persons need no alternative name here."""
        pinned = [one for path in self.roots for one in x509.load_pem_x509_certificates(path.read_bytes())]
        owner = ExtensionPolicy.permit_all().require_present(x509.KeyUsage, Criticality.AGNOSTIC, _for_signing)
        builder = PolicyBuilder().store(Store(pinned)).time(now.astimezone(UTC)).max_chain_depth(4)
        builder = builder.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=owner)
        try:
            return list(builder.build_client_verifier().verify(chain[0], list(chain[1:])).chain)
        except VerificationError as error:
            raise refused(
                MISUSED if "keyUsage" in str(error) or "digitalSignature" in str(error) else UNTRUSTED
            ) from error

    def _check_revocation(self, path: Sequence[x509.Certificate], now: datetime) -> None:
        """Every certificate below the root against its issuer's newest list: signed by it, and of these days."""
        lists = [_read_list(self.outgoing.fetch(address)) for address in self.revoked]
        for one, issuer in zip(path, path[1:], strict=False):
            own = [crl for crl in lists if crl.issuer == issuer.subject and crl.is_signature_valid(issuer.public_key())]  # type: ignore[arg-type]  # keys of other kinds do not pass the path
            fresh = [crl for crl in own if _fresh(crl, now)]
            if not fresh:
                raise refused(STALE)
            if any(crl.get_revoked_certificate_by_serial_number(one.serial_number) for crl in fresh):
                raise refused(REVOKED)


def _for_signing(policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is None or not (usage.digital_signature or usage.content_commitment):
        raise ValueError("keyUsage lacks digitalSignature")


def _read_list(content: bytes) -> x509.CertificateRevocationList:
    try:
        pem = content.startswith(b"-----")
        return x509.load_pem_x509_crl(content) if pem else x509.load_der_x509_crl(content)
    except ValueError as error:
        raise refused(STALE) from error


def _fresh(crl: x509.CertificateRevocationList, now: datetime) -> bool:
    until = crl.next_update_utc
    return crl.last_update_utc <= now and until is not None and now <= until


def _check_signature(certificate: x509.Certificate, signature: bytes, signed: bytes) -> None:
    """By SHA-256; weak keys and weakly signed certificates are refused."""
    key = certificate.public_key()
    if not isinstance(certificate.signature_hash_algorithm, HASHES):
        raise refused(WEAK)
    try:
        if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA:
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES):
            key.verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            raise refused(WEAK)
    except InvalidSignature as error:
        raise refused(FORGED) from error


def _facts(certificate: x509.Certificate) -> dict[str, str]:
    """What a certificate says of its owner: numbers stand in UID as CCCD:…, MST:… (tax) or MDD:… (agency)."""
    subject = certificate.subject
    numbers: dict[str, str] = {}
    for attribute in subject.get_attributes_for_oid(NameOID.USER_ID):
        if found := OWNER.fullmatch(str(attribute.value).strip()):
            numbers.setdefault(FACT[found[1]], found[2])
    if not numbers:
        raise refused(UNNAMED)
    names = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    organisations = [str(one.value) for one in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    facts = {"name": names[0] if names else "", **numbers}
    return {**facts, "organisation": organisations[0]} if organisations and "organisation_code" in numbers else facts
