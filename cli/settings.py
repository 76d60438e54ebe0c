"""The settings: environment variables with a default each, read once at start."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from engine.errors import ClauseflowError

HOME = Path(__file__).resolve().parent.parent
"""The checkout the product runs from."""


_PUBLIC = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?/?", re.ASCII | re.IGNORECASE)


class BadSetting(ClauseflowError):
    """An environment variable that cannot be used; nothing was started."""

    zh = "环境变量 {name}={value!r} 无效：{why_zh}。"
    en = "The environment variable {name}={value!r} is not valid: {why_en}."


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default and how its text is read (ValueError: "why in Chinese|in English")."""

    default: str
    read: Callable[[str], Any]


def whole_number(most: int, least: int = 1) -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`; it raises ValueError."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(f"应为 {least} 到 {most} 的整数|it must be a whole number from {least} to {most}")
        return int(text)

    return read


def _one_of(**meanings: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in meanings:
            raise ValueError(f"应为 {' 或 '.join(meanings)}|it must be {' or '.join(meanings)}")
        return meanings[text]

    return read


def _store_address(text: str) -> str:
    if "://" in text and not text.startswith(("s3://", "https://", "http://")):
        raise ValueError("应为目录，或 s3:// 地址|it must be a folder or an s3:// address")
    return text


def _smtp_address(text: str) -> str:
    if text and not text.startswith(("smtp://", "smtps://", "smtp+starttls://")):
        raise ValueError("应为 smtp://、smtps:// 或 smtp+starttls:// 地址|"
                         "it must be an smtp://, smtps:// or smtp+starttls:// address")  # fmt: skip
    return text


def _web_address(text: str) -> str:
    if text and not text.startswith(("https://", "http://")):
        raise ValueError("应为 https:// 或 http:// 地址|it must be an https:// or http:// address")
    return text


def _public_address(text: str) -> str:
    if text and not _PUBLIC.fullmatch(text):
        raise ValueError("应为 https://主机 或 http://主机:端口，不带路径|"
                         "it must be https://host or http://host:port, without a path")  # fmt: skip
    return text.rstrip("/").lower()


def _certificates(text: str) -> bytes:
    if not text:
        return b""
    try:
        content = Path(text).read_bytes()
        ssl.create_default_context(cadata=content.decode("ascii"))
    except (OSError, ValueError) as error:  # SSLError is an OSError
        raise ValueError("应为 PEM 证书文件|it must be a file of PEM certificates") from error
    return content


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as read from the environment: the field `port` is the variable CLAUSEFLOW_PORT."""

    var: Annotated[Path, Setting(str(HOME / "var"), Path)]
    database_url: Annotated[str, Setting("", str)]
    files_url: Annotated[str, Setting("", _store_address)]
    host: Annotated[str, Setting("127.0.0.1", str)]
    port: Annotated[int, Setting("8000", whole_number(65535))]
    threads: Annotated[int, Setting("8", whole_number(256))]
    connections_per_address: Annotated[int, Setting("200", whole_number(1000))]
    secret: Annotated[str, Setting("", str)]
    secure_cookies: Annotated[bool, Setting("0", _one_of(**{"0": False, "1": True}))]
    public_url: Annotated[str, Setting("", _public_address)]
    trusted_proxies: Annotated[int, Setting("0", whole_number(10, least=0))]
    smtp_url: Annotated[str, Setting("", _smtp_address)]
    mail_from: Annotated[str, Setting("clauseflow@localhost", str)]
    anchor_mail: Annotated[str, Setting("", str)]
    tsa_url: Annotated[str, Setting("", _web_address)]
    tsa_roots: Annotated[bytes, Setting("", _certificates)]
    webhook_url: Annotated[str, Setting("", _web_address)]
    language: Annotated[str, Setting("zh", _one_of(zh="zh", en="en"))]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read every setting. Raises BadSetting naming the variable."""
        found: dict[str, Any] = {}
        for name, setting in SETTINGS.items():
            text = environment.get(name, "") or setting.default
            try:
                found[name.removeprefix("CLAUSEFLOW_").lower()] = setting.read(text)
            except ValueError as error:
                why_zh, _, why_en = str(error).partition("|")
                raise BadSetting(name=name, value=text, why_zh=why_zh, why_en=why_en) from error
        found["database_url"] = found["database_url"] or f"sqlite:///{found['var'] / 'clauseflow.db'}"
        found["files_url"] = found["files_url"] or str(found["var"] / "files")
        return cls(**found)

    @property
    def anchor_file(self) -> Path:
        return self.var / "anchors.jsonl"


SETTINGS: Mapping[str, Setting] = {
    f"CLAUSEFLOW_{name.upper()}": kind.__metadata__[0]
    for name, kind in get_type_hints(Settings, include_extras=True).items()
}
"""Every setting there is, by its variable; the README says what each is for."""
