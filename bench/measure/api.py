"""The REST door over real HTTP, with a large catalogue behind it: reading, scanning, estimating (DESIGN 8)."""

from bench import shop
from bench.frame import Asked, Report
from bench.load import Question
from bench.measure.answering import measure
from bench.scratch import migrated

ANSWERS = {f"{block}{number}": 1 + number % 5 for block in "AB" for number in range(1, 7)}


def run(asked: Asked) -> Report:
    migrated(asked)
    number = asked.pick(quick=500, full=5_000)
    asked.tell(f"a catalogue of {number} solutions")
    shop.stock(solutions=number)
    scan = {"sector": "HORECA", "answers": ANSWERS, "municipality": "GM0014", "headcount": 6, "have": ["WEBSITE"]}
    report = measure(
        asked,
        [
            Question("sectors", "/api/v1/sectors/"),
            Question("categories", "/api/v1/categories/?page_size=100"),
            Question("municipalities", "/api/v1/municipalities/?page_size=100"),
            Question("programmes", "/api/v1/programmes/"),
            Question("solutions", "/api/v1/solutions/"),
            Question("solutions, 100 a page", "/api/v1/solutions/?page_size=100"),
            Question("solutions, searched", "/api/v1/solutions/?q=slim+kassa&level=2&ordering=price"),
            Question("solution", "/api/v1/solutions/meetoplossing-5/"),
            Question("roadmap", "/api/v1/roadmap/?sector=HORECA&level=2&have=WEBSITE"),
            Question("scan made", "/api/v1/scans/", body=scan, wanted=201),
            Question("estimate", "/api/v1/programmes/digitale-trede/estimate/", body={"eligible_cost": "22500.00"}),
            Question("refused: unknown filter", "/api/v1/solutions/?colour=red", wanted=400),
        ],
    )
    report.measured["solutions"] = number
    return report
