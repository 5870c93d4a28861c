"""What the components of forms share: how a field looks, its input, its errors in sentences, the panel of filters."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, Field, widgets
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

_KINDS: list[tuple[type[widgets.Widget], str]] = [
    (widgets.CheckboxSelectMultiple, "checkboxes"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.FileInput, "file"),
    (widgets.SelectMultiple, "select"),
    (widgets.Select, "select"),
    (widgets.Textarea, "textarea"),
    (widgets.MultiWidget, "group"),
]

_CLASSES = {
    "select": "utrecht-select utrecht-select--html-select",
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom",
    "checkboxes": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom",
    "radios": "utrecht-radio-button utrecht-radio-button--html-input utrecht-radio-button--custom",
    "file": "trede-file",
    "text": "utrecht-textbox utrecht-textbox--html-input",
}


@register.filter
def kind(field: BoundField) -> str:
    """How a form field is shown: text, euro, date, textarea, select, checkbox, checkboxes, radios, scale, file or group."""
    widget = field.field.widget
    if getattr(field.field, "anchors", None) or getattr(widget, "anchors", None):
        return "scale"
    return next((name for cls, name in _KINDS if isinstance(widget, cls)), getattr(field.field, "shape", "text"))


@register.filter
def anchors(field: BoundField) -> tuple[str, str, str]:
    """What a scale means at its low end, in the middle (maybe nothing) and at its high end, from the field or its widget."""
    words = getattr(field.field, "anchors", None) or getattr(field.field.widget, "anchors", ("", ""))
    return words[0], words[1] if len(words) > 2 else "", words[-1]


@register.filter
def hint(field: BoundField) -> str:
    """What stands below the label: the words of the form, and how to write it (`core.forms`: amounts and days)."""
    return " ".join(str(part) for part in (field.help_text, getattr(field.field, "format_hint", "")) if part)


@register.filter
def not_for_all(field: BoundField) -> str:
    """What stands behind the label of a field that may stay empty: that it is optional, or who has to fill it in."""
    if field.field.required:
        return ""
    case = getattr(field.field, "only_when", None)
    return f"({case})" if case else _("(optional)")


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The input of a form field with the classes of the design system and the right links to hint and error."""
    shown_as = kind(field)
    own = field.field.widget
    classes = _CLASSES.get(shown_as, _CLASSES["text"])
    if field.errors:
        base = classes.split()[0]
        classes = f"{classes} {base}--invalid"
    attrs: dict[str, Any] = {"class": f"{classes} {own.attrs.get('class', '')}".strip()}
    describedby = [own.attrs.get("aria-describedby", "")]
    if hint(field):
        describedby.append(f"{field.auto_id}_helptext")
    if field.errors:
        describedby.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if any(describedby):
        attrs["aria-describedby"] = " ".join(filter(None, describedby))
    if isinstance(own, widgets.ClearableFileInput):
        # The plain input: its "currently" and "clear" would link to files that only a view may hand out.
        return field.as_widget(widgets.FileInput(attrs=own.attrs), attrs=attrs)
    return field.as_widget(attrs=attrs)


@register.simple_tag
def options(field: BoundField) -> list[Any]:
    """The choices of a radio or checkbox group, each with `data` (value, label, selected, id) to draw."""
    return [choice for choice in field if not str(choice.data.get("label", "")).startswith("---")]


@register.simple_tag
def input_type(field: BoundField) -> str:
    """The HTML type of the input of a group's options: radio or checkbox."""
    return "checkbox" if kind(field) == "checkboxes" else "radio"


@register.filter
def sentences(field: BoundField) -> list[str]:
    """The errors of a field in sentences. That it is empty says what to do instead of what is required."""
    usual = Field.default_error_messages["required"]
    return [_to_fill_in(field) if message == usual else message for message in map(str, field.errors)]


def _to_fill_in(field: BoundField) -> str:
    if field.is_hidden:
        return str(Field.default_error_messages["required"])
    label = str(field.label)
    match kind(field):
        case "select" | "radios" | "scale" | "checkboxes":
            sentence = _("Choose an answer to “%(label)s”") if label.endswith("?") else _("Choose “%(label)s”")
        case "checkbox":
            sentence = _("Tick “%(label)s”")
        case "file":
            sentence = _("Add a file: “%(label)s”")
        case _:
            sentence = _("Answer “%(label)s”") if label.endswith("?") else _("Fill in “%(label)s”")
    return f"{sentence % {'label': label.rstrip('.:')}}."


@register.filter
def error_fields(form: Any) -> list[dict[str, str]]:
    """The errors of a form for the summary on top: the message and the place it links to, in the order of the page."""
    rows = [{"message": message, "href": ""} for message in form.non_field_errors()]
    for field in form:
        target = f"{field.auto_id}_0" if kind(field) in {"radios", "checkboxes", "scale"} else field.auto_id
        for message in sentences(field) if field.errors else ():
            label = str(field.label).rstrip(".:")
            named = field.is_hidden or label in message
            spoken = message if named else f"{label}{'' if label.endswith('?') else ':'} {message}"
            rows.append({"message": spoken, "href": "" if field.is_hidden else f"#{target}"})
    return rows


@register.simple_tag(takes_context=True)
def something_is_wrong(context: template.Context) -> bool:
    """Whether this page shows errors of a form or reasons of a refusal: its title then says so first."""
    shown = context.flatten()
    # By the type itself: `isinstance` would wake the lazy user and token, and with them a session and a cookie.
    forms = [value for value in shown.values() if issubclass(type(value), BaseForm)]
    forms += [value.form for value in shown.values() if isinstance(getattr(type(value), "form", None), property)]
    return bool(shown.get("reasons")) or any(form.is_bound and bool(form.errors) for form in forms)


@register.simple_tag
def split_filters(form: Any, visible: int = 3) -> dict[str, Any]:
    """The fields of a filter form: `first` are always shown, `rest` fold away and are `open` when one is in use."""
    fields = form.visible_fields()
    first, rest = fields[: int(visible)], fields[int(visible) :]
    return {"first": first, "rest": rest, "open": any(field.errors or field.value() for field in rest)}
