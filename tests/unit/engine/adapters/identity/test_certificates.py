"""Signatures by certificates of every kind that may turn up: a small hierarchy is made for each test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from engine.adapters.identity.certificates import CertificateCheck
from engine.domain.registration import OutsideSilentError, SignatureRefusedError

NOW = datetime(2026, 8, 3, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = b"what is signed"
OWNER = ((NameOID.COMMON_NAME, "Phạm Thị Hoa"), (NameOID.USER_ID, "CCCD:079188005678"))
Name = tuple[tuple[Any, str], ...]


@dataclass
class Held:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Any


def issue(name: Name, above: Held | None = None, *, key: Any = None, authority: bool = False, **more: Any) -> Held:
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(kind, text) for kind, text in name])
    usage = {
        "digital_signature": not authority and more.get("signing", True),
        "key_cert_sign": authority,
        "crl_sign": authority,
        "content_commitment": False,
        "key_encipherment": not authority,
        "data_encipherment": False,
        "key_agreement": False,
        "encipher_only": False,
        "decipher_only": False,
    }
    signer, issuer = (above.key, above.certificate.subject) if above else (key, subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(more.get("begins", NOW - 300 * DAY))
        .not_valid_after(more.get("ends", NOW + 300 * DAY))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if more.get("usage", True):
        builder = builder.add_extension(x509.KeyUsage(**usage), critical=True)
    return Held(builder.sign(signer, SHA256()), key)


def revoked(by: Held, *serials: int, at: datetime = NOW, key: Any = None) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
    builder = builder.last_update(at - DAY).next_update(at + DAY)
    for serial in serials:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at - DAY).build()
        )
    return builder.sign(key or by.key, SHA256()).public_bytes(Encoding.DER)


class Lists:
    """Where lists of revoked certificates are fetched."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def fetch(self, address: str) -> bytes:
        if address not in self.kept:
            raise OutsideSilentError(party="x", party_en="x")
        return self.kept[address]


class House:
    """A root, an issuer below it, and a check that pins the root."""

    def __init__(self, folder: Path) -> None:
        self.root = issue(((NameOID.COMMON_NAME, "root"),), authority=True)
        self.issuer = issue(((NameOID.COMMON_NAME, "issuer"),), self.root, authority=True)
        self.lists = Lists()
        self.lists.kept = {"root": revoked(self.root), "issuer": revoked(self.issuer)}
        (folder / "root.pem").write_bytes(self.root.certificate.public_bytes(Encoding.PEM))
        self.check = CertificateCheck(
            roots=[folder / "root.pem"],
            revoked=["root", "issuer"],
            outgoing=self.lists,  # type: ignore[arg-type]  # the one call that is made of it
        )

    def owner(self, held: Held, *chain: Held, sign: Callable[[Any], bytes] | None = None, now: datetime = NOW) -> Any:
        own = chain or (self.issuer,)
        pem = b"".join(one.certificate.public_bytes(Encoding.PEM) for one in (held, *own))
        signature = sign(held.key) if sign else held.key.sign(TEXT, ec.ECDSA(SHA256()))
        return self.check.owner(pem, signature, TEXT, now)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def pkcs1(key: Any) -> bytes:
    signed: bytes = key.sign(TEXT, padding.PKCS1v15(), SHA256())
    return signed


def test_a_good_signature_tells_name_and_number(house: House) -> None:
    assert house.owner(issue(OWNER, house.issuer)) == {"name": "Phạm Thị Hoa", "id_number": "079188005678"}


def test_rsa_is_taken_from_2048_bits_on(house: House) -> None:
    strong = issue(OWNER, house.issuer, key=rsa.generate_private_key(65537, 2048))
    assert house.owner(strong, sign=pkcs1)["id_number"] == "079188005678"
    weak = issue(OWNER, house.issuer, key=rsa.generate_private_key(65537, 1024))
    with pytest.raises(SignatureRefusedError) as refused:
        house.owner(weak, sign=pkcs1)
    assert "quá yếu" in refused.value.message


