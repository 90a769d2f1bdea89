"""What people type becomes data, and data become the same page again, for every component."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.commands.receiving import Sender
from tests.unit.web.fake_house import FORM, Form
from web.forms.carry import carry
from web.forms.draw import Filling, draw
from web.forms.parse import FormReader, Sent
from web.forms.schema import dig, put
from web.forms.uploads import Uploads

UPLOADS = Uploads(None, b"secret", Sender(unit="xa-mau", account="id-lan"))  # type: ignore[arg-type]
STORED = {"sha256": "a" * 64, "name": "ảnh.png", "size": 12, "media_type": "image/png"}
FULL: dict[str, Any] = {
    "ho_ten": "Nguyễn Thị Lan",
    "thu": "lan@example.vn",
    "ngay_sinh": "1990-08-03",
    "loai": "khac",
    "ten_khac": "Sổ hộ khẩu",
    "so_ban": 8000,
    "he_so": 2.5,
    "dan_toc": "Ba-na",
    "quoc_tich": "vn",
    "muc_dich": ["hoc", "lam"],
    "the": [1, 2],
    "gio": "14:05",
    "luc": "2026-08-03T14:05",
    "ghi_chu": "dòng một\ndòng hai",
    "danh_sach": [{"ten": "Trang 1", "mau": True}, {"ten": "Trang 2", "mau": False}],
    "dia_chi": {"xa": "Mẫu", "nguoi": [{"ten": "An"}, {"ten": "Bình"}]},
    "tep": [STORED],
    "cam_doan": True,
}


def read(pairs: Any) -> Sent:
    return FormReader(MultiDict(pairs), UPLOADS).read(FORM)


def filling(data: Any, **more: Any) -> Filling:
    return Filling(
        data=data,
        visible=Form(FORM).visible(data, {}),
        settled={"tong": 7},
        errors=more.get("errors", {}),
        token=UPLOADS.token,
        limits={},
    )


def nodes_by_name(data: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(nodes: Any) -> None:
        for node in nodes:
            found[node.name or node.id] = node
            walk(node.children)

    walk(draw(FORM, filling(data, **more)).nodes)
    return found


def test_every_component_survives_the_trip_through_a_page():
    sent = read(list(carry(FORM, FULL, UPLOADS.token)))
    assert sent.problems == {}
    assert sent.data == FULL


TEXT = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(lambda text: text != "__other__")
)
DATA = st.fixed_dictionaries(
    {"danh_sach": st.lists(st.fixed_dictionaries({"ten": TEXT.filter(bool), "mau": st.booleans()}), max_size=4)},
    optional={
        "ho_ten": TEXT.filter(bool),
        "ngay_sinh": st.dates().map(lambda day: day.isoformat()),
        "so_ban": st.integers(-(10**14), 10**14),
        "the": st.lists(st.sampled_from([1, 2]), min_size=1, unique=True),
        "dan_toc": TEXT.filter(bool),
        "gio": st.times().map(lambda hour: hour.strftime("%H:%M")),
    },
)


@given(DATA)
def test_any_data_survive_the_trip(data):
    back = read(list(carry(FORM, data, UPLOADS.token)))
    assert back.problems == {}
    assert {key: back.data.get(key) for key in data} == data


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("3/8/1990", "1990-08-03"),
        ("03/08/1990", "1990-08-03"),
        ("1990-08-03", "1990-08-03"),
        ("03-08-1990", "1990-08-03"),
        ("03.08.1990", "1990-08-03"),
        (" 3/8/1990 ", "1990-08-03"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_dates_are_typed_as_people_write_them(typed, stored):
    assert read([("ngay_sinh", typed)]).data["ngay_sinh"] == stored


@pytest.mark.parametrize(
    "typed", ["29/02/2023", "31/04/2020", "8/1990", "hôm qua", "03/08/90", "0/0/0000", "1990-13-01", "٣/٨/١٩٩٠x"]
)
def test_an_unreal_date_is_kept_as_typed_and_said_at_its_field(typed):
    sent = read([("ngay_sinh", typed)])
    assert sent.data["ngay_sinh"] == typed
    assert "ngày/tháng/năm" in sent.problems["ngay_sinh"][0]
    assert nodes_by_name(sent.data)["ngay_sinh"].value == typed


@pytest.mark.parametrize(
    "typed", ["8.000", "8,000", "8 000", "tám", "1e3", "0x10", "--1", "+5", "8.0", "9" * 40, "NaN", "²"]
)
def test_numbers_take_plain_digits_only_and_the_page_says_so(typed):
    sent = read([("so_ban", typed)])
    assert sent.data["so_ban"] == typed
    assert "chữ số" in sent.problems["so_ban"][0]


@pytest.mark.parametrize(("typed", "stored"), [("2,5", 2.5), ("2.5", 2.5), ("-3", -3), ("007", 7)])
def test_decimals_are_read_where_the_field_takes_them(typed, stored):
    assert read([("he_so", typed)]).data["he_so"] == stored


@pytest.mark.parametrize(("typed", "stored"), [("14:05", "14:05"), ("14h05", "14:05"), ("7:00", "07:00")])
def test_times_are_read(typed, stored):
    assert read([("gio", typed)]).data["gio"] == stored


@pytest.mark.parametrize("typed", ["25:00", "14", "14:5", "14:60"])
def test_times_that_are_none_are_said(typed):
    assert "giờ:phút" in read([("gio", typed)]).problems["gio"][0]


@pytest.mark.parametrize("typed", ["03/08/2026 14:05", "14:05 03/08/2026", "14:05 ngày 03/08/2026", "2026-08-03T14:05"])
def test_moments_are_read(typed):
    assert read([("luc", typed)]).data["luc"] == "2026-08-03T14:05"


def test_decomposed_letters_are_stored_composed_also_in_names():
    sent = read([("ho_ten", unicodedata.normalize("NFD", "Nguyễn Thị Lan")), (unicodedata.normalize("NFD", "lạ"), "x")])
    assert sent.data["ho_ten"] == "Nguyễn Thị Lan"
    assert sent.data["lạ"] == "x"


def test_what_is_empty_or_blank_is_absent():
    sent = read([("ho_ten", ""), ("thu", "   "), ("so_ban", ""), ("loai", ""), ("ghi_chu", "\r\n")])
    assert {key for key in sent.data if sent.data[key] not in (False, [])} == {"dia_chi"}


def test_line_ends_of_browsers_become_one_kind():
    assert read([("ghi_chu", "a\r\nb\rc")]).data["ghi_chu"] == "a\nb\nc"


def test_names_the_form_does_not_know_are_passed_on_to_be_refused():
    data = read([("la.sau", "1"), ("ho_ten.x", "2"), ("ho_ten", "Lan"), ("_action", "x"), ("csrf_token", "t")]).data
    assert data["la"] == {"sau": "1"}
    assert data["ho_ten.x"] == "2"
    assert data["ho_ten"] == "Lan"
    assert "_action" not in data
    assert "csrf_token" not in data


def test_an_option_that_is_none_is_passed_on_to_be_refused():
    assert read([("loai", "hack"), ("the", "3"), ("the", "1")]).data["loai"] == "hack"
    assert read([("the", "3"), ("the", "1")]).data["the"] == ["3", 1]


def test_other_without_words_is_no_answer():
    assert "dan_toc" not in read([("dan_toc", "__other__"), ("_other.dan_toc", " ")]).data


def test_rows_keep_their_order_when_numbers_have_gaps():
    sent = read([("danh_sach.7.ten", "B"), ("danh_sach.2.ten", "A"), ("_rows.danh_sach", "9")])
    assert [row.get("ten") for row in sent.data["danh_sach"]] == ["A", "B", None]


def test_a_flood_of_rows_is_cut():
    sent = read([(f"danh_sach.{index}.ten", "x") for index in range(3000)])
    assert len(sent.data["danh_sach"]) == 200


@pytest.mark.parametrize(
    "name", ["danh_sach.99999999999.ten", "danh_sach.-1.ten", "danh_sach.x.ten", "danh_sach", "a..b", "." * 500]
)
def test_strange_row_names_do_no_harm(name):
    assert isinstance(read([(name, "x")]).data, dict)


def test_a_forged_file_reference_or_one_of_somebody_else_is_dropped():
    foreign = Uploads(None, b"secret", Sender(unit="xa-mau", account="id-hung")).token(STORED)  # type: ignore[arg-type]
    own = UPLOADS.token(STORED)
    assert read([("tep", foreign), ("tep", "x"), ("tep", own + "x"), ("tep", own)]).data["tep"] == [STORED]


def test_hidden_fields_are_not_drawn_and_shown_when_the_answer_asks_for_them():
    assert "ten_khac" not in nodes_by_name({"loai": "bang"})
    assert "ten_khac" in nodes_by_name({"loai": "khac"})


def test_a_computed_answer_is_the_servers_and_cannot_be_typed():
    node = nodes_by_name({"tong": 99})["tong"]
    assert (node.value, node.read_only, node.hint) == ("7", True, "")


def test_only_answers_that_others_depend_on_are_live():
    nodes = nodes_by_name({"loai": "khac"})
    assert nodes["loai"].live
    assert not nodes["ho_ten"].live


def test_the_summary_names_every_error_in_the_order_of_the_page():
    drawing = draw(FORM, filling({}, errors={"cam_doan": ["A"], "ho_ten": ["B", "C"], "la": ["D"], "loai": ["E"]}))
    assert [(problem.target, problem.message) for problem in drawing.problems] == [
        ("f-ho_ten", "B"),
        ("f-ho_ten", "C"),
        ("f-loai-0", "E"),
        ("f-cam_doan", "A"),
        ("", "D"),
    ]


def test_english_labels_are_used_where_there_are_some():
    english = Filling(data={}, visible=frozenset(), settled={}, errors={}, token=UPLOADS.token, limits={}, lang="en")
    assert any(node.label == "Applicant" for node in draw(FORM, english).nodes)


def test_put_and_dig_meet():
    data: dict[str, Any] = {"rows": [{}]}
    put(data, "rows.0.a.b", 1)
    assert dig(data, "rows.0.a.b") == 1
    assert dig(data, "rows.5.a") is None
    put(data, "rows.5.a", 2)
    assert data["rows.5.a"] == 2
