"""How text is read: precedence, names of several words, Vietnamese letters, comments and error positions."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest

from bpmn import feel


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 2 - 3", 5),
        ("100 / 10 / 5", 2),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("--3", 3),
        ("2 * -3", -6),
        ("1 = 1 and 2 < 3", True),
        ("1 = 2 or 2 < 3 and 3 < 4", True),
        ("true or false and false", True),
        ("1 + 1 = 2", True),
        ("5 between 1 and 3 + 4", True),
        ("5 between 1 and 3 or true", True),
        ("not(1 = 1) or true", True),
        ("if true then 1 else 2 + 3", 1),
        ("(if false then 1 else 2) + 3", 5),
        ("1 in [1, 2] and 3 in (4, 5)", False),
        ("[1, 2, 3][2] + 1", 3),
        ("{a: {b: 2}}.a.b * 3", 6),
        ("1 instance of number and true", True),
        ("-1 instance of number", True),
        ("-(1) + 3", 2),
        ("3 -1", 2),
        ("3-1", 2),
        ("- 1", -1),
        ("1 + /* two */ 2 // three", 3),
        ("count([1, 2]) + count([3])", 3),
        ("(function(x) x * 2)(4)", 8),
        ("for x in 1..3 return x in (1, 2)", [True, True, False]),
        ("[1..3] = [1..3]", True),
        ("2 in ]1..3[", True),
        ("[18..21[ = [18..21)", True),
        ('[1..{a: 3}["a" = "a"][1].a] = [1..3]', True),
        ("1e3 + .5", Decimal("1000.5")),
        ("1\u200b+\u180e2\u00a0+\ufeff3\u3000", 6),
    ],
)
def test_precedence_and_forms(text: str, value: Any) -> None:
    assert feel.evaluate(text, {}) == value


@pytest.mark.parametrize(
    ("text", "context", "value"),
    [
        ("họ tên", {"họ tên": "An"}, "An"),
        ('đơn vị = "xã"', {"đơn vị": "xã"}, True),
        ("ngày   sinh", {"ngày sinh": 1}, 1),
        ("date of birth", {"date of birth": 2}, 2),
        ("Loan 1 + 2", {"Loan 1": 3}, 5),
        ("người nộp.họ tên", {"người nộp": {"họ tên": "Bình"}}, "Bình"),
        ("for người con in các con return người con.tuổi", {"các con": [{"tuổi": 3}]}, [3]),
        ("{họ tên: 1, b: họ tên + 1}.b", {}, 2),
        ("(function(số lượng) số lượng + 1)(số lượng: 1)", {}, 2),
        ("tuổi_người_nộp", {"tuổi_người_nộp": 9}, 9),
        ("a·b‿c", {"a·b‿c": 3}, 3),
    ],
)
def test_names_may_have_several_words(text: str, context: dict[str, Any], value: Any) -> None:
    assert feel.evaluate(text, context) == value


@pytest.mark.parametrize("read", ["NFC", "NFD"])
@pytest.mark.parametrize("given", ["NFC", "NFD"])
def test_names_and_text_are_equal_however_marks_are_encoded(read: Any, given: Any) -> None:
    text = unicodedata.normalize(read, 'đối tượng.hộ nghèo = "Hoà Bình"')
    context = {unicodedata.normalize(given, "đối tượng"): {unicodedata.normalize(given, "hộ nghèo"): "Hoà Bình"}}
    assert feel.evaluate(text, context) is True
    assert feel.compile(text).names == {unicodedata.normalize("NFC", "đối tượng")}


def test_names_with_operators_must_be_known() -> None:
    context = {"foo+bar": 5, "foo": 1, "bar": 2}
    assert feel.evaluate("foo+bar", context) == 3
    assert feel.compile("foo+bar * 2", names=["foo+bar"])(context) == 10
    assert feel.compile("foo + bar", names=["foo"])(context) == 3
    assert feel.evaluate("{foo+bar: 4, c: foo+bar + 1}.c", {}) == 5
    assert feel.compile("D'Artagnan.age", names=["D'Artagnan"])({"D'Artagnan": {"age": 7}}) == 7
    assert feel.compile("D\u2019Artagnan.age", names=["D\u2019Artagnan"])({"D\u2019Artagnan": {"age": 7}}) == 7


def test_builtin_names_of_several_words_are_always_known() -> None:
    assert feel.evaluate('string length("abc") + day of year(date and time("2024-01-02T00:00:00"))', {}) == 5


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("1 +", 3),
        ("a b c ! d", 6),
        ("(1 + 2", 6),
        ('"abc', 0),
        ("if a then b", 11),
        ("[1, 2", 5),
        ("1 2", 2),
        ("for x in y", 10),
        ("x in", 4),
        ("f(a: 1, 2)", 9),
        ("1e99999", 0),
        ("", 0),
        ("@5", 1),
        ("a.b.", 3),
        ("1 = = 2", 4),
        ("a and not b", 6),
    ],
)
def test_syntax_errors_point_at_the_place(text: str, position: int) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text)
    assert caught.value.position == position
    assert caught.value.text == text
    assert caught.value.message
    assert caught.value.message_vi != caught.value.message


def test_depth_is_limited_at_the_place_that_is_too_deep() -> None:
    assert feel.evaluate("(" * 60 + "1" + ")" * 60, {}) == 1
    with pytest.raises(feel.FeelLimitError) as caught:
        feel.compile("(" * 80 + "1" + ")" * 80)
    assert caught.value.position is not None
    assert 60 <= caught.value.position <= 70


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\"b"', 'a"b'),
        (r'"\u0111"', "đ"),
        (r'"\uD83D\uDE00"', "😀"),
        (r'"\U01F600"', "😀"),
        (r'"\n\t\\"', "\n\t\\"),
        (r'"\d{3}"', "\\d{3}"),
        (r'"\uD83D"', "\ufffd"),
    ],
)
def test_escapes_in_text(text: str, value: str) -> None:
    assert feel.evaluate(text, {}) == value
