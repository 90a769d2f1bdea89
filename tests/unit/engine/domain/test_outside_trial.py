"""What administrators see of outside parties holds no secret, wherever it stands."""

from __future__ import annotations

from engine.domain.outside_trial import HIDDEN, masked, without_secrets

SECTION = {
    "host": "smtp.example.vn",
    "password": "rất-bí-mật-123",
    "callback": "https://mc.example.vn/api/notices/sms/abcdef123456",
    "callback_secret": "abcdef123456",
    "token_url": "https://oauth.example.vn/token",
    "url": "https://user:pw-of-user@gate.example.vn/x",
    "keys": "https://idp.example.vn/jwks",
    "signers": {"leader": {"pkcs12": "/etc/leader.p12", "passphrase": "mật-khẩu-khóa", "pin": "1234"}},
    "roots": ["a.pem", "b.pem"],
    "timeout": 5,
    "api_key": "0123456789",
}


def test_secrets_are_hidden_in_their_own_field_and_in_any_other() -> None:
    shown = masked(SECTION)
    text = repr(shown)
    for secret in ("rất-bí-mật-123", "abcdef123456", "pw-of-user", "mật-khẩu-khóa", "1234'", "0123456789"):
        assert secret not in text
    assert shown["signers.leader.passphrase"] == HIDDEN
    assert shown["callback"] == f"https://mc.example.vn/api/notices/sms/{HIDDEN}"


def test_addresses_and_plain_settings_are_shown() -> None:
    shown = masked(SECTION)
    assert shown["host"] == "smtp.example.vn"
    assert shown["token_url"] == "https://oauth.example.vn/token"
    assert shown["keys"] == "https://idp.example.vn/jwks"
    assert shown["timeout"] == "5"
    assert shown["signers.leader.pkcs12"] == "/etc/leader.p12"


def test_a_party_that_repeats_our_secret_does_not_show_it() -> None:
    said = without_secrets("refused password\n rất-bí-mật-123 " + "x" * 1000, SECTION)
    assert said.startswith(f"refused password {HIDDEN} xxx")
    assert len(said) == 300
