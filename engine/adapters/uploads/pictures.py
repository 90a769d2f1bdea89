"""Pictures made anew from their pixels: turned as they were meant, without place, time and device, nothing hidden."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from engine.domain.received import BigFileError, BrokenFileError, FileLimits, HugePictureError
from engine.ports.uploads import Inspected

MILLION = 1_000_000
MOST_BYTES = 25 * 2**20  # of what comes out; the store takes no more
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
JPEG_MODES = frozenset({"L", "RGB"})
Image.MAX_IMAGE_PIXELS = 80 * MILLION  # beyond twice as many Pillow does not even begin


def redrawn(name: str, content: bytes, media_type: str, limits: FileLimits) -> Inspected:
    """The picture anew; HugePictureError before anything large is unpacked, BrokenFileError, BigFileError."""
    kind = FORMATS[media_type]
    try:
        with Image.open(BytesIO(content), formats=(kind,)) as picture:
            if picture.width * picture.height > limits.megapixels * MILLION:
                raise HugePictureError(name=name, limit=limits.megapixels)
            picture.load()
            made = _encoded(ImageOps.exif_transpose(picture), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise HugePictureError(name=name, limit=limits.megapixels) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise BrokenFileError(name=name) from error
    if len(made) > MOST_BYTES:
        raise BigFileError(name=name, limit=limits.megabytes)
    return Inspected(media_type=media_type, content=made)


def _encoded(picture: Image.Image, kind: str) -> bytes:
    """The pixels alone: nothing of `info` (EXIF, comments, profiles) goes along."""
    plain = picture.convert("RGB") if kind == "JPEG" and picture.mode not in JPEG_MODES else picture.copy()
    transparency = plain.info.get("transparency")
    plain.info = {}
    out = BytesIO()
    if kind == "JPEG":
        plain.save(out, "JPEG", quality=90, exif=b"")
    elif transparency is not None:
        plain.save(out, "PNG", transparency=transparency)
    else:
        plain.save(out, "PNG")
    return out.getvalue()
