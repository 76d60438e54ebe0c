"""What a file is, told from its content; its name only chooses among types that share one container.

Whether it is a program, which would run where somebody opens it, is told from either.
"""

from __future__ import annotations

import re
import unicodedata
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
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"dex\n", PROGRAM),
    (b"\0asm", PROGRAM),
    (b"#!", PROGRAM),
    (b"MSCF", PROGRAM),  # cabinets, which Windows installs
    (b"ITSF", PROGRAM),  # compiled help
    (b"L\0\0\0\x01\x14\x02\0", PROGRAM),  # shortcuts of Windows
    (b"REGEDIT4", PROGRAM),
    (b"Windows Registry Editor", PROGRAM),
    ("Windows Registry Editor".encode("utf-16"), PROGRAM),
)
"""First bytes and what they say."""

_WINDOWS = """
    ade adp application appref-ms appx appxbundle bat cab chm class cmd com cpl dll drv exe gadget grp hlp hta inf ins
    isp jar jnlp job js jse library-ms lnk mde msc msh msh1 msh2 mshxml msi msix msixbundle msp mst ocx osd pif prf prg
    ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 py pyc pyw pyz pyzw reg scf scr sct search-ms settingcontent-ms shb shs
    sys theme url vb vbe vbp vbs vxd website wsb wsc wsf wsh xbap xll xnk
"""
_OTHERS = """
    action apk app appimage command deb desktop dmg ipa kext mobileconfig pkg rpm run scpt sh workflow
"""
PROGRAM_ENDINGS = frozenset((_WINDOWS + _OTHERS).split())
"""Endings of names that a double click runs, or that change a system's settings."""

_PROGRAM_PARTS = ("META-INF/MANIFEST.MF", "AndroidManifest.xml", "AppxManifest.xml", "classes.dex")
_SCRIPT = re.compile(rb"<(hta:application|job\b|package>\s*<job\b|scriptlet\b)", re.IGNORECASE)
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
"""The class id of a Windows Installer database, which is else an OLE file like old Word's."""

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


def runs(name: str) -> bool:
    """Whether a name ends as a program's does, such as `photo.jpg.bat`.

    What a reader does not see is passed over, as systems do: case, full width, turns of direction, blanks and dots at
    the end.
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) not in ("Cf", "Cc"))
    _stem, dot, ending = seen.rstrip(" .").rpartition(".")
    return bool(dot) and ending.strip().lower() in PROGRAM_ENDINGS


def sniff(content: IO[bytes], name: str) -> str:
    """The media type of an open file; UNKNOWN when its bytes say nothing, PROGRAM when bytes or name say so."""
    return PROGRAM if runs(name) else _sniffed(content, name)


def _sniffed(content: IO[bytes], name: str) -> str:
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
        return PROGRAM if _INSTALLER in _root_of_ole(content) else OLD_OFFICE.get(ending, "application/x-ole-storage")
    return PROGRAM if _SCRIPT.search(head) else _text(head, ending)


def _root_of_ole(content: IO[bytes]) -> bytes:
    """The first entry of the folder of an OLE file ([MS-CFB] 2.2, 2.6.1); it holds the class id."""
    content.seek(0)
    head = content.read(52)
    if len(head) < 52:
        return b""
    content.seek((int.from_bytes(head[48:52], "little") + 1) << min(int.from_bytes(head[30:32], "little"), 12))
    return content.read(128)


def _zipped(content: IO[bytes]) -> str:
    try:
        names = zipfile.ZipFile(content).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError):
        return UNKNOWN
    if any(part in names for part in _PROGRAM_PARTS):
        return PROGRAM
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
