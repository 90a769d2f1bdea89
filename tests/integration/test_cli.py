"""The command line as it is used: what it prints, what it exits with, and one clear line when it is used wrongly."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import Run, called
from tests.support.dmn_builder import file, table

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "catalog"
GOOD = CATALOG / "xac-nhan-tinh-trang-hon-nhan" / "process.bpmn"
PROCEDURES = sorted(path.parent for path in CATALOG.glob("*/procedure.toml"))
CHECK_KEYS = {"code", "version", "level", "name", "errors", "warnings", "findings", "low_confidence"}
CHECK_SUMS = {"procedures", "levels", "errors", "warnings", "findings", "low_confidence", "versions"}
UNSURE = {"file", "code", "key", "figure", "confidence"}
NOBODY = "postgresql://u:secret@127.0.0.1:1/x"
STOP_SECONDS = 60.0  # a busy machine is no failure; one that never stops is


def shell(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "web.cli", *arguments], cwd=ROOT, env=surroundings(home), capture_output=True, text=True
    )


def surroundings(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
    return {**kept, "MOTCUA_HOME": str(home), "MOTCUA_DEMO": "1", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demonstration, made by the command itself."""
    home = tmp_path_factory.mktemp("demo")
    done = shell(home, "demo")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return home


@pytest.fixture
def run(demo_home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, on the demonstration's home unless told otherwise."""

    def call(*arguments: str, home: Path = demo_home, **env: str) -> tuple[int, str, str]:
        return called(monkeypatch, capfd, *arguments, **{"MOTCUA_HOME": str(home), **env})

    return call


def codes(home: Path) -> list[str]:
    with database(home) as connection:
        return [row[0] for row in connection.execute("SELECT code FROM case_file ORDER BY code")]


class database:
    """The demonstration's database, opened behind the command's back."""

    def __init__(self, home: Path) -> None:
        self.connection = sqlite3.connect(home / "motcua.db")

    def __enter__(self) -> sqlite3.Connection:
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.connection.commit()
        self.connection.close()


def test_from_nothing_to_a_listed_catalog(tmp_path: Path, run: Run) -> None:
    assert run("db", "upgrade", home=tmp_path) == (0, "db: up to date\n", "")
    done = shell(tmp_path, "catalog", "deploy")
    assert (done.returncode, done.stdout.count(": deployed"), done.stderr) == (0, len(PROCEDURES), "")
    status, out, _ = run("catalog", "deploy", home=tmp_path)
    assert (status, out.count(": already there")) == (0, len(PROCEDURES))
    rows = json.loads(run("catalog", "list", "--json", home=tmp_path)[1])
    assert len(rows) == len({procedure_code(folder) for folder in PROCEDURES})  # of two versions one is in force
    keys = {"code", "version", "level", "name", "digest", "valid_from"}
    assert all(set(row) == keys for row in rows)
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)


def test_the_catalog_is_checked_as_one_plain_object_per_procedure(run: Run) -> None:
    status, out, err = run("catalog", "check", "--json")
    report = json.loads(out)
    rows = report["versions"]
    assert (status, err) == (0, "")
    assert set(report) == CHECK_SUMS
    assert report["procedures"] == len({row["code"] for row in rows if row["code"] != "_shared"})
    assert sum(report["levels"].values()) == report["procedures"]
    assert report["errors"] == 0
    assert all(set(entry) == UNSURE for entry in report["low_confidence"])
    assert all(set(row) == CHECK_KEYS for row in rows)
    assert {row["code"] for row in rows if row["code"] != "_shared"} == {
        row["code"] for row in json.loads(run("catalog", "list", "--json")[1])
    }
    assert [row["errors"] for row in rows] == [0] * len(rows)
    for row in rows:
        assert row["warnings"] == sum(f["severity"] == "warning" for f in row["findings"])


def test_what_is_wrong_is_counted_with_its_procedure_and_shared_files_apart(tmp_path: Path, run: Run) -> None:
    copy = tmp_path / "catalog"
    shutil.copytree(CATALOG, copy)
    broken, unread, fine = "chung-thuc-ban-sao", "dang-ky-khai-sinh", "ho-tro-chi-phi-mai-tang"  # the last takes no fee
    diagram = copy / broken / "process.bpmn"
    text = re.sub(r'formId="(?!_)[a-z_]+"', 'formId="no_such_form"', diagram.read_text(), count=1)
    diagram.write_text(text)
    (copy / unread / "procedure.toml").write_text("code = [")
    shared = copy / "_shared" / "processes" / "fee.bpmn"
    shared.write_text(shared.read_text().replace('formId="fee_cash"', 'formId="no_such_form"', 1))
    status, out, _ = run("catalog", "check", "--json", MOTCUA_CATALOG=str(copy))
    rows = {row["code"]: row for row in json.loads(out)["versions"]}
    assert json.loads(out)["errors"] == sum(row["errors"] for row in json.loads(out)["versions"])
    by_folder = {PROCEDURES[n].name: procedure_code(PROCEDURES[n]) for n in range(len(PROCEDURES))}
    assert status == 1
    assert rows[by_folder[broken]]["errors"] >= 1
    assert rows[unread]["errors"] == 1
    assert rows[unread]["version"] is None
    assert rows["_shared"]["errors"] >= 1
    assert rows[by_folder[fine]]["errors"] == 0


