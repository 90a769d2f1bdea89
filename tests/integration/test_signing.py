"""Results are signed so that strangers' tools accept them, and everything done to a copy afterwards is told."""

from __future__ import annotations

import io
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.adapters.signing.late import LateSigning
from engine.adapters.signing.pades import LEVEL
from engine.adapters.signing.pades import equip as equip_signing
from engine.adapters.signing.refusals import NoKeyError, SigningError
from engine.adapters.signing.trust import TrustList
from engine.trial_ca import TrialCa
from tests.support.signing import AGENCY, LEADER, Office, altered_page, now, office, paper, pdfsig, trial_folder


@pytest.fixture(scope="module")
def shared() -> Iterator[Office]:
    with office() as found:
        yield found


@pytest.fixture
def room(shared: Office) -> Iterator[Office]:
    """An office whose stand-in is in a good mood, and which has looked at nothing yet."""
    yield shared.again()
    shared.book.turn("tsa", refuse=False, delay=0.0, repeat=0, lie="")


@pytest.fixture(scope="module")
def sealed(shared: Office) -> bytes:
    """A result, signed and sealed."""
    return shared.sealed()


def test_poppler_and_pyhanko_accept_both_signatures(room: Office, sealed: bytes, tmp_path: Path) -> None:
    said = pdfsig(sealed, tmp_path)
    assert said.count("Signature is Valid") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert said.count("SHA-256") == 2
    finding = room.checker.check(sealed)
    assert finding.sound
    assert [one.signer for one in finding.signatures] == [LEADER, AGENCY]
    assert all(abs(one.at - datetime.now(UTC)) < timedelta(hours=1) for one in finding.signatures if one.at)


def test_the_file_brings_along_what_it_is_checked_with(sealed: bytes) -> None:
    store = PdfFileReader(io.BytesIO(sealed)).root["/DSS"]
    assert len(store["/CRLs"]) >= 2
    assert len(store["/Certs"]) >= 4


def test_the_leader_signs_before_the_seal_and_nobody_behind_it(room: Office, sealed: bytes) -> None:
    for content, role, name in ((paper(), "agency", AGENCY), (sealed, "leader", LEADER)):
        with pytest.raises(SigningError):
            room.signing.sign(content, role=role, signer=name, key="k")


def test_what_is_given_back_tells_whose_certificate_when_and_at_which_level(room: Office) -> None:
    signed = room.signing.sign(paper(), role="leader", signer=LEADER, key="k")
    assert (signed.level, signed.serial) == (LEVEL, f"{room.ca.signer('leader', LEADER).certificate.serial_number:x}")
    at = datetime.fromisoformat(signed.signed_at)
    assert at.utcoffset() == timedelta(hours=7)
    assert LEADER in signed.subject


def test_names_are_the_same_however_their_marks_are_encoded(room: Office) -> None:
    name = unicodedata.normalize("NFD", LEADER)
    signed = room.signing.sign(paper(), role="leader", signer=name, key="k")
    assert room.checker.check(signed.content).signatures[0].signer == unicodedata.normalize("NFC", LEADER)


def flipped(content: bytes) -> bytes:
    place = content.index(b"stream") + 40
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def rewritten(content: bytes) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(made)
    return made.getvalue()


