"""The scanner's protocol, spoken to a daemon that behaves well, late, wrongly, or not at all."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engine.adapters.uploads.clamav import ClamScanner, scanner_of
from engine.ports.uploads import ScannerDownError


class Daemon:
    """Speaks INSTREAM: finds EICAR, refuses what is longer than `limit`, answers `answer` instead when told to."""

    def __init__(self, line: socket.socket) -> None:
        self.line, self.limit, self.answer, self.dies_after = line, 10_000_000, "", -1
        self.heard: list[int] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self.line.accept()
                with peer, suppress(OSError, AssertionError):
                    self._talk(peer)

    def _talk(self, peer: socket.socket) -> None:
        reader = peer.makefile("rb")
        assert reader.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", reader.read(4))[0]:
            content += reader.read(size)
            if 0 <= self.dies_after < len(content):
                return
            if len(content) > self.limit:
                peer.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.heard.append(len(content))
        found = "stream: Eicar-Test FOUND" if b"EICAR" in content else "stream: OK"
        peer.sendall((self.answer or found).encode() + b"\0")


@contextmanager
def daemon(family: int, place: str | tuple[str, int]) -> Iterator[Daemon]:
    """A daemon at a place of this machine."""
    line = socket.socket(family, socket.SOCK_STREAM)
    line.bind(place)
    line.listen()
    yield Daemon(line)
    line.close()


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Daemon, ClamScanner]]:
    if request.param == "unix":
        with daemon(socket.AF_UNIX, str(tmp_path / "clamd.ctl")) as found:
            yield found, ClamScanner(f"unix://{tmp_path}/clamd.ctl", 5)
        return
    with daemon(socket.AF_INET, ("127.0.0.1", 0)) as found:
        yield found, ClamScanner(f"tcp://127.0.0.1:{found.line.getsockname()[1]}", 5)


def test_clean_and_infected_files_are_told_apart(clamd: tuple[Daemon, ClamScanner]) -> None:
    found, scanner = clamd
    assert scanner.scan(b"a clean file") is None
    assert scanner.scan(b"x" * 200_000) is None
    assert scanner.scan(b"x" * 70_000 + b"EICAR") == "Eicar-Test"
    assert scanner.scan(b"") is None
    assert found.heard == [12, 200_000, 70_005, 0]


def test_a_file_longer_than_the_daemon_takes_is_no_clean_file(clamd: tuple[Daemon, ClamScanner]) -> None:
    clamd[0].limit = 100
    with pytest.raises(ScannerDownError):
        clamd[1].scan(b"x" * 300_000)


def test_a_daemon_that_dies_in_the_middle_says_nothing_about_the_file(clamd: tuple[Daemon, ClamScanner]) -> None:
    clamd[0].dies_after = 10
    with pytest.raises(ScannerDownError):
        clamd[1].scan(b"x" * 300_000)


@pytest.mark.parametrize("answer", ["", "stream: ERROR", "UNKNOWN COMMAND", "OK", "stream: OK extra", "\xff\xfe"])
def test_any_other_answer_is_no_verdict(clamd: tuple[Daemon, ClamScanner], answer: str) -> None:
    clamd[0].answer = answer or " "
    with pytest.raises(ScannerDownError):
        clamd[1].scan(b"x")


def test_nobody_at_home_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(ScannerDownError):
        ClamScanner(f"unix://{tmp_path}/nobody").scan(b"x")


def test_a_daemon_that_never_answers_is_given_up() -> None:
    line = socket.create_server(("127.0.0.1", 0))
    with pytest.raises(ScannerDownError):
        ClamScanner(f"tcp://127.0.0.1:{line.getsockname()[1]}", 0.2).scan(b"x")
    line.close()


def test_the_scanner_is_used_when_it_is_configured() -> None:
    assert scanner_of(None) is None
    assert scanner_of({}) is None
    assert scanner_of({"address": "tcp://scan.example.vn:3310"}) is not None
    with pytest.raises(ValueError, match="tcp://"):
        scanner_of({"address": "http://x"})
