"""`motcua catalog test`: plays scenarios of a catalog folder and says what differed, by step and field."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from engine import rehearsal
from engine.adapters.db import open_store
from engine.settings import Settings
from tests.support.command_line import Run, called

ROOT = Path(__file__).resolve().parents[2]
SLUG = "xac-nhan-tinh-trang-hon-nhan"
FILE = "04_khong_tiep_nhan.toml"


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The shared data and one procedure with a single scenario, to be broken."""
    root = tmp_path / "catalog"
    shutil.copytree(ROOT / "catalog/_shared", root / "_shared")
    shutil.copytree(ROOT / "catalog" / SLUG, root / SLUG, ignore=shutil.ignore_patterns("tests"))
    (root / SLUG / "tests").mkdir()
    for name in ("01_truc_tuyen.toml", FILE):
        shutil.copy(ROOT / "catalog" / SLUG / "tests" / name, root / SLUG / "tests")
    return root


@pytest.fixture
def run(tmp_path: Path, catalog: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    return partial(called, monkeypatch, capfd, MOTCUA_HOME=str(tmp_path / "home"), MOTCUA_CATALOG=str(catalog))


def change(catalog: Path, old: str, new: str, file: str = FILE) -> None:
    path = catalog / SLUG / "tests" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_scenarios_that_go_their_way_are_told_and_leave_nothing_behind(run: Run, tmp_path: Path) -> None:
    status, out, err = run("catalog", "test", SLUG)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == "1 procedures, 2 scenarios, 0 failed"
    assert [line[:4] for line in out.splitlines()[:-1]] == ["ok  ", "ok  "]
    assert not (tmp_path / "home").exists()


def test_what_differs_is_told_with_its_step_and_the_others_are_still_played(run: Run, catalog: Path) -> None:
    change(catalog, 'complete = "check_documents"', 'complete = "no_such_task"')
    status, out, _ = run("catalog", "test")
    assert status == 1
    assert "step 1: no_such_task is not open, but ['check_documents']" in out
    assert out.splitlines()[-1] == "1 procedures, 2 scenarios, 1 failed"


def test_fields_that_are_refused_are_told_one_by_one(run: Run, catalog: Path) -> None:
    (catalog / SLUG / "tests" / "02_x.toml").write_text(
        'name = "x"\nstart_at = 2022-12-19T09:00:00+07:00\napplication_from = "01_truc_tuyen.toml"\n'
        "[application]\nso_ban = 999\n",
        "utf-8",
    )
    status, out, _ = run("catalog", "test", SLUG, "--json")
    rows = {row["file"]: row for row in json.loads(out)}
    assert status == 1
    assert rows["02_x.toml"]["verdict"] == "FAIL"
    assert any(line.startswith("so_ban: ") for line in rows["02_x.toml"]["problems"])
    assert rows[FILE]["problems"] == []


def test_a_refused_command_says_at_which_step(run: Run, catalog: Path) -> None:
    change(catalog, 'by = "one_stop"', 'by = "cashier"')
    status, out, _ = run("catalog", "test", SLUG)
    assert status == 1
    assert f"{FILE} step 1: Anh/chị không có quyền" in out


@pytest.mark.parametrize("text", ["name = [", "", 'name = "x"\nstart_at = "heute"\napplicant = {}\n'])
def test_a_file_that_is_no_scenario_is_a_difference_not_a_crash(run: Run, catalog: Path, text: str) -> None:
    (catalog / SLUG / "tests" / "03_x.toml").write_text(text, "utf-8")
    status, out, err = run("catalog", "test", SLUG)
    assert (status, err) == (1, "")
    assert "03_x.toml" in out
    assert out.splitlines()[-1] == "1 procedures, 3 scenarios, 1 failed"


def test_a_procedure_that_does_not_exist_is_wrong_use(run: Run) -> None:
    status, out, err = run("catalog", "test", "no-such-slug")
    assert (status, out) == (2, "")
    assert "no-such-slug" in err


def test_a_procedure_without_scenarios_is_not_called_proven(run: Run, catalog: Path) -> None:
    shutil.rmtree(catalog / SLUG / "tests")
    assert run("catalog", "test", SLUG)[0] == 1


def test_the_check_says_what_scenarios_leave_out_and_of_one_procedure_nothing_of_what_is_shared(run: Run) -> None:
    status, out, err = run("catalog", "check", "--scenarios", SLUG, "--json")
    report = json.loads(out)
    assert (status, err, report["scenarios"], report["failed"]) == (1, "", 2, [])
    for what in ("flows", "conditions"):
        figures = report[what]
        assert 0 <= figures["walked"] < figures["total"] == figures["walked"] + len(figures["missing"])
        assert [line for line in figures["missing"] if line.startswith("_shared")] == []
    assert report["flows"]["walked"] > 0
    missing = report["conditions"]["missing"]
    assert f"{SLUG}/form.json: top: cu_tru_truoc_day != true: never false" in missing
    assert f'{SLUG}/procedure.toml: exemption.ho_ngheo: application.mien_le_phi = "ho_ngheo": never true' in missing
    assert [line for line in missing if ": true:" in line or ": false:" in line] == []  # constants are no conditions


def test_the_check_of_everything_counts_what_is_shared_too(run: Run) -> None:
    _, out, _ = run("catalog", "check", "--scenarios")
    assert "missing: _shared: supplement/" in out
    assert out.splitlines()[-2] == "2 scenarios, 0 failed"


def test_a_scenario_that_fails_is_told_by_the_check(run: Run, catalog: Path) -> None:
    change(catalog, 'complete = "check_documents"', 'complete = "no_such_task"')
    status, out, _ = run("catalog", "check", "--scenarios")
    assert status == 1
    assert "no_such_task is not open" in out
    assert out.splitlines()[-2] == "2 scenarios, 1 failed"


def test_only_scenarios_can_be_narrowed_down(run: Run) -> None:
    assert run("catalog", "check", SLUG)[0] == 2


def test_several_processes_say_what_one_says_in_the_same_order(
    run: Run, catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "BATCH", 1)  # or two scenarios would not be worth a second process
    change(catalog, 'complete = "check_documents"', 'complete = "no_such_task"')
    one, several = (run("catalog", "check", "--scenarios", "--json", "--jobs", jobs) for jobs in ("1", "2"))
    assert one == several
    assert [row["file"] for row in json.loads(one[1])["failed"]] == [FILE]


def test_no_process_to_play_in_is_wrong_use(run: Run) -> None:
    status, out, err = run("catalog", "test", "--jobs", "0")
    assert (status, out) == (2, "")
    assert "--jobs" in err


def test_each_scenario_begins_on_an_empty_database_with_the_first_number(catalog: Path, tmp_path: Path) -> None:
    home = {"MOTCUA_HOME": str(tmp_path), "MOTCUA_DATABASE_URL": f"sqlite:///{tmp_path / rehearsal.DATABASE}"}
    settings = Settings.from_env({**home, "MOTCUA_CATALOG": str(catalog)})
    chosen = rehearsal.entries(settings)
    rehearsal.deploy(settings, [procedure for _, procedure in chosen])
    stage, codes = rehearsal.Stage(settings), []
    for turn in [*rehearsal.turns(chosen), *rehearsal.turns(chosen)]:  # each begins before the one before it ended
        played, reached = stage.play(turn)
        assert played.problems == ()
        assert reached.flows
        store = open_store(f"sqlite:///{stage.home / rehearsal.DATABASE}")
        codes += [case.code for _, case_id in store.case_ids() if (case := store.case(None, case_id))]
        store.close()
    stage.close()
    assert len(codes) == 4
    assert codes[:2] == codes[2:]
    assert {code.rpartition("-")[2] for code in codes} == {"0001"}


def test_the_terminal_is_told_how_far_it_is_and_a_log_is_not(
    run: Run, catalog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cli_catalog.on_terminal", lambda: True)
    assert run("catalog", "test", "--json")[2].split("\r")[1:] == ["1 of 2 scenarios", "2 of 2 scenarios\n"]
    assert "scenarios" not in run("catalog", "test")[2]  # the scenarios themselves are told as they come
