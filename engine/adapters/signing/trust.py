"""Whom the house trusts: pinned roots, and the revocation lists of the authorities beneath them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import requests
from asn1crypto import pem
from asn1crypto import x509 as plain
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import ValidationContext

from engine.adapters.signing.refusals import SigningError
from engine.trial_ca import TrialCa

FRESH = timedelta(minutes=10)  # so long a revocation list serves for checking copies and for seals
LARGEST_LIST = 20 * 2**20


class TrustList:
    """`section`: `roots`, `intermediates` (files, PEM or DER), `crls` (addresses), `timeout` in seconds."""

    def __init__(self, section: Mapping[str, Any], trial: TrialCa | None, clock: Callable[[], datetime]) -> None:
        self._section = section
        self._trial = trial
        self._clock = clock
        self._lock = Lock()
        self._lists: tuple[datetime, tuple[bytes, ...]] | None = None  # when they were asked for last
        self._had: tuple[datetime, tuple[bytes, ...]] | None = None  # when they were there last
        self._certificates: dict[str, list[plain.Certificate]] = {}
        if not (section.get("roots") or trial):
            raise ValueError("[signing] names no roots: without them no signature could be trusted")

    def roots(self) -> list[plain.Certificate]:
        """The pinned roots."""
        return self._named("roots", lambda trial: [trial.root.certificate])

    def intermediates(self) -> list[plain.Certificate]:
        """Authorities beneath them, for signatures that do not bring theirs along."""
        return self._named("intermediates", lambda trial: [trial.issuing.certificate])

    def _named(self, kind: str, of_trial: Callable[[TrialCa], list[x509.Certificate]]) -> list[plain.Certificate]:
        if kind not in self._certificates:
            own = [certificate for path in self._section.get(kind, ()) for certificate in _read(Path(path))]
            trial = [one.public_bytes(Encoding.DER) for one in of_trial(self._trial)] if self._trial else []
            self._certificates[kind] = [plain.Certificate.load(one) for one in (*own, *trial)]
        return self._certificates[kind]

    def context(self, moment: datetime, crls: Sequence[bytes], others: Iterable[Any] = (), **more: Any) -> Any:
        """What certificates are validated in, as of `moment`: nothing is fetched, every revocation has to be known."""
        return ValidationContext(
            trust_roots=self.roots(),
            other_certs=[*self.intermediates(), *others],
            moment=moment,
            crls=list(crls),
            allow_fetching=False,
            revocation_mode="require",
            **more,
        )

    def fetch(self) -> tuple[bytes, ...]:
        """The revocation lists as they are now, DER; SigningError where one cannot be had."""
        timeout = float(self._section.get("timeout", 5))
        try:
            lists = tuple(_fetched(address, timeout) for address in self._section.get("crls", ()))
        except (OSError, ValueError) as error:
            raise SigningError(
                reason="không tải được danh sách thu hồi chứng thư số",
                reason_en=f"a revocation list cannot be had ({error})"[:500],
            ) from error
        with self._lock:
            self._lists = self._had = (self._clock(), lists)
        return lists

    def recent(self) -> tuple[bytes, ...]:
        """The revocation lists of the last minutes, or as they are now; SigningError where one cannot be had."""
        with self._lock:
            found = self._had
        return found[1] if found is not None and self._clock() - found[0] < FRESH else self.fetch()

    def known(self) -> tuple[bytes, ...]:
        """The newest lists that could be had; none when there never were any: a copy brings those of its day along."""
        with self._lock:
            found = self._lists
        if found is not None and self._clock() - found[0] < FRESH:
            return found[1]
        try:
            return self.fetch()
        except SigningError:
            lists = found[1] if found else ()
            with self._lock:
                self._lists = (self._clock(), lists)  # a service that is away is not asked again by every reader
            return lists


def revoked(path: Sequence[bytes], lists: Iterable[bytes], moment: datetime) -> bool:
    """Whether one of the certificates of `path` (DER, with those of their issuers) was revoked by `moment`."""
    certificates = [x509.load_der_x509_certificate(one) for one in path]
    return any(_revokes(x509.load_der_x509_crl(one), certificates, moment) for one in lists)


def _revokes(found: x509.CertificateRevocationList, path: Sequence[x509.Certificate], moment: datetime) -> bool:
    """Only a list that its issuer signed says anything."""
    issuers: list[Any] = [one.public_key() for one in path if one.subject == found.issuer]
    if not any(found.is_signature_valid(key) for key in issuers):
        return False
    issued = [one.serial_number for one in path if one.issuer == found.issuer]
    entries = [found.get_revoked_certificate_by_serial_number(number) for number in issued]
    return any(entry is not None and entry.revocation_date_utc <= moment for entry in entries)


def _read(path: Path) -> list[bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    return [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]


def _fetched(address: str, timeout: float) -> bytes:
    answer = requests.get(address, timeout=timeout, allow_redirects=False)
    if answer.status_code != 200 or len(answer.content) > LARGEST_LIST:
        raise ValueError(f"{address} answered {answer.status_code}")
    content = pem.unarmor(answer.content)[2] if pem.detect(answer.content) else answer.content
    x509.load_der_x509_crl(content)
    return bytes(content)
