"""Forms: form-js JSON files that say what staff see, what the server accepts and what history shows.

The way of a form: `read` the file; `render` it; `parse_post` what the browser sent; `validate` it; store
`clean`. Nothing here knows a database or a web framework; records and files come in `FormEnvironment`.
"""

from engine.forms.alone import alone
from engine.forms.context import NOTHING, FileRef, FormEnvironment, Option, RecordSource
from engine.forms.draw.display import describe, display
from engine.forms.draw.live import evaluate
from engine.forms.draw.printing import printed, printed_blank
from engine.forms.draw.rendering import initial, render
from engine.forms.judge.posting import ROW_BUTTON, apply_row_button, field_at, parse_post
from engine.forms.judge.recalling import Recalled, recalled
from engine.forms.judge.validating import validate
from engine.forms.model import EMPTY, Component, Form
from engine.forms.read.form_file import read
from engine.forms.read.linting import lint
from engine.forms.schema import json_schema

__all__ = [
    "EMPTY",
    "NOTHING",
    "ROW_BUTTON",
    "Component",
    "FileRef",
    "Form",
    "FormEnvironment",
    "Option",
    "Recalled",
    "RecordSource",
    "alone",
    "apply_row_button",
    "describe",
    "display",
    "evaluate",
    "field_at",
    "initial",
    "json_schema",
    "lint",
    "parse_post",
    "printed",
    "printed_blank",
    "read",
    "recalled",
    "render",
    "validate",
]
