"""VietQR codes: published samples, the CRC's check value, and whatever is put in is read out again."""

from __future__ import annotations

import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.payments.vietqr_text import crc, fields, is_whole, payload, read, with_crc

OF_NAPAS = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang63042E2E"
)
OF_A_LIBRARY = "00020001021238570010A00000072701270006970436011308810004580860208QRIBFTTA53037045802VN6304CD60"
OURS = (
    "00020101021238540010A00000072701240006970436011001234567890208QRIBFTTA5303704540480005802VN"
    "621608122610050001A163041AF9"
)
ALNUM = string.ascii_letters + string.digits


def test_the_crc_has_its_published_check_value() -> None:
    assert crc("123456789") == 0x29B1


@pytest.mark.parametrize("text", [OF_NAPAS, OF_A_LIBRARY, OURS])
def test_published_samples_are_whole_and_any_other_sign_breaks_them(text: str) -> None:
    assert is_whole(text)
    assert not is_whole(text[:40] + ("1" if text[40] != "1" else "2") + text[41:])


def test_the_built_sample_is_reproduced() -> None:
    assert payload(bank="970436", account="0123456789", amount=8000, purpose="2610050001A1") == OURS


def test_the_sample_of_napas_is_reproduced_field_by_field() -> None:
    account = fields((("00", "970403"), ("01", "0011012345678")))
    where = fields((("00", "A000000727"), ("01", account), ("02", "QRIBFTTA")))
    more = fields((("01", "NPS6869"), ("08", "thanh toan don hang")))
    own = (("00", "01"), ("01", "12"), ("38", where), ("53", "704"), ("54", "180000"), ("58", "VN"), ("62", more))
    assert with_crc(fields(own)) == OF_NAPAS


@given(
    account=st.text(ALNUM, min_size=1, max_size=19),
    amount=st.integers(1, 10**13 - 1),
    purpose=st.text(ALNUM, min_size=1, max_size=25),
)
def test_what_is_put_into_a_code_is_read_out_of_it(account: str, amount: int, purpose: str) -> None:
    text = payload(bank="970436", account=account, amount=amount, purpose=purpose)
    found = read(text)
    assert is_whole(text)
    assert (found["54"], read(found["62"])["08"]) == (str(amount), purpose)
    assert read(read(found["38"])["01"]) == {"00": "970436", "01": account}
    assert list(found) == sorted(found)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    found = {}
    with suppress(ValueError):
        found = read(text)
    assert fields(found.items()) == (text if found else "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"bank": "97043"},
        {"bank": "９７０４３６"},
        {"account": ""},
        {"account": "12 34"},
        {"account": "1" * 20},
        {"amount": 0},
        {"amount": -8000},
        {"amount": 10**13},
        {"purpose": "A" * 26},
        {"purpose": "phí"},
        {"purpose": ""},
    ],
)
def test_what_the_format_cannot_hold_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"bank": "970436", "account": "0123456789", "amount": 8000, "purpose": "A1"}
    with pytest.raises(ValueError, match="no code holds"):
        payload(**{**good, **wrong})  # type: ignore[arg-type]  # wrong on purpose
