"""Forms as a whole: what attackers send, and forms that cannot work."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.errors import CatalogError, FormInvalidError
from tests.support.forms import choice, clean, errors, field, form, group, rows

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["a", "2022-12-19"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ikz"), inner, max_size=3),
    max_leaves=8,
)


class TestHostileData:
    def test_unknown_names_are_refused_where_they_stand(self) -> None:
        one = form(field("textfield"), group("g", field("textfield", "y")))
        found = errors(one, {"x": "1", "__proto__": {}, "g": {"z": [[[]]]}, "is_admin": True})
        assert set(found) == {"__proto__", "is_admin", "g.z"}

    @pytest.mark.parametrize("value", [[], {}, [["a"]], {"a": {"b": {}}}, 7, True, 1.5, object(), b"x", ("a", "b")])
    def test_wrong_type_is_an_error_at_the_field(self, value: Any) -> None:
        assert set(errors(form(field("textfield"), field("textfield", "y")), {"x": value})) == {"x"}

    def test_any_value_anywhere_is_refused_or_taken_and_never_breaks(self) -> None:
        one = form(
            field("textfield", "a"),
            field("number", "b"),
            field("datetime", "c"),
            choice(key="d"),
            choice("checklist", "e"),
            field("checkbox", "f"),
            field("filepicker", "g"),
            rows("h", field("textfield", "i")),
            group("j", field("textfield", "k", properties={"check": "=string length(value) > 0", "message": "m"})),
        )

        @given(data=st.dictionaries(st.sampled_from("abcdefghj"), JSON, max_size=9))
        def run(data: dict[str, Any]) -> None:
            try:
                kept = one.validate(data, {"case": {}})
            except FormInvalidError:
                return
            else:
                json.dumps(kept, allow_nan=False)
                assert one.validate(kept, {"case": {}}) == kept  # clean data stay as they are

        run()

    @pytest.mark.parametrize("data", [None, [], "x", 7, {1: 2}, {"x": 1, 2: 3}])
    def test_data_that_is_no_object_is_refused(self, data: Any) -> None:
        assert list(errors(form(field("textfield")), data)) == [""]

    def test_bombs_are_refused_quickly(self) -> None:
        deep: Any = "x"
        for _ in range(50_000):
            deep = [deep]
        one = form(field("textfield"), rows("ds", field("textfield", "y")), group("g", field("textfield", "z")))
        wide = {f"k{n}": n for n in range(200_000)}
        began = time.perf_counter()
        for data in (
            {"x": deep},
            {"ds": deep},
            {"g": deep},
            {"ds": [{"y": deep}]},
            wide,
            {"g": wide},
            {"ds": [{}] * 10**6},
        ):
            assert errors(one, data)
        assert time.perf_counter() - began < 2

    def test_long_unknown_name_is_cut_in_the_answer(self) -> None:
        assert max(map(len, errors(form(field("textfield")), {"n" * 10**6: 1}))) <= 100


class TestCompiling:
    @pytest.mark.parametrize(
        ("component", "words"),
        [
            ({"type": "html", "id": "x"}, "html"),
            ({"type": "textfield", "id": "x"}, "key"),
            (field("textfield", conditional={"hide": "=1 +"}), "biểu thức"),
            (field("textfield", conditional={"hide": "a = 1"}), "="),
            (field("textfield", properties={"requiredIf": "=for"}), "biểu thức"),
            (field("textfield", properties={"check": "=true"}), "message"),
            (field("textfield", properties={"normalize": "upper"}), "normalize"),
            (field("textfield", validate={"pattern": "("}), "mẫu"),
            (field("textfield", validate={"pattern": "(a+)+$"}), "treo"),
            (field("textfield", validate={"maxLength": "ten"}), "maxLength"),
            (field("datetime", subtype="month"), "subtype"),
            (field("number", decimalDigits=-1), "decimalDigits"),
            (field("select"), "lựa chọn"),
            ({"type": "group", "id": "x", "components": {}}, "components"),
        ],
    )
    def test_form_that_cannot_work_is_refused_with_the_component(self, component: dict[str, Any], words: str) -> None:
        with pytest.raises(CatalogError, match=words) as refusal:
            form(component)
        assert refusal.value.data["element"]

    def test_two_fields_may_not_share_a_value(self) -> None:
        for twin in (field("number"), group("x", field("textfield", "y")), field("textfield", "x.y")):
            with pytest.raises(CatalogError, match="trùng"):
                form(field("textfield"), twin)

    def test_groups_of_one_path_share_their_object(self) -> None:
        one = form(group("g", field("textfield", "a")), group("g", field("textfield", "b")))
        assert clean(one, g={"a": "1", "b": "2"}) == {"g": {"a": "1", "b": "2"}}
        assert list(one.fields) == ["g.a", "g.b"]

    def test_same_schema_is_compiled_once(self) -> None:
        assert form(field("textfield")) is form(field("textfield"))
        assert form(field("textfield")) is not form(field("textarea"))

    def test_sections_without_a_path_do_not_nest(self) -> None:
        assert clean(form(group(None, field("textfield"), properties={"section": "true"})), x="1") == {"x": "1"}
