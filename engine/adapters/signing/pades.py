"""PAdES B-LT: a signature in the PDF with a trusted time, and all that is needed to check it later."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError as LibraryError
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

from engine.adapters.signing.apart import apart
from engine.adapters.signing.checking import PadesChecker
from engine.adapters.signing.keys import Keys, OpenedKey, SigningKey
from engine.adapters.signing.refusals import NoKeyError, SigningError
from engine.adapters.signing.stamps import LINE, Stamps, place_of
from engine.adapters.signing.trust import TrustList
from engine.domain.signing_key import SigningKey as KeyFacts
from engine.ports.results import Signed
from engine.trial_ca import TrialCa

LEVEL = "PAdES B-LT"
FIRST, SEAL = "leader", "agency"


@dataclass(frozen=True, slots=True)
class Signer:
    """What signing works with."""

    keys: Keys | OpenedKey
    trust: TrustList
    checker: PadesChecker
    stamps: Stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """One signature in the making. `look`: how it shows on the page; see stamps."""

    look: str
    signer: str
    own: SigningKey
    now: datetime
    lists: tuple[bytes, ...]
    reason: str | None = None
    place: str | None = None


class PadesSigning:
    """Implements the Signing and Sealing ports: SHA-256, ETSI.CAdES.detached, time-stamp of RFC 3161, chain and CRLs in
    /DSS."""

    def __init__(self, section: Mapping[str, Any], parts: Signer, clock: Callable[[], datetime]) -> None:
        self._section = section
        self._parts = parts
        self._clock = clock

    def sign(self, content: bytes, *, role: str, signer: str, key: str, officer: str = "") -> Signed:
        """The PDF with one more signature, seen to be sound before it is given back; NoKeyError, KeyOwnerError,
        KeyLockedError, SigningError.

        The leader signs first, the agency's seal comes on top. Signing again makes another file of the same worth.
        """
        self._parts.keys.facts(role, signer).check_owner(officer)
        own, now = self._parts.keys.of(role, signer), self._clock()
        _check_window(own, now)
        return self._made(
            content, lambda: _Act(look=role, signer=signer, own=own, now=now, lists=self._parts.trust.fetch())
        )

    def seal(self, content: bytes, *, signer: str, reason: str, place: str) -> Signed:
        """The PDF with the agency's seal alone, as `sign` gives it; NoKeyError, SigningError."""
        self._parts.keys.facts(SEAL, signer)
        lists, now = self._parts.trust.recent(), self._clock()  # first: who is away is asked before a key is opened
        own = self._parts.keys.of(SEAL, signer)
        _check_window(own, now)
        act = _Act(look=LINE, signer=signer, own=own, now=now, lists=lists, reason=reason, place=place)
        return self._made(content, lambda: act)

    def _made(self, content: bytes, act: Callable[[], _Act]) -> Signed:
        """The signature, checked before anybody gets it."""
        try:
            signed = apart(lambda: self._signed(content, act()))
        except (LibraryError, PdfError, ValidationError, PathBuildingError, OSError, ValueError) as error:
            raise _told(error) from error
        finding = self._parts.checker.check(signed)
        if not finding.sound:
            wrong = sorted({problem for one in finding.signatures for problem in one.problems} or {finding.why})
            raise SigningError(
                reason="bản vừa ký không qua được bước kiểm tra lại", reason_en=f"what was signed fails: {wrong}"
            )
        newest = finding.signatures[-1]
        at = newest.at.astimezone(self._clock().tzinfo).isoformat(timespec="seconds") if newest.at else ""
        return Signed(
            signature=f"{LEVEL} {newest.serial} {at}",
            content=signed,
            subject=newest.subject,
            serial=newest.serial,
            signed_at=at,
            level=LEVEL,
        )

    @property
    def keys(self) -> Keys | OpenedKey:
        """Whose keys it signs with."""
        return self._parts.keys

    def opened(self, key: KeyFacts, pin: str) -> PadesSigning:
        """Signs with this one key, which its PIN opens; WrongPinError, NoKeyError, SigningError."""
        if not isinstance(self._parts.keys, Keys):
            raise NoKeyError(role=key.role, signer=key.signer)
        return PadesSigning(self._section, replace(self._parts, keys=self._parts.keys.opened(key, pin)), self._clock)

    def _signed(self, content: bytes, act: _Act) -> bytes:
        reader = PdfFileReader(io.BytesIO(content))
        field = _field(reader, act.look)
        place = place_of(reader, act.look)
        stamp = self._parts.stamps.draw(act.look, act.signer, act.now, act.own.image)
        try:
            style = StaticStampStyle.from_pdf_file(str(stamp), border_width=0)
            made = PdfSigner(
                self._metadata(field, act),
                signer=act.own.signer,
                timestamper=RequestsHTTPTimeStamper(self._section["tsa"], timeout=self._timeout),
                stamp_style=style,
                new_field_spec=SigFieldSpec(field, on_page=place.page, box=place.box),
            ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)))
        finally:
            shutil.rmtree(stamp.parent, ignore_errors=True)
        return bytes(made.getvalue())

    @property
    def _timeout(self) -> float:
        return float(self._section.get("timeout", 5))

    def _metadata(self, field: str, act: _Act) -> PdfSignatureMetadata:
        return PdfSignatureMetadata(
            field_name=field,
            name=act.signer,
            reason=act.reason,
            location=act.place,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            embed_validation_info=True,
            validation_context=self._parts.trust.context(act.now, act.lists),
            signer_key_usage=set(self._section.get("key_usage", ("non_repudiation",))),
        )


