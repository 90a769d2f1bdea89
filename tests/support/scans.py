"""Files as scanners and telephones make them, and as nobody should."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image


def pdf(pages: int = 1, mark: str = "", **more: Any) -> bytes:
    """A PDF with empty pages; two with different marks are different files. `more` goes to `save`."""
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(200, 200))
        if mark:
            made.docinfo["/Title"] = mark
        out = BytesIO()
        made.save(out, deterministic_id="encryption" not in more, **more)
        return out.getvalue()


def acting_pdf() -> bytes:
    """A PDF that starts a script, launches a program and carries files, in every place they can hide in."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        script = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('EVIL')"))
        made.Root.OpenAction = script
        made.Root.AA = pikepdf.Dictionary(WC=script)
        names = pikepdf.Array([pikepdf.String("a"), script])
        made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))
        made.attachments["evil.exe"] = b"MZ EVIL"
        made.Root.AF = pikepdf.Array([made.attachments["evil.exe"].obj])
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="EVIL.exe")
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.vn/", Next=script)
        page.obj.AA = pikepdf.Dictionary(O=script)
        page.obj.Annots = pikepdf.Array(
            [
                made.make_indirect(_note("/Link", A=launch)),
                made.make_indirect(_note("/Link", A=link)),
                made.make_indirect(_note("/FileAttachment", FS=made.attachments["evil.exe"].obj)),
            ]
        )
        out = BytesIO()
        made.save(out)
        return out.getvalue()


def _note(kind: str, **more: Any) -> pikepdf.Dictionary:
    box = pikepdf.Array([0, 0, 10, 10])
    return pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(kind), Rect=box, **more)


def signed_pdf() -> bytes:
    """A PDF that bears a signature field with a signature in it (which nobody made: only its form is right)."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(200, 200))
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), ByteRange=pikepdf.Array([0, 10, 20, 30])
        )
        field = made.make_indirect(_note("/Widget", FT=pikepdf.Name.Sig, T="S", V=made.make_indirect(signature)))
        page.obj.Annots = pikepdf.Array([field])
        made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="EVIL")
        out = BytesIO()
        made.save(out)
        return out.getvalue()


def pdf_bomb(megabytes: int) -> bytes:
    """A small PDF whose one stream grows to so many megabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * 2**20) for _ in range(megabytes)) + packer.flush()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        stream = made.make_stream(packed)
        stream.Filter = pikepdf.Name.FlateDecode
        made.Root.Bomb = stream
        out = BytesIO()
        made.save(out)
        return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), colour: int = 0, **more: Any) -> bytes:
    """A picture of one colour, a little different for each number; `more` goes to `save`."""
    out = BytesIO()
    Image.new("RGB", size, (colour % 256, colour // 256 % 256, 90)).save(out, kind, **more)
    return out.getvalue()


def photo() -> bytes:
    """A picture as a telephone takes it: lying on its side, with the place and the device in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010F] = "TELEPHONE"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", (40, 20), exif=exif.tobytes())


def picture_bomb(side: int) -> bytes:
    """A small PNG of side × side pixels."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (side // 8 + 2)) for _ in range(side)) + rows.flush()
    head = side.to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    chunks = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def paper(name: str, number: int = 0) -> bytes:
    """A scan of the kind its name says; two of different numbers are different files."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("jpg", "jpeg", "png"):
        return picture("PNG" if ending == "png" else "JPEG", colour=number * 7)
    return pdf(mark=f"{name} {number}")
