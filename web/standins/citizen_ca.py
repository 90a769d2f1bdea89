"""A small certification service for invented citizens: made once under the installation's home, its root there."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from engine.settings import Settings
from web.standins.citizens import citizens, organisations

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
PIN = b"demo"
KINDS = {
    "good": ("còn hạn", "good"),
    "expired": ("hết hạn", "expired"),
    "revoked": ("đã thu hồi", "revoked"),
    "foreign": ("tổ chức khác cấp", "by another root"),
}
Key = ec.EllipticCurvePrivateKey
USAGE = {
    name: False
    for name in (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
        "digital_signature",
    )
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate that signs others."""

    certificate: x509.Certificate
    key: Key


def _name(common: str, *more: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.COMMON_NAME, common), *more]
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def certify(
    subject: x509.Name, issuer: Issuer | None, *, authority: bool, until: datetime = UNTIL, depth: int | None = None
) -> Issuer:
    """A fresh key with a certificate by the issuer, or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else key
    above = issuer.certificate.subject if issuer else subject
    usage = {**USAGE, **({"key_cert_sign": True, "crl_sign": True} if authority else {"digital_signature": True})}
    own, other = x509.SubjectKeyIdentifier.from_public_key, x509.AuthorityKeyIdentifier.from_issuer_public_key
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=depth), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(own(key.public_key()), critical=False)
        .add_extension(other(signer.public_key()), critical=False)
        .sign(signer, SHA256())
    )
    return Issuer(certificate, key)


class CitizenCa:
    """Root, issuing authority and everybody's certificates as PKCS#12 files."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.home / "citizen-ca"
        if not (self.folder / "root.pem").exists():
            self._make(settings)

    def _make(self, settings: Settings) -> None:
        """In a folder of its own first: of two who begin at once, one is taken."""
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = Path(tempfile.mkdtemp(prefix="citizen-ca.", dir=settings.home))
        root = certify(_name("CA gốc thử nghiệm"), None, authority=True, depth=1)
        issuing = certify(_name("CA công dân thử nghiệm"), root, authority=True, depth=0)
        foreign = certify(_name("CA lạ"), None, authority=True)
        _write(part / "root.p12", root)
        _write(part / "issuing.p12", issuing)
        for subject, label in _subjects(settings):
            for kind in KINDS:
                until = datetime(2021, 1, 1, tzinfo=UTC) if kind == "expired" else UNTIL
                holder = certify(subject, foreign if kind == "foreign" else issuing, authority=False, until=until)
                _write(part / f"{label}.{kind}.p12", holder, issuing.certificate)
        (part / "root.pem").write_bytes(root.certificate.public_bytes(serialization.Encoding.PEM))
        with contextlib.suppress(OSError):
            part.rename(self.folder)
        shutil.rmtree(part, ignore_errors=True)

    def holders(self) -> list[str]:
        """Whose certificates there are: id numbers, tax and agency codes."""
        return sorted({path.name.split(".good.")[0] for path in self.folder.glob("*.good.p12")})

    def sign(self, holder: str, kind: str, text: bytes) -> tuple[str, bytes]:
        """(the chain in PEM, the signature) by somebody's key; FileNotFoundError for nobody."""
        if kind not in KINDS or "/" in holder:
            raise FileNotFoundError(holder)
        key, certificate, others = _read(self.folder / f"{holder}.{kind}.p12")
        chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, *others))
        return chain.decode(), key.sign(text, ec.ECDSA(SHA256()))

    def subject(self, holder: str) -> str:
        """The name in somebody's certificate."""
        _, certificate, _ = _read(self.folder / f"{holder}.good.p12")
        return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    def revoked(self, authority: str, now: datetime) -> bytes:
        """The list of an authority ("root", "issuing"), fresh."""
        key, certificate, _ = _read(self.folder / f"{authority}.p12")
        times = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
        builder = times.last_update(now - timedelta(days=1)).next_update(now + timedelta(days=7))
        for path in self.folder.glob("*.revoked.p12") if authority == "issuing" else ():
            serial = _read(path)[1].serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(FROM).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(key, SHA256()).public_bytes(serialization.Encoding.DER)


def _subjects(settings: Settings) -> list[tuple[x509.Name, str]]:
    people = [(_person(one), str(one["id_number"])) for one in citizens(settings)]
    codes = {"enterprise": "MST", "agency": "MDD"}
    firms = [
        (
            _name(
                one["name"],
                (NameOID.ORGANIZATION_NAME, one["name"]),
                (NameOID.USER_ID, f"{codes[one['subtype']]}:{one['code']}"),
            ),
            one["code"],
        )
        for one in organisations(settings)
    ]
    return people + firms


def _person(one: Mapping[str, Any]) -> x509.Name:
    return _name(one["name"], (NameOID.USER_ID, f"CCCD:{one['id_number']}"))


def _write(path: Path, holder: Issuer, *above: x509.Certificate) -> None:
    locked = serialization.BestAvailableEncryption(PIN)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"demo", holder.key, holder.certificate, above, locked))
    path.chmod(0o600)


def _read(path: Path) -> tuple[Key, x509.Certificate, list[x509.Certificate]]:
    key, certificate, others = pkcs12.load_key_and_certificates(path.read_bytes(), PIN)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise FileNotFoundError(path)
    return key, certificate, others
