"""Objections of the demo: each against a decision of a case, decided by somebody who had no hand in it."""

from typing import TYPE_CHECKING

from vouchers import services
from vouchers.models import Decision, Objection

if TYPE_CHECKING:
    from marketplace.demo.case import Case

STORIES = {
    "objection_hearing": "hearing",
    "refused_intent": "withdrawn",
    "dismissed": "inadmissible",
    "objection": "received",
    "objection_rejected": "rejected",
    "objection_upheld": "upheld",
    "objection_in_part": "upheld_in_part",
}
"""How the objection ends, or how far it is, per story that has one."""


def play_objection(case: "Case", decision: Decision) -> None:
    """The business objects some days after the decision; a hearing and an answer follow as far as the story goes."""
    course = STORIES[case.story]
    with case.at("award", 20, later=case.told_after + 4):
        objection = services.file_objection(by=case.member, decision=decision, text=_text(course))
    if course == "received":
        return
    if course == "withdrawn":
        with case.at("award", 20, later=case.told_after + 6):
            services.withdraw_objection(by=case.member, objection=objection)
        return
    if course != "inadmissible":
        with case.at("award", 11, later=case.told_after + 9):
            objection = services.hear(by=case.claim_decider, objection=objection)
    if course != "hearing":
        with case.at("award", 11, later=case.told_after + 11):
            _answer(case, objection, course)


def _text(course: str) -> str:
    if course == "inadmissible":
        return "Wij maken bezwaar. De redenen sturen wij nog."
    return "Wij vinden dat de oplossing juist heel goed bij ons werk past. Wilt u er opnieuw naar kijken?"


def _answer(case: "Case", objection: Objection, course: str) -> None:
    by = case.claim_decider
    match course:
        case "inadmissible":
            answer = "U heeft de redenen van uw bezwaar niet gestuurd, ook niet nadat wij erom vroegen."
            services.declare_inadmissible(by=by, objection=objection, answer=answer)
        case "rejected":
            answer = "Wij hebben u gehoord. De oplossing valt buiten de regeling, dus het besluit blijft staan."
            services.reject(by=by, objection=objection, answer=answer)
        case "upheld":
            answer = "U heeft gelijk: de oplossing past wel bij uw routekaart. Wij beoordelen de aanvraag opnieuw."
            services.uphold(by=by, objection=objection, answer=answer)
        case "upheld_in_part":
            answer = "Een van de twee redenen vervalt. Wij beoordelen de aanvraag opnieuw op wat overblijft."
            services.uphold(by=by, objection=objection, answer=answer, in_part=True)
