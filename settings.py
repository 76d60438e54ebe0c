"""The settings: environment variables with a default each, read once at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ClauseflowError

HOME = Path(__file__).resolve().parent


class BadSetting(ClauseflowError):
    """An environment variable that cannot be used; nothing was started."""

    zh = "环境变量 {name}={value!r} 无效：{why_zh}。"
    en = "The environment variable {name}={value!r} is not valid: {why_en}."


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its default, how its text is read, and what it is for."""

    default: str
    read: Callable[[str], Any]
    zh: str
    en: str


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise ValueError("应为 1 到 65535 的整数|it must be a whole number from 1 to 65535")
    return int(text)


def _threads(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 256:
        raise ValueError("应为 1 到 256 的整数|it must be a whole number from 1 to 256")
    return int(text)


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("应为 0 或 1|it must be 0 or 1")
    return text == "1"


def _language(text: str) -> str:
    if text not in ("zh", "en"):
        raise ValueError("应为 zh 或 en|it must be zh or en")
    return text


SETTINGS: Mapping[str, Setting] = {
    "CLAUSEFLOW_VAR": Setting(str(HOME / "var"), Path, "数据目录：数据库、密钥、锚点", "folder of database, secret, anchors"),
    "CLAUSEFLOW_DATABASE_URL": Setting("", str, "数据库地址，缺省为数据目录里的 SQLite", "database; SQLite in the folder if empty"),
    "CLAUSEFLOW_HOST": Setting("127.0.0.1", str, "监听地址", "address to listen on"),
    "CLAUSEFLOW_PORT": Setting("8000", _port, "监听端口", "port to listen on"),
    "CLAUSEFLOW_THREADS": Setting("8", _threads, "网页线程数", "threads of the web server"),
    "CLAUSEFLOW_SECRET": Setting("", str, "会话密钥，缺省自动生成", "secret of the web; made on first start if empty"),
    "CLAUSEFLOW_SECURE_COOKIES": Setting("0", _switch, "仅经 HTTPS 发送 Cookie", "send cookies over HTTPS only"),
    "CLAUSEFLOW_LANGUAGE": Setting("zh", _language, "命令行的语言", "language of the command line"),
}  # fmt: skip
"""Every setting there is; the README lists them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as read from the environment."""

    var: Path
    database_url: str
    host: str
    port: int
    threads: int
    secret: str
    secure_cookies: bool
    language: str

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
        return cls(**found)

    @property
    def anchor_file(self) -> Path:
        return self.var / "anchors.jsonl"
