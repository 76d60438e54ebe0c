"""What a file is, told from its content; its name only chooses among types that share one container."""

from __future__ import annotations

import re
import zipfile
from typing import IO

UNKNOWN = "application/octet-stream"
PROGRAM = "application/x-executable"
HEAD = 4096

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"%PDF-", "application/pdf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
)
"""First bytes and what they say."""

BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif", b"avif": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4",
}  # fmt: skip
"""Brands of ISO media files (ISO/IEC 14496-12); others are video."""

RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

_OFFICE = "application/vnd.openxmlformats-officedocument"
ZIPPED = {
    "word/": f"{_OFFICE}.wordprocessingml.document",
    "xl/": f"{_OFFICE}.spreadsheetml.sheet",
    "ppt/": f"{_OFFICE}.presentationml.presentation",
}
"""A folder inside a zip file that makes it an office document."""

OLD_OFFICE = {
    ".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint"
}  # fmt: skip
TEXTS = {".csv": "text/csv", ".json": "application/json", ".xml": "application/xml", ".md": "text/markdown"}

_MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|svg|\?xml)\b", re.IGNORECASE)


def sniff(content: IO[bytes], name: str) -> str:
    """The media type of an open file; UNKNOWN when its bytes say nothing."""
    content.seek(0)
    head = content.read(HEAD)
    ending = "." + name.rpartition(".")[2].lower()
    for signature, type_ in SIGNATURES:
        if head.startswith(signature):
            return type_
    if head[:4] == b"RIFF":
        return RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE.get(ending, "application/x-ole-storage")
    return _text(head, ending)


def _zipped(content: IO[bytes]) -> str:
    try:
        names = zipfile.ZipFile(content).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return UNKNOWN
    if "[Content_Types].xml" in names:
        return next((type_ for folder, type_ in ZIPPED.items() if any(n.startswith(folder) for n in names)), UNKNOWN)
    return "application/zip"


def _text(head: bytes, ending: str) -> str:
    """Text is what holds no control bytes; markup that a browser would run is named for what it is."""
    if not head or any(byte < 9 or 13 < byte < 27 for byte in head):
        return UNKNOWN
    markup = _MARKUP.search(head)
    if markup is None:
        return TEXTS.get(ending, "text/plain")
    if b"<svg" in head.lower():
        return "image/svg+xml"
    return "application/xml" if markup[1].lower() == b"?xml" and b"<html" not in head.lower() else "text/html"
