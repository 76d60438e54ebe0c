"""Every module that declares tables of the company, imported so that schema and backup see the metadata whole."""

from company import comments, file_tables, form_drafts, presence, record_tables, saved_filters, tables, tables_records

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