def _field(reader: PdfFileReader, look: str) -> str:
    """The name of the new field: the role and how often it has signed; SigningError when it is not its turn.

    What bears the seal as a line is signed by nobody else.
    """
    before = [re.sub(r"\d+$", "", str(one.field_name)) for one in reader.embedded_regular_signatures]
    if look == LINE:
        if before:
            raise SigningError(reason="giấy đã có chữ ký số", reason_en="the paper is signed already")
        return f"{SEAL}1"
    if look == SEAL and FIRST not in before:
        raise SigningError(reason="lãnh đạo chưa ký nên chưa đóng dấu được", reason_en="the leader has not signed yet")
    if look != SEAL and SEAL in before:
        raise SigningError(reason="văn bản đã đóng dấu, không ký thêm được", reason_en="it is sealed already")
    return f"{look}{before.count(look) + 1}"


def _check_window(own: SigningKey, now: datetime) -> None:
    """A certificate signs while it is valid, and not a moment longer."""
    begins, ends = own.certificate.not_valid_before, own.certificate.not_valid_after
    if not begins <= now <= ends:
        raise SigningError(
            reason=f"chứng thư số chỉ có hiệu lực từ {begins:%d/%m/%Y} đến {ends:%d/%m/%Y}",
            reason_en=f"the certificate is valid from {begins:%Y-%m-%d} to {ends:%Y-%m-%d} only",
        )


def _told(error: Exception) -> SigningError:
    """What went wrong, in words a person of the house understands."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RevokedError):
            return SigningError(reason="chứng thư số đã bị thu hồi", reason_en="the certificate is revoked")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, OSError):
        return SigningError(
            reason="dịch vụ cấp dấu thời gian không trả lời hoặc trả lời sai",
            reason_en=f"the time-stamping service does not answer, or wrongly ({error})"[:500],
        )
    return SigningError(reason=f"{error}"[:500], reason_en=f"{error}"[:500])


def equip(section: Mapping[str, Any], clock: Callable[[], datetime]) -> tuple[PadesSigning, PadesChecker]:
    """Signing and checking as a `[signing]` section says; ValueError names what is wrong with it."""
    trial = TrialCa(Path(section["trial_ca"]), section.get("trial_crl", "")) if "trial_ca" in section else None
    trust = TrustList(section, trial, clock)
    checker = PadesChecker(trust, clock, frozenset(section.get("key_usage", ("non_repudiation",))))
    parts = Signer(Keys(section, trial), trust, checker, Stamps())
    return PadesSigning(section, parts, clock), checker
