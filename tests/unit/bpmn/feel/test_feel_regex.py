"""Patterns mean what XPath says, and a pattern that may take too long is refused."""

from typing import Any

import pytest

from bpmn import feel


def ask(text: str, pattern: str, flags: str | None = None) -> Any:
    """Return matches(text, pattern, flags)."""
    return feel.evaluate("matches(t, p, f)", {"t": text, "p": pattern, "f": flags})


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "value"),
    [
        ("abracadabra", "^a.*a$", None, True),
        ("foobar", "^fo*b", None, True),
        ("012345678901", r"^\d{12}$", None, True),
        ("01234567890", r"^\d{12}$", None, False),
        ("an@xã.gov.vn", r"^[^@\s]+@[^@\s]+\.[a-z]+$", None, True),
        ("0912 345 678", r"^0\d{3}( \d{3}){2}$", None, True),
        ("12.5", r"^[0-9]+(\.[0-9]+)?$", None, True),
        ("Đường", r"^\p{Lu}\p{Ll}+$", None, True),
        ("a", r"\P{L}", None, False),
        ("a\n", "a$", None, False),
        ("a\nb", "a.b", None, False),
        ("a\nb", "a.b", "s", True),
        ("a\nb", "^b$", "m", True),
        ("ABC", "abc", "i", True),
        ("a+b", "a+b", "q", True),
        ("ab", "a b", "x", True),
        ("O", "[A-Z-[OI]]", None, False),
        ("P", "[A-Z-[OI]]", None, True),
        ("aa", r"(a)\1", None, True),
        ("ab", r"(a)\1", None, False),
        ("a", "(?=a)", None, None),
        ("a", "(?P<n>a)", None, None),
        ("a", "(a", None, None),
        ("a", "a**", None, None),
        ("a", "[", None, None),
        ("a", r"\q", None, None),
        ("a", r"\1", None, None),
        ("a", r"\p{Nonsense}", None, None),
        ("a", "a", "z", None),
        ("a", "a{2,1}", None, None),
        ("]", "[]]", None, None),
        ("-", "[a-]", None, True),
        ("b", "cat|b|dog", None, True),
        ("catdog", "^(cat|dog)+$", None, True),
        ("a-1", r"^[\w\-\d]+$", None, True),
        ("ệ", r"^[\p{IsLatinExtendedAdditional}]$", None, True),
        ("é", r"^[\P{IsBasicLatin}]$", None, True),
        ("x", r"^[^\s\p{Lu}]$", None, True),
        ("a.b", r"^\i\c+$", None, True),
        ("\t", r"^[\t\n]$", None, True),
        ("a", r"[\q]", None, None),
        ("a", "[z-a]", None, None),
        ("a", "[]", None, None),
        ("a", "a)", None, None),
        ("a", r"\p{L", None, None),
        ("a", r"\pL", None, None),
        ("ab", "(?:a)(b)?", None, True),
        ("a", "{", None, None),
        ("a", "a\\", None, None),
    ],
)
def test_pattern(text: str, pattern: str, flags: str | None, value: bool | None) -> None:
    assert ask(text, pattern, flags) is value


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a*)*", "(a|a)*", "(a|ab)*c", "(a?){30}", "((a{1,5}){1,5}){1,5}", "(.+,)+", "x" * 201]
)
def test_pattern_with_many_ways_to_match_is_refused(pattern: str) -> None:
    with pytest.raises(feel.FeelLimitError) as caught:
        ask("a" * 30, pattern)
    assert "Mẫu" in caught.value.message_vi


def test_pattern_is_refused_only_for_texts_it_may_be_slow_on() -> None:
    assert ask("a" * 100, "a*a*b") is False
    with pytest.raises(feel.FeelLimitError):
        ask("a" * 5_000, "a*a*b")


def test_text_has_a_bound() -> None:
    with pytest.raises(feel.FeelLimitError):
        ask("a" * 10_001, "b")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('replace("banana", "a", "o")', "bonono"),
        ('replace("abc", "(b)", "[$1$1]")', "a[bb]c"),
        ('replace("abc", "b", "\\\\$")', "a$c"),
        ('replace("abc", "b", "$")', None),
        ('replace("abc", "b", "$1")', "ac"),
        ('replace("abc", "x*", "-")', None),
        ('replace("a.c", ".", "$", "q")', "a$c"),
        ('split("abc", "")', None),
        ('split("a1b22c", "[0-9]+")', ["a", "b", "c"]),
    ],
)
def test_replace_and_split(text: str, value: Any) -> None:
    assert feel.evaluate(text, {}) == value
