"""A cursor over tokens that knows the names in scope and how deep it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from bpmn.feel.errors import FeelError, FeelLimitError, FeelSyntaxError
from bpmn.feel.lexer import Token, tokenize
from bpmn.feel.limits import MAX_DEPTH

_NAME_SYMBOLS = frozenset("+-*/.'\u2019")


class KnownNames:
    """Names of several tokens, found by longest match."""

    def __init__(self, names: Iterable[str]) -> None:
        """Index the names by their tokens."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            parts = _parts(name)
            if len(parts) > 1:
                self._by_first.setdefault(parts[0], []).append((parts, " ".join(name.split())))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def longest(self, tokens: list[Token], index: int) -> tuple[int, str] | None:
        """Return how many tokens from index make a known name, and the name."""
        for parts, name in self._by_first.get(tokens[index].text, ()):
            window = tokens[index : index + len(parts)]
            if tuple(token.text for token in window) == parts:
                return len(parts), name
        return None


@lru_cache(maxsize=4_096)
def _parts(name: str) -> tuple[str, ...]:
    """Return the tokens of a name, none for a key that could never be written as a name."""
    try:
        return tuple(token.text for token in tokenize(name)[:-1])
    except FeelError:
        return ()


class Cursor:
    """Reads tokens one after the other; every failure is a FeelError with a position."""

    def __init__(self, text: str, known: list[KnownNames]) -> None:
        """Start before the first token of text."""
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.known = known
        self.bound: list[frozenset[str]] = []

    @property
    def token(self) -> Token:
        """Return the token to be read next."""
        return self.tokens[self.index]

    def peek(self, offset: int = 1) -> Token:
        """Return a later token, or the end."""
        return self.tokens[min(self.index + offset, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Return the current token and go on."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Tell whether the current token is one of the given operators or keywords."""
        token = self.tokens[self.index]
        return token.text in texts and token.kind != "string"

    def accept(self, *texts: str) -> str | None:
        """Read the current token when it is one of the given ones."""
        return self.advance().text if self.at(*texts) else None

    def expect(self, text: str) -> None:
        """Read the given operator or keyword; raises FeelSyntaxError."""
        if not self.accept(text):
            raise self.unexpected(f'"{text}"')

    def unexpected(self, wanted: str = "an expression", wanted_vi: str = "") -> FeelSyntaxError:
        """Return the error that says what was found instead."""
        token = self.token
        found, found_vi = (f'"{token.text}"',) * 2 if token.kind != "end" else ("the end", "hết biểu thức")
        wanted_vi = wanted_vi or ("một biểu thức" if wanted == "an expression" else wanted)
        return FeelSyntaxError(
            f"Expected {wanted}, found {found}.",
            token.start,
            self.text,
            message_vi=f"Cần {wanted_vi} nhưng gặp {found_vi}.",
        )

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one more level of nesting while the body runs; raises FeelLimitError."""
        self.deepen()
        yield
        self.depth -= 1

    def deepen(self) -> None:
        """Count one more level of nesting; raises FeelLimitError."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelLimitError(
                f"The expression is nested deeper than {MAX_DEPTH} levels.",
                self.token.start,
                self.text,
                message_vi=f"Biểu thức lồng nhau quá {MAX_DEPTH} lớp.",
            )

    def bind(self, names: Iterable[str]) -> None:
        """Make names visible to what is read next."""
        names = tuple(names)
        self.bound.append(frozenset(names))
        self.known.append(KnownNames(names))

    def unbind(self, count: int) -> None:
        """Forget the names of the last bindings."""
        for _ in range(count):
            self.bound.pop()
            self.known.pop()

    def is_bound(self, name: str) -> bool:
        """Tell whether the expression itself gives the name a value."""
        return any(name in names for names in self.bound)

    def read_name(self) -> str:
        """Read a name of one or more words, the longest known one first."""
        if self.token.kind != "name":
            raise self.unexpected("a name", "một tên")
        length = self._plain_length()
        best = max(filter(None, (known.longest(self.tokens, self.index) for known in self.known)), default=None)
        if best and best[0] >= length:
            self.index += best[0]
            return best[1]
        if self.token.text == "not" and length > 1:
            raise FeelSyntaxError(
                "Write not(...) with brackets.", self.token.start, self.text, message_vi="Hãy viết not(...) có ngoặc."
            )
        return self._take(length)

    def read_free_name(self, *stops: str) -> str:
        """Read a new name up to one of the stop tokens; it may hold operators."""
        length = 0
        while not (self.peek(length).text in stops and self.peek(length).kind != "string"):
            token = self.peek(length)
            if token.kind not in ("name", "number") and token.text not in _NAME_SYMBOLS:
                break
            length += 1
        if not length or self.token.kind != "name":
            raise self.unexpected("a name", "một tên")
        return self._take(length)

    def _plain_length(self) -> int:
        length = 1
        while self._continues_name(self.peek(length), self.peek(length + 1)):
            length += 1
        return length

    @staticmethod
    def _continues_name(token: Token, following: Token) -> bool:
        if token.text == "instance" and following.text == "of":
            return False
        return (token.kind == "name" and not token.is_keyword) or (token.kind == "number" and token.text.isdigit())

    def _take(self, length: int) -> str:
        taken = self.tokens[self.index : self.index + length]
        self.index += length
        words = [taken[0].text]
        for before, token in zip(taken, taken[1:], strict=False):
            words.append(token.text if before.end == token.start else " " + token.text)
        return "".join(words)
