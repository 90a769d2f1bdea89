"""Files that people hand in: how many, how large, of which kinds, and in which words the others are refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.errors import DomainError

KINDS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
}
ENDINGS = tuple(ending for endings in KINDS.values() for ending in endings)


class RefusedFileError(DomainError):
    """Tệp không được nhận; hãy chọn tệp khác. | The file is not accepted; choose another one."""

    code = "refused_file"


class NoFileError(RefusedFileError):
    """Hãy chọn tệp trước khi tải lên. | Choose a file before you upload."""

    code = "no_file"


class EmptyFileError(RefusedFileError):
    """Tệp “{name}” không có nội dung. Hãy chọn tệp khác. | The file “{name}” is empty. Choose another one."""

    code = "empty_file"


class BigFileError(RefusedFileError):
    """Tệp “{name}” lớn hơn {limit} MB. Hãy chọn tệp nhỏ hơn.
    | The file “{name}” is larger than {limit} MB. Choose a smaller one."""

    code = "big_file"


class WrongKindError(RefusedFileError):
    """Tệp “{name}” không phải là tệp {kinds} hợp lệ. Hãy lưu lại đúng dạng rồi chọn lại.
    | The file “{name}” is not a valid {kinds} file. Save it as one of these and choose it again."""

    code = "wrong_kind"


class LockedFileError(RefusedFileError):
    """Tệp “{name}” có mật khẩu. Hãy lưu một bản không có mật khẩu rồi chọn lại.
    | The file “{name}” has a password. Save a copy without one and choose it again."""

    code = "locked_file"


class BrokenFileError(RefusedFileError):
    """Tệp “{name}” bị hỏng nên không mở được. Hãy chụp, quét hoặc lưu lại rồi chọn lại.
    | The file “{name}” is damaged and cannot be opened. Scan or save it again and choose it again."""

    code = "broken_file"


class HugePictureError(RefusedFileError):
    """Ảnh “{name}” quá lớn khi mở ra (trên {limit} triệu điểm ảnh). Hãy thu nhỏ ảnh rồi chọn lại.
    | The picture “{name}” is too large once opened (over {limit} megapixels). Make it smaller and choose it again."""

    code = "huge_picture"


class LongFileError(RefusedFileError):
    """Tệp “{name}” có {pages} trang, nhiều hơn {limit} trang. Hãy tách thành nhiều tệp.
    | The file “{name}” has {pages} pages, more than {limit}. Split it into several files."""

    code = "long_file"


class InfectedFileError(RefusedFileError):
    """Tệp “{name}” có mã độc nên không được nhận. Hãy quét vi-rút trên máy của anh/chị rồi dùng tệp khác.
    | The file “{name}” contains malicious code and was not accepted. Scan your device and use another file."""

    code = "infected_file"


class UnscannedFileError(RefusedFileError):
    """Chưa quét được vi-rút cho tệp “{name}” nên tệp chưa được nhận. Không phải lỗi của anh/chị; hãy tải lại sau ít
    phút. | The file “{name}” could not be scanned for viruses, so it was not accepted yet. This is not your fault;
    upload it again in a few minutes."""

    code = "unscanned_file"


class BrokenOffError(RefusedFileError):
    """Chưa tải xong tệp “{name}”. Hãy kiểm tra mạng rồi tải lại.
    | The file “{name}” did not arrive whole. Check your connection and upload it again."""

    code = "broken_off"


class ManyFilesError(RefusedFileError):
    """Mục này nhận nhiều nhất {limit} tệp. Hãy xóa bớt tệp rồi thêm lại.
    | At most {limit} files are accepted here. Remove one before you add another."""

    code = "many_files"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """How many files of which size (MB), of how many pages, with which endings a field takes."""

    files: int = 5
    megabytes: int = 10
    pages: int = 200
    megapixels: int = 80
    endings: tuple[str, ...] = ENDINGS

    @property
    def kinds(self) -> str:
        """`PDF, JPG, PNG`."""
        return ", ".join(ending.lstrip(".").upper() for ending in self.endings if ending != ".jpeg")


def check_size(name: str, size: int, limits: FileLimits) -> None:
    """EmptyFileError, BigFileError; sizes in bytes, and just the limit is taken."""
    if size <= 0:
        raise EmptyFileError(name=name)
    if size > limits.megabytes * 1024 * 1024:
        raise BigFileError(name=name, limit=limits.megabytes)


def check_kind(name: str, media_type: str, limits: FileLimits) -> None:
    """WrongKindError unless the content's type is known, taken here, and the name ends as such files do."""
    own = KINDS.get(media_type, ())
    if not (set(own) & set(limits.endings) and name.lower().endswith(own)):
        raise WrongKindError(name=name, kinds=limits.kinds)


def check_number(kept: Sequence[Any], limits: FileLimits) -> None:
    """ManyFilesError when there is no room for one more."""
    if len(kept) >= limits.files:
        raise ManyFilesError(limit=limits.files)


def safe_name(name: str) -> str:
    """The last part of a file name, NFC, without control characters, at most 120 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else (kept[:120] or "tep")
