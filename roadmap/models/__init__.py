"""The questionnaire, the roadmap and the scans made with them."""

from roadmap.models.cells import RoadmapCell, RoadmapCellItem, RoadmapLimit
from roadmap.models.questionnaire import BenchmarkReference, Level, Problem, Question
from roadmap.models.scan import Scan, StepProgress

__all__ = [
    "BenchmarkReference",
    "Level",
    "Problem",
    "Question",
    "RoadmapCell",
    "RoadmapCellItem",
    "RoadmapLimit",
    "Scan",
    "StepProgress",
]