def procedure_code(folder: Path) -> str:
    return re.findall(r'^code = "(.+)"', (folder / "procedure.toml").read_text(), re.MULTILINE)[0]


def test_the_demonstration_may_be_played_twice(demo_home: Path, run: Run) -> None:
    before = codes(demo_home)
    assert len(before) >= 4
    status, out, err = run("demo", MOTCUA_DEMO="1")
    assert (status, err) == (0, "")
    assert "case 1 of" not in out
    assert codes(demo_home) == before


def test_a_case_is_shown_with_its_history(demo_home: Path, run: Run) -> None:
    code = codes(demo_home)[0]
    status, out, err = run("case", "show", code, "--json")
    (row,) = json.loads(out)
    assert (status, err, row["code"]) == (0, "", code)
    assert [h["seq"] for h in row["history"]] == list(range(1, len(row["history"]) + 1))
    assert row["history"][0]["tag"] == "case:submitted"
    status, out, _ = run("case", "show", code)
    assert status == 0
    assert code in out.splitlines()[0]
    assert "Nộp hồ sơ" in out


def test_every_case_of_the_demonstration_replays_equal_and_its_chain_holds(demo_home: Path, run: Run) -> None:
    code = codes(demo_home)[0]
    assert run("replay", code)[0] == 0
    status, out, err = run("replay", "--all", "--json")
    rows = json.loads(out)
    assert (status, err) == (0, "")
    assert sorted(row["code"] for row in rows) == codes(demo_home)
    assert {row["verdict"] for row in rows} == {"equal"}
    assert run("audit", "verify", "--json") == (0, "[]\n", "")


TAMPERINGS = {
    "an event was rewritten": "UPDATE event SET data = replace(data, 'Nguyễn', 'Trần'), actor = 'ai-do' WHERE seq = 1",
    "an event was taken away": "DELETE FROM event WHERE seq = 4",
    "the last event was taken away": "DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
    "all events were taken away": "DELETE FROM event",
    "an event is no longer readable": "UPDATE event SET data = '{' WHERE seq = 3",
    "an event got a tag that nobody knows": "UPDATE event SET tag = 'task:forged' WHERE seq = 3",
    "the state was changed": "UPDATE case_file SET state = replace(state, '\"status\":', '\"status\":1')",
    "the state is no longer readable": "UPDATE case_file SET state = '{'",
}


def only_one_case(home: Path, target: Path) -> str:
    """A copy of the home with one case left; its code."""
    shutil.copytree(home, target)
    with database(target) as connection:
        longest = "SELECT id, code FROM case_file ORDER BY version DESC LIMIT 1"
        kept, code = connection.execute(longest).fetchone()
        connection.execute("DELETE FROM event WHERE stream != ?", (kept,))
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            if "case_id" in columns:
                connection.execute(f"DELETE FROM {name} WHERE case_id != ?", (kept,))
        connection.execute("DELETE FROM case_file WHERE id != ?", (kept,))
    return str(code)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found_and_the_case_is_named(what: str, demo_home: Path, tmp_path: Path, run: Run) -> None:
    home = tmp_path / "home"
    code = only_one_case(demo_home, home)
    with database(home) as connection:
        (case_id,) = connection.execute("SELECT id FROM case_file").fetchone()
        assert connection.execute(TAMPERINGS[what]).rowcount > 0
    for arguments in (("replay", "--all"), ("replay", "--all", "--json")):
        status, out, err = run(*arguments, home=home)
        assert (status, err) == (1, ""), what
        assert code in out or case_id in out
    status, out, err = run("audit", "verify", "--json", home=home)
    assert (status, err) == (1, ""), what
    assert {row["case_id"] for row in json.loads(out)} == {case_id}
    assert run("replay", code, home=home)[0] == 1


def test_a_good_diagram_passes_and_a_bad_one_does_not(tmp_path: Path, run: Run) -> None:
    assert run("lint", *map(str, CATALOG.glob("*/process.bpmn")))[0] == 0
    bad = tmp_path / "bad.bpmn"
    bad.write_text(GOOD.read_text().replace("bpmn:userTask", "bpmn:scriptTask"))
    status, out, err = run("lint", str(GOOD), str(bad), "--json")
    rows = json.loads(out)
    assert (status, err) == (1, "")
    assert {row["file"] for row in rows if row["severity"] == "error"} == {str(bad)}
    assert all({"element_id", "rule", "severity", "message"} <= set(row) for row in rows)
    bad.write_bytes(b"\x00\xff not xml")
    assert run("lint", str(bad))[0] == 1


