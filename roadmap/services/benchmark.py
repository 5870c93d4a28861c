"""Comparing a scan with others of its kind."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from roadmap.models import BenchmarkReference, Question, Scan
from roadmap.rules import Benchmark, compare


@dataclass(frozen=True)
class BenchmarkView:
    """The comparison with one's own kind, or the outside survey that stands in for it. Never both."""

    own_kind: Benchmark | None
    reference: BenchmarkReference | None


def benchmark_of(scan: Scan) -> BenchmarkView:
    """How a finished scan compares with the same sector, size class and version of the questionnaire (DESIGN 4.2).

    Without a known size, or with fewer than ten others, the outside reference is given instead.
    """
    own = None
    if scan.size_class:
        others = Scan.objects.finished().filter(
            questionnaire=scan.questionnaire, sector=scan.sector_id, size_class=scan.size_class
        )
        found = others.exclude(pk=scan.pk).aggregate(
            n=Count("pk"), total_sum=Sum("total", default=0), below=Count("pk", filter=Q(total__lt=scan.total))
        )
        items = Question.objects.filter(questionnaire=scan.questionnaire).count()
        own = compare(items=items, **found)
    reference = None if own else BenchmarkReference.objects.filter(questionnaire=scan.questionnaire).first()
    return BenchmarkView(own, reference)
