"""Random tables against an oracle that looks at every rule, and against the warning that rules overlap."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from bpmn import dmn
from bpmn.errors import DecisionError
from tests.support.dmn_builder import file, table

SEEDS = range(20260131, 20260131 + 150)
LOOKED_AT = [n / 2 for n in range(-2, 14)]
RANKS = ["c", "a", "b"]
Cell = tuple[str, Callable[[float], bool]]
Rows = list[tuple[list[Cell], str]]


def draw_cell(chance: random.Random) -> Cell:
    low, high = sorted((chance.randint(0, 5), chance.randint(0, 5)))
    kind = chance.randrange(7)
    if kind == 0:
        return chance.choice(["", "-"]), lambda x: True
    if kind == 1:
        return f"< {high}", lambda x: x < high
    if kind == 2:
        return f">= {low}", lambda x: x >= low
    if kind == 3:
        return f"{low}, {high}", lambda x: x in (low, high)
    if kind == 4:
        return f"not({low}, > {high})", lambda x: x != low and x <= high
    if kind == 5:
        return f"? > {low} and ? <= {high}", lambda x: low < x <= high
    return (f"[{low}..{high}]", lambda x: low <= x <= high) if low < high else (f"{low}", lambda x: x == low)


def draw(chance: random.Random) -> Rows:
    columns = chance.randint(1, 3)
    return [
        ([draw_cell(chance) for _ in range(columns)], chance.choice(RANKS))
        for _ in range(chance.randint(0, 5))
    ]  # fmt: skip


def hits(rows: Rows, values: list[float]) -> list[str]:
    return [given for cells, given in rows if all(test(x) for (_, test), x in zip(cells, values, strict=True))]


def oracle(policy: str, found: list[str]) -> Any:
    """What the standard says, "error" for a contradiction."""
    if not found:
        return None
    if policy in ("UNIQUE", "ANY"):
        return "error" if len(found if policy == "UNIQUE" else set(found)) > 1 else found[0]
    if policy in ("FIRST", "PRIORITY"):
        return found[0] if policy == "FIRST" else min(found, key=RANKS.index)
    return sorted(found, key=RANKS.index) if policy == "OUTPUT ORDER" else found


def drawn(rows: Rows, policy: str) -> dmn.DecisionModel:
    names = [(f"x{n}", "number") for n in range(len(rows[0][0]) if rows else 1)]
    rules = [([text for text, _ in cells], [f'"{given}"']) for cells, given in rows]
    return dmn.parse(
        file(table("d", rules, inputs=names, outputs=[("y", "string", '"c", "a", "b"')], policy=policy))
    )  # fmt: skip


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY", "OUTPUT ORDER", "RULE ORDER", "COLLECT"])
def test_random_tables_give_what_looking_at_every_rule_gives(policy: str) -> None:
    for seed in SEEDS:
        chance = random.Random(seed)
        rows = draw(chance)
        decision = dmn.compile_decision(drawn(rows, policy), "d")
        for _ in range(10):
            values = [chance.choice(LOOKED_AT) for _ in range(len(rows[0][0]) if rows else 1)]
            variables = {f"x{n}": x for n, x in enumerate(values)}
            try:
                made = decision(variables)
            except DecisionError:
                made = "error"
            assert made == oracle(policy, hits(rows, values) if rows else []), f"seed {seed}: {policy} at {values}"


def test_overlaps_that_are_told_exist_and_those_of_plain_cells_are_told() -> None:
    told = 0
    for seed in SEEDS:
        rows = draw(random.Random(seed))
        found = {
            (each.words["one"], each.words["other"])
            for each in dmn.advise(drawn(rows, "UNIQUE"))
            if each.rule == "rules-overlap"
        }
        told += len(found)
        for one, (cells, _) in enumerate(rows, 1):
            for other, (others, _) in enumerate(rows[one:], one + 1):
                meet = all(
                    any(a[1](x) and b[1](x) for x in LOOKED_AT) for a, b in zip(cells, others, strict=True)
                )  # fmt: skip
                plain = not any(text.startswith(("not", "?")) for text, _ in (*cells, *others))
                empty = any(not any(test(x) for x in LOOKED_AT) for _, test in (*cells, *others))
                if (one, other) in found:
                    assert meet or empty, f"seed {seed}: {one} and {other}"
                elif plain:
                    assert not meet, f"seed {seed}: {one} and {other}"
    assert told > 20
