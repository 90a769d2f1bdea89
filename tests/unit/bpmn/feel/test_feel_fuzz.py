"""Whatever the text, it compiles or is refused with a FeelError."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn import feel

CONTEXT = {"a": 1, "b": "text", "xs": [1, 2, 3], "c": {"d": [{"e": 1}]}, "tuổi": 20, "n": None}
PLAIN = (
    "a b xs c d e tuổi n item partial ? 1 0 2.5 -1 1e3 .5 true false null ( ) [ ] { } , : . .. + - * / ** "
    "= != < <= > >= and or not in between if then else for some every satisfies return function external "
    "instance of list context range -> number string date @ count( sum( date( matches( replace( split( "
    "sort( string( number( substring( duration( ' ; ! é"
)
WORDS = st.sampled_from(
    PLAIN.split()
    + ['"x"', '""', '"[a-z]+"', '@"2024-02-29"', '@"P1Y"', '@"P1D"', '@"10:00:00"']
    + ["date and time(", "string join(", "index of("]
)


def outcome(text: str) -> Any:
    """Return the value, or the FeelError; anything else is raised."""
    try:
        return feel.compile(text)(CONTEXT, max_steps=2_000)
    except feel.FeelError as error:
        return error


@settings(max_examples=150)
@given(st.text(max_size=60))
def test_any_text_compiles_or_is_refused_with_a_place_and_a_reason(text: str) -> None:
    value = outcome(text)
    if isinstance(value, feel.FeelSyntaxError):
        assert value.message
        assert value.message_vi
        assert value.position is not None
        assert 0 <= value.position <= len(text)


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=14).map(" ".join))
def test_any_words_of_the_language_give_a_value_or_a_feel_error(text: str) -> None:
    outcome(text)


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(feel.function_names)),
    st.lists(
        st.sampled_from(
            ["1", "-1", "0", "2.5", '"a"', '""', "null", "true", "[]", "[1,2]", '["a",null]', "{}", "{key:1,value:2}"]
            + ['@"2024-02-29"', '@"10:00:00"', '@"2024-02-29T10:00:00+07:00"', '@"P1Y"', '@"-PT1H"', "[1..2]", "(<3)"]
            + ["function(a,b) a", "10**6000", "-10**-6000", '"(a"', "xs", "c"]
        ),
        max_size=4,
    ),
)
def test_any_builtin_takes_any_arguments(name: str, arguments: list[str]) -> None:
    outcome(f"{name}({', '.join(arguments)})")


@settings(max_examples=150)
@given(st.text(alphabet="ab.*+?()[]{}|^$\\d1,-pL", max_size=16), st.text(alphabet="ab1-", max_size=40))
def test_any_pattern_gives_a_value_or_a_feel_error(pattern: str, text: str) -> None:
    for call in ("matches(t, p)", 'replace(t, p, "x")', "split(t, p)", 'matches(t, p, "xi")'):
        try:
            feel.evaluate(call, {"t": text, "p": pattern})
        except feel.FeelLimitError:
            continue


@settings(max_examples=200)
@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_sums_and_products_of_whole_numbers_are_exact(one: int, other: int) -> None:
    context = {"one": one, "other": other}
    assert feel.evaluate("one + other", context) == one + other
    assert feel.evaluate("one * other", context) == one * other
    assert feel.evaluate("one < other", context) is (one < other)
    assert feel.evaluate("string(one)", context) == str(one)


@settings(max_examples=100)
@given(st.dates(), st.dates())
def test_the_distance_of_two_dates_leads_from_one_to_the_other(one: Any, other: Any) -> None:
    assert feel.evaluate("one + (other - one)", {"one": one, "other": other}) == other
    assert feel.evaluate("date(string(one))", {"one": one}) == one
