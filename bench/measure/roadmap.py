"""Roadmaps: every sector at every level with random things in the house already (DESIGN 4.3).

No step may precede what it needs, and the answer may not depend on the order in which `have` is told.
"""

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench import shop
from bench.frame import Asked, Report, percentile, spread
from bench.scratch import migrated

SOLUTIONS = 500
"""In the catalogue that every step is priced from."""


def breaks(steps: Sequence[str], have: Sequence[str], categories: Mapping[str, Any]) -> list[str]:
    """Steps that come before something they need, written out independently of `roadmap.rules`."""
    found, there = [], set(have)
    for place, code in enumerate(steps):
        for group in categories[code].requirements:
            met = there.intersection(group)
            later = set(steps[place + 1 :]).intersection(group)
            if not met or (later and not set(have).intersection(group)):
                found.append(f"{code} needs {'|'.join(group)} first")
        there.add(code)
    return found


def run(asked: Asked) -> Report:
    migrated(asked)
    from roadmap.models import RoadmapCell
    from roadmap.rules import roadmap
    from roadmap.services import roadmap_answer
    from roadmap.services.plan import load_plan

    shop.stock(solutions=SOLUTIONS)
    report, chance = Report(), random.Random(2026)
    plan = load_plan().plan
    cells = list(RoadmapCell.objects.order_by("sector_id", "level").values_list("sector_id", "level"))
    cells += [("ALGEMEEN", level) for level in (1, 2, 3, 4)]
    sets = asked.pick(quick=20, full=200)
    asked.tell(f"{len(cells)} cells x {sets} sets of what the business has")
    broken, unsteady, shuffled, taken = [], 0, 0, []
    for sector, level in cells:
        for _each in range(sets):
            have = chance.sample(sorted(plan.categories), chance.randint(0, 15))
            question: dict[str, Any] = {"sector": sector, "level": level, "sbi": "", "plan": plan}
            began = time.perf_counter()
            steps = roadmap(**question, have=have)
            taken.append(time.perf_counter() - began)
            codes = [step.category for step in steps]
            broken += [f"{sector} {level}: {each}" for each in breaks(codes, have, plan.categories)]
            unsteady += steps != roadmap(**question, have=have[::-1])
            shuffled += bool(breaks(codes[::-1], have, plan.categories))
    report.measured["rule_ms"] = spread(taken)
    answers = []
    for sector, level in cells[:: asked.pick(quick=4, full=1)]:
        began = time.perf_counter()
        roadmap_answer(sector=sector, level=level, have=chance.sample(sorted(plan.categories), 5))
        answers.append(time.perf_counter() - began)
    report.measured |= {
        "answer_from_database_ms": spread(answers),
        "roadmaps": len(taken),
        "cells": len(cells),
        "sets_per_cell": sets,
        "solutions": SOLUTIONS,
    }
    report.promise("no step precedes what it needs", wanted=[], found=broken[:5])
    report.promise("the order of `have` does not matter", wanted=0, found=unsteady)
    slow = round(percentile(answers, 0.95) * 1000, 1)
    report.promise(
        "95 of 100 answers within 250 ms, in one process", wanted="<= 250", found=slow, kept=slow <= 250, timing=True
    )
    report.controlled(
        "the same roadmaps walked backwards break the order in many cases",
        shown=shuffled > len(taken) // 4,
        broken=shuffled,
    )
    return report
