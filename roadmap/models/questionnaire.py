"""The questionnaire of the ladder, by version, and what its outcomes mean."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from roadmap.enums import Block


class Question(models.Model):
    """One of the twelve items: `stem` and `text` are the instrument's words, `help` says the same in plain ones, `short` and
    `advice` are for whoever scores low on it. The middle of the scale has words of our own."""

    questionnaire = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=4)
    block = models.CharField(max_length=1, choices=Block)
    position = models.PositiveSmallIntegerField()
    stem_nl = models.CharField(max_length=400)
    stem_en = models.CharField(max_length=400)
    text_nl = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400)
    lowest = models.PositiveSmallIntegerField()
    highest = models.PositiveSmallIntegerField()
    anchor_low_nl = models.CharField(max_length=400)
    anchor_low_en = models.CharField(max_length=400)
    anchor_middle_nl = models.CharField(max_length=400)
    anchor_middle_en = models.CharField(max_length=400)
    anchor_high_nl = models.CharField(max_length=400)
    anchor_high_en = models.CharField(max_length=400)
    help_nl = models.CharField(max_length=400)
    help_en = models.CharField(max_length=400)
    short_nl = models.CharField(max_length=400)
    short_en = models.CharField(max_length=400)
    advice_nl = models.CharField(max_length=400)
    advice_en = models.CharField(max_length=400)
    first_step_nl = models.CharField(max_length=400)
    first_step_en = models.CharField(max_length=400)
    categories = models.CharField(max_length=200, blank=True, help_text=_("Codes of solutions that help, best first."))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_asked_once"),
            models.CheckConstraint(condition=Q(lowest__lt=F("highest")), name="question_has_a_scale"),
            models.CheckConstraint(condition=Q(block__in=Block.values), name="question_block_known"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def category_codes(self) -> list[str]:
        return self.categories.split(";") if self.categories else []


class Level(models.Model):
    """One rung of the ladder: the sums of all answers that lead to it, both ends included, and what it means."""

    questionnaire = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField()
    sum_from = models.PositiveSmallIntegerField()
    sum_to = models.PositiveSmallIntegerField()
    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    meaning_nl = models.CharField(max_length=300)
    meaning_en = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["questionnaire", "level"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "level"], name="level_defined_once"),
            models.CheckConstraint(condition=Q(sum_from__lte=F("sum_to")), name="level_covers_sums"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.name_nl}"


class Problem(models.Model):
    """What an owner comes in with, in the owner's words: first what one can do oneself, then which solutions help.

    `tips` (free, this week) and `watch` (when choosing a supplier) hold one sentence per line.
    """

    slug = models.SlugField(max_length=40, unique=True)
    position = models.PositiveSmallIntegerField()
    title_nl = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    intro_nl = models.CharField(max_length=300)
    intro_en = models.CharField(max_length=300)
    tips_nl = models.TextField()
    tips_en = models.TextField()
    watch_nl = models.TextField()
    watch_en = models.TextField()
    categories = models.CharField(max_length=200, help_text=_("Codes of solutions that help, best first."))

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.slug

    @property
    def category_codes(self) -> list[str]:
        return self.categories.split(";")


class BenchmarkReference(models.Model):
    """What an outside survey found with this questionnaire: shown when there are too few scans of one's own kind.

    Shares are percentages: levels 1-2 (low), 3-4 (high), level 1 (beginner), level 4 (leader).
    """

    questionnaire = models.PositiveSmallIntegerField(unique=True)
    source = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    share_low = models.PositiveSmallIntegerField()
    share_high = models.PositiveSmallIntegerField()
    share_beginner = models.PositiveSmallIntegerField()
    share_leader = models.PositiveSmallIntegerField()
    caveat_nl = models.CharField(max_length=300)
    caveat_en = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("outside benchmark")
        verbose_name_plural = _("outside benchmarks")

    def __str__(self) -> str:
        return f"{self.source} {self.year}"
