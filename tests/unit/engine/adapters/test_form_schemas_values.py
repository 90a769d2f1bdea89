"""Values on the server: what each kind of field takes, and with which words it refuses."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from tests.support.forms import choice, clean, errors, field, form, refused


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

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("14:30 05/12/2022", "2022-12-05T14:30"),
            ("7h05 5/12/2022", "2022-12-05T07:05"),
            ("14:30, 05/12/2022", "2022-12-05T14:30"),
            ("2022-12-05T14:30", "2022-12-05T14:30"),
            ("05/12/2022", "2022-12-05"),
            ("12/2022", "2022-12"),
            ("2022", "2022"),
        ],
    )
    def test_a_time_may_stand_before_a_partial_date(self, typed: str, stored: str) -> None:
        assert clean(form(field("textfield", properties={"partialDateTime": "true"})), x=typed) == {"x": stored}

    @pytest.mark.parametrize(
        "typed", ["14:30 12/2022", "24:00 05/12/2022", "14:60 05/12/2022", "14:30 30/02/2022", "14:30", "14:30T14:30"]
    )
    def test_a_time_without_a_whole_day_or_a_day_that_does_not_exist_is_refused(self, typed: str) -> None:
        assert "ví dụ" in refused(field("textfield", properties={"partialDateTime": "true"}), typed)


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
