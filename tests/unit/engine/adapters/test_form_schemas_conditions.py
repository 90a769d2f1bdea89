"""What is asked: required answers, hidden fields, rows, computed values and checks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.forms import choice, clean, errors, field, form, group, rows


class TestRequired:
    @pytest.mark.parametrize(
        ("component", "words"),
        [
            (field("textfield"), "Họ tên: hãy nhập"),
            (field("number"), "Họ tên: hãy nhập"),
            (choice(), "Họ tên: hãy chọn"),
            (choice("checklist"), "Họ tên: hãy chọn"),
            (field("filepicker"), "Họ tên: hãy tải tệp lên"),
            (field("checkbox"), "Hãy đánh dấu vào ô “Họ tên”"),
        ],
    )
    @pytest.mark.parametrize("data", [{}, {"x": None}])
    def test_missing_answer_is_asked_for_by_its_label(
        self, component: dict[str, Any], words: str, data: dict[str, Any]
    ) -> None:
        assert errors(form({**component, "validate": {"required": True}}), data) == {"x": [words]}

    def test_blanks_only_are_no_answer(self) -> None:
        assert errors(form(field("textfield", validate={"required": True})), {"x": " \u00a0\n "})

    def test_required_if_follows_other_answers(self) -> None:
        one = form(choice(key="ket_qua"), field("textarea", "ly_do", properties={"requiredIf": '=ket_qua = "b"'}))
        assert clean(one, ket_qua="a") == {"ket_qua": "a"}
        assert errors(one, {"ket_qua": "b"}) == {"ly_do": ["Họ tên: hãy nhập"]}


class TestConditions:
    def test_hidden_field_is_dropped_and_not_asked_for(self) -> None:
        hidden = field("textfield", "noi", validate={"required": True}, conditional={"hide": '=x != "b"'})
        one = form(choice(), hidden)
        assert clean(one, x="a", noi="bỏ") == {"x": "a"}
        assert errors(one, {"x": "b"}) == {"noi": ["Họ tên: hãy nhập"]}
        assert errors(one, {"x": "b", "noi": 7})["noi"]
        assert clean(one, x="a", noi=7) == {"x": "a"}  # wrong, but nobody asked

    def test_field_behind_a_hidden_field_is_hidden_too(self) -> None:
        one = form(
            choice(),
            field("textfield", "b", conditional={"hide": '=x = "a"'}),
            field("textfield", "c", conditional={"hide": "=b = null"}),
        )
        assert clean(one, x="a", b="1", c="2") == {"x": "a"}
        assert clean(one, x="b", b="1", c="2") == {"x": "b", "b": "1", "c": "2"}

    def test_conditions_that_chase_each_other_come_to_rest(self) -> None:
        one = form(
            field("textfield", "a", conditional={"hide": "=b != null"}),
            field("textfield", "b", conditional={"hide": "=a != null"}),
        )
        assert set(clean(one, a="1", b="2")) <= {"a", "b"}

    def test_unticked_box_reads_as_false(self) -> None:
        one = form(field("checkbox"), field("textfield", "b", conditional={"hide": "=x = false"}))
        assert clean(one, b="1") == {"x": False}
        assert clean(one, x=True, b="1") == {"x": True, "b": "1"}

    def test_conditions_read_the_case_and_the_application(self) -> None:
        one = form(field("textfield", conditional={"hide": '=case.level = 3 or application.loai = "giay"'}))
        assert one.validate({"x": "1"}, {"case": {"level": 4}, "application": {"loai": "khac"}}) == {"x": "1"}
        assert one.validate({"x": "1"}, {"case": {"level": 3}, "application": {}}) == {}

    def test_hidden_group_hides_everything_inside(self) -> None:
        one = form(
            field("checkbox", "khai"),
            group(
                "dia_chi", field("textfield", "xa", validate={"required": True}), conditional={"hide": "=khai != true"}
            ),
        )
        assert clean(one, dia_chi={"xa": "Mẫu"}) == {"khai": False}
        assert errors(one, {"khai": True}) == {"dia_chi.xa": ["Họ tên: hãy nhập"]}
        assert clean(one, khai=True, dia_chi={"xa": "Mẫu"}) == {"khai": True, "dia_chi": {"xa": "Mẫu"}}

    def test_names_of_the_group_are_plain_names_inside_it(self) -> None:
        paper = group("giay", choice(key="loai"), field("textfield", "so", conditional={"hide": '=loai = "a"'}))
        one = form(choice(key="loai"), paper)
        assert clean(one, loai="a", giay={"loai": "b", "so": "1"})["giay"] == {"loai": "b", "so": "1"}
        assert clean(one, loai="b", giay={"loai": "a", "so": "1"})["giay"] == {"loai": "a"}
        assert clean(one, loai="a", giay={"so": "1"})["giay"] == {"so": "1"}  # unanswered, not the outer answer

    def test_visible_names_fields_texts_and_rows(self) -> None:
        one = form(
            choice(),
            {"type": "text", "id": "note", "text": "…", "conditional": {"hide": '=x = "a"'}},
            group("g", field("textfield", "y")),
            rows("ds", field("textfield", "ten"), field("textfield", "so", conditional={"hide": "=ten = null"})),
        )
        seen = one.visible({"x": "a", "ds": [{"ten": "A"}, {}]}, {"case": {}})
        assert seen == {"x", "g.y", "g.g_g", "ds", "ds.0.ten", "ds.0.so", "ds.1.ten"}
        assert "note" in one.visible({"x": "b"}, {})

    def test_visible_takes_unfinished_and_wrong_data(self) -> None:
        one = form(
            field("textfield", validate={"minLength": 9}), field("textfield", "y", conditional={"hide": "=x = null"})
        )
        assert one.visible({"x": "short", "z": 1}, {}) == {"x", "y"}
        assert one.visible([], {}) == {"x"}  # type: ignore[arg-type]  # what a broken client may send


class TestRows:
    LIST = rows(
        "ds",
        field("textfield", "ten", validate={"required": True}),
        field("number", "so", decimalDigits=0),
        validate={"minLength": 2, "maxLength": 3},
    )

    def test_errors_name_the_row(self) -> None:
        found = errors(form(self.LIST), {"ds": [{"ten": "A", "so": "x"}, {"so": 1}, {"ten": "C", "la": 1}]})
        assert found == {
            "ds.0.so": ["Họ tên phải là số"],
            "ds.1.ten": ["Họ tên: hãy nhập"],
            "ds.2.la": ["Mục này không có trong biểu mẫu"],
        }

    def test_number_of_rows_is_limited(self) -> None:
        assert "nhiều nhất 3 dòng (anh/chị nhập 4)" in errors(form(self.LIST), {"ds": [{"ten": "A"}] * 4})["ds"][0]
        assert "ít nhất 2 dòng" in errors(form(self.LIST), {"ds": [{"ten": "A"}]})["ds"][0]
        needed = form({**self.LIST, "validate": {"required": True}})
        assert errors(needed, {}) == {"ds": ["Danh sách: hãy thêm ít nhất một dòng"]}
        assert clean(form({**self.LIST, "validate": {}})) == {"ds": []}

    def test_conditions_in_a_row_read_the_row_then_the_form(self) -> None:
        one = form(
            choice(),
            rows("ds", choice(key="loai"), field("textfield", "so", conditional={"hide": '=loai = "a" or x = "b"'})),
        )
        sent = [{"loai": "a", "so": "1"}, {"loai": "b", "so": "2"}]
        assert clean(one, x="a", ds=sent)["ds"] == [{"loai": "a"}, {"loai": "b", "so": "2"}]
        assert clean(one, x="b", ds=sent)["ds"] == [{"loai": "a"}, {"loai": "b"}]

    def test_lists_lie_in_groups_and_in_lists(self) -> None:
        one = form(group("g", rows("ds", rows("trong", field("number", "n", decimalDigits=0)))))
        assert clean(one, g={"ds": [{"trong": [{"n": 1}]}]}) == {"g": {"ds": [{"trong": [{"n": 1}]}]}}
        assert list(errors(one, {"g": {"ds": [{"trong": [{"n": "x"}]}]}})) == ["g.ds.0.trong.0.n"]


class TestComputedAndChecked:
    def test_computed_value_is_the_servers_own(self) -> None:
        total = field("number", "tong", properties={"computed": "=sum(for g in ds return g.so * 2)"})
        one = form(rows("ds", field("number", "so")), total)
        assert clean(one, ds=[{"so": 2}, {"so": 3}], tong=999999)["tong"] == 10
        assert clean(one, ds=[{"so": 2}], tong={"evil": 1})["tong"] == 4

    def test_computed_values_build_on_each_other_and_may_show_fields(self) -> None:
        one = form(
            field("number"),
            field("number", "y", properties={"computed": "=x + 1"}),
            field("number", "z", properties={"computed": "=y * 2"}),
            field("textfield", "w", conditional={"hide": "=z < 10"}),
        )
        assert clean(one, x=1, w="k") == {"x": 1, "y": 2, "z": 4}
        assert clean(one, x=4, w="k") == {"x": 4, "y": 5, "z": 10, "w": "k"}

    def test_computed_value_that_cannot_be_computed_is_missing(self) -> None:
        one = form(
            field("number"), field("number", "y", properties={"computed": "=x + 1"}, validate={"required": True})
        )
        assert "chưa tính được" in errors(one, {})["y"][0]

    def test_checks_read_the_value_and_the_form(self) -> None:
        end = field(
            "datetime",
            "den",
            properties={
                "check": "=date(value) >= date(tu)",
                "message": "Đến ngày phải sau từ ngày",
                "check1": '=date(value) < date("2030-01-01")',
                "message1": "Quá xa",
            },
        )
        one = form(field("datetime", "tu"), end)
        assert clean(one, tu="2022-01-01", den="2022-01-01")
        assert errors(one, {"tu": "2022-01-02", "den": "2022-01-01"}) == {"den": ["Đến ngày phải sau từ ngày"]}
        assert errors(one, {"tu": "2022-01-02", "den": "2031-01-01"}) == {"den": ["Quá xa"]}
        assert clean(one, den="2022-01-01")  # nothing to compare with: not judged
        assert clean(one, tu="2022-01-01")  # nothing to judge
