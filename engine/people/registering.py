"""Registration: begun by one of the ways, proven by its outside party, done with a password."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.domain.errors import NotFoundError, StaleVersionError
from engine.domain.person_fields import read_fields
from engine.domain.registration import (
    LIFE,
    SUBTYPES,
    AccountExistsError,
    NotVouchedError,
    Problem,
    Registration,
    RegistrationOverError,
    Standing,
    Subtype,
    profile_of,
    subject_of,
)
from engine.people.codes import Codes
from engine.ports import Account, Accounts, Clock
from engine.ports.people import Identity, PeopleStore, Way, WayText

HOUSE = "motcua"  # the issuer of the numbers by which the house itself knows an account
BEGINNINGS_PER_ADDRESS, BEGINNINGS_PER_NUMBER, ANSWERS = 60, 8, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What may be asked, by name: kind, label, hint, each in both languages; `numbers`: whose number is which field."""

    fields: Mapping[str, Mapping[str, Any]]
    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """`texts`: every way of the catalog in its order; `ways`: those that this installation can reach."""

    unit: str
    texts: tuple[WayText, ...]
    questions: Questions
    ways: Mapping[str, Way]
    store: PeopleStore
    accounts: Accounts
    codes: Codes
    clock: Clock

    def offered(self, subtype: str) -> list[WayText]:
        """The ways open to persons, enterprises or agencies; NotFoundError for anything else."""
        if subtype not in SUBTYPES:
            raise NotFoundError(what="đối tượng", id=subtype[:20])
        return [text for text in self.texts if subtype in text.subtypes and text.id in self.ways]

    def text(self, way: str, subtype: str) -> WayText:
        """One of them; NotFoundError."""
        found = next((text for text in self.offered(subtype) if text.id == way), None)
        if found is None:
            raise NotFoundError(what="cách đăng ký", id=way[:20])
        return found

    def fields(self, text: WayText, subtype: str) -> dict[str, Mapping[str, Any]]:
        """What the way asks, by name; `number` becomes the number of who registers."""
        names = [self.questions.numbers[subtype] if name == "number" else name for name in text.fields]
        return {name: self.questions.fields[name] for name in names}

    def read(self, way: str, subtype: str, typed: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
        """The values that were typed, and what is wrong with them."""
        fields = self.fields(self.text(way, subtype), subtype)
        asked = {name: (one["kind"], one["label"], one["label_en"]) for name, one in fields.items()}
        return read_fields(asked, typed, self.clock.now().date())

    def begin(self, way: str, subtype: Subtype, given: Mapping[str, str], *, address: str) -> Registration:
        """Ask the outside party, and send a code where it is wanted. NotVouchedError, OutsideSilentError,
        OutsideRefusedError, TooManyTriesError; `address`: where the request came from."""
        self.text(way, subtype)
        now, number = self.clock.now(), given.get(self.questions.numbers[subtype], "")
        self.codes.count(f"register:{address}", BEGINNINGS_PER_ADDRESS)
        self.codes.count(f"register:{way}:{number}", BEGINNINGS_PER_NUMBER)
        own = _named(given)
        fresh = Registration(
            id=secrets.token_urlsafe(32),
            unit=self.unit,
            way=way,
            subtype=subtype,
            step="begun",
            wants="nothing",
            given=own,
            facts={},
            reference={},
            begun_at=now,
            expires_at=now + LIFE,
        )
        standing = self.ways[way].begin(own, session=fresh.id, now=now)
        begun = self._moved(fresh, standing)
        self.store.begin(begun)
        if begun.wants == "code":
            self.codes.send(f"registration:{begun.id}", begun.facts["phone"])
        return begun

    def _moved(self, registration: Registration, standing: Standing) -> Registration:
        """What the outside party said is taken over; a number other than the one typed proves nothing."""
        proven = standing.wants == "nothing"
        after = replace(
            registration,
            step="proven" if proven else "begun",
            wants=standing.wants,
            facts={**registration.facts, **standing.facts},
            reference={} if proven else standing.reference,
        )
        vouched = after.facts.get(_number_name(after), "")
        if proven and (not vouched or vouched != after.given.get(_number_name(after))):
            raise NotVouchedError(**self.party(registration.way))
        return after

    def party(self, way: str) -> dict[str, str]:
        """What the way's outside party is called, for texts."""
        text = next(one for one in self.texts if one.id == way)
        return {"party": text.party, "party_en": text.party_en}

    def open(self, registration_id: str) -> Registration:
        """The registration that goes on; RegistrationOverError."""
        found = self.store.registration(self.unit, registration_id) if registration_id else None
        if found is None or not found.live(self.clock.now()):
            raise RegistrationOverError()
        return found

    def enter_code(self, registration_id: str, code: str) -> Registration:
        """The code that was sent; WrongCodeError, CodeOverError, RegistrationOverError."""
        found = self.open(registration_id)
        if found.step != "begun" or found.wants != "code":
            raise RegistrationOverError()
        self.codes.check(f"registration:{found.id}", code)
        return self._save(self._moved(found, Standing(wants="nothing")))

    def send_again(self, registration_id: str) -> None:
        """Another code; TooManyTriesError."""
        found = self.open(registration_id)
        if found.wants == "code":
            self.codes.send(f"registration:{found.id}", found.facts["phone"])

    def answer(self, registration_id: str, answer: Mapping[str, str]) -> Registration:
        """A signature that came back, or a look at how a request stands. Once proven, nothing more is taken."""
        found = self.open(registration_id)
        if found.step != "begun" or found.wants not in ("signature", "patience"):
            raise RegistrationOverError()
        if found.wants == "signature":
            self.codes.count(f"signature:{found.id}", ANSWERS)
        standing = self.ways[found.way].go_on(found, answer, self.clock.now())
        if standing.wants == found.wants:
            return found
        return self._save(self._moved(found, standing))

    def renew(self, registration_id: str) -> Registration:
        """A fresh challenge in place of one that ran out."""
        found = self.open(registration_id)
        if found.step != "begun" or found.wants not in ("signature", "patience"):
            raise RegistrationOverError()
        self.codes.count(f"register:{found.way}:{found.given.get(_number_name(found))}", BEGINNINGS_PER_NUMBER)
        standing = self.ways[found.way].begin(found.given, session=found.id, now=self.clock.now())
        return self._save(self._moved(found, standing))

    def _save(self, registration: Registration) -> Registration:
        try:
            return self.store.save(registration)
        except StaleVersionError as error:  # the same answer a second time
            raise RegistrationOverError() from error

    def taken(self, registration: Registration) -> bool:
        """Whether the proven number has an account already; told to nobody who has not proven it."""
        return registration.step == "proven" and self._holder(subject_of(registration)) is not None

    def _holder(self, number: str) -> Account | None:
        known = self.store.account_of(self.unit, HOUSE, number)
        return self.accounts.by_id(known) if known else self.accounts.by_login(number)

    def finish(self, registration_id: str, password_hash: str) -> Account:
        """Make the account; AccountExistsError, RegistrationOverError. Its login is the proven number."""
        found = self.open(registration_id)
        if found.step != "proven":
            raise RegistrationOverError()
        number, known = subject_of(found), {**found.given, **found.facts}
        if self._holder(number) is not None:
            raise AccountExistsError()
        self._save(replace(found, step="done"))
        assurance = next(text.assurance for text in self.texts if text.id == found.way)
        account = Account(
            id=f"p-{secrets.token_hex(12)}",
            login=number,
            name=known.get("organisation") or known.get("name") or number,
            kind="citizen",
            unit=self.unit,
            groups=frozenset(),
            password_hash=password_hash,
            profile=profile_of(found, assurance),
        )
        return self.add(account, number)

    def add(self, account: Account, number: str) -> Account:
        """Keep a new account under its number; AccountExistsError where somebody was first."""
        mine = Identity(unit=self.unit, issuer=HOUSE, subject=number, account_id=account.id, linked_at=self.clock.now())
        try:
            self.store.link(mine)
            self.accounts.put(account)
        except StaleVersionError as error:
            raise AccountExistsError() from error
        return account


def _named(given: Mapping[str, str]) -> dict[str, str]:
    """Tax and agency codes are kept under one name."""
    other = {"tax_code": "organisation_code", "agency_code": "organisation_code"}
    return {other.get(name, name): value for name, value in given.items()}


def _number_name(registration: Registration) -> str:
    return "organisation_code" if registration.subtype != "person" else "id_number"
