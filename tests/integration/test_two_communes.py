"""Two communes in one process and one database: each has its own people, cases, work, keys and pages."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from engine.adapters.clock import SteppedClock
from engine.adapters.db.notices import SqlNotices
from engine.bootstrap import App, build
from engine.domain.actor import Actor
from engine.domain.case import Case
from engine.domain.notice import Notice
from engine.ports import Account
from engine.scenarios import Player, read
from engine.settings import Settings
from tests.support.command_line import called
from tests.support.desk import NOBODY, OPENING, ROOT, first_scenario, procedure_of, stage
from web.app import create_app
from web.auth import COOKIE, token_hash
from web.by_host import ByHost

FIRST, SECOND = "xa-mau", "xa-ben"
HOSTS = {FIRST: "xamau.example.vn", SECOND: "xaben.example.vn"}
SLUG = "chung-thuc-ban-sao"
LONG = timedelta(days=400)
LEASE = timedelta(minutes=1)
FACTS = {
    "name": "Ủy ban nhân dân xã Bên",
    "name_en": "People's Committee of Bên commune",
    "parent": "Ủy ban nhân dân huyện Bên",
    "place": "Bên",
    "agency_code": "000.00.01.H29",
    "signer_name": "Trần Thị Bên",
    "signer_title": "Chủ tịch",
}


def officer_of(unit: str, *groups: str) -> Actor:
    return Actor(id=f"officer-{groups[0]}", name=groups[0], kind="officer", unit=unit, groups=frozenset(groups))


@dataclass(frozen=True)
class Pair:
    apps: dict[str, App]
    clock: SteppedClock
    web: ByHost

    def play(self, unit: str, *, steps: int | None = None) -> Case:
        """The happy path at one of them, under the same ids of people in both."""
        path, app = first_scenario(SLUG), self.apps[unit]
        scenario = read(path)
        self.clock.set(max(scenario.start_at, self.clock.now()))
        player = Player(app.ports, app.bus, app.worker, self.clock, member=lambda *groups: officer_of(unit, *groups))
        return player.play(scenario, procedure_of(path), steps=steps, check=False)

    def browser(self, unit: str, token: str = "") -> Client:
        client = Client(self.web)
        if token:
            client.set_cookie(COOKIE, token, domain=HOSTS[unit])
        return client

    def get(self, unit: str, address: str, client: Client | None = None) -> Any:
        return (client or self.browser(unit)).get(address, base_url=f"https://{HOSTS[unit]}", follow_redirects=False)

    def session(self, unit: str, login: str) -> str:
        """A token of somebody's session at a commune."""
        app = self.apps[unit]
        account = app.accounts.by_login(login)
        assert account is not None
        assert account.unit == unit
        token = f"token of {login} in {unit}"
        now = self.clock.now()
        app.accounts.open_session(account.id, token_hash(token), now, now + timedelta(hours=9))
        return token


