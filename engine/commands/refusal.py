"""Why a step that nobody stands by to hear of did not happen."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from engine.errors import ClauseflowError
from engine.trouble import DatabaseTrouble


def refusal(error: Exception) -> dict[str, str]:
    """The reason for an incident: `reason` in Chinese, `reason_en` in English.

    Raises the error again when it is the database's trouble of the moment: the same step may do well a little later.
    A fault of the program's own is a reason like another, for what it broke must not hold up everything else.
    """
    if isinstance(error, (DatabaseTrouble, SQLAlchemyError)):
        raise error
    return words_of(error)


def words_of(error: Exception) -> dict[str, str]:
    """Why something failed, in both languages; what others raise says so in its own words behind ours."""
    if isinstance(error, ClauseflowError):
        return {"reason": error.text("zh"), "reason_en": error.text("en")}
    own = f"{type(error).__name__}: {error}"
    return {"reason": f"执行时出错（{own}）", "reason_en": f"It failed ({own})"}
