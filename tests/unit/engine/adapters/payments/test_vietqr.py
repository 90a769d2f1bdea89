"""Transfers: the order's code, its picture, and a bank's CSV that is taken whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.adapters.payments.vietqr import Vietqr, picture, read_csv
from engine.adapters.payments.vietqr_text import is_whole, read
from engine.ports.payments import Order

HEAD = "id,at,account,amount,content\n"
VIETQR = Vietqr(bank="970436", account="0123456789", holder="UBND XA MAU", bank_name="VCB")


def test_an_order_is_a_code_with_its_number_as_the_purpose() -> None:
    at = datetime(2026, 10, 5, 2, 30, tzinfo=UTC)
    opened = VIETQR.create(Order(id="MC2610050001A", amount=8000, case_code="C", text="x", return_url="", at=at))
    assert is_whole(opened.url)
    assert read(read(opened.url)["62"])["08"] == "MC2610050001A"
    assert opened.details["content"] == "MC2610050001A"
    assert opened.kind == "qr"


def test_the_picture_is_svg_or_png_and_the_same_each_time() -> None:
    assert picture("x", svg=True) == picture("x", svg=True)
    assert b"<svg" in picture("x", svg=True)
    assert picture("x", svg=False).startswith(b"\x89PNG")


def test_money_that_came_in_is_read_and_what_went_out_is_left_alone() -> None:
    rows = (
        "1,2026-10-05T09:30:00+07:00,0123456789,8.000,NGUYEN THI LAN ck\n"
        "2,2026-10-05T09:31:00+07:00,0123456789,-500,phi\n"
    )
    (line,) = read_csv(("\ufeff" + HEAD + rows).encode())
    assert (line.id, line.amount, line.text, line.order) == ("1", 8000, "NGUYEN THI LAN ck", "")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "thi"),
        (b"id,amount\n1,2\n", "at, account, content"),
        ((HEAD + "1,2026-10-05T09:30:00,0,8000,x\n").encode(), "dòng 2"),
        ((HEAD + "1,2026-10-05T09:30:00+07:00,0,8000,x\n,2026-10-05T09:30:00+07:00,0,1,x\n").encode(), "dòng 3"),
        ((HEAD + "1,2026-10-05T09:30:00+07:00,0,NaN,x\n").encode(), "dòng 2"),
        ((HEAD + "1,yesterday,0,8000,x\n").encode(), "dòng 2"),
        ((HEAD + '1,2026-10-05T09:30:00+07:00,0,8000,"x\n').encode(), "CSV"),
        (b"\xff\xfe\x00", "CSV"),
    ],
)
def test_a_file_with_one_wrong_row_is_refused_whole_and_the_row_named(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_csv(content)
