"""A parcel goes on, never back, and nothing comes after its end."""

from __future__ import annotations

import pytest

from engine.domain.parcel import follows


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [
        ("created", "accepted", True),
        ("created", "delivered", True),
        ("moving", "lost", True),
        ("moving", "accepted", False),
        ("moving", "moving", False),
        ("delivered", "moving", False),
        ("lost", "delivered", False),
        ("created", "vanished", False),
    ],
)
def test_only_what_lies_ahead_follows(before: str, after: str, fits: bool) -> None:
    assert follows(before, after) is fits
