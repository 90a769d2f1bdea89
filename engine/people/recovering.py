"""A forgotten password: a code to the phone, a link to the mail; who has no account learns nothing of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.domain.errors import NotFoundError
from engine.people.codes import LINK_LIFE, Codes
from engine.people.registering import HOUSE
from engine.ports import Account, Accounts
from engine.ports.people import Identity, PeopleStore

LINK = "/quen-mat-khau/lien-ket"  # the page for a secret from the mail
ASKED_PER_LOGIN, ASKED_PER_ADDRESS = 5, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovering:
    """Codes and links for people who forgot; officers ask their administrator."""

    unit: str
    store: PeopleStore
    accounts: Accounts
    codes: Codes

    def account(self, login: str) -> Account | None:
        """The account with this login or number."""
        found = self.accounts.by_login(login)
        known = None if found else self.store.account_of(self.unit, HOUSE, login)
        return found or (self.accounts.by_id(known) if known else None)

    def known_by(self, account: Account, number: str) -> None:
        """Let an account be found by its owner's number, too; StaleVersionError where the number is another's."""
        now = self.codes.clock.now()
        mine = Identity(unit=self.unit, issuer=HOUSE, subject=number, account_id=account.id, linked_at=now)
        self.store.link(mine)

    def ask(self, login: str, way: str, *, request: str, address: str) -> None:
        """Send a code ("sms") or a link ("email") if there is such an account; the same work and counts if not."""
        self.codes.count(f"reset:{address}", ASKED_PER_ADDRESS)
        self.codes.count(f"reset:{login}", ASKED_PER_LOGIN)
        known = self.account(login)
        found = known if known and known.kind == "citizen" else None  # an officer's password is the administrator's
        profile = found.profile if found else {}
        payload = found.id if found else ""
        if way == "email":
            secret = self.codes.secret("reset", payload)
            if profile.get("email"):
                minutes = int(LINK_LIFE.total_seconds() // 60)
                self.codes.mail(str(profile["email"]), "password_reset", f"{LINK}/{secret}", minutes)
            return
        self.codes.send(f"reset:{request}", str(profile.get("phone") or ""), payload=payload)

    def code(self, request: str, code: str) -> str:
        """A secret that lets its holder set a password, for the right code; WrongCodeError, CodeOverError."""
        return self.codes.secret("reset", self.codes.check(f"reset:{request}", code))

    def set(self, secret: str, password_hash: str) -> Account:
        """Set the password, end every session and lift the lock; CodeOverError."""
        found = self.accounts.by_id(self.codes.redeem("reset", secret))
        if found is None:
            raise NotFoundError(what="tài khoản", id="")
        after = replace(found, password_hash=password_hash)
        self.accounts.edit(after)
        self.store.close_sessions(after.id)
        self.store.forget_attempts(f"login:{after.login}")
        for identity in self.store.identities(self.unit, after.id):
            self.store.forget_attempts(f"login:{identity.subject}")
        return after
