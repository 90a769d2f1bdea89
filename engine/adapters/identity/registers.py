"""Three parties that compare what was typed with a register of theirs: insurance office, operator, post office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.adapters.identity.outgoing import Outgoing
from engine.domain.person_fields import PHONE, phone_number
from engine.domain.registration import (
    NotVouchedError,
    OutsideSilentError,
    Registration,
    RegistrationOverError,
    Standing,
)


class _AnswersAtOnce:
    """A way in which nothing comes back later."""

    def go_on(self, registration: Registration, answer: Mapping[str, str], now: datetime) -> Standing:
        """There is nothing to go on with."""
        raise RegistrationOverError()


@dataclass(frozen=True, slots=True)
class SocialInsurance(_AnswersAtOnce):
    """The register of social insurance: number, name, birth date and id have to belong together."""

    outgoing: Outgoing

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """The phone number registered there gets the code. Who is not found is answered as one whose details differ."""
        question = {
            "soBHXH": given["insurance_number"],
            "hoTen": given["name"],
            "ngaySinh": given["birth_date"],
            "soDinhDanh": given["id_number"],
        }
        answer = self.outgoing.ask("/api/verify", question)
        if answer.get("ketQua") != "KHOP":
            raise NotVouchedError(**self.outgoing.party.words)
        facts = {name: given[name] for name in ("name", "birth_date", "id_number")}
        return Standing(wants="code", facts={**facts, "phone": _phone(self.outgoing, answer.get("soDienThoai"))})


@dataclass(frozen=True, slots=True)
class MobileSubscriber(_AnswersAtOnce):
    """The operator says whether a phone number is registered to an id number."""

    outgoing: Outgoing

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """The number itself gets the code. It vouches for phone and id number, not for the name."""
        answer = self.outgoing.ask("/api/verify", {"msisdn": given["phone"], "idNumber": given["id_number"]})
        if answer.get("result") != "MATCH":
            raise NotVouchedError(**self.outgoing.party.words)
        return Standing(wants="code", facts={"phone": given["phone"], "id_number": given["id_number"]})


@dataclass(frozen=True, slots=True)
class PostOffice(_AnswersAtOnce):
    """A counter looked at somebody's papers and gave out a code."""

    outgoing: Outgoing

    def begin(self, given: Mapping[str, str], *, session: str, now: datetime) -> Standing:
        """The code is taken in once; what the counter saw are the facts."""
        number = given.get("organisation_code") or given["id_number"]
        answer = self.outgoing.ask("/api/redeem", {"code": given["counter_code"], "number": number})
        seen = answer.get("person")
        if answer.get("result") != "OK" or not isinstance(seen, Mapping):
            raise NotVouchedError(**self.outgoing.party.words)
        facts = {str(name): str(value) for name, value in seen.items() if value}
        if (facts.get("organisation_code") or facts.get("id_number")) != number:
            raise NotVouchedError(**self.outgoing.party.words)
        return Standing(wants="nothing", facts=facts)


def _phone(outgoing: Outgoing, text: object) -> str:
    plain = phone_number(str(text or ""))
    if not PHONE.fullmatch(plain):
        raise OutsideSilentError(**outgoing.party.words)
    return plain
