"""Random block-structured processes against a recursive oracle that counts how often each task must run."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from bpmn.model import ProcessDefinition
from tests.support.bpmn_builder import Part, both, call, chain, define, each, end, flow, some, start, sub, user, xor
from tests.support.forgetful import Forgetful

SEEDS = range(20260131, 20260131 + 100)
MOST_TASKS = 25  # completions of one run; a draw that needs more is drawn again


@dataclass
class Block:
    """A block with one way in and one way out: a task, or a composition of blocks."""

    kind: str
    id: str
    parts: list[Block] = field(default_factory=list)
    choice: int = 0  # the branch an exclusive block takes
    rounds: int = 1  # how often a loop runs
    taken: tuple[bool, ...] = ()  # the branches an inclusive block takes; none: its default, the first


def draw(chance: random.Random, depth: int, ids: list[int]) -> Block:
    ids[0] += 1
    name = f"b{ids[0]}"
    kinds = ["task", "sequence", "xor", "and", "or", "loop", "call", "sub", "each"]
    kind = chance.choices(kinds, [2, 2, 1, 2, 2, 2, 1, 1, 2])[0] if depth else "task"
    count = {"task": 0, "loop": 1, "call": 1, "sub": 1, "each": 1}.get(kind, chance.randint(2, 3))
    parts = [draw(chance, depth - 1, ids) for _ in range(count)]
    taken = tuple(chance.random() < 0.6 for _ in parts)
    return Block(kind, name, parts, chance.randrange(count) if count else 0, chance.randint(1, 3), taken)


def count(block: Block, times: int, found: Counter[str]) -> Counter[str]:
    """The oracle: how often each task runs when its block is entered so many times."""
    if block.kind == "task":
        found[block.id] += times
    elif block.kind == "xor":
        count(block.parts[block.choice], times, found)
    elif block.kind == "or":
        for part, taken in zip(block.parts, taken_of(block), strict=True):
            count(part, times if taken else 0, found)
    else:
        for part in block.parts:
            count(part, times * (block.rounds if block.kind in ("loop", "each") else 1), found)
    return found


def taken_of(block: Block) -> tuple[bool, ...]:
    return block.taken if any(block.taken) else (True, *block.taken[1:])


def draw_diagram(block: Block, parts: list[Part], called: list[ProcessDefinition]) -> tuple[str, str]:
    """Append the elements and flows of a block, and what it calls; return its first and its last element."""
    name = block.id
    if block.kind == "task":
        parts.append(user(name))
        return name, name
    if block.kind == "call":
        called.append(diagram_of(block.parts[0], f"{name}_process", called))
        parts.append(call(name, f"{name}_process"))
        return name, name
    if block.kind in ("sub", "each"):
        inside: list[Part] = [start(f"{name}_start"), end(f"{name}_end")]
        begin, finish = draw_diagram(block.parts[0], inside, called)
        marker = each(f"={[None] * block.rounds}".replace("None", "null"), sequential=bool(sum(block.taken)))
        inside += [*chain(f"{name}_start", begin), *chain(finish, f"{name}_end")]
        parts.append(sub(name, *inside, loop=marker if block.kind == "each" else ""))
        return name, name
    ends = [draw_diagram(part, parts, called) for part in block.parts]
    if block.kind == "sequence":
        parts.extend(flow(ends[at][1], ends[at + 1][0]) for at in range(len(ends) - 1))
        return ends[0][0], ends[-1][1]
    first, last = f"{name}_in", f"{name}_out"
    if block.kind == "loop":
        again = f"{last}-{first}"
        parts += [xor(first), xor(last, default=f"{last}-{name}_done"), xor(f"{name}_done"), flow(first, ends[0][0])]
        parts += [flow(ends[0][1], last), flow(last, first, f"=again_{name}", again), flow(last, f"{name}_done")]
        return first, f"{name}_done"
    gate = {"and": both, "xor": xor, "or": some}[block.kind]
    parts += [some(first, f"{first}-{ends[0][0]}") if block.kind == "or" and not block.taken[0] else gate(first)]
    parts += [gate(last)]
    for at, (begin, finish) in enumerate(ends):
        condition = f"={str(at == block.choice).lower()}" if block.kind == "xor" else ""
        if block.kind == "or" and (at or block.taken[0]):
            condition = f"={str(block.taken[at]).lower()}"
        parts += [flow(first, begin, condition), flow(finish, last)]
    return first, last


def diagram_of(block: Block, name: str, called: list[ProcessDefinition]) -> ProcessDefinition:
    parts: list[Part] = []
    first, last = draw_diagram(block, parts, called)
    return define(name, start(), end(), *parts, *chain("start", first), *chain(last, "end"))


def element_of(key: str) -> str:
    return key.rpartition("/")[2].partition("#")[0]


def rounds_left(block: Block, done: Counter[str]) -> dict[str, bool]:
    """Say for each loop whether it goes round again, from how often its exit was reached so far."""
    found = {}
    if block.kind == "loop":
        found[f"again_{block.id}"] = (done[f"{block.id}_out"] + 1) % block.rounds != 0
    for part in block.parts:
        found |= rounds_left(part, done)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_task_of_a_random_process_runs_as_often_as_it_must(seed: int) -> None:
    chance = random.Random(seed)
    block = draw(chance, 4, [0])
    while not 1 < sum(count(block, 1, Counter()).values()) <= MOST_TASKS:
        block = draw(chance, 4, [0])
    expected = +count(block, 1, Counter())
    called: list[ProcessDefinition] = []
    case = Forgetful(diagram_of(block, "p", called), *called, variables=rounds_left(block, Counter()), every=8)
    ran: Counter[str] = Counter()
    while case.open:
        key = chance.choice(sorted(case.open))
        ran[element_of(key)] += 1
        assert ran <= expected, f"seed {seed}: {key} runs too often"
        reached = Counter(element_of(each) for each, _ in case.walked)
        case.variables[""] = dict(rounds_left(block, reached))
        scope, _, element = key.rpartition("/")
        case.complete(element.partition("#")[0], number=int(element.partition("#")[2]), scope=scope)
    assert case.last.ended, f"seed {seed}: stuck with {case.last.snapshot}"
    assert ran == expected, f"seed {seed}"
    assert [key for key, _ in case.walked].count("end#1") == 1
