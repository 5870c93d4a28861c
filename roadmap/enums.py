"""Names of the ladder and the roadmap."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.reasons import ReasonCode


class Block(models.TextChoices):
    """The two halves of the questionnaire: what technology changed, and which skills improved."""

    CHANGE = "A", _("What digital technology changed")
    SKILLS = "B", _("Which skills improved")


class StepKind(models.TextChoices):
    """Why a step stands on somebody's roadmap."""

    RECOMMENDED = "recommended", _("Recommended for your sector at this level")
    NEEDED_FIRST = "needed_first", _("Needed first")


class Progress(models.TextChoices):
    """How far a business says it is with a step (DESIGN 4.3)."""

    PLANNED = "planned", _("Planned")
    BUSY = "busy", _("Working on it")
    DONE = "done", _("Done")
    NOT_FOR_US = "not_for_us", _("Not for us")


class SizeClass(models.TextChoices):
    """Number of people working, in the classes of Statistics Netherlands; the benchmark compares within a class."""

    ONE = "1", _("1 person")
    MICRO = "2-9", _("2 to 9 people")
    SMALL = "10-49", _("10 to 49 people")
    MEDIUM = "50-249", _("50 to 249 people")
    LARGE = "250+", _("250 people or more")


class ScanReason(ReasonCode):
    """Why a scan or a roadmap cannot be made from what was given."""

    ANSWER_MISSING = "roadmap.answer_missing", _("Question %(code)s has no answer yet.")
    ANSWER_RANGE = (
        "roadmap.answer_range",
        _("The answer to question %(code)s has to be a whole number from %(lowest)s to %(highest)s."),
    )
    ANSWER_UNKNOWN = "roadmap.answer_unknown", _("There is no question “%(code)s”.")
    SECTOR_UNKNOWN = "roadmap.sector_unknown", _("There is no sector “%(code)s”.")
    CATEGORY_UNKNOWN = "roadmap.category_unknown", _("There is no kind of solution “%(code)s”.")
    MUNICIPALITY_UNKNOWN = "roadmap.municipality_unknown", _("There is no municipality “%(code)s”.")
    PROVINCE_UNKNOWN = "roadmap.province_unknown", _("There is no province “%(code)s”.")
    LEVEL_UNKNOWN = "roadmap.level_unknown", _("The ladder has the levels %(lowest)s to %(highest)s.")
    SBI_UNKNOWN = (
        "roadmap.sbi_unknown",
        _("“%(code)s” is not an SBI code. It has two to five digits, for example 47 or 55.10."),
    )
    HEADCOUNT_RANGE = "roadmap.headcount_range", _("The number of people has to be from 1 to %(highest)s.")
    NOT_FINISHED = "roadmap.not_finished", _("Finish the scan first: %(missing)s questions are still open.")
    FINISHED = "roadmap.finished", _("This scan is finished. Start a new one to give other answers.")
    ALREADY_CLAIMED = "roadmap.already_claimed", _("This scan has already been saved by another business.")
