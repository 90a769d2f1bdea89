"""Names that may have a value in a process: its own, those of callers that hand theirs down, and no others."""

from __future__ import annotations

from dataclasses import replace

from bpmn.parse import parse
from engine.adapters.catalog_names import Names
from engine.domain.procedure import Procedure
from tests.support.bpmn_builder import call, chain, end, process, start, user
from tests.support.small_house import PROCEDURE

LAYERS = 40


def diagram(name: str, *called: str, hands_down: bool = True, **inputs: str) -> bytes:
    """A process that writes a variable of its own name and calls others; `inputs` are mapped into all of them."""
    calls = [call(f"to_{each}", each, inputs=inputs, parent=hands_down) for each in called]
    steps = [f"to_{each}" for each in called]
    ask = user("ask", outputs={f"of_{name}": "answer"})
    return process(name, start(), ask, *calls, end(), *chain("start", "ask", *steps, "end"))


def procedure(**files: bytes) -> Procedure:
    return replace(PROCEDURE, files={f"{name}.bpmn": data for name, data in files.items()})


def known(house: Procedure, name: str) -> set[str]:
    """The names with a value in one of the processes, without what every process has."""
    return Names([house]).known([parse(house.files[f"{name}.bpmn"])]) - {"loopCounter", "answer"}


def test_what_callers_hand_down_is_known_all_the_way_down_and_nothing_the_other_way() -> None:
    house = procedure(top=diagram("top", "middle"), middle=diagram("middle", "low"), low=diagram("low"))
    assert known(house, "low") == {"of_top", "of_middle", "of_low"}
    assert known(house, "middle") == {"of_top", "of_middle"}
    assert known(house, "top") == {"of_top"}


def test_a_caller_that_keeps_its_names_gives_only_what_it_maps_in() -> None:
    house = procedure(
        top=diagram("top", "middle", hands_down=False, given="1"), middle=diagram("middle", "low"), low=diagram("low")
    )
    assert known(house, "middle") == {"given", "of_middle"}
    assert known(house, "low") == {"given", "of_middle", "of_low"}


def test_processes_that_call_each_other_in_a_circle_come_to_an_end() -> None:
    house = procedure(one=diagram("one", "two"), two=diagram("two", "one"))
    assert known(house, "one") == known(house, "two") == {"of_one", "of_two"}


def test_calls_on_many_ways_through_many_layers_are_looked_at_once_each() -> None:
    """Two processes a layer, each calling both of the next: two to the power of the layers ways down, which nobody
    could go one by one."""
    files = {
        f"{side}{layer}": diagram(f"{side}{layer}", *([f"a{layer + 1}", f"b{layer + 1}"] if layer < LAYERS else []))
        for layer in range(LAYERS + 1)
        for side in "ab"
    }
    found = known(procedure(**files), f"a{LAYERS}")
    assert len(found) == 2 * LAYERS + 1
    assert f"of_b{LAYERS}" not in found