def noted(content: bytes) -> bytes:
    """With a note upon the page, as viewers add one."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


@pytest.mark.parametrize("tamper", [flipped, altered_page, rewritten, noted])
def test_a_tampered_copy_is_refused(room: Office, sealed: bytes, tamper: Callable[[bytes], bytes]) -> None:
    finding = room.checker.check(tamper(sealed))
    assert not finding.sound
    if finding.readable:
        assert all({"altered", "changed_later"} & set(one.problems) for one in finding.signatures)


def test_a_page_altered_in_an_incremental_update_is_told_though_the_digest_is_right(
    room: Office, sealed: bytes, tmp_path: Path
) -> None:
    doctored = altered_page(sealed)
    assert doctored.startswith(sealed)
    assert pdfsig(doctored, tmp_path).count("Signature is Valid") == 2  # the digest alone would call it genuine
    finding = room.checker.check(doctored)
    assert [one.problems for one in finding.signatures] == [("changed_later",)] * 2
    assert room.checker.check(sealed).digests[0] in finding.digests  # what it grew out of is still known


def test_the_first_signature_alone_is_sound_and_known_as_an_earlier_state(room: Office, sealed: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(sealed))
    assert len(reader.embedded_regular_signatures) == 2
    leader = room.leader()
    assert room.checker.check(leader).sound
    both = room.signing.sign(leader, role="agency", signer=AGENCY, key="k").content
    assert room.checker.check(leader).digests[0] in room.checker.check(both).digests


@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_a_truncated_copy_is_no_good(room: Office, sealed: bytes, part: float) -> None:
    finding = room.checker.check(sealed[: int(len(sealed) * part)])
    assert not finding.sound


def test_a_signer_who_had_been_revoked_is_told_in_a_copy_and_cannot_sign(room: Office, sealed: bytes) -> None:
    room.book.turn("tsa", lie="revoked")
    later = room.again()
    assert all("revoked" in one for one in later.problems(sealed))
    with pytest.raises(SigningError) as caught:
        later.leader()
    assert "thu hồi" in caught.value.message


def test_who_is_revoked_after_signing_had_signed_well(room: Office, sealed: bytes) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    serial = room.ca.signer("leader", LEADER).certificate.serial_number
    lists = (room.ca.crl("root"), room.ca.crl("issuing", [(serial, tomorrow)]))
    room.checker._trust._lists = (now(), lists)
    assert room.checker.check(sealed).sound


def test_a_copy_is_checked_by_what_it_brings_along_when_the_lists_cannot_be_had(room: Office, sealed: bytes) -> None:
    room.book.turn("tsa", refuse=True)
    assert room.again().checker.check(sealed).sound


def test_without_any_revocation_data_nothing_is_believed(room: Office) -> None:
    bare = strip_store(room.leader())
    room.book.turn("tsa", refuse=True)
    (problems,) = room.again().problems(bare)
    assert {"no_revocation_data", "bad_timestamp"} <= set(problems)


def strip_store(content: bytes) -> bytes:
    """The state before chain and lists were added: the signature itself, B-T."""
    reader = PdfFileReader(io.BytesIO(content))
    end = reader.embedded_regular_signatures[0].byte_range
    return content[: int(end[2]) + int(end[3])]


def test_another_root_is_not_trusted(room: Office, sealed: bytes, tmp_path: Path) -> None:
    stranger = {**room.section, "trial_ca": str(tmp_path / "other")}
    _, checker = equip_signing(stranger, now)
    for one in checker.check(sealed).signatures:
        assert {"untrusted", "bad_timestamp"} & set(one.problems)


@pytest.mark.parametrize("lie", ["imprint", "expired"])
def test_a_time_stamp_that_lies_is_never_signed_with(room: Office, lie: str) -> None:
    room.book.turn("tsa", lie=lie)
    with pytest.raises(SigningError):
        room.leader()


def test_without_a_time_stamp_there_is_no_signature(room: Office) -> None:
    room.book.turn("tsa", refuse=True)
    with pytest.raises(SigningError):
        room.leader()
    nowhere = room.again(tsa="http://127.0.0.1:9/tsa", crls=room.section["crls"])
    room.book.turn("tsa", refuse=False)
    with pytest.raises(SigningError) as caught:
        nowhere.leader()
    assert "dấu thời gian" in caught.value.message


def test_a_late_time_stamper_is_waited_for_no_longer_than_set(room: Office) -> None:
    impatient = room.again(timeout=0.5)
    impatient.checker.check(paper())  # the lists are known by now
    room.book.turn("tsa", delay=3.0)
    with pytest.raises(SigningError):
        impatient.leader()


def test_a_certificate_signs_within_its_window_only(room: Office) -> None:
    for shift in (timedelta(days=-400), timedelta(days=4000)):
        signing, _ = equip_signing(room.section, lambda shift=shift: now() + shift)
        with pytest.raises(SigningError) as caught:
            signing.sign(paper(), role="leader", signer=LEADER, key="k")
        assert "chỉ có hiệu lực từ" in caught.value.message


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not_pdf"),
        (b"\x89PNG\r\n" + b"x" * 2000, "not_pdf"),
        (b"%PDF-1.7\nnothing", "damaged"),
        (b"%PDF-1.7\n" + b"%%EOF\n" * 100_000, "damaged"),
        (b"%PDF-1.7" + b"0" * (10 * 2**20), "too_large"),
        (b"%PDF-1.7\n1 0 obj\n" + b"[" * 50_000 + b"\nendobj\nstartxref\n9\n%%EOF", "damaged"),
    ],
)
def test_what_cannot_be_checked_is_told_apart(room: Office, content: bytes, why: str) -> None:
    finding = room.checker.check(content)
    assert (finding.readable, finding.why, finding.sound) == (False, why, False)


def test_an_encrypted_copy_and_one_that_swells_are_not_looked_into(room: Office) -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper())) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert room.checker.check(made.getvalue()).why == "encrypted"
    swollen = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.Root.Big = pikepdf.Stream(pdf, b"0" * (80 * 2**20))
        for _ in range(50):
            pdf.add_blank_page()
        pdf.save(swollen, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    finding = room.checker.check(swollen.getvalue())
    assert len(swollen.getvalue()) < 2**20
    assert not finding.sound


def test_an_unsigned_paper_is_readable_and_bears_nothing(room: Office) -> None:
    finding = room.checker.check(paper())
    assert (finding.readable, finding.signatures, finding.sound) == (True, (), False)


def test_a_key_that_is_not_there_is_named(room: Office, tmp_path: Path) -> None:
    folder = trial_folder()
    root = tmp_path / "root.pem"
    root.write_bytes(TrialCa(folder).root.certificate.public_bytes(Encoding.PEM))
    section = {**{k: v for k, v in room.section.items() if k not in ("trial_ca", "standin")}, "roots": [str(root)]}
    section["key"] = [{"role": "leader", "signer": LEADER, "pkcs12": str(next(folder.glob("leader-*.p12")))}]
    signing, _ = equip_signing(section, now)
    assert signing.sign(paper(), role="leader", signer=LEADER, key="k").content
    for role, name in (("leader", "Trần Văn Khác"), ("agency", AGENCY)):
        with pytest.raises(NoKeyError):
            signing.sign(paper(), role=role, signer=name, key="k")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tsa": ""}, "tsa"),
        ({"standin": False}, "trial_ca"),
        ({"surprise": 1}, "surprise"),
        ({"trial_ca": None}, "roots"),
        ({"key": [{"role": "leader"}]}, "pkcs12"),
    ],
)
def test_a_section_that_makes_no_sense_is_refused_before_anything_is_signed(room: Office, changes, said) -> None:
    section = {k: v for k, v in {**room.section, **changes}.items() if v is not None}
    with pytest.raises(ValueError, match=said):
        LateSigning(section, now)


def test_a_key_on_a_token_says_what_it_needs(room: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pkcs11", "pkcs11.exceptions"):
        monkeypatch.setitem(sys.modules, name, None)
    key = {"role": "leader", "signer": LEADER, "pkcs11": "/usr/lib/none.so"}
    signing, _ = equip_signing({**room.section, "key": [key]}, now)
    with pytest.raises(ValueError, match="python-pkcs11"):
        signing.sign(paper(), role="leader", signer=LEADER, key="k")


def test_lists_of_the_last_minutes_serve_for_seals_and_older_ones_are_asked_for_anew(room: Office) -> None:
    moment = now()
    trust = TrustList(room.section, room.ca, lambda: moment)
    lists = trust.recent()
    room.book.turn("tsa", refuse=True)
    moment += timedelta(minutes=9)
    assert trust.recent() == lists
    moment += timedelta(minutes=2)
    with pytest.raises(SigningError):
        trust.recent()
    assert trust.known() == lists  # a copy is checked by those there are
    with pytest.raises(SigningError):
        trust.recent()


def test_a_paper_of_the_desk_is_sealed_alone_and_only_once(room: Office, sealed: bytes) -> None:
    made = room.signing.seal(paper(), signer=AGENCY, reason="Giấy số 1", place="Mẫu")
    finding = room.checker.check(made.content)
    assert finding.sound
    assert (finding.signatures[0].signer, made.level) == (AGENCY, LEVEL)
    for content in (made.content, sealed, room.leader()):
        with pytest.raises(SigningError):
            room.signing.seal(content, signer=AGENCY, reason="", place="")
    for role, name in (("leader", LEADER), ("agency", AGENCY)):
        with pytest.raises(SigningError):
            room.signing.sign(made.content, role=role, signer=name, key="k")


def test_a_damaged_paper_is_not_sealed(room: Office) -> None:
    for content in (b"", b"%PDF-1.7 nothing", paper()[:500]):
        with pytest.raises(SigningError):
            room.signing.seal(content, signer=AGENCY, reason="", place="")
