"""Decimal arithmetic of FEEL: 34 digits, half to even, no infinities."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

_TRAPS: list[type[DecimalException]] = [InvalidOperation, DivisionByZero, Overflow]
NUMBERS = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=_TRAPS)
_WIDE = Context(prec=12_700, Emin=-20_000, Emax=20_000, traps=_TRAPS)
LOWEST_SCALE, HIGHEST_SCALE = -6111, 6176


def from_int(value: int) -> Decimal | None:
    """Return an int as a FEEL number, or None when it is too large."""
    if value.bit_length() <= 110:
        return Decimal(value)
    return NUMBERS.create_decimal(value) if value.bit_length() < 20_400 else None


def from_text(text: str) -> Decimal | None:
    """Return the number written in text, or None when it is not a finite number."""
    try:
        value = NUMBERS.create_decimal(text)
    except DecimalException:
        return None
    return value if value.is_finite() else None


def to_text(value: Decimal) -> str:
    """Return a number without exponent and without trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def round_to(value: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """Return value with scale digits after the point, or None for a scale outside the standard's bounds."""
    if scale != scale.to_integral_value() or not LOWEST_SCALE <= scale <= HIGHEST_SCALE:
        return None
    places = int(scale)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and places >= -exponent:
        return value
    return NUMBERS.plus(value.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_WIDE))


def to_index(value: Decimal) -> int | None:
    """Return a whole number as int, or None when it has decimals or is out of any list's reach."""
    if value != value.to_integral_value() or abs(value) > 10**9:
        return None
    return int(value)
