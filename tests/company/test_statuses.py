"""Every refusal knows what HTTP calls it, below the pages: programs get the same answer."""

from __future__ import annotations

import pytest

from company.files.attachments import NoSuchFile
from company.files.confined import ReadersBusy
from company.files.store import FileMissing
from company.people.login import LoginFailed, LoginThrottled
from company.people.passwords import PasswordTooShort, PresentPasswordThrottled
from company.records.kinds import NoSuchKind
from company.records.save import InvalidRecord, NoSuchRecord, RecordChanged
from engine.actor import NotPermitted
from engine.commands import InvalidForm, TaskTaken
from engine.errors import ClauseflowError
from engine.history.append import NoSuchInstance
from engine.history.definitions import NoSuchProcess
from engine.task_id import NoSuchTask
from engine.trouble import DatabaseBusy, DatabaseDamaged, DatabaseTrouble


@pytest.mark.parametrize(
    ("status", "errors"),
    [
        (401, [LoginFailed]),
        (403, [NotPermitted]),
        (404, [NoSuchTask, NoSuchInstance, NoSuchProcess, NoSuchFile, NoSuchKind, NoSuchRecord, FileMissing]),
        (409, [ClauseflowError, TaskTaken, RecordChanged]),
        (422, [InvalidForm, InvalidRecord, PasswordTooShort]),
        (429, [LoginThrottled, PresentPasswordThrottled]),
        (500, [DatabaseDamaged]),
        (503, [DatabaseTrouble, DatabaseBusy, ReadersBusy]),
    ],
)
def test_an_error_has_the_status_of_its_kind(status: int, errors: list[type[ClauseflowError]]) -> None:
    assert {error: error.status for error in errors} == dict.fromkeys(errors, status)
