"""Pages that anybody can open, over real HTTP, with a large catalogue behind them.

Says as well whether the number of queries stays the same when the catalogue grows: the reason why pages stay fast.
"""

from bench import shop
from bench.frame import Asked, Report
from bench.load import Question
from bench.measure.answering import measure
from bench.scratch import migrated

SMALL = 40


def run(asked: Asked) -> Report:
    migrated(asked)
    questions = [
        Question("home", "/"),
        Question("home in English", "/en/"),
        Question("catalogue", "/oplossingen/"),
        Question("catalogue, page 3", "/oplossingen/?page=3"),
        Question("catalogue, filtered", "/oplossingen/?level=2&province=PV20&ordering=price"),
        Question("catalogue, searched", "/oplossingen/?q=slim+kassa"),
        Question("solution", "/oplossingen/meetoplossing-5/"),
        Question("compare", "/oplossingen/vergelijk/?s=meetoplossing-1&s=meetoplossing-2&s=meetoplossing-3"),
        Question("provider", "/aanbieders/meetaanbieder-1/"),
        Question("preferred list explained", "/oplossingen/voorkeurslijst/"),
        Question("scan", "/scan/"),
        Question("login", "/account/login/"),
    ]
    number = asked.pick(quick=500, full=5_000)
    shop.stock(solutions=SMALL)
    few = queries(questions)
    asked.tell(f"a catalogue of {number} solutions")
    _more(number)
    many = queries(questions)
    report = measure(asked, questions)
    grown = {name: (few[name], many[name]) for name in many if many[name] > few[name]}
    report.measured |= {"solutions": number + SMALL, "queries": many}
    report.promise("no page asks more queries of a larger catalogue", wanted={}, found=grown)
    return report


def queries(questions: list[Question]) -> dict[str, int]:
    """How many queries each page takes, after one visit that warms what is kept in memory."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    counted = {}
    for question in questions:
        Client().get(question.path)
        with CaptureQueriesContext(connection) as captured:
            Client().get(question.path)
        counted[question.name] = len(captured)
    return counted


def _more(number: int) -> None:
    shop.stock(solutions=number, first=SMALL, seed=7)
