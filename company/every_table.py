"""Every module that declares tables of the company, imported so that schema and backup see the metadata whole."""

from company import comments, form_drafts, presence, saved_filters, tables_records
from company.files import file_tables
from company.people import tables
from company.records import record_tables

__all__ = [
    "comments",
    "file_tables",
    "form_drafts",
    "presence",
    "record_tables",
    "saved_filters",
    "tables",
    "tables_records",
]
