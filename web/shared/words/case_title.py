"""What a case is called in lists and headings."""

from __future__ import annotations

from engine.queries import CaseHead, TaskItem
from web.shared.language import in_language


def case_title(case: CaseHead | TaskItem) -> str:
    """The case's title for the reader; one without a title goes by its process."""
    return in_language(case.title, case.title_en) or in_language(case.process_name, case.process_name_en)
