"""Running cases steered from the command line, each act by an officer who is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_cli import Run, codes, demo_home, run  # noqa: F401  # fixtures are used by their names


class Steerer:
    """Runs commands on one case and reads their JSON."""

    def __init__(self, run: Run, code: str) -> None:  # noqa: F811  # the fixture's own value
        self.run, self.code = run, code

    def __call__(self, *arguments: str, login: str = "quantri", status: int = 0) -> Any:
        found, out, err = self.run(*arguments, "--as", login, "--json")
        assert found == status, err
        return json.loads(out)

    def case(self, command: str, *more: str, **said: Any) -> Any:
        (row,) = self("case", command, self.code, *more, **said)
        return row


@pytest.fixture
def steerer(run: Run, demo_home: Path) -> Steerer:  # noqa: F811  # the fixture's own value
    for code in codes(demo_home):
        _, out, _ = run("case", "show", code, "--json")
        (row,) = json.loads(out)
        if any(task["element_id"] == "check_documents" for task in row["tasks"]):
            return Steerer(run, code)
    raise AssertionError("no case of the demonstration waits at its first check")


def test_suspend_and_resume(steerer: Steerer) -> None:
    assert steerer.case("suspend", "--reason", "Kiểm tra")["suspended"] == "Kiểm tra"
    assert steerer.case("resume", "--note", "Xong")["suspended"] is None


def test_a_change_is_proposed_by_one_and_approved_by_another(steerer: Steerer) -> None:
    change = ["modify", "--set", 'ghi_chu={"số": 1.50}', "--reason", "Bổ sung"]
    proposed = steerer.case(*change)
    assert (proposed["closes"], proposed["opens"]) == ([], [])
    status, _, err = steerer.run("case", "approve", steerer.code, "--as", "quantri")
    assert (status, "four_eyes" in err) == (2, True)
    assert steerer.case("approve", login="chutich")["proposal"] is None
    steerer.case(*change)
    assert steerer.case("reject", "--reason", "Thôi")["proposal"] is None


def test_a_move_to_a_version_that_is_not_there_is_told_with_exit_one(steerer: Steerer) -> None:
    row = steerer.case("migrate", "--to", "99", "--dry-run", "--reason", "Thử", status=1)
    assert (row["fits"], bool(row["problems"])) == (False, True)
    whole = ["--procedure", "2.000815", "--from", "1", "--to", "1", "--reason", "Thử", "--dry-run"]
    rows = steerer("case", "migrate", *whole, status=1)
    assert all(not each["fits"] for each in rows)


def test_incidents_are_listed_and_an_unknown_one_is_one_clear_line(steerer: Steerer) -> None:
    assert isinstance(steerer("incidents"), list)
    status, _, err = steerer.run("incident", "retry", "nothing", "--as", "quantri")
    assert (status, err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "suspend", "KHÔNG-CÓ", "--reason", "x", "--as", "quantri"),
        ("case", "suspend", "CODE", "--reason", "x", "--as", "nobody"),
        ("case", "suspend", "CODE", "--reason", "x", "--as", "lan"),
        ("case", "suspend", "CODE", "--reason", "x", "--as", "motcua"),
        ("case", "modify", "CODE", "--set", "x=NaN", "--reason", "x", "--as", "quantri"),
        ("case", "modify", "CODE", "--set", "x", "--reason", "x", "--as", "quantri"),
        ("case", "modify", "CODE", "--begin", "nowhere", "--reason", "x", "--as", "quantri"),
        ("case", "approve", "CODE", "--as", "chutich"),
        ("case", "migrate", "--to", "2", "--reason", "x", "--as", "quantri"),
        ("case", "migrate", "CODE", "--to", "2", "--map", "a", "--reason", "x", "--as", "quantri"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_two(steerer: Steerer, arguments: tuple[str, ...]) -> None:
    status, out, err = steerer.run(*(steerer.code if each == "CODE" else each for each in arguments))
    assert (status, out) == (2, "")
    assert err.startswith("motcua: ")
    assert err.count("\n") == 1
