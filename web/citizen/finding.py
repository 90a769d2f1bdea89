"""Finding a procedure: words without regard to marks, a level and a field, and how many each choice would leave."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.domain.folding import without_marks
from engine.domain.procedure import Procedure

LEVELS = (3, 4)
LONGEST = 200


def folded(text: str) -> str:
    """Lower case without marks, so that `khai sinh` and `KHAI SINH`, `đăng ký` and `dang ky` meet."""
    return without_marks(unicodedata.normalize("NFKC", text))


def slug(text: str) -> str:
    """A name as it stands in an address: `Hộ tịch` is `ho-tich`."""
    return "-".join(re.findall(r"[a-z0-9]+", folded(text)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words, a level (0: any), a field as in an address (empty: any)."""

    words: str = ""
    level: int = 0
    field: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wanted:
        """Read from an address; what makes no sense there is left out."""
        level = asked.get("level", "")
        words = " ".join(unicodedata.normalize("NFC", asked.get("q", ""))[:LONGEST].split())
        return cls(words, next((one for one in LEVELS if str(one) == level), 0), slug(asked.get("field", "")[:LONGEST]))

    def address(self) -> dict[str, str | int]:
        """The arguments of the address that says the same."""
        return {key: value for key, value in (("q", self.words), ("level", self.level), ("field", self.field)) if value}

    def fits(self, procedure: Procedure) -> bool:
        """Whether every word occurs in the procedure's texts, and level and field are the wanted ones."""
        if self.level not in (0, procedure.level) or self.field not in ("", slug(procedure.field)):
            return False
        text = searched(procedure)
        return all(word in text for word in folded(self.words).split())


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow or widen the list: what it is called, what it would leave, whether it is taken."""

    name: str
    wanted: Wanted
    count: int
    taken: bool


def searched(procedure: Procedure) -> str:
    """The texts in which words are looked for: names, field, code, result, and what people call it."""
    also = procedure.info.get("also_called", ())
    result = procedure.result.name if procedure.result else ""
    texts = (procedure.name, procedure.name_en, procedure.field, procedure.code, result, *map(str, also))
    return folded(" ".join(texts))


def found(procedures: Iterable[Procedure], wanted: Wanted) -> dict[str, list[Procedure]]:
    """What fits, by field, in the order of the alphabet."""
    fields: dict[str, list[Procedure]] = {}
    fitting = (procedure for procedure in procedures if wanted.fits(procedure))
    for procedure in sorted(fitting, key=lambda one: (folded(one.field), folded(one.name), one.code)):
        fields.setdefault(procedure.field, []).append(procedure)
    return fields


def levels(procedures: Sequence[Procedure], wanted: Wanted) -> list[Choice]:
    """Every level and any, with what each would leave of these words and this field."""
    return [_choice(procedures, str(level), replace(wanted, level=level), wanted) for level in (0, *LEVELS)]


def fields(procedures: Sequence[Procedure], wanted: Wanted) -> list[Choice]:
    """Every field of the catalog and any, with what each would leave of these words and this level."""
    names = sorted({procedure.field for procedure in procedures}, key=folded)
    return [_choice(procedures, name, replace(wanted, field=slug(name)), wanted) for name in ("", *names)]


def widened(procedures: Sequence[Procedure], wanted: Wanted) -> list[Choice]:
    """What to leave out of a search that found nothing: each single wish whose loss would leave something."""
    wishes = (
        ("level", replace(wanted, level=0)),
        ("field", replace(wanted, field="")),
        ("words", replace(wanted, words="")),
    )
    tried = [_choice(procedures, name, wider, wanted) for name, wider in wishes if wider != wanted]
    return [choice for choice in tried if choice.count]


def _choice(procedures: Sequence[Procedure], name: str, would: Wanted, wanted: Wanted) -> Choice:
    return Choice(name, would, sum(map(would.fits, procedures)), would == wanted)
