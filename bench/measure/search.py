"""Searching and filtering a large catalogue: how long it takes, and that it finds what a plain reading finds."""

import random
import time
from typing import Any

from bench import shop
from bench.frame import Asked, Report, percentile, spread
from bench.scratch import migrated

PER_PAGE = 12


def questions(chance: random.Random, number: int) -> list[dict[str, str]]:
    """What visitors ask: words, filters, both, in every order."""
    from accounts.models import Sector
    from providers.models import Category

    sectors = list(Sector.objects.values_list("code", flat=True))
    categories = list(Category.objects.values_list("code", flat=True))
    made = []
    for each in range(number):
        asked: dict[str, str] = {}
        if each % 2 == 0:
            asked["q"] = " ".join(chance.sample(shop.WORDS, chance.randint(1, 3)))
        for name, values in (
            ("sector", sectors),
            ("category", categories),
            ("level", "1234"),
            ("province", ["PV20", "PV21", "PV22"]),
            ("preferred", ["true"]),
            ("price_max", ["2500", "9000"]),
            ("ordering", ["name", "price", "-price", "relevance"]),
        ):
            if chance.random() < 0.25:
                asked[name] = chance.choice(values)
        made.append(asked)
    return made


def plainly(words: str, rows: list[dict[str, str]]) -> set[int]:
    """The solutions in whose texts every word occurs, read one by one."""
    return {
        row["pk"]
        for row in rows
        if all(any(word.lower() in text.lower() for key, text in row.items() if key != "pk") for word in words.split())
    }


def first_page(asked: dict[str, str]) -> tuple[int, list[Any]]:
    """How many there are, and the first page of them, as the catalogue page asks for them."""
    from core import clock
    from providers.filters import SolutionFilter
    from providers.models import Solution

    found = SolutionFilter(asked, queryset=Solution.objects.visible(clock.today()).with_shelf()).qs
    return found.count(), list(found[:PER_PAGE])


def run(asked: Asked) -> Report:
    migrated(asked)
    from core import clock
    from providers.filters import WEIGHTS, SolutionFilter
    from providers.models import Solution

    report, number = Report(), asked.pick(quick=1_000, full=10_000)
    asked.tell(f"a catalogue of {number} solutions")
    shop.stock(solutions=number)
    chance = random.Random(7)
    everything = questions(chance, asked.pick(quick=60, full=500))
    asked.tell(f"{len(everything)} questions")
    until, taken, with_words = time.perf_counter() + asked.pick(quick=15.0, full=600.0), [], []
    for question in everything:
        began = time.perf_counter()
        first_page(question)
        took = time.perf_counter() - began
        taken.append(took)
        if "q" in question:
            with_words.append(took)
        if time.perf_counter() > until:
            break
    fields = [lookup.rsplit("__", 1)[0] for _weight, lookup in WEIGHTS[1:]]
    rows = [
        {"pk": row[0], **dict(zip(fields, (str(text) for text in row[1:]), strict=True))}
        for row in Solution.objects.values_list("pk", *fields)
    ]
    asked.tell("reading the catalogue plainly, to compare")
    wrong, compared, plain = [], 0, []
    queryset = Solution.objects.visible(clock.today())
    for question in [each for each in everything if "q" in each][: asked.pick(quick=10, full=60)]:
        began = time.perf_counter()
        wanted = plainly(question["q"], rows)
        plain.append(time.perf_counter() - began)
        found = set(SolutionFilter({"q": question["q"]}, queryset=queryset).qs.values_list("pk", flat=True))
        compared += len(wanted)
        if found != wanted:
            wrong.append(question["q"])
    cut = {row["pk"]: row for row in rows}
    cut.pop(next(iter(plainly(shop.SECOND[0], rows))))
    seen = plainly(shop.SECOND[0], list(cut.values())) != set(
        SolutionFilter({"q": shop.SECOND[0]}, queryset=queryset).qs.values_list("pk", flat=True)
    )
    report.measured = {
        "solutions": number,
        "questions": len(taken),
        "all_ms": spread(taken),
        "with_words_ms": spread(with_words),
        "plain_reading_ms": spread(plain),
        "solutions_compared": compared,
    }
    report.promise("search finds what a plain reading finds", wanted=[], found=wrong)
    slow = round(percentile(taken, 0.95) * 1000, 1)
    report.promise(
        "95 of 100 first pages within 300 ms, in one process",
        wanted="<= 300",
        found=slow,
        kept=slow <= 300,
        timing=True,
    )
    report.controlled("one solution left out of the plain reading is noticed", shown=seen and compared > 0)
    return report
