"""Whatever the bytes of a decision file: it is refused, has problems, or decides; nothing crashes, nothing hangs."""

from __future__ import annotations

import random
import re
from contextlib import suppress

import pytest

from bpmn import dmn
from bpmn.errors import DecisionError, UnreadableDiagramError
from tests.support import seeds
from tests.support.dmn_builder import component, data, file, item, literal, table

SEED = seeds.of_this_run()
MUTATIONS = 400
GOOD = file(
    item("tình trạng", "string", allowed='"a", "b"'),
    item("người", parts=component("tuổi", "number") + component("tình trạng", "tình trạng")),
    table("fee", [(["< 5", "not(true)"], ["base * x", '"low"']), (["-", ""], ["0", '"none"'])],
          inputs=[("x", "number", "[0..9]"), ("free", "boolean")], policy="PRIORITY",
          outputs=[("amount", "number"), ("kind", "string", '"low", "none"')], needs=["base", "@who"]),
    table("all", [(["-"], ["fee.amount"]), (['? in ("a", "b")'], ["2"])], inputs=[("y", "tình trạng")],
          policy="COLLECT", aggregation="SUM", needs=["fee"], defaults=["7"]),
    literal("base", "if who.tuổi > 17 then 10 else null", name="base", result="number", needs=["@who"]),
    data("who", "who", "người"),
)  # fmt: skip
SEEN = [
    {},
    {"x": 3, "free": False, "y": "a", "who": {"tuổi": "18", "tình trạng": "b"}},
    {"x": "x", "who": [1], "y": {}},
]


def outcome(data: bytes) -> str:
    """Use a file as the engine would; say how far it came."""
    try:
        model = dmn.parse(data)
    except UnreadableDiagramError:
        return "unreadable"
    problems = (*dmn.check(model), *dmn.advise(model))
    assert all(each.message and each.message_vi for each in problems)
    if any(each.severity == "error" for each in problems):
        for decision_id in model.decisions:
            with pytest.raises(DecisionError):
                dmn.compile_decision(model, decision_id)
        return "refused"
    for decision_id in model.decisions:
        decision = dmn.compile_decision(model, decision_id)
        for variables in SEEN:
            with suppress(DecisionError):
                decision(variables)
    return "decided"


def test_the_good_file_is_decided() -> None:
    assert outcome(GOOD) == "decided"
    assert dmn.compile_decision(dmn.parse(GOOD), "all")(SEEN[1]) == 32


def test_mutated_files_are_refused_or_decided() -> None:
    print("seed", SEED)
    chance = random.Random(SEED)
    seen = {outcome(_mutate(GOOD, chance)) for _ in range(MUTATIONS)}
    assert seen == {"unreadable", "refused", "decided"}, SEED


def _mutate(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        data = chance.choice((_attribute, _element, _text, _bytes))(data, chance)
    return data


def _attribute(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb'\s([\w:]+)="([^"]*)"', data))
    one, other = (chance.choice(found), chance.choice(found)) if found else (None, None)
    if one is None or other is None:
        return data
    swapped = b" " + one[1] + b'="' + other[2] + b'"'
    new = chance.choice((b"", one[0].replace(b'="', b'x="', 1), swapped, b" " + one[1] + b'=""'))
    return data[: one.start()] + new + data[one.end() :]


def _element(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"<(\w+)(?=[\s>/])[^>]*?(?:/>|>.*?</\1>)", data, re.DOTALL))
    if not found:
        return data
    one, other = chance.choice(found), chance.choice(found)
    new = chance.choice((b"", one[0] + one[0], other[0], one[0].replace(one[1], other[1])))
    return data[: one.start()] + new + data[one.end() :]


def _text(data: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(rb"<text>([^<]*)</text>", data))
    if not found:
        return data
    one, other = chance.choice(found), chance.choice(found)
    texts = (other[1], b"-", b"(", b"?", b"&lt; 5", b'"a"', b"[" * 200, b"null", b"not(", one[1] + b"," + other[1])
    return data[: one.start(1)] + chance.choice(texts) + data[one.end(1) :]


def _bytes(data: bytes, chance: random.Random) -> bytes:
    if not data or chance.random() > 0.3:
        return data
    at = chance.randrange(len(data))
    flipped = data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    return chance.choice((data[:at], flipped))


LIST = ", ".join(f'"v{n}"' for n in range(500))
EXTREMES = {
    "types in a long row": [*(item(f"t{n}", f"t{n + 1}") for n in range(5_000)), literal("d", "1", result="t0")],
    "types in each other": [
        item("t", parts='<itemComponent name="c">' * 180 + "</itemComponent>" * 180), literal("d", "1")
    ],
    "every cell its own": [table("d", [([f"? = {n}"], [f"x + {n}"]) for n in range(3_000)], policy="COLLECT")],
    "the longest cells": [table("d", [([LIST], ["1"])] * 40, policy="COLLECT", outputs=[("a", "string", LIST)])],
    "nested cells": [table("d", [(["(" * 3_000], ["1"])])],
    "a row of decisions": [literal("n0", "1"), *(literal(f"n{n}", "1", needs=[f"n{n - 1}"]) for n in range(1, 200))],
    "many columns": [table("d", [(["1"] * 3_000, ["1"])], inputs=[("x",)] * 3_000)],
    "greedy rules": [table("d", [(["count(for i in 1..100, j in 1..100 return i) > ?"], ["1"])] * 1_000)],
    "names everywhere": [data(f"i{n}", f"a-{n} b") for n in range(3_000)] + [literal("d", "a-7 b + a-8 b")],
}  # fmt: skip


@pytest.mark.parametrize("what", EXTREMES)
def test_extreme_files_come_to_an_end(what: str) -> None:
    assert outcome(file(*EXTREMES[what])) in ("refused", "decided")
