"""Text of an expression → tokens with their positions."""

import re
import unicodedata
from typing import NamedTuple

from bpmn.feel.errors import FeelLimitError, FeelSyntaxError
from bpmn.feel.limits import MAX_TEXT

KEYWORDS = frozenset(
    ("and", "or", "if", "then", "else", "for", "in", "return", "some", "every")
    + ("satisfies", "between", "function", "external", "true", "false", "null")
)

_MARKS = "\u00b7\u203f\u2040\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u200c\u200d\ufe0f"
_TOKEN = re.compile(
    r"(?P<blank>[\s\u180e\u200b]+|//[^\n]*|/\*.*?\*/|\ufeff)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<operator>\.\.|\*\*|!=|<=|>=|->|[-+*/=<>(){}\[\],:.@'\u2019])"
    rf"|(?P<name>(?:[^\W0-9]|[?\u2600-\u27bf\U00010000-\U000effff])(?:\w|[?{_MARKS}\u2600-\u27bf\U00010000-\U000effff])*)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|([nrtbf\"'\\]))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One token; kind is name, number, string, operator or end; names are in Unicode NFC."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def is_keyword(self) -> bool:
        """Tell whether the token ends a name made of several words."""
        return self.kind == "name" and self.text in KEYWORDS


def tokenize(text: str) -> list[Token]:
    """Return the tokens of text, the last of kind "end"; raises FeelSyntaxError or FeelLimitError."""
    if len(text) > MAX_TEXT:
        raise FeelLimitError(
            f"The expression is longer than {MAX_TEXT} characters.",
            MAX_TEXT,
            text,
            message_vi=f"Biểu thức dài quá {MAX_TEXT} ký tự.",
        )
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = str(match.lastgroup)
        if kind != "blank":
            tokens.append(_token(kind, match))
        position = match.end()
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def unescape(literal: str) -> str:
    """Return the value of a string literal given with its quotes; unknown escapes stay as written."""
    joined = _ESCAPE.sub(_replace_escape, literal[1:-1])
    if any("\ud800" <= letter <= "\udfff" for letter in joined):
        return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined


def _replace_escape(match: re.Match[str]) -> str:
    short, long, simple = match.groups()
    if simple:
        return _SIMPLE[simple]
    code = int(short or long, 16)
    return chr(code) if code <= 0x10FFFF else match.group()


def _token(kind: str, match: re.Match[str]) -> Token:
    text = match.group()
    if kind == "name" and not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return Token(kind, text, match.start(), match.end())


def _unreadable(text: str, position: int) -> FeelSyntaxError:
    if text[position] == '"':
        return FeelSyntaxError(
            "This text in quotes is not closed.", position, text, message_vi="Chuỗi trong dấu nháy chưa được đóng."
        )
    return FeelSyntaxError(
        f"The character {text[position]!r} does not belong here.",
        position,
        text,
        message_vi=f"Ký tự {text[position]!r} không dùng được ở đây.",
    )
