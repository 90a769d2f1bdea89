"""The XML reader takes diagrams and refuses everything that could harm or surprise, with a message in two languages."""

from __future__ import annotations

import pytest

from bpmn.errors import UnreadableDiagramError
from bpmn.parse_xml import BPMN_NS, MAX_BYTES, MAX_NODES, MAX_PARTS, MAX_STEPS, read
from bpmn.runner import EXECUTED

OPEN, CLOSE = f'<definitions xmlns="{BPMN_NS}">', "</definitions>"


def refusal(data: bytes) -> UnreadableDiagramError:
    with pytest.raises(UnreadableDiagramError) as caught:
        read(data)
    assert caught.value.message_vi != caught.value.message
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_as_written(encoding: str) -> None:
    tree = read(f'{OPEN}<process name="Hộ tịch"/>{CLOSE}'.encode(encoding))
    assert tree.getroot()[0].get("name") == "Hộ tịch"


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1258", "us-ascii"])
def test_declared_encodings_of_old_tools_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\n{OPEN}<process name="Ho tich"/>{CLOSE}'
    assert read(text.encode(encoding)).getroot()[0].get("name") == "Ho tich"


@pytest.mark.parametrize("encoding", ["UTF-7", "cp037", "utf-32", "hex", "unicode_escape"])
def test_encodings_in_which_a_doctype_could_hide_are_refused(encoding: str) -> None:
    assert "UTF-8" in refusal(f'<?xml version="1.0" encoding="{encoding}"?>{OPEN}{CLOSE}'.encode()).message


@pytest.mark.parametrize("before", ["", "\n ", "<!-- a --->", "<!-- > -->", "<?x <!-- ?>", "<!----><?y?>\n"])
@pytest.mark.parametrize("doctype", ["<!DOCTYPE definitions>", '<!DOCTYPE d SYSTEM "http://localhost/x">'])
def test_any_doctype_is_refused(before: str, doctype: str) -> None:
    refusal(f"{before}{doctype}{OPEN}{CLOSE}".encode())


def test_doctype_is_refused_as_such_and_before_its_entities_count() -> None:
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "b">]>{OPEN}&a;{CLOSE}'
    for encoding in ("utf-8", "utf-16"):
        assert "DOCTYPE" in refusal(text.encode(encoding)).message


def test_external_files_are_not_read(tmp_path: object) -> None:
    refusal(f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{tmp_path}">]>{OPEN}&x;{CLOSE}'.encode())


def test_the_word_doctype_in_comments_and_text_is_harmless() -> None:
    assert (
        read(f"<!-- <!DOCTYPE a> -->{OPEN}<![CDATA[<!DOCTYPE b>]]><!-- c -->{CLOSE}".encode()).getroot().text
        == "<!DOCTYPE b>"
    )


def test_comments_and_instructions_are_dropped_without_cutting_texts() -> None:
    root = read(f"<?a b?>{OPEN}one<!-- two --><?three?> four{CLOSE}<!-- five -->".encode()).getroot()
    assert "".join(root.itertext()) == "one four"
    assert len(root) == 0


def test_size_limit_is_checked_before_parsing() -> None:
    assert "5 MB" in refusal(b"<" * (MAX_BYTES + 1)).message
    assert "5 MB" not in refusal(b"<" * MAX_BYTES).message


def test_depth_limit() -> None:
    def nested(depth: int) -> bytes:
        return (OPEN + "<process>" * depth + "</process>" * depth + CLOSE).encode()

    read(nested(199))
    refusal(nested(200))


def test_number_of_elements_is_limited() -> None:
    for element, most in (("<task/>", MAX_STEPS), ("<incoming/>", MAX_PARTS), ("<a xmlns=''/>", MAX_NODES)):
        read((OPEN + element * (most - 1) + CLOSE).encode())
        assert str(most) in refusal((OPEN + element * (most + 1) + CLOSE).encode()).message


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in EXECUTED} | {"task", "sequenceFlow", "transaction"}))
def test_whatever_tokens_pass_counts_as_a_step(kind: str) -> None:
    assert str(MAX_STEPS) in refusal((OPEN + f"<{kind}/>" * (MAX_STEPS + 1) + CLOSE).encode()).message


@pytest.mark.parametrize("data", [b"", b"\0", b"{}", b"<a/>", b"<definitions/>", OPEN.encode(), b"\xff\xfe\0"])
def test_other_bytes_are_refused(data: bytes) -> None:
    refusal(data)


def test_line_numbers_in_messages_fit_the_file() -> None:
    assert "line 4" in refusal(f'<?xml version="1.0"\n?>\n{OPEN}\n<b></c>{CLOSE}'.encode()).message
