"""Control states of earlier releases are taken up by this one, and every step goes where it went then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bpmn import dmn
from bpmn.parse import parse
from bpmn.runner import Call, Runner
from tests.bpmn_support import LENT
from tests.golden.houses import releases
from tests.golden.steps import as_json, read

RUNS = [pytest.param(run, id=f"{release}: {run['name']}") for release in releases() for run in read(release)]


def taken(runner: Runner, row: Mapping[str, Any], snapshot: str) -> Any:
    """Take a recorded step again from a snapshot. The first release kept the key of a wait apart, and began plainly."""
    call = Call(scopes=row["scopes"], now=datetime.fromisoformat(row["now"]), functions=LENT)
    if row["method"] == "start":
        return runner.start(call, *row["values"])
    key = [row["key"]] if "key" in row else []
    return getattr(runner, row["method"])(snapshot, *key, *row["values"], call)


def assert_holds(then: Any, now: Any) -> None:
    """All that was true then is true now; a later release may say more. Snapshots are compared by what they do."""
    if isinstance(then, dict):
        for name, value in then.items():
            if name != "snapshot":
                assert_holds(value, now[name])
    elif isinstance(then, list):
        assert len(then) == len(now)
        for one, other in zip(then, now, strict=True):
            assert_holds(one, other)
    else:
        assert then == now


@pytest.mark.parametrize("run", RUNS)
def test_every_step_of_an_earlier_release_is_taken_the_same_way(run: Mapping[str, Any]) -> None:
    library = {name: parse(xml.encode()) for name, xml in run["xml"].items()}
    tables = dmn.by_decision([dmn.parse(xml.encode()) for xml in run.get("dmn", ())])
    runner = Runner(library[run["process"]], library, tables)
    carried = ""
    for row in run["steps"]:
        from_then = taken(runner, row, row["snapshot"])
        assert_holds(row["step"], as_json(from_then))
        assert taken(runner, row, carried) == from_then, "a run of this release would go on in another way"
        assert runner.waits(row["step"]["snapshot"]) == runner.waits(from_then.snapshot)
        carried = from_then.snapshot


def test_some_release_has_left_steps() -> None:
    assert len(RUNS) > 40
