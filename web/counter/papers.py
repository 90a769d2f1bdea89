"""What is brought to the counter: photographs bound into one document, pages that are hard to read, originals seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict

from engine.ports.scans import SAID, PageFault
from web.forms.schema import dig, inputs, kind
from web.forms.sheet import Sheet
from web.house import house
from web.texts import t

UPLOADS = "_upload."
PICTURES = (".jpg", ".jpeg", ".png")
MOST = 30  # photographs of one document
MOST_BYTES = 12 * 2**20  # of one photograph


def uploaded() -> MultiDict[str, FileStorage]:
    """The uploads of this request; where it was asked for, several pictures of one field as one PDF."""
    if not request.form.get("_bind"):
        return request.files
    bound: MultiDict[str, FileStorage] = MultiDict()
    for name, files in request.files.lists():
        chosen = [file for file in files if file.filename]
        bound.setlist(name, _bound(chosen) if name.startswith(UPLOADS) else chosen)
    return bound


def _bound(files: list[FileStorage]) -> list[FileStorage]:
    """Pictures as one PDF named after the first; what is no picture stays by itself, and is judged as ever."""
    pictures = [one for one in files if str(one.filename).lower().endswith(PICTURES)][:MOST]
    if len(pictures) < 2:
        return files
    try:
        content = house().desk.counter.scans.bind([one.stream.read(MOST_BYTES) for one in pictures])
    except ValueError:
        for one in pictures:
            one.stream.seek(0)
        return files
    name = str(pictures[0].filename).rpartition(".")[0] + ".pdf"
    return [FileStorage(BytesIO(content), filename=name), *(one for one in files if one not in pictures)]


def judged(sheet: Sheet, data: Mapping[str, Any]) -> dict[str, list[str]]:
    """By path, what is wrong with pages that were handed in; nothing once somebody said that they will do."""
    if request.form.get("_use_anyway"):
        return {}
    return {path: [sentence(file, faults) for file, faults in found] for path, found in poor(sheet, data)}


def poor(
    sheet: Sheet, data: Mapping[str, Any]
) -> Iterator[tuple[str, list[tuple[Mapping[str, Any], list[PageFault]]]]]:
    """Each field with files whose pages are hard to read, with these files and their faults."""
    for component, path in inputs(sheet.form.schema, data):
        files = dig(data, path) if kind(component) == "filepicker" else ()
        found = [(file, faults) for file in files or () if (faults := _faults(file))]
        if found:
            yield path, found


def _faults(file: Mapping[str, Any]) -> list[PageFault]:
    content = house().files.get(str(file["sha256"]))
    return list(house().desk.counter.scans.judge(content, str(file["media_type"])))


def sentence(file: Mapping[str, Any], faults: list[PageFault]) -> str:
    """The file and what is wrong with which page, in plain words."""
    said = "; ".join(
        t(f"trang {one.page} {SAID[one.fault][0]}", f"page {one.page} {SAID[one.fault][1]}") for one in faults
    )
    return t(
        f"{file['name']}: {said}. Hãy quét hoặc chụp lại, hoặc chọn “Dùng vẫn được”.",
        f"{file['name']}: {said}. Scan it again, or choose “It will do”.",
    )
