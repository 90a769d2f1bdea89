"""Makes FEEL expressions up: grown from the grammar, mutated from valid ones, or raw noise."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from bpmn import feel

ROOT = Path(__file__).resolve().parents[2]
VARIABLES: dict[str, Any] = {
    "a": 1,
    "b": -2.5,
    "text": "Xã Bình Hòa",
    "long": "ab" * 2_000,
    "xs": [3, 1, 2],
    "many": list(range(2_000)),
    "họ tên": "Nguyễn Văn An",
    "people": [{"name": "An", "age": 40}, {"name": "Bình", "age": 20}],
    "c": {"d": {"e": 1}, "item": 2},
    "?": 5,
}
_NAMES = (*VARIABLES, "trap", "traps", "call", "missing", "item", "partial", "x", "y", "f")
_PLAIN = (
    '0 1 2 -1 3.5 1e3 .5 9999999999999999999999999999999999 10**6000 "" "a" "a.b" "[a-z]+" "(a+)+$" "é" true false null'
)
_MOMENTS = "2024-02-29 10:30:00 10:30:00+07:00 2024-02-29T10:30:00@Asia/Ho_Chi_Minh P1Y2M -P1DT2H x"
_LITERALS = (*_PLAIN.split(), *(f'@"{moment}"' for moment in _MOMENTS.split()))
_TYPES = ("number", "string", "Any", "Null", "date and time", "list<number>", "context<a: number>", "range<date>")
_TYPES += ("function<Any> -> Any", "unheard of", "list")
_INFIX = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or")
_FUNCTIONS = tuple(sorted(feel.function_names)) + ("lent", "unheard of", "getattr", "eval", "open", "__import__")
_SIGNS = (
    "( ) [ ] { } , : . .. @ -> in between if then else for return some every satisfies function external not( // /* */"
)
_WORDS = (*_INFIX, *_LITERALS, *_NAMES, *_SIGNS.split(), "instance of", '"', "\\", "__class__")
_ODD = "\u0000\u00a0\u0301\u200b\u200d\u202e\ufeff\ud800\U0001f40e\\\"'@#$%&`~;^|!?đĐộ\n\t"


class Grower:
    """Grows one expression; the deeper it is, the sooner it ends in a literal or a name."""

    def __init__(self, random: Random) -> None:
        """Take all choices from random."""
        self.random = random

    def expression(self, depth: int = 0) -> str:
        """Return an expression of any kind."""
        if self.random.random() < depth / 5:
            return self.random.choice(_LITERALS if self.random.random() < 0.6 else _NAMES)
        return self.random.choice(_FORMS)(self, depth + 1)

    def several(self, depth: int, most: int = 3) -> str:
        """Return up to so many expressions, between commas."""
        return ", ".join(self.expression(depth) for _ in range(self.random.randint(0, most)))

    def name(self) -> str:
        """Return a name that a loop, parameter or entry may give."""
        return self.random.choice(("x", "y", "f", "số con", "a", "item", "trap", "a+b"))

    def infix(self, depth: int) -> str:
        return f"{self.expression(depth)} {self.random.choice(_INFIX)} {self.expression(depth)}"

    def bracketed(self, depth: int) -> str:
        return f"({self.expression(depth)})"

    def call(self, depth: int) -> str:
        return f"{self.random.choice(_FUNCTIONS)}({self.several(depth, 4)})"

    def named_call(self, depth: int) -> str:
        name = self.random.choice(("n", "list", "string", "from", "scale", "x"))
        return f"{self.random.choice(_FUNCTIONS)}({name}: {self.expression(depth)})"

    def listed(self, depth: int) -> str:
        return f"[{self.several(depth)}]"

    def context(self, depth: int) -> str:
        return (
            "{" + ", ".join(f"{self.name()}: {self.expression(depth)}" for _ in range(self.random.randint(0, 3))) + "}"
        )

    def ranged(self, depth: int) -> str:
        start, end = self.random.choice("[(]"), self.random.choice("])[")
        return f"{start}{self.expression(depth)}..{self.expression(depth)}{end}"

    def filtered(self, depth: int) -> str:
        return f"{self.expression(depth)}[{self.expression(depth)}]"

    def path(self, depth: int) -> str:
        member = self.random.choice(("d", "name", "year", "start", "time offset", "__class__", "secret"))
        return f"{self.expression(depth)}.{member}"

    def conditional(self, depth: int) -> str:
        return f"if {self.expression(depth)} then {self.expression(depth)} else {self.expression(depth)}"

    def loop(self, depth: int) -> str:
        source = self.random.choice((self.expression(depth), "1..5", "1..100000", "xs", "many"))
        return f"for {self.name()} in {source} return {self.expression(depth)}"

    def quantified(self, depth: int) -> str:
        word = self.random.choice(("some", "every"))
        return f"{word} {self.name()} in {self.expression(depth)} satisfies {self.expression(depth)}"

    def function(self, depth: int) -> str:
        return f"(function({self.name()}) {self.expression(depth)})({self.several(depth, 2)})"

    def membership(self, depth: int) -> str:
        test = self.random.choice((f"({self.several(depth)})", f"< {self.expression(depth)}", self.expression(depth)))
        return f"{self.expression(depth)} in {test}"

    def between(self, depth: int) -> str:
        return f"{self.expression(depth)} between {self.expression(depth)} and {self.expression(depth)}"

    def typed(self, depth: int) -> str:
        return f"{self.expression(depth)} instance of {self.random.choice(_TYPES)}"


_FORMS: tuple[Callable[[Grower, int], str], ...] = (
    *(Grower.infix,) * 4,
    *(Grower.call,) * 5,
    *(Grower.bracketed, Grower.named_call, Grower.listed, Grower.context, Grower.ranged, Grower.filtered, Grower.path),
    *(Grower.conditional, Grower.loop, Grower.quantified, Grower.function, Grower.membership, Grower.between),
    Grower.typed,
)  # fmt: skip


@lru_cache(maxsize=1)
def corpus() -> tuple[str, ...]:
    """Return valid expressions to start mutations from."""
    found = tomllib.loads((ROOT / "tests" / "data" / "feel_agreement.toml").read_text(encoding="utf-8"))
    return tuple(text for group in found["agree"] for text in group["expressions"] if text)


def mutated(random: Random) -> str:
    """Return a valid expression with a few pieces taken out, doubled, exchanged or put in."""
    text = random.choice(corpus())
    for _ in range(random.randint(1, 4)):
        start, end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
        piece = random.choice(
            (text[start:end] * 2, "", random.choice(_WORDS), random.choice(_ODD), random.choice(corpus()))
        )
        text = text[:start] + piece + text[end if random.random() < 0.6 else start :]
    return text[:4_100]


def noise(random: Random) -> str:
    """Return words of the language or characters of any kind in any order."""
    if random.random() < 0.5:
        return " ".join(random.choices(_WORDS, k=random.randint(1, 25)))
    letters = [chr(random.choice((random.randrange(32, 127), random.randrange(0x110000)))) for _ in range(40)]
    return "".join(random.choices([*letters, *_ODD], k=random.randint(1, 80)))


def expression(random: Random) -> str:
    """Return one expression: half of them grown, a third mutated, the rest noise."""
    choice = random.random()
    if choice < 0.5:
        return Grower(random).expression()[:4_100]
    return mutated(random) if choice < 0.85 else noise(random)
