"""Whose key signs: PKCS#12 files, a PKCS#11 token, or the trial CA of a demonstration; each is opened once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from unicodedata import normalize

from asn1crypto import pem, x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from engine.adapters.signing.refusals import NoKeyError, SigningError
from engine.adapters.signing.token import token_signer
from engine.domain.signing_key import KeyLockedError, WrongPinError
from engine.domain.signing_key import SigningKey as KeyFacts
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
        self._facts: dict[tuple[str, str], KeyFacts] = {}
        self._lock = Lock()

    def of(self, role: str, signer: str) -> SigningKey:
        """The key that signs as `role` for `signer`; NoKeyError, KeyLockedError. Opened at the first asking."""
        name = normalize("NFC", signer)
        with self._lock:
            if (role, name) not in self._open:
                self._open[role, name] = self._opened(role, name)
            return self._open[role, name]

    def facts(self, role: str, signer: str) -> KeyFacts:
        """What is known of the key without opening it; NoKeyError."""
        name = normalize("NFC", signer)
        entry = self._entry(role, name)
        if entry is None:
            return self._trial_facts(role, name)
        if (role, name) not in self._facts:
            self._facts[role, name] = facts_of(entry, self._certificate(entry, role, name))
        return self._facts[role, name]

    def all(self) -> list[KeyFacts]:
        """Those of the section, and those that the trial CA has made."""
        named = [(entry["role"], entry["signer"]) for entry in self._entries]
        made = self._trial.signers() if self._trial else []
        return [self.facts(role, name) for role, name in dict.fromkeys([*named, *made])]

    def opened(self, facts: KeyFacts, pin: str) -> OpenedKey:
        """The key of its owner, opened by its PIN; WrongPinError, NoKeyError, SigningError."""
        entry = self._entry(facts.role, facts.signer)
        if entry is None:
            raise NoKeyError(role=facts.role, signer=facts.signer)
        key = SigningKey(_unlocked(entry, pin, facts.signer), _image(entry))
        if f"{key.certificate.serial_number:x}" != facts.serial:
            raise SigningError(
                reason="khóa trong kho không phải của chứng thư đã khai báo",
                reason_en="the key in the store is not that of certificate_file",
            )
        return OpenedKey(facts, key)

    def _entry(self, role: str, name: str) -> Mapping[str, Any] | None:
        own = (one for one in self._entries if one["role"] == role and normalize("NFC", one["signer"]) == name)
        return next(own, None)

    def _opened(self, role: str, name: str) -> SigningKey:
        entry = self._entry(role, name)
        if entry is not None and entry.get("ask_pin"):
            raise KeyLockedError(signer=name)
        if entry is not None:
            return SigningKey(token_signer(entry) if "pkcs11" in entry else _from_file(entry), _image(entry))
        if self._trial is None:
            raise NoKeyError(role=role, signer=name)
        return SigningKey(LoadedKeySigner(self._trial.signer(role, name)))

    def _certificate(self, entry: Mapping[str, Any], role: str, name: str) -> x509.Certificate | None:
        """Of a file of its own, or of the key where it opens without anybody; a token is not asked before it signs."""
        if "certificate_file" in entry:
            return x509.Certificate.load(_der(_bytes(entry["certificate_file"])))
        return None if "pkcs11" in entry else self.of(role, name).certificate

    def _trial_facts(self, role: str, name: str) -> KeyFacts:
        if self._trial is None:
            raise NoKeyError(role=role, signer=name)
        made = self._trial.made(role, name)
        return facts_of({"role": role, "signer": name}, _plain(made.certificate) if made else None)


class OpenedKey:
    """One key that is open for as long as somebody holds this."""

    def __init__(self, facts: KeyFacts, key: SigningKey) -> None:
        self._facts = facts
        self._key = key

    def of(self, role: str, signer: str) -> SigningKey:
        """The key; NoKeyError for any other."""
        if (role, normalize("NFC", signer)) != (self._facts.role, self._facts.signer):
            raise NoKeyError(role=role, signer=signer)
        return self._key

    def facts(self, role: str, signer: str) -> KeyFacts:
        """What is known of it."""
        self.of(role, signer)
        return self._facts


def facts_of(entry: Mapping[str, Any], certificate: x509.Certificate | None) -> KeyFacts:
    """What the house knows of a key by its entry and its certificate."""
    known: dict[str, Any] = {}
    if certificate is not None:
        begins, ends = certificate.not_valid_before, certificate.not_valid_after
        known = {"serial": f"{certificate.serial_number:x}", "begins": begins, "ends": ends}
    owner, asks = str(entry.get("officer", "")), bool(entry.get("ask_pin"))
    return KeyFacts(role=entry["role"], signer=normalize("NFC", entry["signer"]), officer=owner, asks_pin=asks, **known)


def _from_file(entry: Mapping[str, Any]) -> Signer:
    """A PKCS#12 file; its password in a file of its own."""
    password = _bytes(entry["password_file"]).strip() if "password_file" in entry else None
    try:
        return _loaded(entry, password)
    except ValueError as error:
        raise ValueError(f"{entry['pkcs12']}: {error}") from error


def _unlocked(entry: Mapping[str, Any], pin: str, signer: str) -> Signer:
    """The key behind a PIN, in whichever form of its marks it was set; WrongPinError. Why it failed is told to nobody:
    the library's words are not worth the risk of repeating what was typed."""
    if not pin.isprintable():  # the library below panics at NUL
        raise WrongPinError(signer=signer)
    if "pkcs11" in entry:
        on_token: Signer = token_signer(entry, pin)
        return on_token
    for form in dict.fromkeys((normalize("NFC", pin), pin, normalize("NFD", pin))):
        try:
            return _loaded(entry, form.encode())
        except ValueError:
            continue
    raise WrongPinError(signer=signer)


def _loaded(entry: Mapping[str, Any], password: bytes | None) -> Signer:
    key, certificate, chain = pkcs12.load_key_and_certificates(_bytes(entry["pkcs12"]), password)
    if certificate is None or not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError("it holds no key with its certificate")
    return LoadedKeySigner(Credential(key, certificate, tuple(chain)))


def _image(entry: Mapping[str, Any]) -> bytes:
    return _bytes(entry["image"]) if "image" in entry else b""


def _der(content: bytes) -> bytes:
    return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def _plain(certificate: Any) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
