"""Photos made fit to keep: upright, without the place they were taken at, with a thumbnail."""

from __future__ import annotations

import base64
import io
from typing import IO

from company.files.confined import ChildLimits, TooCostly, Unreadable, run
from engine.errors import ClauseflowError

KEPT = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
"""The pictures we can open, turn and clean; every browser shows them."""

UNREADABLE = frozenset({"image/heic", "image/heif", "image/avif", "image/tiff"})
"""Pictures that may tell where they were taken and that we cannot clean."""

THUMBNAIL_TYPE = "image/webp"
LIMITS = ChildLimits(megabytes=700, seconds=30)
"""Turning a photo of 50 million pixels round takes most of it."""


class BadPicture(ClauseflowError):
    """The content calls itself a picture but cannot be opened."""

    zh = "“{name}”不是完好的图片，打不开。"
    en = "“{name}” is not an intact picture; it cannot be opened."


class PictureTooLarge(ClauseflowError):
    """More pixels than we open."""

    zh = "“{name}”的像素太多，请缩小后再上传：照片（JPEG）最多 5000 万像素，其他图片 2500 万，每边最多 3 万。"
    en = (
        "“{name}” has too many pixels. Make it smaller and upload it again: photos (JPEG) may have 50 million pixels, "
        "other pictures 25 million, and 30,000 on a side."
    )


class PictureKind(ClauseflowError):
    """A kind of picture from which the location cannot be removed."""

    zh = "“{name}”这种图片不能处理，请转成 JPEG 或 PNG 再上传。"
    en = "Pictures such as “{name}” cannot be handled; turn it into JPEG or PNG and upload it again."


def made_fit(content: IO[bytes], type_: str, name: str, *, location: bool) -> tuple[IO[bytes], bytes]:
    """The picture to keep, and its thumbnail (WebP).

    Turned upright as its EXIF says; location, and whatever else could hold one, removed unless `location`.
    A picture that needs neither keeps its very bytes. Raises BadPicture, PictureTooLarge, ReadersBusy.
    """
    try:
        made = run("company.files.picture_making:fit", content, LIMITS, KEPT[type_], location)
    except TooCostly as error:
        raise PictureTooLarge(name=name) from error
    except Unreadable as error:
        raise BadPicture(name=name) from error
    if "refused" in made:
        raise PictureTooLarge(name=name) if made["refused"] == "large" else BadPicture(name=name)
    kept = content if made["kept"] is None else io.BytesIO(base64.b64decode(made["kept"]))
    return kept, base64.b64decode(made["thumbnail"])
