"""Outside parties that are asked for a trial: the stand-ins of all of them, and nobody at home."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.clock import SystemClock
from engine.adapters.memory_notices import MemoryTokens
from engine.adapters.outside_trials import askers
from engine.adapters.payments import providers
from engine.connectors import load
from engine.settings import Settings
from tests.support.desk import ROOT, UNIT
from tests.support.standins import standing
from web.standins.mail import smtp_sink
from web.standins.serving import create_standins

Askers = dict[str, Callable[[], str]]
SAID = {  # how the answer of each begins
    "mail": "250",
    "idp": "1 khóa",
    "signing": "dấu thời gian",
    "vnpay": "không có đơn này",
    "momo": "không có đơn này",
    "certificates": "2 danh sách",
}


def made(sections: Any) -> Askers:
    return askers(sections, providers=providers.make(sections), unit=UNIT, tokens=MemoryTokens(), clock=SystemClock())


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The sections of a demonstration whose stand-ins answer."""
    home = tmp_path_factory.mktemp("trials")
    apps: list[Any] = []
    settings = Settings(home=home, database_url="", catalog=ROOT / "catalog", unit=UNIT, demo=True)
    with standing(lambda environ, start: apps[0](environ, start)) as address:
        settings = replace(settings, standins=address)
        sections = {name: dict(own) for name, own in load(settings).items()}
        app, book = create_standins(settings, sections)
        apps.append(app)
        sink = smtp_sink(book, free_port())
        sections["mail"]["port"] = sink.port
        sink.start()
        yield sections
        sink.stop()


def test_every_party_of_a_demonstration_answers_when_it_is_asked(town: dict[str, Any]) -> None:
    asked = made(town)
    answers = {name: ask() for name, ask in asked.items()}
    assert set(SAID) <= set(answers), answers
    assert {name: answers[name] for name, begin in SAID.items() if not answers[name].startswith(begin)} == {}
    others = {name: said for name, said in answers.items() if name not in SAID}
    assert {"sms", "zalo", "bhxh", "post"} <= set(others)
    assert {name: said for name, said in others.items() if not said.startswith("HTTP ")} == {}


def test_nobody_at_home_is_an_error_and_not_silence(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings = Settings(home=tmp_path, database_url="", catalog=ROOT / "catalog", unit=UNIT, demo=True)
    sections = {name: dict(own) for name, own in load(replace(settings, standins=nowhere)).items()}
    sections["clamav"] = {"address": f"unix://{tmp_path}/none.ctl"}
    asked, failed = made(sections), set[str]()
    for name, ask in asked.items():
        try:
            ask()
        except Exception:  # whatever it is, the page shows it
            failed.add(name)
    assert failed == set(asked)
    assert {"mail", "clamav", "vnpay", "signing"} <= failed


def test_a_scanner_says_pong(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.bind(str(tmp_path / "clamd.ctl"))
        line.listen()
        asked = made({"clamav": {"address": f"unix://{tmp_path}/clamd.ctl"}})["clamav"]
        peers: list[str] = []

        def answer() -> None:
            peer, _ = line.accept()
            with peer:
                peers.append(peer.recv(20).decode())
                peer.sendall(b"PONG\0")

        thread = threading.Thread(target=answer)
        thread.start()
        assert asked() == "PONG"
        thread.join()
    assert peers == ["zPING\0"]


def test_files_on_disk_and_mere_settings_have_nobody_to_ask() -> None:
    assert made({"files": {"kind": "disk"}, "payments": {"prefix": "MC"}, "usb_token": {"page": "http://x/sign"}}) == {}
