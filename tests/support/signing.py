"""Papers, and everything that signs them: trial CA, time-stamper and revocation lists behind a real address."""

from __future__ import annotations

import atexit
import io
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pyhanko.pdf_utils.generic import ArrayObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.adapters.documents import TypstDocuments
from engine.adapters.signing.checking import PadesChecker
from engine.adapters.signing.pades import PadesSigning, equip
from engine.settings import Settings
from engine.trial_ca import TrialCa
from tests.support.desk import ROOT
from tests.support.standins import standing
from web.standins import tsa
from web.standins.book import Book
from web.standins.stage import Stage

LEADER, AGENCY = "Nguyễn Văn Bình", "Ủy ban nhân dân xã Mẫu"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TEMPLATE = """#import "/_shared/templates/letter.typ": *
#show: letter.with(data, title: "Giấy xác nhận")
#letterhead()
#headline("GIẤY XÁC NHẬN")
Ủy ban nhân dân xã Mẫu xác nhận ông Đặng Thế Ước thường trú tại xã.
#signature()
"""


def now() -> datetime:
    """The wall clock in the zone of the house: the time-stamper goes by it too."""
    return datetime.now(ZONE)


class Papers:
    """Implements the Documents port: whatever is asked for is one page of the sample."""

    def __init__(self) -> None:
        letter = (ROOT / "catalog" / "_shared" / "templates" / "letter.typ").read_bytes()
        self._files = {"_shared/templates/letter.typ": letter, "result.typ": TEMPLATE.encode()}
        self._documents = TypstDocuments()

    def render(self, template: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bytes:
        """The sample with these data."""
        return self._documents.render("result.typ", self._files, data)


@cache
def paper() -> bytes:
    """A result with its code, as the house makes it."""
    data = {
        "result": {"number": "01/GXN", "date": "2026-08-03"},
        "unit": {"name": AGENCY, "parent": "", "place": "Mẫu"},
        "signer": {"name": LEADER, "title": "Chủ tịch"},
        "verify": {"address": "https://xa.example.vn", "token": "AbCdEfGhIjKlMnOpQrStUv", "mark": "AB12-CD34"},
    }
    return Papers().render("", {}, data)


@cache
def trial_folder() -> Path:
    """The keys of the trial CA and of who signs: they take seconds to make, so they are made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-trial-ca-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ca = TrialCa(folder)
    for role, name in (("leader", LEADER), ("agency", AGENCY)):
        ca.signer(role, name)
    assert ca.tsa.certificate.not_valid_after_utc > datetime.now(UTC) > ca.expired_tsa().certificate.not_valid_after_utc
    return folder


@dataclass(frozen=True)
class Office:
    """Signs and checks; the stand-in's book turns its mood."""

    address: str
    book: Book
    section: dict[str, Any]
    signing: PadesSigning
    checker: PadesChecker
    ca: TrialCa

    def again(self, **changes: Any) -> Office:
        """The same, which has looked at nothing yet, with other settings."""
        section = {**self.section, **changes}
        signing, checker = equip(section, now)
        return Office(self.address, self.book, section, signing, checker, self.ca)

    def leader(self, content: bytes | None = None) -> bytes:
        """The paper, signed by the leader."""
        return self.signing.sign(content or paper(), role="leader", signer=LEADER, key="k1").content

    def sealed(self, content: bytes | None = None) -> bytes:
        """The paper, signed and sealed."""
        return self.signing.sign(self.leader(content), role="agency", signer=AGENCY, key="k2").content

    def problems(self, content: bytes) -> list[tuple[str, ...]]:
        """What is wrong with each signature."""
        return [one.problems for one in self.checker.check(content).signatures]

    def connectors(self, path: Path) -> Path:
        """A connectors' file with this section."""
        lines = [f"{name} = {json.dumps(value)}" for name, value in self.section.items()]
        path.write_text("[signing]\n" + "\n".join(lines) + "\n", "utf-8")
        return path


@contextmanager
def office() -> Iterator[Office]:
    """An office with its stand-in, on a free port."""
    folder = trial_folder()
    book = Book([tsa.PARTY])
    settings = Settings(home=folder, database_url="", catalog=folder, unit="xa-mau", demo=True)
    stage = Stage(settings=settings, connectors={"signing": {"trial_ca": str(folder)}}, book=book)
    with standing(DispatcherMiddleware(lambda *_: [], {"/tsa": tsa.create_tsa(stage)})) as address:
        section = {
            "standin": True,
            "trial_ca": str(folder),
            "tsa": f"{address}/tsa/time",
            "crls": [f"{address}/tsa/crl/root.crl", f"{address}/tsa/crl/issuing.crl"],
            "timeout": 30,
        }
        yield Office(address, book, section, *equip(section, now), TrialCa(folder))


def altered_page(content: bytes) -> bytes:
    """The file with an incremental update that draws over its first page: the signed bytes stay as they are."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.find_page_for_modification(0)[0].get_object()
    stream = writer.add_object(StreamObject(stream_data=b"BT 20 20 Td (1.000.000.000) Tj ET"))
    page["/Contents"] = ArrayObject([page.raw_get("/Contents"), stream])
    writer.update_container(page)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def pdfsig(content: bytes, folder: Path) -> str:
    """What poppler says of the signatures; certificates are not looked at, for nobody knows the trial CA."""
    path = folder / "signed.pdf"
    path.write_bytes(content)
    found = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    return found.stdout + found.stderr
