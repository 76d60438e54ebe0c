"""The one place that opens pictures of strangers; it runs confined (`company/files/confined.py`)."""

from __future__ import annotations

import base64
import io
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
MAX_SIDE = 30_000
MAX_DECODED = 100_000_000
"""Bytes of a picture that cannot be opened smaller than it is; a JPEG can."""

THUMBNAIL = (640, 640)

_ORIENTATION, _LOCATION = 0x0112, 0x8825
_WIDTHS = {"1": 1, "L": 1, "P": 1, "LA": 4, "I;16": 2}
"""Bytes that a pixel takes in memory, where it is not four."""


def fit(content: IO[bytes], form: str, location: bool) -> dict[str, str | None]:
    """`thumbnail` (WebP) and `kept` in base 64, None where the very bytes may be kept; or `refused`: large or bad.

    `form` is what Pillow calls the format. The picture stands upright; its location is left out unless `location`.
    """
    Image.MAX_IMAGE_PIXELS = None  # we judge the size ourselves, by what it takes in memory
    try:
        with Image.open(content, formats=[form]) as picture:
            if _is_large(picture, form):
                return {"refused": "large"}
            kept = None if _is_fit(picture, location) else _rewritten(picture, form, location)
            return {"kept": None if kept is None else _text(kept), "thumbnail": _text(_thumbnail(picture))}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return {"refused": "bad"}


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _is_large(picture: Image.Image, form: str) -> bool:
    pixels = picture.width * picture.height
    decoded = 0 if form == "JPEG" else pixels * _WIDTHS.get(picture.mode, 4)
    return pixels > MAX_PIXELS or max(picture.size) > MAX_SIDE or decoded > MAX_DECODED


def _is_fit(picture: Image.Image, location: bool) -> bool:
    exif = picture.getexif()
    turned = exif.get(_ORIENTATION, 1) != 1
    elsewhere = {"xmp", "XML:com.adobe.xmp", "Raw profile type exif"} & picture.info.keys()
    return not turned and (location or (_LOCATION not in exif and not elsewhere))


def _rewritten(picture: Image.Image, form: str, location: bool) -> bytes:
    exif, profile = picture.getexif(), picture.info.get("icc_profile")
    if not location:
        exif.pop(_LOCATION, None)
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    exif.pop(_ORIENTATION, None)
    for name in ("xmp", "XML:com.adobe.xmp", "Raw profile type exif", "exif", "comment"):
        picture.info.pop(name, None)
    written = io.BytesIO()
    how = {"quality": 92} if form in ("JPEG", "WEBP") else {}
    picture.save(written, form, exif=exif.tobytes(), icc_profile=profile, **how)
    return written.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    """Makes the picture itself small: a JPEG that was not loaded before is never opened larger than needed."""
    exif = picture.getexif()
    picture.thumbnail(THUMBNAIL)
    if exif.get(_ORIENTATION, 1) != 1:
        ImageOps.exif_transpose(picture, in_place=True)
    small = picture
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    for name in list(small.info):
        small.info.pop(name)
    written = io.BytesIO()
    small.save(written, "WEBP", quality=80, exif=b"", xmp=b"")
    return written.getvalue()
