"""Names that every room shares."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HandRole(models.TextChoices):
    """What somebody did on a file. One person has one of these per file (DESIGN 4.8)."""

    ASSESSOR = "assessor", _("assessor")
    DECIDER = "decider", _("decider")
    PREPARER = "preparer", _("preparer of the payment")
    RELEASER = "releaser", _("releaser of the payment")
