"""The score of QĐ 766/QĐ-TTg: 100 points, from shares of cases, procedures and complaints.

Which items there are, their points, thresholds and how sure they are is data (catalog/_shared/score_766.toml); here is
only how points follow from a share, in exact numbers. What each formula counts stands in `score_formulas`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from engine.domain.procedure import Confidence
from engine.domain.score_basis import Basis, Counted
from engine.domain.score_formulas import FORMULAS

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of the score. `formula` is empty where the house cannot know and somebody enters the numbers.

    `most`: its points; `full_at`: percent that earns all of them; `scaled_by`: an item by whose share it is multiplied.
    `confidence`: how sure the formula is; `weight_confidence`: how sure its points are.
    """

    id: str
    group: str
    name: str
    name_en: str
    most: Decimal
    formula: str = ""
    full_at: int = 100
    scaled_by: str = ""
    confidence: Confidence = "low"
    weight_confidence: Confidence = "low"
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGroup:
    """A group of items; `most` is the sum of their points."""

    id: str
    name: str
    name_en: str
    most: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The score as the catalog has it. `version` names the formulas and the file they came with."""

    version: str
    groups: tuple[ScoreGroup, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Numbers of an item that somebody entered, and where they are from."""

    hits: int
    total: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemScore:
    """An item with its numbers: `hits` of `total`; no points where nothing could be counted (total 0).

    `met` and `missed` name what was counted: codes of cases or procedures, ids of complaints.
    """

    id: str
    hits: int
    total: int
    points: Decimal | None
    of: str = ""  # cases | procedures | complaints | entered
    met: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    source: str = ""

    @property
    def share(self) -> Fraction | None:
        """Hits of total; None of nothing."""
        return Fraction(self.hits, self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All items; `points` of those that could be counted, which had `counted` points together."""

    version: str
    items: tuple[ItemScore, ...]
    points: Decimal
    counted: Decimal


def score(scheme: Scheme, basis: Basis, entered: Mapping[str, Given]) -> Score:
    """The score over a basis; `entered` by item, for those without a formula."""
    plain = {item.id: _counted(item, basis, entered.get(item.id)) for item in scheme.items}
    items = tuple(_scored(item, plain) for item in scheme.items)
    got = [(item.most, one.points) for item, one in zip(scheme.items, items, strict=True) if one.points is not None]
    points = sum((one for _, one in got), Decimal("0.00"))
    return Score(version=scheme.version, items=items, points=points, counted=sum((x for x, _ in got), Decimal(0)))


def points_of(most: Decimal, share: Fraction, full_at: int) -> Decimal:
    """The points of a share: all from `full_at` percent on, below it in proportion; to the hundredth, half up."""
    part = min(share * 100 / full_at, Fraction(1)) * Fraction(most)
    return (Decimal(part.numerator) / Decimal(part.denominator)).quantize(CENT, ROUND_HALF_UP)


def by_group(scheme: Scheme, items: Sequence[ItemScore]) -> dict[str, Decimal | None]:
    """The points of each group; None of one in which nothing could be counted."""
    points = {one.id: one.points for one in items}
    found: dict[str, Decimal | None] = {}
    for group in scheme.groups:
        got = [x for item in scheme.items if item.group == group.id and (x := points[item.id]) is not None]
        found[group.id] = sum(got, Decimal(0)) if got else None
    return found


def _counted(item: Item, basis: Basis, entered: Given | None) -> Counted:
    if item.formula:
        return FORMULAS[item.formula](basis)
    if entered is None:
        return Counted(of="entered")
    return Counted(of="entered", hits=entered.hits, total=entered.total, source=entered.source)


def _scored(item: Item, plain: Mapping[str, Counted]) -> ItemScore:
    own = plain[item.id]
    scale = plain[item.scaled_by].share if item.scaled_by else None
    share = own.share
    points = None
    if share is not None and item.most:
        points = points_of(item.most, share * (scale if scale is not None else 1), item.full_at)
    return ItemScore(
        id=item.id,
        hits=own.hits,
        total=own.total,
        points=points,
        of=own.of,
        met=own.met,
        missed=own.missed,
        source=own.source,
    )
