"""What the ladder and the roadmap say, as pure functions over plain values (DESIGN 4.1 to 4.3)."""

from roadmap.rules.benchmark import MINIMUM_GROUP, Benchmark, compare, size_class
from roadmap.rules.ladder import (
    Ladder,
    Result,
    answer_faults,
    frozen_result,
    half_up,
    missing_answers,
    score,
)
from roadmap.rules.path import (
    GENERAL,
    Category,
    CategoryCode,
    Limit,
    Plan,
    Step,
    cell_of,
    cycle_in,
    normal_sbi,
    parse_prerequisites,
    preview,
    roadmap,
    within,
)

__all__ = [
    "GENERAL",
    "MINIMUM_GROUP",
    "Benchmark",
    "Category",
    "CategoryCode",
    "Ladder",
    "Limit",
    "Plan",
    "Result",
    "Step",
    "answer_faults",
    "cell_of",
    "compare",
    "cycle_in",
    "frozen_result",
    "half_up",
    "missing_answers",
    "normal_sbi",
    "parse_prerequisites",
    "preview",
    "roadmap",
    "score",
    "size_class",
    "within",
]
