"""The house's own mark on every paper it issues: a QR code that leads to the paper's public page.

It is laid around the procedure's template, so that templates need not know of it and deployed versions bear it too.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno

ENTRY = "_house/entry.typ"
PATH = "/ket-qua"
# The mark stands in the margin. Where the signer's name leaves room for the signature, a bookmark tells where.
_LAYOUT = """
#let mark = json(bytes(sys.inputs.data)).at("verify", default: none)
#let code(width) = image(bytes(mark.qr), format: "svg", width: width, alt: "Mã QR: " + mark.url)
#let words(size, body) = text(size, font: "Liberation Serif", lang: "vi", hyphenate: false, body)
#set page(foreground: if mark != none { context if counter(page).get().first() == 1 {
  if page.width > 150mm {
    place(bottom + left, dx: 8mm, dy: -6mm, code(18mm))
    place(bottom + left, dx: 30mm, dy: -8mm, words(8pt)[
      Kiểm tra kết quả: quét mã QR hoặc mở #mark.page · Mã đối chiếu #mark.short])
  } else {
    place(bottom + left, dx: 4mm, dy: -5.5mm, code(15mm))
    place(bottom + left, dx: 5mm, dy: -3mm, words(5pt)[Mã đối chiếu #mark.short])
  }
} })
#set page(background: if json(bytes(sys.inputs.data)).at("draft", default: false) {
  rotate(-35deg, text(72pt, font: "Liberation Serif", fill: luma(225))[DỰ THẢO])
})
#show block.where(height: 62pt): it => {
  place(box(width: 0pt, height: 0pt, { show heading: it => []; heading(outlined: false, bookmarked: true)[Chữ ký] }))
  it
}
#include "TEMPLATE"
"""


def wrapped(template: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The procedure's files and ENTRY, which shows the template with the mark upon it."""
    return {**files, ENTRY: _LAYOUT.replace("TEMPLATE", f"/{template}").encode()}


def drawn(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with its `verify` (address, token, mark) as ENTRY wants it."""
    verify = data["verify"]
    url = f"{verify['address']}{PATH}/{verify['token']}"
    picture = io.BytesIO()
    code = segno.make(url, error="m", micro=False, mask=0)  # any mask is a valid code; looking for the best is slow
    code.save(picture, kind="svg", xmldecl=False, border=2)
    shown = {"qr": picture.getvalue().decode(), "url": url, "page": verify["address"] + PATH, "short": verify["mark"]}
    return {**data, "verify": shown}
