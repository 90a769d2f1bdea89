"""Who files and what is handed in, read strictly: what is stored of a filing is plain, short text of known names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from engine.domain.errors import AssuranceError, FormInvalidError

PERSON: Mapping[str, int] = {"name": 120, "id_number": 40, "phone": 20, "email": 254, "address": 500, "account": 80}
PROOF: Mapping[str, int] = {"proven_by": 20, "subtype": 20, "organisation_code": 40}  # what an account adds to it
# who filed for whom, where that is somebody else: the account is theirs
OTHER: Mapping[str, int] = {"kind": 20, "submitted_by": 120, "submitted_by_id_number": 40, "relation": 120}
LEVELS = (0, 1, 2)
FILE: Mapping[str, int] = {"key": 120, "sha256": 64, "name": 255, "media_type": 255}
KNOWN = frozenset({*PERSON, *PROOF, *OTHER, "assurance"})
MAX_DOCUMENTS = 500
MAX_BYTES = 10**9
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_applicant(person: Any) -> None:
    """FormInvalidError unless `person` is {name, account?, id_number?, phone?, email?, address?} of short texts, with
    what its account adds: how well it is proven (`assurance`: 0, 1 or 2) and by what, whose account it is, and
    who files for whom."""
    if not isinstance(person, Mapping):
        raise FormInvalidError({"applicant": ["Thông tin người nộp không đúng dạng."]})
    wrong = {f"applicant.{str(name)[:100]}": ["Mục này không dùng được."] for name in person if name not in KNOWN}
    for name, longest in {**PERSON, **PROOF, **OTHER}.items():
        value = person.get(name)
        if value is not None and not is_short_text(value, longest):
            wrong[f"applicant.{name}"] = [f"Hãy nhập chữ, nhiều nhất {longest} ký tự, không có ký tự lạ."]
    level = person.get("assurance")
    if level is not None and (type(level) is not int or level not in LEVELS):
        wrong["applicant.assurance"] = ["Mức xác thực không đúng."]
    if not wrong and not str(person.get("name") or "").strip():
        wrong["applicant.name"] = ["Nhập họ và tên người nộp."]
    if wrong:
        raise FormInvalidError(wrong)


def check_assurance(person: Mapping[str, Any], level: int, settings: Mapping[str, Any]) -> None:
    """AssuranceError where an account files that is proven less than the house asks for a procedure of this level.

    Who files at the desk or from another system has shown papers there: nothing is said of an account, nothing asked.
    """
    wanted = int((settings.get("assurance") or {}).get(f"level_{level}", 0))
    if person.get("assurance") is not None and person["assurance"] < wanted:
        raise AssuranceError(level=level, wanted=wanted)


def check_documents(documents: Any, known: Iterable[str]) -> None:
    """FormInvalidError unless every entry is {key, sha256, name, size, media_type} of a file that is `known`."""
    if not isinstance(documents, list | tuple) or len(documents) > MAX_DOCUMENTS:
        raise FormInvalidError({"documents": ["Danh sách giấy tờ không đúng dạng."]})
    stored = frozenset(known)
    wrong = {
        f"documents.{number}": ["Có tệp không đọc được; hãy tải lại tệp."]
        for number, entry in enumerate(documents)
        if not _is_file(entry) or entry["sha256"] not in stored
    }
    if wrong:
        raise FormInvalidError(wrong)


def hashes(documents: Any) -> list[str]:
    """What looks like the content hash of a file, to be asked for in the store."""
    entries = documents if isinstance(documents, list | tuple) else ()
    return [e["sha256"] for e in entries[:MAX_DOCUMENTS] if _is_file(e)]


def _is_file(entry: Any) -> bool:
    if not isinstance(entry, Mapping) or set(entry) != {*FILE, "size"}:
        return False
    texts = all(is_short_text(entry[name], longest) and entry[name] for name, longest in FILE.items())
    size = entry["size"]
    return texts and bool(_SHA256.fullmatch(entry["sha256"])) and type(size) is int and 0 < size <= MAX_BYTES


def is_short_text(value: Any, longest: int) -> bool:
    """Text without control characters and halves of characters, which no database and no printer takes."""
    if not isinstance(value, str) or len(value) > longest:
        return False
    return not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in value)
