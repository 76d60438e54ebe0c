"""Sample files are people's uploads: kept once, by their hash, for whoever acts, through all checks."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.scenario_runs import samples_folder
from company.files.attachments import ProgramRefused, usable
from company.files.samples import NoSuchSample, SampleFiles
from company.files.store import FileStore
from company.files.tables import uploads
from engine.actor import Actor
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]
LU, YAN = Actor("lu"), Actor("yan")


def test_every_sample_is_kept_as_an_upload_of_who_acts(staffed: Database) -> None:
    store = FileStore()
    samples = SampleFiles(staffed, store, samples_folder())

    for path in sorted(samples_folder().iterdir()):
        reference = samples(LU, START, path.name)

        kept = b"".join(store.read(str(reference["sha256"])))
        assert hashlib.sha256(kept).hexdigest() == reference["sha256"]
        assert kept == path.read_bytes(), "a sample needs no turning and holds no place"
        with staffed.reading() as session:
            own = usable(session, LU, str(reference["sha256"]))
            assert own is not None
            assert own.reference == reference
            assert usable(session, YAN, str(reference["sha256"])) is None


def test_a_sample_is_added_once_for_each_person(staffed: Database) -> None:
    samples = SampleFiles(staffed, FileStore(), samples_folder())

    assert samples(LU, START, "收条.jpg") == samples(LU, START, "收条.jpg") == samples(YAN, START, "收条.jpg")

    with staffed.reading() as session:
        assert sorted(session.execute(select(uploads.c.person)).scalars()) == ["lu", "yan"]


def test_an_unknown_sample_is_named_with_those_there_are(staffed: Database) -> None:
    with pytest.raises(NoSuchSample) as refused:
        SampleFiles(staffed, FileStore(), samples_folder())(LU, START, "借条.jpg")
    assert "借条.jpg" in refused.value.text("zh")
    assert "收条.jpg" in refused.value.text("en")


def test_a_sample_is_judged_like_any_upload(staffed: Database, tmp_path: Path) -> None:
    (tmp_path / "信.pdf").write_bytes(b"MZ and more")
    with pytest.raises(ProgramRefused):
        SampleFiles(staffed, FileStore(), tmp_path)(LU, START, "信.pdf")
