"""Server time of the pages of filing, and the weight of scripts: `python -m tests.bench.bench_filing [ROUNDS]`."""

from __future__ import annotations

import gzip
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskClient

from engine.domain.actor import Actor
from engine.scenarios import read
from tests.support.desk import ROOT, UNIT, desk_on_stage
from web.app import create_app
from web.auth import COOKIE, token_hash
from web.demo import add_people

FORMS = {"certificate": "xac-nhan-tinh-trang-hon-nhan", "birth": "dang-ky-khai-sinh"}
LAN = Actor(id="citizen1", name="Nguyễn Thị Lan", kind="citizen", unit=UNIT)


def measured(ask: Callable[[], int], rounds: int) -> str:
    """p50 and p95 in milliseconds by the clock, and what of it the processor took; after one round to warm up."""
    ask()
    times, work = [], []
    for _ in range(rounds):
        begun, own = time.perf_counter(), time.process_time()
        status = ask()
        work.append((time.process_time() - own) * 1000)
        times.append((time.perf_counter() - begun) * 1000)
        assert status in (200, 302), status
    last = [statistics.quantiles(each, n=20)[-1] for each in (times, work)]
    by_clock = f"p50 {statistics.median(times):6.1f} ms   p95 {last[0]:6.1f} ms"
    return f"{by_clock}   processor p50 {statistics.median(work):6.1f} ms   p95 {last[1]:6.1f} ms"


def pages(client: FlaskClient, home: str, code: str, rounds: int) -> None:
    """Each main page of a draft whose form is filled in."""
    first = re.findall(r'href="([^"]*/phan/[^"]*)"', client.get(home).text)[0]
    token = re.findall(r'name="csrf_token" value="([^"]*)"', client.get(first).text)[0]
    asked: dict[str, Callable[[], int]] = {
        "procedure": lambda: client.get(f"/thu-tuc/{code}").status_code,
        "for whom": lambda: client.get(f"/thu-tuc/{code}/nop").status_code,
        "parts at a glance": lambda: client.get(home).status_code,
        "first part": lambda: client.get(first).status_code,
        "save as one writes": lambda: client.post(first, data={"csrf_token": token, "_action": "autosave"}).status_code,
        "my cases": lambda: client.get("/ho-so").status_code,
        "check before sending": lambda: client.get(f"{home}/kiem-tra").status_code,
    }
    for name, ask in asked.items():
        print(f"  {name:<22} {measured(ask, rounds)}")


def main(rounds: int) -> None:
    """Print the figures of two forms, and what scripts weigh."""
    with tempfile.TemporaryDirectory() as home, desk_on_stage(Path(home)) as desk:
        add_people(desk.app)
        client, now = create_app(desk.app).test_client(), desk.clock.now()
        desk.app.accounts.open_session(LAN.id, token_hash("bench"), now, now + timedelta(hours=9))
        client.set_cookie(COOKIE, "bench")
        for name, slug in FORMS.items():
            path = min((ROOT / "catalog" / slug / "tests").glob("*.toml"))
            scenario = read(path)
            desk.clock.set(max(scenario.start_at, desk.clock.now()))
            code = re.findall(r'^code = "([^"]+)"', (path.parent.parent / "procedure.toml").read_text(), re.M)[0]
            procedure = desk.app.catalog.current(code, desk.clock.now().date())
            more = {"procedure": code, "version": procedure.version, "data": scenario.application}
            draft = desk.app.filing.drafting.begin(LAN, desk.app.ids.new(), **more)
            print(f"{name} ({slug})")
            pages(client, f"/nop/{draft.id}", code, rounds)
    static = ROOT / "web" / "static"
    scripts = [static / "app.js", static / "draft.js", static / "vendor" / "htmx.min.js"]
    print(f"scripts, gzipped: {sum(len(gzip.compress(one.read_bytes())) for one in scripts)} bytes")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
