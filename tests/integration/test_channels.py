"""The channels against stand-ins that refuse, delay and lie: what is permanent, what is not, and what arrives."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.clock import SteppedClock
from engine.adapters.db import SqlTokens, open_store, upgrade
from engine.adapters.memory_notices import MemoryTokens
from engine.adapters.messages.channels import channels
from engine.adapters.messages.sms import EsmsChannel
from engine.adapters.messages.zalo import ZaloChannel
from engine.domain.errors import ChannelDownError, ChannelRefusedError, DomainError
from engine.domain.notice import Attachment
from engine.ports.notices import Channel, Outgoing, Tokens
from tests.support.posted import Posted, posted
from tests.support.small_house import NINE, UNIT
from tests.support.threads import at_once

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 50
NAME = unicodedata.normalize("NFD", "Giấy xác nhận – Đặng Ước 😀.pdf")


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Posted]:
    with posted(tmp_path) as found:
        yield found


def ways(outside: Posted, tokens: Tokens | None = None) -> dict[str, Channel]:
    return channels(outside.connectors, UNIT, tokens or MemoryTokens(), SteppedClock(NINE))


def message(**changes: Any) -> Outgoing:
    values: dict[str, Any] = {
        "key": "k1-0",
        "recipient": "lan@example.vn",
        "template": "case_received",
        "subject": "Đã tiếp nhận hồ sơ H-1 của bà Đặng Thị Ước 😀",
        "text": "Kính gửi: Đặng Thị Ước\nHồ sơ <b>H-1</b> & giấy tờ: https://xa-mau.example/cases/H-1",
        "params": {"code": "H-1", "status": "Đã tiếp nhận", "link": "https://xa-mau.example/cases/H-1"},
    }
    return Outgoing(**{**values, **changes})


# --- mail ----------------------------------------------------------------------------------------------------


def test_a_mail_arrives_with_both_texts_and_its_signed_file(outside: Posted) -> None:
    files = ((Attachment(sha256="", name=NAME), PDF),)
    number = ways(outside)["email"].send(message(files=files))
    (mail,) = outside.got("mail")
    assert (mail["to"], mail["message_id"]) == ("lan@example.vn", number)
    assert mail["subject"] == message().subject
    assert mail["from"] == "Xã Mẫu <mot-cua@xa-mau.example>"
    assert mail["text"].strip().replace("\r\n", "\n") == message().text
    assert '<a href="https://xa-mau.example/cases/H-1">' in mail["html"]
    assert "&lt;b&gt;H-1&lt;/b&gt; &amp; giấy tờ" in mail["html"]
    (file,) = mail["files"]
    assert unicodedata.normalize("NFC", file["name"]) == unicodedata.normalize("NFC", NAME)
    assert (file["size"], file["sha256"]) == (len(PDF), sha256(PDF).hexdigest())
    assert outside.book.file(file["sha256"]) == PDF


def test_a_mail_of_megabytes_arrives_whole(outside: Posted) -> None:
    text, content = "Dòng rất dài " * 200_000, b"%PDF" + b"x" * 5_000_000
    ways(outside)["email"].send(message(text=text, files=((Attachment(sha256="", name="to.pdf"), content),)))
    (mail,) = outside.got("mail")
    assert mail["text"].strip() == text.strip()
    assert mail["files"][0]["size"] == len(content)


@pytest.mark.parametrize("break_in", ["\r\nBcc: thu@example.vn", "\nX: y", "\r\n\r\nnội dung khác"])
def test_no_heading_breaks_out_of_its_line(outside: Posted, break_in: str) -> None:
    ways(outside)["email"].send(message(subject=f"Hồ sơ{break_in}"))
    (mail,) = outside.got("mail")
    assert mail["to"] == "lan@example.vn"
    assert mail["subject"] == " ".join(f"Hồ sơ{break_in}".split())
    with pytest.raises(ChannelRefusedError):
        ways(outside)["email"].send(message(recipient=f"lan@example.vn{break_in}"))
    assert len(outside.got("mail")) == 1


@pytest.mark.parametrize("address", ["", "lan", "lan@", "@example.vn", "lan@example.vn, hung@example.vn", "a b@c.vn"])
def test_an_address_that_is_none_is_refused_for_good(outside: Posted, address: str) -> None:
    with pytest.raises(ChannelRefusedError):
        ways(outside)["email"].send(message(recipient=address))
    assert outside.got("mail") == []


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ({"refuse": True}, ChannelRefusedError),
        ({"lie": "later"}, ChannelDownError),
        ({"lie": "busy"}, ChannelDownError),
        ({"lie": "vanishes"}, ChannelDownError),
    ],
)
def test_five_hundreds_are_for_good_and_everything_else_is_for_now(
    outside: Posted, mood: dict[str, Any], error: type[DomainError]
) -> None:
    outside.book.turn("mail", **mood)
    with pytest.raises(error) as raised:
        ways(outside)["email"].send(message())
    if mood.get("lie") in ("later", "busy"):
        assert raised.value.data["alone"], "the server takes other mails"
    outside.book.turn("mail", refuse=False, lie="")
    ways(outside)["email"].send(message())
    assert len(outside.got("mail")) == 1


def test_a_server_that_is_not_there_is_down(outside: Posted) -> None:
    outside.connectors["mail"]["port"] = "1"
    with pytest.raises(ChannelDownError):
        ways(outside)["email"].send(message())


# --- SMS ----------------------------------------------------------------------------------------------------


def sms(**changes: Any) -> Outgoing:
    return message(**{"recipient": "0903 000 111", "text": "Hồ sơ H-1: Đã tiếp nhận. Xem https://x.vn", **changes})


def test_a_short_message_goes_without_marks_to_the_number_with_its_country(outside: Posted) -> None:
    number = ways(outside)["sms"].send(sms())
    (sent,) = outside.got("sms")
    assert (sent["Phone"], sent["Content"]) == ("84903000111", "Ho so H-1: Da tiep nhan. Xem https://x.vn")
    assert (sent["IsUnicode"], sent["Brandname"], sent["RequestId"]) == ("0", "XA MAU", "k1-0")
    assert number.startswith("sms-")


def test_a_repeat_is_taken_once(outside: Posted) -> None:
    ways(outside)["sms"].send(sms())
    assert ways(outside)["sms"].send(sms()) == "k1-0"
    assert len(outside.got("sms")) == 1


@pytest.mark.parametrize(
    ("mood", "error"),
    [
        ({"lie": "template"}, ChannelRefusedError),
        ({"lie": "empty"}, ChannelDownError),
        ({"refuse": True}, ChannelDownError),
    ],
)
def test_a_gateway_that_will_not_or_cannot(outside: Posted, mood: dict[str, Any], error: type[Exception]) -> None:
    outside.book.turn("sms", **mood)
    with pytest.raises(error):
        ways(outside)["sms"].send(sms())


def test_a_wrong_number_does_not_leave_the_house(outside: Posted) -> None:
    with pytest.raises(ChannelRefusedError):
        ways(outside)["sms"].send(sms(recipient="hỏi mẹ"))
    assert outside.book.entries("sms") == []


@pytest.mark.parametrize(
    ("secret", "fields", "told"),
    [
        ("known-to-the-gateway", {"SMSID": "S1", "SendStatus": "5", "SendFailed": "0"}, ("S1", "delivered", "")),
        ("known-to-the-gateway", {"SMSID": "S1", "SendStatus": "4"}, ("S1", "undelivered", "state 4")),
        (
            "known-to-the-gateway",
            {"SMSID": "S1", "SendStatus": "5", "SendFailed": "1"},
            ("S1", "undelivered", "state 5"),
        ),
        ("known-to-the-gateway", {"SMSID": "S1", "SendStatus": "3"}, None),
        ("known-to-the-gateway", {"SMSID": "S1"}, None),
        ("known-to-the-gateway", {"SendStatus": "5"}, None),
        ("known-to-the-gatewa", {"SMSID": "S1", "SendStatus": "5"}, None),
        ("", {"SMSID": "S1", "SendStatus": "5"}, None),
        ("khác", {"SMSID": "S1", "SendStatus": "5"}, None),
    ],
)
def test_only_who_knows_the_secret_tells_the_end_of_a_message(
    outside: Posted, secret: str, fields: dict[str, str], told: Any
) -> None:
    gateway = ways(outside)["sms"]
    assert isinstance(gateway, EsmsChannel)
    assert gateway.told(secret, fields) == told


def test_without_a_secret_no_callback_is_believed(outside: Posted) -> None:
    outside.connectors["sms"]["callback_secret"] = ""
    gateway = ways(outside)["sms"]
    assert isinstance(gateway, EsmsChannel)
    assert gateway.told("", {"SMSID": "S1", "SendStatus": "5"}) is None


# --- Zalo ----------------------------------------------------------------------------------------------------


def test_a_notice_goes_by_template_with_code_status_and_link(outside: Posted) -> None:
    assert ways(outside)["zalo"].send(sms()).startswith("zns-")
    (sent,) = outside.got("zalo")
    assert (sent["phone"], sent["template_id"], sent["tracking_id"]) == ("84903000111", "300001", "k1-0")
    assert sent["template_data"] == dict(message().params)


@pytest.mark.parametrize("lie", ["no_account", "quota", "night"])
def test_where_zalo_will_not_another_channel_stands_in_at_once(outside: Posted, lie: str) -> None:
    outside.book.turn("zalo", lie=lie)
    with pytest.raises(ChannelRefusedError):
        ways(outside)["zalo"].send(sms())


def test_a_zalo_that_is_down_is_tried_again(outside: Posted) -> None:
    outside.book.turn("zalo", refuse=True)
    with pytest.raises(ChannelDownError):
        ways(outside)["zalo"].send(sms())


def renewals(outside: Posted) -> list[str]:
    return [entry.what for entry in outside.book.entries("zalo") if entry.what.startswith("token")]


def test_a_token_is_asked_for_once_and_renewed_where_zalo_says_it_is_over(outside: Posted) -> None:
    tokens = MemoryTokens()
    way = ways(outside, tokens)["zalo"]
    for _ in range(3):
        way.send(sms())
    assert renewals(outside) == ["token"]
    outside.book.turn("zalo", lie="expired")
    way.send(sms())
    assert renewals(outside) == ["token", "token"]
    token = tokens.current(UNIT, "zalo")
    assert token is not None
    assert token.version == 3


def test_two_processes_that_see_an_old_token_renew_it_once(outside: Posted, sqlite_url: str) -> None:
    upgrade(sqlite_url)
    stores = [open_store(sqlite_url) for _ in range(4)]
    outside.book.turn("zalo", delay=0.05)
    found = at_once([lambda s=s: ways(outside, SqlTokens(s))["zalo"].send(sms()) for s in stores])
    for store in stores:
        store.close()
    assert [each for each in found if isinstance(each, Exception)] == []
    assert renewals(outside) == ["token"]
    assert len(outside.got("zalo")) == 4


def test_a_token_that_is_not_renewed_lets_others_stand_in(outside: Posted) -> None:
    outside.connectors["zalo"]["refresh_token"] = "used before"
    way = ways(outside)["zalo"]
    assert isinstance(way, ZaloChannel)
    with pytest.raises(ChannelRefusedError):
        way.send(sms())
    assert renewals(outside) == ["token refused"]


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "values", "said"),
    [
        ("mail", {"host": ""}, "host"),
        ("mail", {"security": "ssl"}, "security"),
        ("mail", {"port": "smtp"}, "port"),
        ("sms", {"brand": ""}, "brand"),
        ("zalo", {"templates": "300001"}, "templates"),
    ],
)
def test_a_section_that_makes_no_sense_is_named(
    outside: Posted, section: str, values: dict[str, Any], said: str
) -> None:
    outside.connectors[section] |= values
    with pytest.raises(ValueError, match=said):
        ways(outside)
