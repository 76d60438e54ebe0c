"""Every module that declares tables of the company, imported so that schema and backup see the metadata whole."""

import company.comments
import company.files.tables
import company.form_drafts
import company.people.tables
import company.presence
import company.records.tables
import company.saved_filters
import company.tables_records  # noqa: F401 - imported for what they declare
