"""Every module that declares tables of the company, imported so that schema and backup see the metadata whole."""

import company.calendar.appointments
import company.comments
import company.files.tables
import company.form_drafts
import company.linked_cases
import company.notifications.tables
import company.numbers
import company.people.tables
import company.presence
import company.records.customer_files
import company.records.equipment_life
import company.records.tables
import company.saved_filters
import company.stock  # noqa: F401 - imported for what they declare
