"""One field of a form asked alone: whoever corrects a value meets the field's own control and its own rules."""

from __future__ import annotations

from dataclasses import replace

from engine.forms.model import Form, Level


def alone(form: Form, key: str) -> Form | None:
    """The form that asks just this field, whatever would hide or lock it; None where nobody types it.

    What the rules of the field read of the others comes from the context.
    """
    field = form.level.by_key.get(key)
    if field is None or field.kind.computed:
        return None
    asked = replace(field, hide=False, hides=(), readonly=False, fresh=False, line=None, columns=None)
    inside = asked.row.names if asked.row else frozenset()
    names = inside.union(*(expression.names for _, expression in asked.expressions))
    has_rules = bool(asked.expressions or (asked.row and asked.row.has_rules))
    level = Level((asked,), (asked,), (asked,), {key: asked}, asked.reads() - {key, "this"}, names, has_rules)
    return Form(form.file, form.id, level)
