"""Built-in functions that relate points and ranges (DMN 10.3.4.7, the relations of Allen)."""

from bpmn.feel.comparison import compare, contains, equal
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Range, Value


def _touch(sign: str, one: Value, other: Value, kept: bool) -> bool | None:
    """Compare two ends; equal ends count unless both are kept."""
    strict = compare(sign, one, other)
    if strict is None:
        return None
    return strict or (not kept and bool(compare("<=", one, other) and compare(">=", one, other)))


def _start(span: Range) -> tuple[Value, bool]:
    return span.start, span.start_included


def _end(span: Range) -> tuple[Value, bool]:
    return span.end, span.end_included


def _order(name: str, sign: str) -> None:
    """Register before (sign "<") or after (sign ">") for points and ranges on either side."""
    near, far = (_end, _start) if sign == "<" else (_start, _end)

    @builtin(name, "point1:point, point2:point")
    def points(_: Run, one: Value, other: Value) -> bool | None:
        return compare(sign, one, other)

    @builtin(name, "point:point, range:range")
    def point_range(_: Run, point: Value, span: Range) -> bool | None:
        return _touch(sign, point, *far(span))

    @builtin(name, "range:range, point:point")
    def range_point(_: Run, span: Range, point: Value) -> bool | None:
        end, kept = near(span)
        return _touch(sign, end, point, kept)

    @builtin(name, "range1:range, range2:range")
    def ranges(_: Run, one: Range, other: Range) -> bool | None:
        end, kept = near(one)
        start, also = far(other)
        return _touch(sign, end, start, kept and also)


_order("before", "<")
_order("after", ">")


@builtin("meets", "range1:range, range2:range")
def meets(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the first range ends where the second begins, both ends included."""
    return _all(one.end_included, other.start_included, equal(run, one.end, other.start))


@builtin("met by", "range1:range, range2:range")
def met_by(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the first range begins where the second ends, both ends included."""
    return meets(run, other, one)


@builtin("overlaps", "range1:range, range2:range")
def overlaps(_: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the ranges share a point."""
    left = _touch_or_cross(one.end, other.start, one.end_included and other.start_included)
    right = _touch_or_cross(other.end, one.start, other.end_included and one.start_included)
    return _all(left, right)


@builtin("overlaps before", "range1:range, range2:range")
def overlaps_before(_: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the first range begins before the second and ends inside it."""
    starts = _order_or_equal("<", one.start, other.start, one.start_included and not other.start_included)
    ends = _order_or_equal("<", one.end, other.end, other.end_included or not one.end_included)
    return _all(starts, _touch_or_cross(one.end, other.start, one.end_included and other.start_included), ends)


@builtin("overlaps after", "range1:range, range2:range")
def overlaps_after(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the first range begins inside the second and ends after it."""
    return overlaps_before(run, other, one)


def _touch_or_cross(end: Value, start: Value, both_kept: bool) -> bool | None:
    return compare(">=" if both_kept else ">", end, start)


def _order_or_equal(sign: str, one: Value, other: Value, equal_counts: bool) -> bool | None:
    return compare(f"{sign}=" if equal_counts else sign, one, other)


def _all(*parts: bool | None) -> bool | None:
    if any(part is None for part in parts):
        return None
    return all(parts)


@builtin("includes", "range:range, point:point")
def includes_point(run: Run, span: Range, point: Value) -> bool | None:
    """Tell whether the point lies in the range."""
    return contains(run, span, point)


@builtin("includes", "range1:range, range2:range")
def includes_range(_: Run, outer: Range, inner: Range) -> bool | None:
    """Tell whether the second range lies inside the first."""
    return _all(
        compare("<=" if outer.start_included or not inner.start_included else "<", outer.start, inner.start),
        compare(">=" if outer.end_included or not inner.end_included else ">", outer.end, inner.end),
    )


@builtin("during", "point:point, range:range")
def point_during(run: Run, point: Value, span: Range) -> bool | None:
    """Tell whether the point lies in the range."""
    return contains(run, span, point)


@builtin("during", "range1:range, range2:range")
def range_during(run: Run, inner: Range, outer: Range) -> bool | None:
    """Tell whether the first range lies inside the second."""
    return includes_range(run, outer, inner)


@builtin("starts", "point:point, range:range")
def point_starts(run: Run, point: Value, span: Range) -> bool | None:
    """Tell whether the range begins with the point."""
    return _all(span.start_included, equal(run, span.start, point))


@builtin("starts", "range1:range, range2:range")
def range_starts(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether both begin together and the first ends no later."""
    ends = compare("<=" if other.end_included or not one.end_included else "<", one.end, other.end)
    return _all(equal(run, one.start, other.start), one.start_included == other.start_included, ends)


@builtin("started by", "range:range, point:point")
def started_by_point(run: Run, span: Range, point: Value) -> bool | None:
    """Tell whether the range begins with the point."""
    return point_starts(run, point, span)


@builtin("started by", "range1:range, range2:range")
def started_by_range(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether both begin together and the second ends no later."""
    return range_starts(run, other, one)


@builtin("finishes", "point:point, range:range")
def point_finishes(run: Run, point: Value, span: Range) -> bool | None:
    """Tell whether the range ends with the point."""
    return _all(span.end_included, equal(run, span.end, point))


@builtin("finishes", "range1:range, range2:range")
def range_finishes(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether both end together and the first begins no earlier."""
    starts = compare(">=" if other.start_included or not one.start_included else ">", one.start, other.start)
    return _all(equal(run, one.end, other.end), one.end_included == other.end_included, starts)


@builtin("finished by", "range:range, point:point")
def finished_by_point(run: Run, span: Range, point: Value) -> bool | None:
    """Tell whether the range ends with the point."""
    return point_finishes(run, point, span)


@builtin("finished by", "range1:range, range2:range")
def finished_by_range(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether both end together and the second begins no earlier."""
    return range_finishes(run, other, one)


@builtin("coincides", "point1:point, point2:point")
def points_coincide(run: Run, one: Value, other: Value) -> bool | None:
    """Tell whether the points are equal."""
    return equal(run, one, other)


@builtin("coincides", "range1:range, range2:range")
def ranges_coincide(run: Run, one: Range, other: Range) -> bool | None:
    """Tell whether the ranges have the same ends."""
    return _all(
        equal(run, one.start, other.start),
        equal(run, one.end, other.end),
        (one.start_included, one.end_included) == (other.start_included, other.end_included),
    )
