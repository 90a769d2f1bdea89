"""Pages of text as a scanner or a telephone takes them, well and badly."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.support.desk import ROOT

FONT = ROOT / "catalog" / "_shared" / "fonts" / "LiberationSerif-Regular.ttf"
SENTENCE = "Ủy ban nhân dân xã chứng thực bản sao đúng với bản chính, ngày 19 tháng 12 năm 2022. "


def page(height: int = 1754, *, lines: int = 34, grain: float = 6.0) -> Image.Image:
    """A page of A4 with text, as grainy as a scanner makes it."""
    width = round(height / 1.4142)
    made = Image.new("L", (width, height), 244)
    pen, font = ImageDraw.Draw(made), ImageFont.truetype(str(FONT), round(height / 62))
    for number in range(lines):
        start = number * 7 % len(SENTENCE)
        text = (SENTENCE * 3)[start : start + 62 - number % 5]
        pen.text((width * 0.1, height * (0.06 + number * 0.026)), text, font=font, fill=30)
    if grain:
        made = Image.blend(made, Image.effect_noise(made.size, grain * 10), 0.1)
    return made.convert("RGB")


def blurred(radius: float = 4.0) -> Image.Image:
    """The same, out of focus."""
    return page().filter(ImageFilter.GaussianBlur(radius))


def tilted(degrees: float = 7.0) -> Image.Image:
    """The same, laid down carelessly."""
    return page().rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(244, 244, 244))


def dark(light: float = 0.3) -> Image.Image:
    """The same in a dim room."""
    return ImageEnhance.Brightness(page()).enhance(light)


def blank() -> Image.Image:
    """The back of a page."""
    return page(lines=0)


def as_jpeg(picture: Image.Image, quality: int = 80) -> bytes:
    """As a telephone sends it."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
