"""OpenID Connect by Authlib: authorization code with PKCE (S256), state and nonce; the id token is verified here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from engine.adapters.identity.outgoing import Outgoing
from engine.domain.person_fields import read_field, tidy
from engine.domain.registration import SUBTYPES, NotVouchedError, OutsideSilentError
from engine.ports.people import Vouched

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = 60
KINDS = {"id_number": "id_number", "birth_date": "birth_date", "phone": "phone", "email": "email"}
FACTS = (
    "id_number",
    "birth_date",
    "gender",
    "phone",
    "email",
    "address",
    "subtype",
    "organisation",
    "organisation_code",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdConnect:
    """`section`: the provider's addresses and our name there; its `claims` say how it calls what an account keeps."""

    section: Mapping[str, Any]
    redirect: str
    outgoing: Outgoing

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser."""
        more = {"acr_values": self.section["acr_values"]} if self.section.get("acr_values") else {}
        url, _ = self._client().create_authorization_url(
            self.section["authorize"], state=state, code_verifier=verifier, nonce=nonce, **more
        )
        return str(url)

    def _client(self) -> Any:
        client = OAuth2Session(
            client_id=self.section["client_id"],
            client_secret=self.section["client_secret"],
            scope=self.section.get("scope", "openid"),
            redirect_uri=self.redirect,
            code_challenge_method="S256",
            default_timeout=self.outgoing.timeout,
        )
        client.adapters = self.outgoing.session.adapters  # the same connections
        return client

    def vouched(self, *, code: str, nonce: str, verifier: str, now: datetime) -> Vouched:
        """Who came back: the code is exchanged; the token's signature, issuer, audience, times, nonce are checked."""
        token = self._token(code, verifier)
        try:
            keys = KeySet.import_key_set(self._keys())
            claims = jwt.decode(str(token.get("id_token", "")), keys, algorithms=list(ALGORITHMS)).claims
            self._rules(nonce, now).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotVouchedError(**self.outgoing.party.words) from error
        return self._person(claims)

    def _token(self, code: str, verifier: str) -> Mapping[str, Any]:
        given = {"code": code, "code_verifier": verifier, "timeout": self.outgoing.timeout}
        try:
            found: Mapping[str, Any] = self._client().fetch_token(self.section["token"], **given)
        except AuthlibBaseError as error:
            raise NotVouchedError(**self.outgoing.party.words) from error
        except (requests.RequestException, ValueError) as error:
            raise OutsideSilentError(**self.outgoing.party.words) from error
        return found

    def _keys(self) -> Any:
        return json.loads(self.outgoing.fetch(self.section["keys"]))

    def _rules(self, nonce: str, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.section["issuer"]},
            aud={"essential": True, "value": self.section["client_id"]},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )

    def _person(self, claims: Mapping[str, Any]) -> Vouched:
        """Claims by the names of the section; what is not of its kind is left out, a level we do not know is none."""
        names: Mapping[str, str] = self.section["claims"]
        told = {own: tidy(str(claims.get(theirs) or "")) for own, theirs in names.items()}
        facts = {name: self._plain(name, told[name]) for name in FACTS if told.get(name)}
        if facts.get("subtype") not in SUBTYPES:
            facts["subtype"] = "organisation_code" in facts and "enterprise" or "person"
        level = int(self.section.get("levels", {}).get(told.get("assurance", ""), 0))
        return Vouched(
            issuer=str(claims["iss"]),
            subject=str(claims["sub"]),
            name=told.get("name") or facts.get("id_number", ""),
            facts={name: value for name, value in facts.items() if value},
            assurance=min(max(level, 0), 2),
        )

    def _plain(self, name: str, text: str) -> str:
        if name not in KINDS:
            return text[:500]
        found = read_field(KINDS[name], text, datetime.max.date())
        return found if isinstance(found, str) else ""
