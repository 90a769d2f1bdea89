"""A key that never leaves its token signs like one of a file, by its owner's PIN; tried with SoftHSM2 where it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from engine.adapters.signing.late import LateSigning
from engine.domain.signing_key import KeyLockedError, WrongPinError
from tests.support.signing import LEADER, Office, now, office, paper

MODULE = next(
    (
        path
        for path in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"))
        if path.exists()
    ),
    None,
)
TOOL = shutil.which("softhsm2-util")
pkcs11 = pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
rsa, x509 = (pytest.importorskip(f"pkcs11.util.{name}") for name in ("rsa", "x509"))
if MODULE is None or TOOL is None:
    pytest.skip("SoftHSM2 is not on this machine", allow_module_level=True)
PIN = "471100"


@dataclass(frozen=True)
class Token:
    """An office, and the entry of the leader's key on a token."""

    office: Office
    entry: dict[str, Any]

    def signing(self, **changes: Any) -> LateSigning:
        """The key store with this entry."""
        return LateSigning({**self.office.section, "key": [{**self.entry, **changes}]}, now)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")  # the library reads it when it is loaded first
    begin = [str(TOOL), "--init-token", "--free", "--label", "xa-mau", "--pin", PIN, "--so-pin", "000000"]
    subprocess.run(begin, check=True, capture_output=True)
    with office() as room:
        made = room.ca.signer("leader", LEADER)
        der = made.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        certificate = made.certificate.public_bytes(Encoding.DER)
        put(der, certificate)
        (folder / "binh.der").write_bytes(certificate)
        entry = {"role": "leader", "signer": LEADER, "officer": "binh", "pkcs11": str(MODULE), "token": "xa-mau"}
        files = {"certificate": "binh", "key": "binh", "certificate_file": str(folder / "binh.der")}
        yield Token(room, {**entry, **files, "ask_pin": True})


def put(key: bytes, certificate: bytes) -> None:
    """Lay a key and its certificate on the token."""
    found = pkcs11.lib(str(MODULE)).get_token(token_label="xa-mau")
    with found.open(rw=True, user_pin=PIN) as session:
        session.create_object({**rsa.decode_rsa_private_key(key), pkcs11.Attribute.TOKEN: True, **named(1)})
        session.create_object({**x509.decode_x509_certificate(certificate), pkcs11.Attribute.TOKEN: True, **named(1)})


def named(number: int) -> dict[Any, Any]:
    return {pkcs11.Attribute.LABEL: "binh", pkcs11.Attribute.ID: bytes([number])}


def sign(signing: Any) -> bytes:
    return bytes(signing.sign(paper(), role="leader", signer=LEADER, key="k", officer="binh").content)


def test_the_pin_of_the_token_opens_its_key_for_one_act(token: Token) -> None:
    signing = token.signing()
    key = signing.key("leader", LEADER)
    assert (key.asks_pin, key.officer) == (True, "binh")
    assert token.office.checker.check(sign(signing.opened(key, PIN))).sound
    with pytest.raises(KeyLockedError):
        sign(signing)


def test_a_wrong_pin_of_the_token_is_told_and_the_right_one_still_signs(token: Token) -> None:
    signing = token.signing()
    key = signing.key("leader", LEADER)
    for pin in ("000000", "1", "x" * 300):
        with pytest.raises(WrongPinError):
            signing.opened(key, pin)
    assert token.office.checker.check(sign(signing.opened(key, PIN))).sound


def test_a_token_whose_pin_the_house_keeps_signs_by_itself(token: Token, tmp_path: Path) -> None:
    (tmp_path / "pin").write_text(f"{PIN}\n", "utf-8")
    signing = token.signing(ask_pin=False, pin_file=str(tmp_path / "pin"))
    assert token.office.checker.check(sign(signing)).sound
