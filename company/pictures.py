"""Photos made fit to keep: upright, without the place they were taken at, with a thumbnail."""

from __future__ import annotations

import io
from threading import BoundedSemaphore
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import ClauseflowError

KEPT = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
"""The pictures we can open, turn and clean; every browser shows them."""

UNREADABLE = frozenset({"image/heic", "image/heif", "image/avif", "image/tiff"})
"""Pictures that may tell where they were taken and that we cannot clean."""

MAX_PIXELS = 50_000_000
THUMBNAIL = (640, 640)
THUMBNAIL_TYPE = "image/webp"

_ORIENTATION, _LOCATION = 0x0112, 0x8825
_one_at_a_time = BoundedSemaphore(2)
"""A large photo takes 200 MB while it is open; more than two at once would not fit small machines."""


class BadPicture(ClauseflowError):
    """The content calls itself a picture but cannot be opened."""

    zh = "“{name}”不是完好的图片，打不开。"
    en = "“{name}” is not an intact picture; it cannot be opened."


class PictureTooLarge(ClauseflowError):
    """More pixels than we open."""

    zh = "“{name}”的像素太多，最多 5000 万像素，请缩小后再上传。"
    en = "“{name}” has too many pixels; at most 50 million. Make it smaller and upload it again."


class PictureKind(ClauseflowError):
    """A kind of picture from which the location cannot be removed."""

    zh = "“{name}”这种图片不能处理，请转成 JPEG 或 PNG 再上传。"
    en = "Pictures such as “{name}” cannot be handled; turn it into JPEG or PNG and upload it again."


def made_fit(content: IO[bytes], type_: str, name: str, *, location: bool) -> tuple[IO[bytes], bytes]:
    """The picture to keep, and its thumbnail (WebP).

    Turned upright as its EXIF says; location, and whatever else could hold one, removed unless `location`.
    A picture that needs neither keeps its very bytes. Raises BadPicture, PictureTooLarge.
    """
    content.seek(0)
    with _one_at_a_time:
        try:
            with Image.open(content, formats=[KEPT[type_]]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise PictureTooLarge(name=name)
                picture.load()
                kept = content if _is_fit(picture, location) else _rewritten(picture, type_, location)
                return kept, _thumbnail(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureTooLarge(name=name) from error
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
            raise BadPicture(name=name) from error


def _is_fit(picture: Image.Image, location: bool) -> bool:
    exif = picture.getexif()
    turned = exif.get(_ORIENTATION, 1) != 1
    elsewhere = {"xmp", "XML:com.adobe.xmp", "Raw profile type exif"} & picture.info.keys()
    return not turned and (location or (_LOCATION not in exif and not elsewhere))


def _rewritten(picture: Image.Image, type_: str, location: bool) -> IO[bytes]:
    exif = picture.getexif()
    if not location:
        exif.pop(_LOCATION, None)
    upright = ImageOps.exif_transpose(picture)
    exif.pop(_ORIENTATION, None)
    for name in ("xmp", "XML:com.adobe.xmp", "Raw profile type exif", "exif", "comment"):
        upright.info.pop(name, None)
    written = io.BytesIO()
    how = {"quality": 92} if type_ in ("image/jpeg", "image/webp") else {}
    upright.save(written, KEPT[type_], exif=exif.tobytes(), icc_profile=picture.info.get("icc_profile"), **how)
    return written


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.copy()
    small.thumbnail(THUMBNAIL)
    small = ImageOps.exif_transpose(small)
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    for name in list(small.info):
        small.info.pop(name)
    written = io.BytesIO()
    small.save(written, "WEBP", quality=80, exif=b"", xmp=b"")
    return written.getvalue()
