"""What callers get from the package: compile, evaluate, names, functions, the clock and errors."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from bpmn import feel


def test_compile_is_done_once_per_text() -> None:
    assert feel.compile("a + 1") is feel.compile("a + 1")


def test_an_expression_can_be_called_with_many_contexts() -> None:
    adult = feel.compile("age >= 18")
    assert [adult({"age": age}) for age in (17, 18, 19.5)] == [False, True, True]


def test_a_call_changes_nothing_of_the_host() -> None:
    context = {"items": [{"fee": 1}]}
    feel.evaluate('context put(items[1], "fee", 2)', context)
    assert context == {"items": [{"fee": 1}]}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.b.c + d", {"a", "d"}),
        ("count(items) > 0", {"items"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("some x in xs satisfies x > limit", {"xs", "limit"}),
        ("{a: 1, b: a, c: outer}", {"outer"}),
        ("function(a, b) a + b + c", {"c"}),
        ("substring(string: s, start position: n)", {"s", "n"}),
        ("họ và tên", {"họ và tên"}),
        ("{fee: fee * 2}", {"fee"}),
        ("1 + 2", set()),
        ("working days(d)", {"d"}),
    ],
)
def test_names_are_the_variables_read_from_outside(text: str, names: set[str]) -> None:
    assert feel.compile(text).names == names


def test_names_read_only_inside_a_filter_are_told_apart() -> None:
    expression = feel.compile("people[age > limit and name != limit][limit > 0] + limit")
    assert expression.names == {"people", "age", "name", "limit"}
    assert expression.item_names == {"age", "name"}


def test_functions_are_the_calls_that_are_not_built_in() -> None:
    assert feel.compile("working days(d) + count(xs)").functions == {"working days"}


def test_lent_functions_get_and_give_feel_values() -> None:
    seen: list[Any] = []

    def working_days(start: date, number: Decimal) -> int:
        seen.extend((start, number))
        return 7

    value = feel.compile("working days(d, 2) + 1")({"d": date(2024, 5, 6)}, functions={"working days": working_days})
    assert value == Decimal(8)
    assert seen == [date(2024, 5, 6), Decimal(2)]


def test_lent_functions_cannot_replace_builtins() -> None:
    assert feel.compile("count([1, 2])")({}, functions={"count": lambda values: 99}) == 2


def test_lent_functions_take_named_arguments() -> None:
    expression = feel.compile("add days(start day: 1, number: 2)")
    assert expression({}, functions={"add days": lambda start_day, number: start_day - number}) == -1


def test_a_feel_error_of_a_lent_function_stays_as_it_is() -> None:
    def refuse() -> None:
        raise feel.FeelError("No calendar is loaded.", message_vi="Chưa có lịch làm việc.")

    with pytest.raises(feel.FeelError, match=r"^No calendar is loaded\.$") as caught:
        feel.compile("1 + refuse()")({}, functions={"refuse": refuse})
    assert caught.value.text == "1 + refuse()"


def test_an_expression_shows_its_text() -> None:
    assert repr(feel.compile("a+1")) == "Expression('a+1')"


def test_a_failing_lent_function_is_a_feel_error_that_names_it() -> None:
    def broken() -> None:
        raise RuntimeError("no calendar")

    with pytest.raises(feel.FeelError, match="lookup failed: no calendar") as caught:
        feel.compile("lookup()")({}, functions={"lookup": broken})
    assert "lookup" in caught.value.message_vi


def test_an_entry_named_like_a_function_does_not_hide_the_function() -> None:
    assert feel.evaluate("{sum: sum([1, 2]), half: sum([3, 5]) / 2}.half", {}) == 4


def test_now_and_today_come_from_the_caller_only() -> None:
    now = datetime(2024, 2, 29, 23, 30, tzinfo=UTC)
    assert feel.compile("now()")({}, now=now) == now
    assert feel.compile("today()")({}, now=now) == date(2024, 2, 29)
    assert feel.compile("[now(), today()]")({}) == [None, None]
    assert feel.compile("date(birth) < today()")({"birth": "2024-02-28"}, now=now) is True


class Instant(datetime):
    """A date and time of a host that has its own class."""


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (3, Decimal(3)),
        (0.1, Decimal("0.1")),
        (True, True),
        (float("nan"), None),
        (float("inf"), None),
        (Decimal("Infinity"), None),
        ((1, 2), [Decimal(1), Decimal(2)]),
        ({"a": {"b": 1.5}}, {"a": {"b": Decimal("1.5")}}),
        (timedelta(days=1), timedelta(days=1)),
        (b"bytes", None),
        (Colour.RED, "red"),
        ([Instant(2024, 5, 6, 7, 8, 9, 10, UTC)], [datetime(2024, 5, 6, 7, 8, 9, 10, UTC)]),
        (10**40, Decimal(10) ** 40),
    ],
)
def test_host_values_become_feel_values(given: Any, value: Any) -> None:
    result = feel.evaluate("x", {"x": given})
    assert result == value
    assert type(result) is type(value) or isinstance(given, Colour)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("=a > 1", "a > 1"), ("  = a", "a"), ("plain", None), ("", None), ("=", ""), ("==a", "=a")],
)
def test_marker_tells_an_expression_from_a_plain_value(text: str, expected: str | None) -> None:
    assert feel.strip_marker(text) == expected


def test_too_long_text_is_refused() -> None:
    with pytest.raises(feel.FeelLimitError):
        feel.compile(" " * 4_000 + "1")
    assert feel.evaluate(" " * 3_999 + "1", {}) == 1


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("< 18", 17, True),
        ("< 18", 18, False),
        ("[18..60]", 60, True),
        ("(18..60)", 60, False),
        ('"cha", "mẹ"', "mẹ", True),
        ('"cha", "mẹ"', "con", False),
        ('not("cha", "mẹ")', "con", True),
        ('not("cha", "mẹ")', "cha", False),
        ("-", None, True),
        ("null", None, True),
        ("? > 3 and ? < 5", 4, True),
        ("? > 3 and ? < 5", 5, False),
        ('starts with(?, "A")', "An", True),
        ("> limit", 11, True),
        ("true", True, True),
        ("true", False, False),
        ("[1, 2, 3]", 2, True),
        ("? = false", False, True),
        ('? > "a"', 1, None),
    ],
)
def test_unary_tests_ask_about_the_input(text: str, value: Any, expected: bool | None) -> None:
    assert feel.compile_unary_tests(text)({"?": value, "limit": 10}) is expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b.c", 3),
        ("a.b.c + a.b.c", 6),
        ("a.b", {"c": 3, "họ tên": "An"}),
        ("a.b.họ tên", "An"),
        ("a.b.missing", None),
        ("a.missing.c", None),
        ("a.xs.y", [1, None]),
        ("{a: {b: {c: 9}}, r: a.b.c}.r", 9),
        ("for a in [{b: {c: 7}}] return a.b.c", [7]),
        ("(function(a) a.b)({b: 1})", 1),
        ("[a, a.b.c][2]", 3),
        ("a.xs[y = 1].y", [1]),
        ("missing.b.c", None),
        ("day.year", 2024),
        ("abs.b", None),
    ],
)
def test_a_path_reads_the_same_inside_a_variable_as_through_it(text: str, value: Any) -> None:
    inside = {"c": 3, unicodedata.normalize("NFD", "họ tên"): "An"}
    context = {"a": {"b": inside, "xs": [{"y": 1}, {}]}, "day": date(2024, 5, 6)}
    assert feel.evaluate(text, context) == value


def test_one_value_of_a_large_variable_is_read_without_the_rest() -> None:
    context = {"a": {"small": 1, "large": [[0] * 9_000 for _ in range(20)]}}
    assert feel.evaluate("a.small", context) == 1
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("a.large", context)
