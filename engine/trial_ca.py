"""A certification authority for demonstrations and tests: root, issuing authority, time-stamper, revocation lists.

It vouches for nobody. Keys and certificates are made when they are first asked for and kept in one folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROLES = ("leader", "agency")
YEARS = timedelta(days=365)
NAMES = {"root": "Một Cửa – CA gốc thử nghiệm", "issuing": "Một Cửa – CA thử nghiệm", "tsa": "Một Cửa – TSA thử nghiệm"}


@dataclass(frozen=True, slots=True)
class Credential:
    """A key and its certificate, with those that lead to the root, nearest first."""

    key: RSAPrivateKey | EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


class TrialCa:
    """Its folder may be shared by any number of processes. `address`: where it publishes its revocation lists.

    `clock` tells when certificates begin: an hour before, so that clocks of two machines may differ.
    """

    def __init__(
        self, folder: Path, address: str = "", clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._folder = folder
        self._address = address
        self._clock = clock
        self._known: dict[str, Credential] = {}

    @property
    def root(self) -> Credential:
        """The root, signed by itself."""
        return self._kept("root", lambda: self._made(NAMES["root"], None, years=20, authority=True))

    @property
    def issuing(self) -> Credential:
        """The authority that issues what people use."""
        return self._kept("issuing", lambda: self._made(NAMES["issuing"], "root", years=10, authority=True))

    @property
    def tsa(self) -> Credential:
        """The time-stamper."""
        return self._kept("tsa", lambda: self._made(NAMES["tsa"], "issuing", years=5, stamping=True))

    def expired_tsa(self) -> Credential:
        """A time-stamper whose certificate ran out yesterday."""
        ended = self._clock() - timedelta(days=1)
        return self._kept("tsa-expired", lambda: self._made(NAMES["tsa"], "issuing", stamping=True, until=ended))

    def signer(self, role: str, name: str, organisation: str = "") -> Credential:
        """Who signs as `role` under this name: the certificate is issued at the first asking."""
        plain = normalize("NFC", name)
        return self._kept(
            _file_of(role, plain), lambda: self._made(plain, "issuing", organisation=organisation, years=3)
        )

    def made(self, role: str, name: str) -> Credential | None:
        """What signs as `role` under this name, where it has been made; nothing is made by asking."""
        known = _file_of(role, name)
        return self._kept(known, _nothing) if known in self._known or self._path(known).exists() else None

    def signers(self) -> list[tuple[str, str]]:
        """(role, name) of all who have signed so far."""
        kept = [path.stem for path in sorted(self._folder.glob("*-*.p12")) if path.stem.rpartition("-")[0] in ROLES]
        return [(stem.rpartition("-")[0], _common(self._kept(stem, _nothing).certificate)) for stem in kept]

    def crl(self, issuer: str, revoked: Sequence[tuple[int, datetime]] = ()) -> bytes:
        """The revocation list of `root` or `issuing` in DER, for a week from now; `revoked`: serials, since when."""
        authority = {"root": self.root, "issuing": self.issuing}[issuer]
        now = self._clock().replace(microsecond=0)
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=authority.certificate.subject,
            last_update=now - timedelta(hours=1),
            next_update=now + timedelta(days=7),
        )
        for serial, since in revoked:
            entry = x509.RevokedCertificateBuilder(serial, since.astimezone(UTC).replace(microsecond=0)).build()
            builder = builder.add_revoked_certificate(entry)
        builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        builder = builder.add_extension(_key_id_of(authority.certificate), critical=False)
        return builder.sign(authority.key, SHA256()).public_bytes(Encoding.DER)

    def serials(self) -> dict[str, int]:
        """The serial numbers of all certificates made so far, by the name of their file."""
        return {path.stem: _read(path).certificate.serial_number for path in sorted(self._folder.glob("*.p12"))}

    def _kept(self, name: str, make: Callable[[], Credential]) -> Credential:
        if name not in self._known:
            path = self._path(name)
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                _keep(path, make())
            self._known[name] = _read(path)
        return self._known[name]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.p12"

    def _made(
        self,
        name: str,
        issuer: str | None,
        *,
        years: int = 1,
        until: datetime | None = None,
        organisation: str = "",
        authority: bool = False,
        stamping: bool = False,
    ) -> Credential:
        key = generate_private_key(65537, 2048)
        above = {"root": lambda: self.root, "issuing": lambda: self.issuing}[issuer]() if issuer else None
        subject = _name(name, organisation)
        end = until or self._clock() + years * YEARS
        builder = x509.CertificateBuilder(
            subject_name=subject,
            issuer_name=above.certificate.subject if above else subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=min(self._clock() - timedelta(hours=1), end - YEARS),
            not_valid_after=end,
        )
        for extension, critical in self._extensions(key, issuer, above, authority=authority, stamping=stamping):
            builder = builder.add_extension(extension, critical=critical)
        signed = builder.sign(above.key if above else key, SHA256())
        return Credential(key, signed, (above.certificate, *above.chain) if above else ())

    def _extensions(
        self, key: RSAPrivateKey, issuer: str | None, above: Credential | None, *, authority: bool, stamping: bool
    ) -> list[tuple[Any, bool]]:
        found: list[tuple[Any, bool]] = [
            (x509.BasicConstraints(ca=authority, path_length=None), True),
            (_usage(authority), True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        ]
        if stamping:
            found.append((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True))
        if above is not None:
            found.append((_key_id_of(above.certificate), False))
        if issuer and self._address:
            place = [x509.UniformResourceIdentifier(f"{self._address}/{issuer}.crl")]
            point = x509.DistributionPoint(full_name=place, relative_name=None, reasons=None, crl_issuer=None)
            found.append((x509.CRLDistributionPoints([point]), False))
        return found


def _file_of(role: str, name: str) -> str:
    return f"{role}-{hashlib.sha256(normalize('NFC', name).encode()).hexdigest()[:12]}"


def _common(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _nothing() -> Credential:
    raise ValueError("it was there a moment ago")


def _name(common: str, organisation: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64])] if organisation else []
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _usage(authority: bool) -> x509.KeyUsage:
    off = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    own = {"key_cert_sign": authority, "crl_sign": authority}
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, **own, **dict.fromkeys(off, False)
    )


def _key_id_of(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)


def _keep(path: Path, made: Credential) -> None:
    """Whole or not at all; where another process was first, its key is the key."""
    content = pkcs12.serialize_key_and_certificates(None, made.key, made.certificate, list(made.chain), NoEncryption())
    part = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()


def _read(path: Path) -> Credential:
    key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey) or certificate is None:
        raise ValueError(f"{path} holds no key of the trial CA")
    return Credential(key, certificate, tuple(chain))
