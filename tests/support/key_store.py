"""A key store as an installation has it: each leader's PKCS#12 behind a PIN, its certificate beside it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12

from engine.domain.case import Case
from engine.trial_ca import Credential, TrialCa
from tests.support.desk import ROOT, open_desk, stage
from tests.support.followed import Followed, open_of
from tests.support.signing import AGENCY, LEADER, Office, now, trial_folder
from tests.support.web_client import Browser

HAPPY = ROOT / "catalog" / "xac-nhan-tinh-trang-hon-nhan@2" / "tests" / "01_truc_tuyen.toml"
TO_SIGN = 4  # steps of it until the leader's turn
Entry = Mapping[str, Any]


def kept(folder: Path, name: str, made: Credential, pin: str = "") -> dict[str, str]:
    """A credential in two files: the key behind its PIN, and its certificate for everybody."""
    lock = BestAvailableEncryption(pin.encode()) if pin else NoEncryption()
    content = pkcs12.serialize_key_and_certificates(None, made.key, made.certificate, list(made.chain), lock)
    (folder / f"{name}.p12").write_bytes(content)
    (folder / f"{name}.pem").write_bytes(made.certificate.public_bytes(Encoding.PEM))
    return {"pkcs12": str(folder / f"{name}.p12"), "certificate_file": str(folder / f"{name}.pem")}


def ending(office: Office, name: str, ends: datetime) -> Credential:
    """A credential whose certificate ends then."""
    return office.ca._made(name, "issuing", until=ends)


def beginning(name: str, begins: datetime) -> Credential:
    """A credential whose certificate begins then."""
    later = TrialCa(trial_folder(), clock=lambda: begins + timedelta(hours=1))
    return later._made(name, "issuing", years=2)


class Keys:
    """Entries of [[signing.key]] in the making."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.entries: list[Entry] = [
            {"role": "agency", "signer": AGENCY, **kept(folder, "seal", office.ca.signer("agency", AGENCY))}
        ]

    def leader(self, officer: str, pin: str, name: str = LEADER, made: Credential | None = None) -> Keys:
        """The key of an officer, who alone knows its PIN."""
        files = kept(self.folder, officer, made or self.office.ca.signer("leader", name), pin)
        self.entries.append({"role": "leader", "signer": name, "officer": officer, "ask_pin": True, **files})
        return self

    def held(self, officer: str, name: str = LEADER, made: Credential | None = None) -> Keys:
        """A key that the house opens by itself."""
        files = kept(self.folder, officer, made or self.office.ca.signer("leader", name))
        self.entries.append({"role": "leader", "signer": name, "officer": officer, **files})
        return self

    def connectors(self) -> Path:
        """The installation's file."""
        root = self.folder / "root.pem"
        root.write_bytes(self.office.ca.root.certificate.public_bytes(Encoding.PEM))
        own = {name: self.office.section[name] for name in ("tsa", "crls", "timeout")}
        section = {**own, "local": True, "roots": [str(root)]}
        lines = ["[signing]", *(f"{name} = {json.dumps(value)}" for name, value in section.items())]
        for entry in self.entries:
            lines += ["[[signing.key]]"]
            lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items()]
        path = self.folder / "connectors.toml"
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path


@contextmanager
def house_with(keys: Keys, home: Path, url: str = "") -> Iterator[Followed]:
    """A house that signs with these keys, today: time-stampers go by the real clock. Papers are made by its worker, at
    once, while somebody waits for them."""
    if not url:
        shutil.copyfile(stage(), home / "motcua.db")
    address = url or f"sqlite:///{home / 'motcua.db'}"
    desk = open_desk(home, address, at=now(), deployed=True, connectors=keys.connectors())
    desk.app.desk.signatures.pause = desk.app.worker.drain
    yield Followed(desk)
    desk.app.store.close()


def to_sign(house: Followed, count: int = 1) -> list[Case]:
    """Cases that wait for the leader's decision."""
    cases = [house.desk.play(HAPPY, steps=TO_SIGN, check=False) for _ in range(count)]
    assert all(open_of(case, "sign_result") for case in cases)
    return cases


def boxes(page: str, field: str = "chosen") -> list[str]:
    """What the boxes of a page send."""
    return re.findall(rf'name="{field}" value="([^"]*)"', page)


def send(leader: Browser, status: int = 200, **data: Any) -> str:
    """Send the form of the last page, with what is ticked on it."""
    ticked = {field: boxes(leader.page, field) for field in ("chosen", "stamp")}
    answer = leader.client.post("/can-bo/ky", data={**leader.own(), **ticked, "_action": "sign", **data})
    assert answer.status_code == status, (answer.status_code, answer.text[:3000])
    leader.page = answer.text
    return answer.text