def test_an_organisation_is_known_by_its_code(house: House) -> None:
    name = (
        (NameOID.COMMON_NAME, "Lúa Vàng"),
        (NameOID.ORGANIZATION_NAME, "Công ty"),
        (NameOID.USER_ID, "MST:0312345678"),
    )
    found = house.owner(issue(name, house.issuer))
    assert (found["organisation_code"], found["organisation"]) == ("0312345678", "Công ty")
    assert "id_number" not in found


def test_a_signature_over_something_else_or_by_another_hash_is_refused(house: House) -> None:
    held = issue(OWNER, house.issuer)
    for wrong in (
        lambda key: key.sign(b"else", ec.ECDSA(SHA256())),
        lambda key: key.sign(TEXT, ec.ECDSA(SHA384())),
        lambda key: b"",
    ):
        with pytest.raises(SignatureRefusedError):
            house.owner(held, sign=wrong)


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"ends": NOW - DAY}, "hết hạn"),
        ({"begins": NOW + DAY}, "hết hạn"),
        ({"signing": False}, "không dùng để ký"),
        ({"usage": False}, ""),
        ({"authority": True}, ""),
    ],
)
def test_certificates_out_of_time_or_for_other_uses_are_refused(house: House, more: Any, word: str) -> None:
    with pytest.raises(SignatureRefusedError) as refused:
        house.owner(issue(OWNER, house.issuer, **more))
    assert word in refused.value.message


def test_a_path_that_is_broken_or_leads_elsewhere_is_refused(house: House) -> None:
    held = issue(OWNER, house.issuer)
    stranger = issue(((NameOID.COMMON_NAME, "root"),), authority=True)
    for one, chain in ((held, (stranger,)), (issue(OWNER, stranger), (stranger,)), (issue(OWNER), (house.issuer,))):
        with pytest.raises(SignatureRefusedError):
            house.owner(one, *chain)


def test_another_citizens_certificate_cannot_issue_one(house: House) -> None:
    citizen = issue(OWNER, house.issuer)
    with pytest.raises(SignatureRefusedError):
        house.owner(issue(OWNER, citizen), citizen, house.issuer)


def test_what_was_revoked_is_refused_for_owner_and_issuer(house: House) -> None:
    held = issue(OWNER, house.issuer)
    house.lists.kept["issuer"] = revoked(house.issuer, 1, held.certificate.serial_number)
    with pytest.raises(SignatureRefusedError) as refused:
        house.owner(held)
    assert "thu hồi" in refused.value.message
    house.lists.kept["issuer"] = revoked(house.issuer)
    house.lists.kept["root"] = revoked(house.root, house.issuer.certificate.serial_number)
    with pytest.raises(SignatureRefusedError):
        house.owner(held)


def test_without_a_fresh_list_signed_by_the_issuer_nobody_gets_in(house: House) -> None:
    held = issue(OWNER, house.issuer)
    stranger = ec.generate_private_key(ec.SECP256R1())
    for bad in (
        revoked(house.issuer, at=NOW - 30 * DAY),
        revoked(house.issuer, at=NOW + 30 * DAY),
        revoked(house.issuer, key=stranger),
        revoked(house.root),
        b"no list",
        b"",
    ):
        house.lists.kept["issuer"] = bad
        with pytest.raises(SignatureRefusedError):
            house.owner(held)
    del house.lists.kept["issuer"]
    with pytest.raises(OutsideSilentError):
        house.owner(held)


@pytest.mark.parametrize("number", ["", "CCCD:", "079188005678", "CCCD:079188005678; DROP", "XYZ:079188005678"])
def test_an_owner_without_a_number_is_nobody(house: House, number: str) -> None:
    name = (OWNER[0], (NameOID.USER_ID, number)) if number else OWNER[:1]
    with pytest.raises(SignatureRefusedError) as refused:
        house.owner(issue(name, house.issuer))
    assert "số định danh" in refused.value.message


@pytest.mark.parametrize("pem", [b"", b"\x00" * 900, b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----"])
def test_nonsense_is_no_certificate(house: House, pem: bytes) -> None:
    with pytest.raises(SignatureRefusedError):
        house.check.owner(pem, b"x", TEXT, NOW)
