"""Stand-in of a national identity provider: OpenID Connect by Authlib, a few invented people, and lies on demand."""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from joserfc import jwt
from joserfc.jwk import RSAKey

from web.standins.book import Book, Party
from web.standins.citizens import citizens
from web.standins.stage import Stage

IDENTITY = Party(
    name="idp",
    title="Cổng định danh (OpenID Connect)",
    title_en="Identity provider (OpenID Connect)",
    lies={
        "nonce": ("nonce khác", "another nonce"),
        "audience": ("cấp cho nơi khác", "meant for somebody else"),
        "expired": ("đã hết hạn", "expired"),
        "issuer": ("nơi cấp khác", "another issuer"),
        "unsigned": ("không ký", "unsigned"),
        "stranger": ("ký bằng khóa lạ", "signed with a strange key"),
        "nameless": ("không có số định danh", "without an id number"),
    },
)
KID = "demo"


@dataclass(frozen=True, slots=True)
class User:
    """A person at a level of assurance."""

    person: Any
    level: int


@dataclass(slots=True)
class Code(AuthorizationCodeMixin):  # type: ignore[misc]  # the library carries no types
    """An authorization code and what it was asked with."""

    code: str
    user: User
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str
    auth_time: int

    def get_redirect_uri(self) -> str:
        """Where it was sent."""
        return self.redirect_uri

    def get_scope(self) -> str:
        """What was asked for."""
        return self.scope

    def get_nonce(self) -> str:
        """The client's nonce."""
        return self.nonce

    def get_auth_time(self) -> int:
        """When somebody signed in."""
        return self.auth_time

    def get_acr(self) -> str:
        """How well the person is known."""
        return f"LoA{self.user.level}"

    def get_amr(self) -> None:
        """How: not told."""


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]  # the library carries no types
    """The house."""

    client_id: str
    secret: str
    redirect_uri: str

    def get_client_id(self) -> str:
        """Its name."""
        return self.client_id

    def get_default_redirect_uri(self) -> str:
        """Where people come back."""
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        """What it may ask for."""
        return " ".join(one for one in scope.split() if one in ("openid", "profile"))

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Only the registered one."""
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is right."""
        return secrets.compare_digest(client_secret.encode(), self.secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """By secret, in the header or the form."""
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Codes only."""
        return grant_type == "authorization_code"


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # the library carries no types
    """Codes in memory, each taken once."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
    codes: dict[str, Code] = {}  # one provider in a process; the library makes an object for each request

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Keep what the code was asked with."""
        asked = request.payload.data
        self.codes[code] = Code(
            code=code,
            user=request.user,
            redirect_uri=request.payload.redirect_uri,
            scope=request.payload.scope,
            nonce=asked.get("nonce", ""),
            code_challenge=asked["code_challenge"],
            code_challenge_method=asked["code_challenge_method"],
            auth_time=int(time.time()),
        )

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """The code, if it was not used."""
        return self.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Once."""
        self.codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code: Code) -> User:
        """Who signed in."""
        return authorization_code.user