@pytest.fixture(params=["sqlite", "postgres"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    url = request.getfixturevalue(f"deployed_{request.param}_url")
    clock, apps = SteppedClock(OPENING), {}
    for unit, host in HOSTS.items():
        settings = Settings(
            home=tmp_path / unit,
            database_url=url,
            catalog=ROOT / "catalog",
            unit=unit,
            demo=True,
            secure_cookies=False,
            connectors=NOBODY,
            public_url=f"https://{host}",
            shared=True,
        )
        apps[unit] = build(settings, clock=clock, migrate=False, beside=apps.get(FIRST))
        apps[unit].accounts.put(
            Account(
                id="motcua",
                login="motcua",
                name="Lê Thị Mai",
                kind="officer",
                unit=unit,
                groups=frozenset({"one_stop"}),
                password_hash="",
                profile={},
            )
        )
    admin = officer_of(SECOND, "administrator")
    apps[SECOND].desk.administration.units.put(admin, FACTS, OPENING.date())
    apps[FIRST].catalog.settings["units"].refresh()
    yield Pair(apps, clock, ByHost({HOSTS[unit]: create_app(app) for unit, app in apps.items()}))
    apps[FIRST].store.close()


def test_each_takes_only_its_own_work(pair: Pair) -> None:
    case, later = pair.play(FIRST, steps=1), OPENING + LONG
    first, second = pair.apps[FIRST].store, pair.apps[SECOND].store
    assert case.unit == FIRST
    assert [app.ports.units() for app in pair.apps.values()] == [[FIRST], [SECOND]]
    assert (second.due(later), second.next_due("timer"), second.soonest(OPENING)) == (frozenset(), None, None)
    assert [second.claim(kind, later, limit=9, lease=LEASE) for kind in ("timer", "job", "broadcast")] == [[], [], []]
    assert second.take("timer", later, limit=9, lease=LEASE) == []
    assert "timer" in first.due(later)
    due = first.next_due("timer")
    assert due is not None
    assert due == first.soonest(due - timedelta(seconds=1))
    assert {each.case_id for each in first.claim("timer", later, limit=9, lease=LEASE)} == {case.id}


def test_a_message_is_sent_by_the_commune_that_owes_it(pair: Pair) -> None:
    notice = Notice(unit=FIRST, key="n", template="otp", created_at=OPENING, run_at=OPENING, phone="0900000000")
    first, second = (SqlNotices(pair.apps[unit].store) for unit in HOSTS)
    first.put([notice])
    assert (second.claim(OPENING, limit=9, lease=LEASE), second.soonest(OPENING - LEASE)) == ([], None)
    assert [each.kept.notice.key for each in first.claim(OPENING, limit=9, lease=LEASE)] == ["n"]


def test_a_case_goes_its_way_in_each_and_neither_sees_the_others(pair: Pair) -> None:
    cases = {unit: pair.play(unit) for unit in HOSTS}
    for unit, other in ((FIRST, SECOND), (SECOND, FIRST)):
        app, own, theirs = pair.apps[unit], cases[unit], cases[other]
        assert own.unit == unit
        assert own.ended
        assert app.store.case_ids() == [(unit, own.id)]
        assert (app.models.find_code(own.code), app.models.find_code(theirs.code)) == (own.id, None)
        assert app.store.case(None, theirs.id) is None
        assert pair.get(unit, f"/tra-cuu?code={own.code}").status_code == 200
        assert pair.get(unit, f"/tra-cuu?code={theirs.code}").status_code == 404
        clerk = pair.browser(unit, pair.session(unit, "motcua"))
        assert pair.get(unit, f"/can-bo/ho-so/{own.id}", clerk).status_code == 200
        assert pair.get(unit, f"/can-bo/ho-so/{theirs.id}", clerk).status_code == 404


def test_the_same_person_of_two_communes_has_two_accounts(pair: Pair) -> None:
    first, second = (pair.apps[unit].accounts for unit in HOSTS)
    clerk = first.by_login("motcua")
    twin = second.by_login("motcua")
    assert clerk is not None
    assert twin is not None
    assert [clerk.unit, twin.unit] == [FIRST, SECOND]
    first.edit(replace(clerk, name="Tên mới", password_hash="another"))
    after = second.by_id(twin.id)
    assert after == twin
    again = first.by_id(clerk.id)
    assert again is not None
    assert again.name == "Tên mới"


def test_a_session_of_one_is_no_session_of_the_other(pair: Pair) -> None:
    token = pair.session(FIRST, "motcua")
    assert pair.get(FIRST, "/can-bo/", pair.browser(FIRST, token)).status_code == 200
    answer = pair.get(SECOND, "/can-bo/", pair.browser(SECOND, token))
    assert (answer.status_code, "/dang-nhap" in answer.headers.get("Location", "")) == (302, True)


def test_pages_bear_the_name_of_the_commune_whose_host_was_asked(pair: Pair) -> None:
    own, other = pair.get(SECOND, "/").text, pair.get(FIRST, "/").text
    assert "xã Bên" in own
    assert "xã Mẫu" not in own
    assert "xã Mẫu" in other


@pytest.fixture
def communes(tmp_path: Path) -> dict[str, str]:
    """The surroundings of a process that serves both."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copyfile(stage(), home / "motcua.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tables = (
        f'[{unit}]\npublic_url = "http://{host}:{port}"\nconnectors = "{NOBODY}"\n' for unit, host in HOSTS.items()
    )
    (tmp_path / "units.toml").write_text("".join(tables), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    own = {"MOTCUA_HOME": str(home), "MOTCUA_DEMO": "1", "MOTCUA_PORT": str(port)}
    return {**kept, **own, "MOTCUA_UNITS": str(tmp_path / "units.toml"), "PYTHONWARNINGS": "error"}


def asked(port: str, host: str, path: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_one_process_serves_both_and_stops_for_both(communes: dict[str, str]) -> None:
    command, pipe, port = [sys.executable, "-m", "web.cli", "serve"], subprocess.PIPE, communes["MOTCUA_PORT"]
    process = subprocess.Popen(command, cwd=ROOT, env=communes, stdout=pipe, stderr=pipe, text=True)
    try:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(3)]
        assert [unit in line for unit, line in zip(HOSTS, told[1:], strict=True)] == [True, True]
        for host in HOSTS.values():
            assert asked(port, f"{host}:{port}", "/")[0] == 200
        assert asked(port, "10.0.0.7", "/health/ready")[0] == 200
        assert asked(port, "xala.example.vn", "/")[0] == 421
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
        assert "Traceback" not in process.communicate()[1]


def test_a_commune_begins_with_an_administrator_from_the_command_line(
    communes: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    own = {name: value for name, value in communes.items() if name.startswith("MOTCUA_")}

    def run(unit: str, *arguments: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, *arguments, **own, MOTCUA_UNIT=unit)

    for unit in HOSTS:
        status, out, err = run(unit, "administrator", "quan-tri-dau", "Nguyễn Thị Đầu")
        assert (status, err) == (0, "")
        assert f"of {unit} signs in with" in out
    status, _, err = run(SECOND, "administrator", "quan-tri-dau", "Nguyễn Thị Đầu")
    assert (status, len(err.splitlines())) == (2, 1)
    status, _, err = run("xa-la", "catalog", "list")
    assert (status, "xa-la" in err) == (2, True)
