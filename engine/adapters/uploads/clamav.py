"""ClamAV's daemon: a file is streamed to it (INSTREAM) over TCP or a local socket, and it says what it found."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from engine.ports.uploads import ScannerDownError

CHUNK = 64 * 1024
ANSWER = 4096  # bytes; longer than any answer


class ClamScanner:
    """Implements the Scanner port. `address`: tcp://host:3310 or unix:///run/clamav/clamd.ctl."""

    def __init__(self, address: str, seconds: float = 20.0) -> None:
        self._address = urlsplit(address)
        self._seconds = seconds
        if self._address.scheme not in ("tcp", "unix"):
            raise ValueError(f"[clamav] address must begin with tcp:// or unix://, not {address!r}")

    def scan(self, content: bytes) -> str | None:
        """The name of what was found, None when it is clean; ScannerDownError for any other answer, and for none."""
        try:
            with self._connected() as line:
                line.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), CHUNK):
                    piece = content[start : start + CHUNK]
                    line.sendall(struct.pack("!L", len(piece)) + piece)
                line.sendall(struct.pack("!L", 0))
                return _verdict(_heard(line))
        except OSError as error:
            raise ScannerDownError(f"clamd does not answer: {error}") from error

    def ask(self) -> str:
        """What the scanner says to PING; OSError."""
        with self._connected() as line:
            line.sendall(b"zPING\0")
            return _heard(line)

    def _connected(self) -> socket.socket:
        if self._address.scheme == "tcp":
            return socket.create_connection((self._address.hostname, self._address.port or 3310), self._seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self._seconds)
        try:
            line.connect(self._address.path)
        except BaseException:
            line.close()
            raise
        return line


def _heard(line: socket.socket) -> str:
    answer = b""
    while len(answer) < ANSWER and not answer.endswith(b"\0"):
        piece = line.recv(ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str | None:
    """`stream: OK`, `stream: NAME FOUND`; anything else is no verdict."""
    _, _, said = answer.partition(": ")
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerDownError(f"clamd answered {answer[:200]!r}")


def scanner_of(section: Mapping[str, Any] | None) -> ClamScanner | None:
    """The scanner that [clamav] of the connectors' file names; None without one. ValueError for a wrong address."""
    return ClamScanner(str(section["address"]), float(section.get("seconds", 20))) if section else None