class IdToken(OpenIDCode):  # type: ignore[misc]  # the library carries no types
    """Id tokens, honest or not."""

    def __init__(self, issuer: str, key: RSAKey, book: Book) -> None:
        super().__init__(require_nonce=True)
        self._issuer, self._key, self._book = issuer, key, book

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        """Whether a code with this nonce is out."""
        return any(code.nonce == nonce for code in CodeGrant.codes.values())

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        """The provider's key."""
        return self._key

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        """Without these the library leaves the issuer out."""
        return {"iss": self._issuer, "aud": client.client_id}

    def generate_user_info(self, user: User, scope: str) -> UserInfo:
        """What is told of a person."""
        one = user.person
        told = {"sub": f"vn-{one['id_number']}", "name": one["name"], "citizen_pid": one["id_number"]}
        more = {"birthdate": one["birth_date"], "gender": one["gender"], "phone_number": one["phone"]}
        return UserInfo(**told, **more, address_text=one["address"], account_type="person")

    def encode_id_token(self, token: Any, request: Any) -> str:
        """The signed token; the mood may spoil it."""
        now, code = int(time.time()), request.authorization_code
        claims = {
            **self.get_client_claims(request.client),
            "iat": now,
            "exp": now + 300,
            **self.get_authorization_code_claims(code),
            **self.generate_user_info(request.user, token["scope"]),
        }
        lie = self._book.mood("idp").lie
        claims.update(_lied(lie, now))
        if lie == "nameless":
            claims.pop("citizen_pid")
        if lie == "unsigned":
            return _unsigned(claims)
        key = RSAKey.generate_key(2048, {"kid": KID}, private=True) if lie == "stranger" else self._key
        return jwt.encode({"alg": "RS256", "kid": KID}, claims, key, ["RS256"])


def _unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims)]
    return ".".join([*(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts), ""])


def _lied(lie: str, now: int) -> dict[str, Any]:
    lies: dict[str, dict[str, Any]] = {
        "nonce": {"nonce": "another"},
        "audience": {"aud": "somebody-else"},
        "expired": {"iat": now - 7200, "exp": now - 3600},
        "issuer": {"iss": "https://elsewhere.example"},
    }
    return lies.get(lie, {})


@cache
def own_key() -> RSAKey:
    """The provider's key, made when it is first asked for."""
    return RSAKey.generate_key(2048, {"kid": KID, "use": "sig"}, private=True)


def create_identity(stage: Stage) -> Flask:
    """Authorize, token and keys, under /oauth2."""
    own, book = stage.connectors["idp"], stage.book
    app = Flask("web")
    app.config.update(SECRET_KEY=secrets.token_bytes(32), SESSION_COOKIE_NAME="motcua_idp")
    protection = CSRFProtect(app)
    users = [User(one, level) for one in citizens(stage.settings) for level in one["levels"]]
    key = own_key()
    house = Client(own["client_id"], own["client_secret"], f"{stage.settings.public_url}/dang-nhap/sso/ve")
    known = {house.client_id: house}
    server = AuthorizationServer(app, known.get, lambda token, request: None)
    server.register_grant(CodeGrant, [IdToken(own["issuer"], key, book), CodeChallenge(required=True)])

    @app.route("/oauth2/authorize", methods=["GET", "POST"])
    def authorize() -> ResponseReturnValue:
        return _authorize(server, users, book)

    @app.post("/oauth2/token")
    @protection.exempt  # type: ignore[untyped-decorator]  # the library carries no types
    def token() -> ResponseReturnValue:
        mood = book.linger("idp")
        book.note("idp", "token", {"code": request.form.get("code", "")})
        if mood.refuse:
            abort(503)
        answer: ResponseReturnValue = server.create_token_response()
        return answer

    @app.get("/oauth2/jwks")
    def keys() -> ResponseReturnValue:
        return jsonify(keys=[key.as_dict(private=False)])

    return app


def _authorize(server: AuthorizationServer, users: list[User], book: Book) -> ResponseReturnValue:
    """Who is it? The library takes a request without a challenge from a client with a secret: we do not."""
    asked = request.values
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        abort(400)
    try:
        grant = server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return f"{error.error}: {error.description}", 400
    if request.method == "GET":
        fields = {name: text for name, text in request.args.items() if name != "prompt"}
        return render_template("standins/identity.html", users=list(enumerate(users)), fields=fields)
    mood, number = book.linger("idp"), int(request.form.get("user", "-1"))
    chosen = users[number] if 0 <= number < len(users) and not mood.refuse else None
    book.note("idp", "authorize", {"person": chosen.person["name"] if chosen else "-"})
    answer: ResponseReturnValue = server.create_authorization_response(grant_user=chosen, grant=grant)
    return answer
