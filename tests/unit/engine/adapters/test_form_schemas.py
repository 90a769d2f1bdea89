"""Forms on the server: what is taken, what is refused at which field with which words, and what attackers send."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn import feel
from engine.adapters.form_schemas import CompiledForm, FormSchemas
from engine.domain.errors import CatalogError, FormInvalidError, RuleError

ROOT = Path(__file__).parents[4]


def evaluate(text: str, context: Mapping[str, Any]) -> Any:
    try:
        return feel.evaluate(text, context)
    except feel.FeelError as error:
        raise RuleError(reason=error.message_vi, reason_en=error.message) from error


SCHEMAS = FormSchemas(evaluate)


def form(*components: dict[str, Any]) -> CompiledForm:
    return SCHEMAS.compile({"type": "default", "id": "f", "components": list(components)})


def field(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": key, "key": key, "label": "Họ tên", **more}


def group(path: str | None, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "group",
        "id": f"g_{path}",
        "components": list(components),
        **({"path": path} if path else {}),
        **more,
    }


def rows(path: str, *components: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "dynamiclist",
        "id": path,
        "path": path,
        "label": "Danh sách",
        "components": list(components),
        **more,
    }


def choice(kind: str = "select", key: str = "x", values: tuple[Any, ...] = ("a", "b"), **more: Any) -> dict[str, Any]:
    return field(kind, key, values=[{"value": v, "label": str(v)} for v in values], **more)


def clean(one: CompiledForm, **data: Any) -> dict[str, Any]:
    return one.validate(data, {"case": {"level": 4}})


def errors(one: CompiledForm, data: Any, context: Mapping[str, Any] | None = None) -> dict[str, list[str]]:
    with pytest.raises(FormInvalidError) as refusal:
        one.validate(data, context or {"case": {}})
    return refusal.value.errors


def refused(component: dict[str, Any], value: Any) -> str:
    (messages,) = errors(form(component), {"x": value}).values()
    return messages[0]


class TestTexts:
    def test_text_is_stored_in_nfc_without_outer_blanks(self) -> None:
        typed = unicodedata.normalize("NFD", "  Nguyễn Thị Lan \n")
        assert clean(form(field("textfield")), x=typed) == {"x": "Nguyễn Thị Lan"}

    def test_name_pattern_accepts_decomposed_vietnamese(self) -> None:
        name = field("textfield", validate={"pattern": "^[A-Za-zÀ-ỹĐđ' \\-]{2,120}$"}, properties={"normalize": "name"})
        typed = unicodedata.normalize("NFD", "Đặng   Thị\tƯớt")
        assert "ký tự" in refused(name, typed)  # a tab is no blank of a name
        assert clean(form(name), x=unicodedata.normalize("NFD", "Đặng   Thị Ướt")) == {"x": "Đặng Thị Ướt"}
        assert "mẫu" in refused(name, "R2D2")

    def test_digits_are_stripped_and_a_wrong_count_is_told(self) -> None:
        number = field("textfield", label="Số định danh cá nhân", validate={"pattern": "^\\d{12}$"})
        number["properties"] = {"normalize": "digits"}
        assert clean(form(number), x="079 190.001 234") == {"x": "079190001234"}
        assert refused(number, "07919000123") == "Số định danh cá nhân phải có 12 chữ số (anh/chị nhập 11)"
        assert refused(number, "07919000123x") == "Số định danh cá nhân phải có 12 chữ số (chỉ nhập chữ số)"
        assert refused(number, "٠٧٩١٩٠٠٠١٢٣٤").startswith("Số định danh cá nhân phải có 12")  # other scripts' digits

    def test_javascript_end_of_pattern_is_the_very_end(self) -> None:
        assert "mẫu" in refused(field("textarea", validate={"pattern": "^a$"}), "a\nb")

    def test_pattern_is_searched_not_matched_in_full(self) -> None:
        assert clean(form(field("textfield", validate={"pattern": "\\d"})), x="nhà 7") == {"x": "nhà 7"}

    @pytest.mark.parametrize(
        ("limits", "value", "words"),
        [
            ({"maxLength": 5}, "sáu kí tự", "dài quá 5 ký tự (anh/chị nhập 9)"),
            ({"minLength": 3}, " a ", "ít nhất 3 ký tự"),
            ({}, "x" * 501, "dài quá 500 ký tự"),
            ({}, "x" * 10_000_000, "dài quá 500 ký tự"),
            ({"validationType": "email"}, "lan@", "thư điện tử"),
            ({"validationType": "email"}, "lan@example", "thư điện tử"),
            ({"validationType": "email"}, "a b@example.vn", "thư điện tử"),
            ({"validationType": "phone"}, "12345", "số điện thoại"),
            ({"validationType": "phone"}, "09030001112", "số điện thoại"),
            ({}, "a\x00b", "ký tự không dùng được"),
            ({}, "a\ud800", "ký tự không dùng được"),
            ({}, "a\nb", "ký tự không dùng được"),
        ],
    )
    def test_text_that_breaks_a_limit_is_refused(self, limits: dict[str, Any], value: str, words: str) -> None:
        assert words in refused(field("textfield", validate=limits), value)

    def test_limit_counts_composed_characters(self) -> None:
        assert clean(form(field("textfield", validate={"maxLength": 3})), x=unicodedata.normalize("NFD", "ướt"))

    @pytest.mark.parametrize("value", ["0903000111", "+84903000111", "02838291234", "090 300 01.11"])
    def test_vietnamese_phone_numbers_are_taken(self, value: str) -> None:
        assert clean(form(field("textfield", validate={"validationType": "phone"})), x=value)

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("1985", "1985"),
            ("3/1985", "1985-03"),
            ("03/1985", "1985-03"),
            ("21/3/1985", "1985-03-21"),
            ("1985-03-21", "1985-03-21"),
            ("29/02/2024", "2024-02-29"),
            ("1985-03", "1985-03"),
        ],
    )
    def test_partial_date_is_stored_as_far_as_it_is_known(self, typed: str, stored: str) -> None:
        assert clean(form(field("textfield", properties={"partialDate": "true"})), x=typed) == {"x": stored}

    @pytest.mark.parametrize(
        "typed", ["29/02/2023", "13/1985", "32/01/1985", "85", "0000", "khoảng 1985", "1/1/1/1985"]
    )
    def test_partial_date_that_does_not_exist_is_refused(self, typed: str) -> None:
        assert "có thật" in refused(field("textfield", properties={"partialDate": "true"}), typed)


class TestNumbers:
    @pytest.mark.parametrize(("sent", "stored"), [(5, 5), (5.0, 5), ("5", 5), (0, 0), (-3, -3), ("  7 ", 7)])
    def test_whole_number_is_stored_as_one(self, sent: Any, stored: int) -> None:
        value = clean(form(field("number", decimalDigits=0)), x=sent)["x"]
        assert value == stored
        assert type(value) is int

    @pytest.mark.parametrize(
        "value",
        [
            5.7,
            "5.7",
            "1e400",
            "1e3",
            float("nan"),
            float("inf"),
            10**400,
            1e300,
            True,
            "năm",
            "5 000",
            "٥",
            "--1",
            "9" * 5000,
        ],
    )
    def test_what_is_no_sensible_whole_number_is_refused(self, value: Any) -> None:
        assert refused(field("number", decimalDigits=0), value).startswith("Họ tên")

    def test_decimals_are_counted_exactly(self) -> None:
        assert clean(form(field("number", decimalDigits=1)), x=0.3) == {"x": 0.3}
        assert clean(form(field("number", decimalDigits=1)), x="2,5") == {"x": 2.5}
        assert "1 chữ số thập phân" in refused(field("number", decimalDigits=1), 0.30000000000000004)

    def test_bounds_are_inclusive_and_spoken_in_words(self) -> None:
        pages = field("number", label="Số trang", decimalDigits=0, validate={"min": 1, "max": 2000})
        assert clean(form(pages), x=1) == {"x": 1}
        assert clean(form(pages), x=2000) == {"x": 2000}
        assert refused(pages, 0) == "Số trang phải từ 1 trở lên"
        assert refused(pages, 2001) == "Số trang không được quá 2.000"


class TestChoicesAndDates:
    @pytest.mark.parametrize("value", ["c", "A", 1, True, ["a"], {"a": 1}, " a"])
    def test_value_outside_the_options_is_refused(self, value: Any) -> None:
        assert refused(choice(), value) == "Họ tên: hãy chọn trong danh sách"

    def test_number_text_and_truth_are_different_options(self) -> None:
        one = form(choice(values=(1, "x")))
        assert clean(one, x=1) == {"x": 1}
        assert errors(one, {"x": True})
        assert errors(one, {"x": "1"})

    def test_other_text_is_taken_where_allowed(self) -> None:
        other = choice(properties={"allowOther": "true"})
        assert clean(form(other), x=" Bệnh viện Ướt ") == {"x": "Bệnh viện Ướt"}
        assert "dài quá" in refused(other, "x" * 201)

    @pytest.mark.parametrize("kind", ["checklist", "taglist"])
    def test_several_options_come_back_in_the_order_of_the_form(self, kind: str) -> None:
        one = form(choice(kind, values=("a", "b", "c")))
        assert clean(one, x=["c", "a", "c"]) == {"x": ["a", "c"]}
        assert clean(one) == {"x": []}
        for wrong in (["a", "d"], "a", [["a"]], [None], ["a"] * 1000, {"a": True}):
            assert errors(one, {"x": wrong})

    @pytest.mark.parametrize(
        ("subtype", "good", "bad"),
        [
            (
                "date",
                "2024-02-29",
                ["2023-02-29", "29/02/2024", "2024-2-9", "20240229", "2024-02-29T00:00", "0001-01-01"],
            ),
            ("time", "23:59", ["24:00", "7:30", "07:30:00", "07:60"]),
            ("datetime", "2024-02-29T23:59", ["2024-02-29", "2024-02-29 23:59", "2024-02-29T23:59+07:00"]),
        ],
    )
    def test_dates_and_times_must_exist(self, subtype: str, good: str, bad: list[str]) -> None:
        moment = field("datetime", subtype=subtype)
        assert clean(form(moment), x=good) == {"x": good}
        for value in [*bad, 20240229, ["2024-02-29"], "x" * 100]:
            assert refused(moment, value).startswith("Họ tên phải là")

    def test_box_takes_only_truth_and_declarations_must_be_ticked(self) -> None:
        promise = field("checkbox", label="Tôi cam đoan", properties={"mustBeTrue": "true"})
        assert clean(form(field("checkbox"))) == {"x": False}
        assert clean(form(promise), x=True) == {"x": True}
        assert refused(promise, False) == "Hãy đánh dấu vào ô “Tôi cam đoan”"
        for value in ("true", 1, [True]):
            assert errors(form(promise), {"x": value})


class TestFiles:
    GOOD = {"sha256": "a" * 64, "name": "giấy.PDF", "size": 1000, "media_type": "application/pdf"}

    def test_stored_file_is_taken_and_a_lone_file_is_the_default_of_single_fields(self) -> None:
        one = form(field("filepicker", multiple=False, accept=".pdf"))
        assert clean(one, x=[self.GOOD]) == {"x": [self.GOOD]}
        assert "nhiều nhất 1 tệp" in errors(one, {"x": [self.GOOD, {**self.GOOD, "sha256": "b" * 64}]})["x"][0]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"sha256": "A" * 64},
            {"sha256": "a" * 63},
            {"sha256": "../../etc/passwd"},
            {"sha256": None},
            {"name": ""},
            {"name": "a\x00.pdf"},
            {"name": "x.exe"},
            {"name": "n" * 300},
            {"size": -1},
            {"size": 0},
            {"size": True},
            {"size": "10"},
            {"size": 50 * 1024 * 1024},
            {"media_type": ""},
            {"extra": 1},
        ],
    )
    def test_file_reference_that_is_not_ours_is_refused(self, wrong: dict[str, Any]) -> None:
        assert errors(form(field("filepicker", accept=".pdf")), {"x": [{**self.GOOD, **wrong}]})["x"]

    @pytest.mark.parametrize("value", ["files::1", {"sha256": "a" * 64}, ["a"], [[]], [None], 7])
    def test_other_shapes_are_refused(self, value: Any) -> None:
        assert errors(form(field("filepicker")), {"x": value})["x"]

    def test_limits_of_the_field_count_before_those_of_the_house(self) -> None:
        many = [{**self.GOOD, "sha256": f"{n:064x}"} for n in range(6)]
        assert "nhiều nhất 5" in errors(form(field("filepicker")), {"x": many})["x"][0]
        wide = form(field("filepicker", properties={"maxFiles": "6"}))
        assert len(clean(wide, x=many)["x"]) == 6
        assert "giống nhau" in errors(wide, {"x": [many[0], many[0]]})["x"][0]


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
