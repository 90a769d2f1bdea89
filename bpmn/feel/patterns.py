"""XPath patterns → Python patterns, piece by piece, with an upper bound on the work of matching.

Backtracking is slow when a repeated part can itself match in several ways, or when many parts can share the same text.
So a part with choices inside may not be repeated at all, and the rest is counted: every unbounded repetition multiplies
the work by the length of the text, every bounded choice by its number of ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from math import prod

from bpmn.feel.character_classes import ESCAPES, class_of_category, escaped_character
from bpmn.feel.errors import FeelLimitError

_QUANTIFIER = re.compile(r"([*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})(\??)")
_MANY = 20  # bounded repetitions with more ways than this count as unbounded
_DEEPEST = 20


class PatternError(Exception):
    """The text is not a pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A Python pattern; the work is at most about size * ways * length ** powers."""

    text: str
    ways: int = 1
    powers: int = 0
    first: str | None = None  # the character it must begin with, when there is just one
    anchored: bool = False
    size: int = 1  # characters and groups to look at, fixed repetitions counted

    @property
    def is_fixed(self) -> bool:
        """Tell whether there is only one way to match at a given place."""
        return self.ways == 1 and self.powers == 0

    def cost(self, length: int) -> int:
        """Return the most comparisons a search in a text of this length can take."""
        starts = 0 if self.anchored else 1
        spread: int = (length + 1) ** (self.powers + starts)
        return self.ways * spread * max(1, self.size // 3)


def read_pattern(pattern: str, flags: str) -> Pattern:
    """Return the Python form of an XPath pattern; raises PatternError or FeelLimitError."""
    if "q" in flags:
        return Pattern(re.escape(pattern))
    reader = _Reader(_without_blanks(pattern) if "x" in flags else pattern, flags)
    found = reader.alternatives(0)
    if reader.position < len(reader.source):
        raise PatternError(reader.source[reader.position :])
    return found


def _without_blanks(pattern: str) -> str:
    kept, inside, escaped = [], 0, False
    for letter in pattern:
        if not escaped:
            inside += (letter == "[") - (letter == "]")
        if inside or not letter.isspace():
            kept.append(letter)
        escaped = letter == "\\" and not escaped
    return "".join(kept)


class _Reader:
    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
        self.position = 0
        self.opened = 0
        self.closed: set[int] = set()

    def _peek(self) -> str:
        return self.source[self.position : self.position + 1]

    def _take(self) -> str:
        letter = self._peek()
        if not letter:
            raise PatternError("the pattern ends too early")
        self.position += 1
        return letter

    def alternatives(self, depth: int) -> Pattern:
        """Read branches separated by bars."""
        if depth > _DEEPEST:
            raise PatternError("nested too deeply")
        branches = [self._branch(depth)]
        while self._peek() == "|":
            self.position += 1
            branches.append(self._branch(depth))
        if len(branches) == 1:
            return branches[0]
        firsts = {branch.first and branch.first.casefold() for branch in branches}
        settled = None not in firsts and len(firsts) == len(branches)  # the first character picks the branch
        return Pattern(
            "|".join(branch.text for branch in branches),
            (1 if settled else len(branches)) * max(branch.ways for branch in branches),
            max(branch.powers for branch in branches),
            anchored=all(branch.anchored for branch in branches),
            size=sum(branch.size for branch in branches),
        )

    def _branch(self, depth: int) -> Pattern:
        pieces: list[Pattern] = []
        while self._peek() not in ("", "|", ")"):
            pieces.append(self._piece(depth))
        head = pieces[0] if pieces else Pattern("")
        return Pattern(
            "".join(piece.text for piece in pieces),
            prod(piece.ways for piece in pieces),
            sum(piece.powers for piece in pieces),
            head.first,
            head.anchored,
            size=sum(piece.size for piece in pieces),
        )

    def _piece(self, depth: int) -> Pattern:
        atom = self._atom(depth)
        match = _QUANTIFIER.match(self.source, self.position)
        if not match:
            if self._peek() in ("*", "+", "?", "{") and self._peek():
                raise PatternError("a wrong repetition")
            return atom
        self.position = match.end()
        if self._peek() in ("*", "+", "?", "{") and self._peek():
            raise PatternError("a repetition of a repetition")
        return _repeated(atom, match)

    def _atom(self, depth: int) -> Pattern:
        letter = self._take()
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return Pattern(self._class())
        if letter == ".":
            return Pattern("(?s:.)" if "s" in self.flags else r"[^\n\r]")
        if letter == "^":
            return Pattern("(?m:^)") if "m" in self.flags else Pattern(r"\A", anchored=True)
        if letter == "$":
            return Pattern("(?m:$)" if "m" in self.flags else r"\Z")
        if letter == "\\":
            return self._escape()
        if letter in "*+?{}])":
            raise PatternError(letter)
        return Pattern(re.escape(letter), first=letter)

    def _group(self, depth: int) -> Pattern:
        plain = self.source.startswith("?:", self.position)
        number = self.opened + 1
        if plain:
            self.position += 2
        else:
            self.opened = number
        inner = self.alternatives(depth + 1)
        if self._take() != ")":
            raise PatternError("a group is not closed")
        if not plain:
            self.closed.add(number)
        return replace(inner, text=f"({'?:' if plain else ''}{inner.text})", size=inner.size + 2)

    def _escape(self) -> Pattern:
        letter = self._take()
        if letter.isdigit():
            return self._reference(letter)
        if letter in "pP":
            return Pattern(f"[{self._category(letter)}]")
        if letter in ESCAPES:
            return Pattern(f"[{ESCAPES[letter]}]")
        character = escaped_character(letter)
        if character is None:
            raise PatternError(letter)
        return Pattern(re.escape(character), first=character)

    def _reference(self, digits: str) -> Pattern:
        while self._peek().isdigit() and int(digits + self._peek()) <= self.opened:
            digits += self._take()
        if int(digits) not in self.closed:
            raise PatternError("a reference to no group")
        return Pattern(rf"(?:\{int(digits)})", powers=1)

    def _category(self, letter: str) -> str:
        if self._take() != "{":
            raise PatternError(letter)
        end = self.source.find("}", self.position)
        if end < 0:
            raise PatternError(letter)
        name = self.source[self.position : end]
        self.position = end + 1
        members = class_of_category(name, letter == "P")
        if members is None:
            raise PatternError(name)
        return members

    def _class(self) -> str:
        negated = self._peek() == "^"
        self.position += negated
        members: list[str] = []
        subtracted = ""
        while not subtracted and (self._peek() != "]" or not members):
            if self.source.startswith("-[", self.position):
                self.position += 2
                subtracted = self._class()
            else:
                members.append(self._member())
        if self._take() != "]" or not members:
            raise PatternError("a wrong set of characters")
        body = f"[{'^' if negated else ''}{''.join(members)}]"
        return f"(?:(?!{subtracted}){body})" if subtracted else body

    def _member(self) -> str:
        start = self._single()
        if len(start) > 1:
            return start
        if self._peek() != "-" or self.source[self.position + 1 : self.position + 2] in ("]", "["):
            return re.escape(start)
        self.position += 1
        end = self._single()
        if len(end) > 1 or end < start:
            raise PatternError("a wrong range of characters")
        return f"{re.escape(start)}-{re.escape(end)}"

    def _single(self) -> str:
        """Return one character, or several that already are the inside of a Python set."""
        letter = self._take()
        if letter != "\\":
            if letter in "[]":
                raise PatternError(letter)
            return letter
        letter = self._take()
        if letter in "pP":
            return self._category(letter)
        if letter in ESCAPES:
            return ESCAPES[letter]
        character = escaped_character(letter)
        if character is None:
            raise PatternError(letter)
        return character


def _repeated(atom: Pattern, match: re.Match[str]) -> Pattern:
    sign = match[1]
    text = f"{atom.text}{sign}{match[2]}"
    low, high = _bounds(sign)
    if high is not None and high < low:
        raise PatternError(sign)
    anchored = atom.anchored and low > 0
    first = atom.first if low else None
    size = atom.size * max(1, low, high or 0)
    if high == 1:
        return Pattern(text, atom.ways * (2 - low), atom.powers, first, anchored, size=size)
    if not atom.is_fixed:
        raise FeelLimitError(
            "A pattern repeats a part that can match in several ways.",
            message_vi="Mẫu lặp lại một phần có thể khớp theo nhiều cách.",
        )
    if high is None or high - low >= _MANY:
        return Pattern(text, 1, 1, first, anchored, size=size)
    return Pattern(text, high - low + 1, 0, first, anchored, size=size)


def _bounds(sign: str) -> tuple[int, int | None]:
    if sign in "*+?":
        return (1 if sign == "+" else 0), (1 if sign == "?" else None)
    low, comma, high = sign[1:-1].partition(",")
    return int(low), (int(high) if high else None) if comma else int(low)
