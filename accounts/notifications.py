"""E-mail to people: a template in both languages, sent only once the act it tells of is kept."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext


def notify(*, to: str, template: str, context: Mapping[str, Any], language: str = "nl") -> None:
    """Sends `template`.subject.txt and `template`.txt to one address when the transaction commits.

    The words are made now, so that they tell what was true at the act. A failing mail server never undoes the act. In the
    template `origin` is what a link starts with: `{{ origin }}{{ path }}`.
    """
    context = {"origin": settings.SITE_ORIGIN, **context}
    with translation.override(language):
        if "name" in context:  # many people never told theirs
            context["name"] = context["name"] or gettext("business owner")
        subject = " ".join(render_to_string(f"{template}.subject.txt", context).split())
        body = render_to_string(f"{template}.txt", context)
    message = EmailMessage(subject=subject, body=body, to=[to])
    transaction.on_commit(message.send, robust=True)
