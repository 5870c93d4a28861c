"""The verbs of this room: make a scan, read a roadmap, save and forget."""

from roadmap.services.benchmark import BenchmarkView, benchmark_of
from roadmap.services.plan import cell_why, load_ladder, load_plan, questions_of, roadmap_answer, roadmap_categories
from roadmap.services.scan import (
    CURRENT_QUESTIONNAIRE,
    VISITOR,
    answer,
    change_have,
    claim_scan,
    complete_scan,
    delete_scan,
    finish_scan,
    have_choices,
    progress_of,
    purge_scans,
    result_of,
    scan_answer,
    scan_at_once,
    set_progress,
    start_scan,
)

__all__ = [
    "CURRENT_QUESTIONNAIRE",
    "VISITOR",
    "BenchmarkView",
    "answer",
    "benchmark_of",
    "cell_why",
    "change_have",
    "claim_scan",
    "complete_scan",
    "delete_scan",
    "finish_scan",
    "have_choices",
    "load_ladder",
    "load_plan",
    "progress_of",
    "purge_scans",
    "questions_of",
    "result_of",
    "roadmap_answer",
    "roadmap_categories",
    "scan_answer",
    "scan_at_once",
    "set_progress",
    "start_scan",
]
