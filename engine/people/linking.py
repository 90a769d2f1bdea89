"""Single sign-on: who comes back from an identity provider, and to which account they belong."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from engine.domain.registration import CodeOverError, NotVouchedError
from engine.people.codes import Codes
from engine.people.registering import HOUSE, Registering
from engine.ports import Account, Accounts, Clock
from engine.ports.people import Identity, PeopleStore, SignOn, Vouched

ROUND_TRIP = timedelta(minutes=10)
NO_PASSWORD = "!"  # what no hash is: nobody signs in with a password before one is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider as pages name it."""

    name: str
    name_en: str
    sign_on: SignOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """`provider` is None where the installation has none."""

    unit: str
    provider: Provider | None
    store: PeopleStore
    accounts: Accounts
    codes: Codes
    registering: Registering
    clock: Clock

    def leave(self, target: str) -> tuple[str, str]:
        """(address to send the browser to, state that the browser keeps); OutsideSilentError."""
        kept = {"nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48), "next": target}
        state = self.codes.secret("sso", json.dumps(kept), ROUND_TRIP)
        sign_on = self._provider().sign_on
        return sign_on.address(state=state, nonce=kept["nonce"], verifier=kept["verifier"]), state

    def _provider(self) -> Provider:
        if self.provider is None:
            raise CodeOverError()
        return self.provider

    def come_back(self, state: str, kept: str, code: str) -> tuple[Vouched, str]:
        """Who came back, and where they wanted to go. The state has to be the browser's own, once: CodeOverError;
        NotVouchedError where the provider's answer does not hold."""
        if not state or not secrets.compare_digest(state.encode(), kept.encode()):
            raise CodeOverError()
        sent = json.loads(self.codes.redeem("sso", state))
        vouched = self._provider().sign_on.vouched(
            code=code, nonce=sent["nonce"], verifier=sent["verifier"], now=self.clock.now()
        )
        if not vouched.facts.get("id_number") and not vouched.facts.get("organisation_code"):
            raise NotVouchedError(party=self._provider().name, party_en=self._provider().name_en)
        return vouched, str(sent["next"])

    def known(self, vouched: Vouched) -> Account | None:
        """The account of this identity, with what was proven newly; None where there is none yet."""
        account_id = self.store.account_of(self.unit, vouched.issuer, vouched.subject)
        found = self.accounts.by_id(account_id) if account_id else None
        return self._raised(found, vouched) if found else None

    def holder(self, vouched: Vouched) -> Account | None:
        """A local account of the same number: linked only after its password."""
        number = _number(vouched)
        account_id = self.store.account_of(self.unit, HOUSE, number)
        return self.accounts.by_id(account_id) if account_id else self.accounts.by_login(number)

    def keep(self, vouched: Vouched) -> str:
        """A secret that stands for somebody who has still to show the password of the account they link to."""
        return self.codes.secret("link", json.dumps(asdict(vouched)), ROUND_TRIP)

    def kept(self, secret: str) -> Vouched:
        """Who that was, once; CodeOverError."""
        return Vouched(**json.loads(self.codes.redeem("link", secret)))

    def link(self, account: Account, vouched: Vouched) -> Account:
        """Link; StaleVersionError where the identity is another account's."""
        now = self.clock.now()
        self.store.link(
            Identity(
                unit=self.unit, issuer=vouched.issuer, subject=vouched.subject, account_id=account.id, linked_at=now
            )
        )
        return self._raised(account, vouched)

    def create(self, vouched: Vouched) -> Account:
        """An account without a password for somebody who has none; AccountExistsError where somebody was first."""
        number = _number(vouched)
        fresh = Account(
            id=f"p-{secrets.token_hex(12)}",
            login=number,
            name=vouched.name,
            kind="citizen",
            unit=self.unit,
            groups=frozenset(),
            password_hash=NO_PASSWORD,
            profile={
                **vouched.facts,
                "assurance": vouched.assurance,
                "proven_by": "idp",
                "proven": ["name", *vouched.facts],
            },
        )
        return self.link(self.registering.add(fresh, number), vouched)

    def _raised(self, account: Account, vouched: Vouched) -> Account:
        """The highest assurance stays; the facts it proves are filled in, never what a person changed since."""
        profile: dict[str, Any] = {**vouched.facts, **{name: value for name, value in account.profile.items() if value}}
        proven: Mapping[str, Any] = {"assurance": vouched.assurance, "proven_by": "idp"}
        higher = vouched.assurance > int(account.profile.get("assurance") or 0)
        after = replace(account, profile={**profile, **(proven if higher else {})})
        if after != account:
            self.accounts.put(after)
        return after


def _number(vouched: Vouched) -> str:
    return vouched.facts.get("organisation_code") or vouched.facts["id_number"]