def test_decision_files_are_linted_beside_diagrams(tmp_path: Path, run: Run) -> None:
    decisions = tmp_path / "fee.dmn"
    decisions.write_bytes(file(table("fee", [(["> 1"], ["add_working_days(x, 2)"])])))
    assert run("lint", str(GOOD), str(decisions))[0] == 0
    decisions.write_bytes(file(table("fee", [(["> "], ["1"])])))
    status, out, err = run("lint", str(GOOD), str(decisions), "--json")
    assert (status, err) == (1, "")
    assert [(row["file"], row["element_id"]) for row in json.loads(out)] == [(str(decisions), "fee_r1")]


WRONG: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "unknown command": (("deploy-all",), {}, "deploy-all"),
    "unknown option": (("catalog", "list", "--yaml"), {}, "--yaml"),
    "unknown case": (("case", "show", "000.00.00.H29-221219-9999"), {}, "9999"),
    "unknown case to replay": (("replay", "x' OR '1'='1"), {}, "x'"),
    "neither a case nor all": (("replay",), {}, "--all"),
    "both a case and all": (("replay", "x", "--all"), {}, "--all"),
    "a file that is not there": (("lint", "no-such-file.bpmn"), {}, "no-such-file.bpmn"),
    "no file": (("lint",), {}, "FILES"),
    "a folder in place of a file": (("lint", str(CATALOG)), {}, "catalog"),
    "not a database": (("catalog", "list"), {"MOTCUA_DATABASE_URL": "nonsense"}, "URL"),
    "another kind of database": (("catalog", "list"), {"MOTCUA_DATABASE_URL": "mysql://x/y"}, "mysql"),
    "a database out of reach": (("catalog", "list"), {"MOTCUA_DATABASE_URL": "sqlite:////no/such/x.db"}, "unable"),
    "a server that is not there": (("audit", "verify"), {"MOTCUA_DATABASE_URL": NOBODY}, "127.0.0.1"),
    "a catalog that is not there": (("catalog", "check"), {"MOTCUA_CATALOG": "/no/such/catalog"}, "/no/such/catalog"),
    "real work without a key to sign with": (("serve",), {"MOTCUA_DEMO": "0"}, "[signing] is missing"),
    "a worker for real work without providers": (("worker",), {"MOTCUA_DEMO": "0"}, "desk_only"),
    "a port that is no number": (("serve",), {"MOTCUA_PORT": "many"}, "MOTCUA_PORT"),
    "a flag that is neither yes nor no": (("demo",), {"MOTCUA_DEMO": "maybe"}, "MOTCUA_DEMO"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_use_is_one_clear_line_and_status_two(what: str, run: Run) -> None:
    arguments, env, word = WRONG[what]
    status, out, err = run(*arguments, **env)
    assert (status, out) == (2, ""), err
    assert len(err.splitlines()) == 1, err
    assert err.startswith("motcua: ")
    assert word in err
    assert "secret" not in err, "a password never reaches the screen"
    assert "Traceback" not in err


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path, run: Run) -> None:
    (tmp_path / "motcua.db").write_bytes(b"this is a letter, not a database " * 100)
    status, _, err = run("catalog", "list", home=tmp_path)
    assert (status, len(err.splitlines())) == (2, 1), err


def test_a_home_that_is_a_file_is_one_clear_line(tmp_path: Path, run: Run) -> None:
    (tmp_path / "home").write_text("")
    status, _, err = run("db", "upgrade", home=tmp_path / "home")
    assert (status, len(err.splitlines())) == (2, 1), err


def test_the_command_itself_ends_with_two_and_one_line(tmp_path: Path) -> None:
    done = shell(tmp_path, "case", "show", "x")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(demo_home: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    home, port = tmp_path / "home", free_port()
    shutil.copytree(demo_home, home)
    env = {**surroundings(home), "MOTCUA_PORT": str(port)}
    command, pipe = [sys.executable, "-m", "web.cli", "serve"], subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("serving on")
        yield process, port
    finally:
        process.kill()
        process.communicate()


def get(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        answer.read()
        return int(answer.status)


def test_serving_stops_on_a_signal_with_status_nought(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    assert get(port, "/health/ready") == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


def test_a_request_in_flight_is_answered_before_serving_ends(server: tuple[subprocess.Popen[str], int]) -> None:
    """Four pages are asked for at once and the signal comes while they are being made."""
    process, port = server
    get(port, "/")
    found: list[Any] = []

    def ask() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            asked.release()
            answer = b""
            with suppress(ConnectionError):  # not in flight yet when the signal came
                while part := line.recv(65536):
                    answer += part
            found.append(answer)

    asked = threading.Semaphore(0)
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in threads:
        asked.acquire()
    time.sleep(0.05)  # the server has read what was sent
    process.send_signal(signal.SIGTERM)
    for thread in threads:
        thread.join(20)
    assert process.wait(STOP_SECONDS) == 0
    answered = [answer for answer in found if answer]
    assert answered, "at least one was in flight"
    for answer in answered:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert b"</html>" in body
