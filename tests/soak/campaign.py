"""What all campaigns share: a database, an installation, crews at work, a quiet end, and one line of figures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.commands.spreader import LEASE
from tests.soak import proofs
from tests.soak.crew import Crew
from tests.soak.installation import Installation, Size
from tests.soak.ledger import Ledger
from tests.soak.proofs import GRACE
from tests.support.postgres import KEPT, Server, free_port, fresh_database, server
from tests.support.wire import Wire, wire

SETTLE_SECONDS = 200.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a campaign plays with; `wire` and `server` only where the database is PostgreSQL."""

    house: Installation
    ledger: Ledger
    crews: list[Crew]
    wire: Wire | None = None
    server: Server | None = None


@contextmanager
def stage(db: str, size: Size, seed: int) -> Iterator[Stage]:
    """An installation at work on a fresh database of its own: "postgres" or "sqlite"."""
    with ExitStack() as held:
        home = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="mc-soak-")))
        own_server, own_wire, url, through = None, None, f"sqlite:///{home / 'motcua.db'}", None
        if db == "postgres":
            port = free_port()
            own_server = held.enter_context(server(KEPT, port=port))
            url = fresh_database(own_server.url, "soak")
            own_wire = held.enter_context(wire("127.0.0.1", port))
            through = url.replace(f":{port}/", f":{own_wire.port}/")
        house = Installation(home, url, size, through=through)
        held.callback(house.close)
        ledger = Ledger()
        house.start()
        people = [Crew(house, ledger, seed * 1000 + number) for number in range(size.crews)]
        for crew in people:
            crew.start()
        yield Stage(house, ledger, people, own_wire, own_server)


def settle(stage: Stage) -> None:
    """Let every crew finish the case at hand; then what is still leased may run out."""
    for crew in stage.crews:
        crew.stop()
    until = time.monotonic() + SETTLE_SECONDS
    for crew in stage.crews:
        crew.join(max(0.0, until - time.monotonic()))
    if any(crew.is_alive() for crew in stage.crews):
        stage.ledger.find("some cases never came to their end")
    _spread_out(stage)
    for program in stage.house.programs:  # proofs want stillness
        stage.house.kill(program)


def _spread_out(stage: Stage) -> None:
    """Let every signal reach its receivers: where a worker died or lost the database, another one takes over."""
    store = stage.house.app.store
    until = time.monotonic() + (LEASE + GRACE).total_seconds()
    while store.count("broadcast") and time.monotonic() < until:
        time.sleep(0.2)
    if store.count("broadcast"):
        stage.ledger.find("some signals were never spread")


def close(name: str, stage: Stage, begun: float, **more: object) -> int:
    """Prove, print one line of figures, and give the exit status."""
    proofs.prove(stage.house, stage.ledger, by_command=not stage.house.size.small)
    shown = {**more, **proofs.figures(stage.house), **dict(sorted(stage.ledger.counts.items()))}
    shown["slowest answer"] = f"{max((crew.slowest for crew in stage.crews), default=0.0):.1f} s"
    shown["findings"] = len(stage.ledger.findings)
    words = ", ".join(f"{what} {number}" for what, number in shown.items())
    print(f"{name}: {words}; {time.monotonic() - begun:.0f} s", flush=True)
    return 1 if stage.ledger.findings else 0
