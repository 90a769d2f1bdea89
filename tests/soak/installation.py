"""A real installation for a campaign: a database, a home, web processes and workers on loopback, all mortal."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from engine.adapters.catalog_files import procedure_from_files
from engine.bootstrap import App, build
from engine.domain.procedure import Procedure
from engine.ports import Account
from engine.settings import Settings
from tests.soak import pulse
from tests.support.desk import NOBODY
from tests.support.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
UNIT = "xa-mau"
START_SECONDS = 60
ALL_GROUPS = ("one_stop", "justice_officer", "chairman", "cashier", "records_clerk")


@dataclass(frozen=True, slots=True)
class Size:
    """How many programs and crews; seconds after which a dead worker's work is taken over; whether it is a sample."""

    web: int
    workers: int
    crews: int
    lease: float = 60.0
    small: bool = False


@dataclass(slots=True)
class Program:
    """A web process or a worker: what it is, and the pid it has now."""

    kind: str
    name: str
    env: dict[str, str]
    log: Path
    port: int = 0
    pid: int = 0
    waiting: int = 0  # requests under way, as far as the people who sent them know
    lives: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, change: int) -> None:
        """A request begins or ends."""
        with self._lock:
            self.waiting += change

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return self.pid > 0


class Installation:
    """Programs that share a home and a database; `app` looks at the database directly, from outside."""

    def __init__(self, home: Path, url: str, size: Size, *, through: str | None = None) -> None:
        self.home, self.url, self.size = home, url, size
        self.app = _prepared(home, url)
        env = {"MOTCUA_HOME": str(home), "MOTCUA_DATABASE_URL": through or url, "MOTCUA_DEMO": "1"}
        env["MOTCUA_CONNECTORS"] = str(NOBODY)
        env["MOTCUA_UNIT"] = UNIT
        self.web = [self._program("serve", n, env, free_port()) for n in range(size.web)]
        self.workers = [self._program("worker", n, env, 0) for n in range(size.workers)]
        self._spare = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.spare"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._orders = threading.Lock()
        self._read()

    def _program(self, kind: str, number: int, env: dict[str, str], port: int) -> Program:
        own = {**env, "MOTCUA_PORT": str(port)} if port else env
        return Program(kind, f"{kind}{number}", own, self.home / f"{kind}{number}.log", port)

    @property
    def programs(self) -> list[Program]:
        """All of them."""
        return [*self.web, *self.workers]

    def start(self) -> None:
        """Start everything and wait until it answers."""
        for program in self.programs:
            self.launch(program)
        for program in self.programs:
            self.wait_for(program)

    def launch(self, program: Program) -> None:
        """Start a program that is not running."""
        order = {"arguments": [program.kind], "env": program.env, "log": str(program.log), "lease": self.size.lease}
        with self._orders:
            assert self._spare.stdin is not None
            self._spare.stdin.write(json.dumps(order) + "\n")
            self._spare.stdin.flush()
            program.pid = int(self._read())
        program.lives += 1

    def _read(self) -> str:
        assert self._spare.stdout is not None
        return self._spare.stdout.readline().strip()

    def wait_for(self, program: Program) -> None:
        """Wait until a web process answers; RuntimeError with the end of its log when it never does."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not program.alive:
                break
            if program.kind == "worker" or self.health(program, "/health/live") == 200:
                return
            time.sleep(0.05)
        raise RuntimeError(f"{program.name} did not start: {self.last_words(program)}")

    def last_words(self, program: Program) -> str:
        """The end of a program's log."""
        text = program.log.read_text(errors="replace") if program.log.exists() else ""
        return " | ".join(text.strip().splitlines()[-5:])

    @staticmethod
    def health(program: Program, path: str) -> int:
        """The status of one of a web process's addresses; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=15)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def kill(self, program: Program) -> None:
        """SIGKILL, and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGKILL)
        while program.alive:
            time.sleep(0.005)

    def ask(self, program: Program) -> None:
        """Let a program write into its log where each of its threads is, and say whom PostgreSQL lets wait."""
        with suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGUSR1)
        with suppress(Exception), self.app.store.reading() as connection:
            if connection.dialect.name == "postgresql":
                waiting = "SELECT pid, state, wait_event, left(query, 80), pg_blocking_pids(pid) FROM pg_stat_activity"
                for row in connection.execute(text(f"{waiting} WHERE state <> 'idle' AND pid <> pg_backend_pid()")):
                    print(f"  {program.name}: {tuple(row)}", flush=True)

    def pick(self, dice: random.Random) -> Program:
        """Any web process."""
        return dice.choice(self.web)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line on this installation's database, not through any wire."""
        env = {**os.environ, **self.web[0].env, "MOTCUA_DATABASE_URL": self.url}
        return subprocess.run(
            [sys.executable, "-m", "web.cli", *arguments], cwd=ROOT, env=env, capture_output=True, text=True
        )

    def close(self) -> None:
        """Take everything away."""
        for program in self.programs:
            if program.pid:
                self.kill(program)
        assert self._spare.stdin is not None
        assert self._spare.stdout is not None
        self._spare.stdin.close()
        self._spare.wait(10)
        self._spare.stdout.close()
        self.app.store.close()


def _lasting(procedure: Procedure) -> Procedure:
    """A first version that never ends: the crew's certificate still costs a fee, whatever day it is."""
    head = re.sub(rb"^valid_to = .*\n", b"", procedure.files["procedure.toml"], flags=re.MULTILINE)
    return procedure_from_files({**procedure.files, "procedure.toml": head})


def _prepared(home: Path, url: str) -> App:
    """The database brought up, the catalog and the pulse deployed, people to act."""
    app = build(
        Settings(home=home, database_url=url, catalog=ROOT / "catalog", unit=UNIT, demo=True, connectors=NOBODY)
    )
    first = [_lasting(procedure) for procedure in app.file_catalog.procedures if procedure.version == 1]
    for procedure in (*first, pulse.procedure()):
        app.deploy(procedure)
    for account in _people():
        app.accounts.put(account)
    return app


def _people() -> list[Account]:
    data = tomllib.loads((ROOT / "catalog" / "_shared" / "demo.toml").read_text(encoding="utf-8"))
    found = [_account(entry["id"], entry["name"], entry["kind"], entry) for entry in data["person"]]
    crowd = [_account(f"crowd{n}", f"Người thứ {n}", "officer", {"groups": list(ALL_GROUPS)}) for n in range(8)]
    return found + crowd


def _account(account_id: str, name: str, kind: Any, entry: dict[str, Any]) -> Account:
    return Account(
        id=account_id,
        login=account_id,
        name=name,
        kind=kind,
        unit=UNIT,
        groups=frozenset(entry.get("groups", ())),
        password_hash="-",
        profile=entry.get("profile", {}),
    )
