"""Names of administrative units for whoever types an address: within the unit above, accents or not, kept for a day."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", ["Thành phố Hồ Chí Minh"]),
        ("?q=ho chi", ["Thành phố Hồ Chí Minh"]),
        ("?q=hà nội", []),
        ("?trong=tp. ho chi minh", ["Huyện Củ Chi"]),
        ("?trong=Thành phố Hồ Chí Minh&q=CU CHI", ["Huyện Củ Chi"]),
        ("?trong=Tỉnh Hà Tây", []),
        ("?trong=&trong=&trong=", []),
        ("?trong=Thành phố Hồ Chí Minh&trong=Huyện Củ Chi", []),
        (f"?q={'x' * 5000}", []),
    ],
)
def test_names_are_offered_within_what_stands_above(flask_app, asked, names):
    answer = flask_app.test_client().get(f"/danh-muc/don-vi{asked}")
    assert answer.json == names
    assert "max-age=86400" in answer.headers["Cache-Control"]
