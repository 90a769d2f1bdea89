"""Whose key signs: PKCS#12 files, a PKCS#11 token, or the trial CA of a demonstration; each is opened once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from unicodedata import normalize

from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from engine.adapters.signing.refusals import NoKeyError
from engine.adapters.signing.token import token_signer
from engine.trial_ca import Credential, TrialCa


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Who signs, and a picture of the own signature or seal where one is given."""

    signer: Signer
    image: bytes = b""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        found = self.signer.signing_cert
        assert found is not None  # every way of making one sets it
        return found


class LoadedKeySigner(Signer):
    """Signs with a key that was opened once: the library's own signer opens it twice for each signature."""

    def __init__(self, credential: Credential) -> None:
        certificate, *chain = (_plain(one) for one in (credential.certificate, *credential.chain))
        store = SimpleCertificateStore()
        store.register_multiple([certificate, *chain])
        self._key = credential.key
        super().__init__(signing_cert=certificate, cert_registry=store)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature; PKCS#1 v1.5 of an RSA key, ECDSA of a curve's."""
        digest = get_pyca_cryptography_hash(digest_algorithm)
        key: Any = self._key
        if isinstance(key, EllipticCurvePrivateKey):
            return key.sign(data, ECDSA(digest))
        assert isinstance(key, RSAPrivateKey)
        return key.sign(data, PKCS1v15(), digest)


class Keys:
    """The keys that a `[signing]` section names: entries of `key` by role and, where given, by signer."""

    def __init__(self, section: Mapping[str, Any], trial: TrialCa | None) -> None:
        self._entries = [dict(entry) for entry in section.get("key", ())]
        self._trial = trial
        self._open: dict[tuple[str, str], SigningKey] = {}
        self._lock = Lock()

    def of(self, role: str, signer: str) -> SigningKey:
        """The key that signs as `role` for `signer`; NoKeyError. Opened at the first asking."""
        name = normalize("NFC", signer)
        with self._lock:
            if (role, name) not in self._open:
                self._open[role, name] = self._opened(role, name)
            return self._open[role, name]

    def _opened(self, role: str, name: str) -> SigningKey:
        for entry in self._entries:
            if entry["role"] == role and normalize("NFC", entry.get("signer", name)) == name:
                image = _bytes(entry["image"]) if "image" in entry else b""
                return SigningKey(token_signer(entry) if "pkcs11" in entry else _from_file(entry), image)
        if self._trial is None:
            raise NoKeyError(role=role, signer=name)
        return SigningKey(LoadedKeySigner(self._trial.signer(role, name)))


def _from_file(entry: Mapping[str, Any]) -> Signer:
    """A PKCS#12 file; its password in a file of its own."""
    password = _bytes(entry["password_file"]).strip() if "password_file" in entry else None
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(_bytes(entry["pkcs12"]), password)
    except ValueError as error:
        raise ValueError(f"{entry['pkcs12']}: {error}") from error
    if certificate is None or not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError(f"{entry['pkcs12']} holds no key with its certificate")
    return LoadedKeySigner(Credential(key, certificate, tuple(chain)))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def _plain(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
