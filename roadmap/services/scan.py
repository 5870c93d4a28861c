"""Making, reading, saving and forgetting scans.

A visitor without an account acts as `VISITOR`: the secret link is the authority, so every service takes the scan that the
link led to. What a visitor answers about the own business decides nothing for anybody, so the trail starts where an
organisation saves the scan.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models

from accounts.enums import OrganisationKind
from accounts.models import Municipality, Organisation, Sector
from core import clock
from core.actors import SystemActor
from core.reasons import Reason, Refused
from core.tokens import hash_token, new_token
from core.workflow import NotAuthorised, note, unit
from providers.models import Category
from roadmap.enums import Progress, ScanReason
from roadmap.models import Level, Question, Scan, StepProgress
from roadmap.models.scan import FINISHED_DAYS, UNFINISHED_DAYS
from roadmap.rules import Ladder, Result, answer_faults, frozen_result, missing_answers, score, size_class
from roadmap.rules import preview as look_ahead
from roadmap.rules import roadmap as plan_roadmap
from roadmap.services.plan import (
    check_sbi,
    load_ladder,
    load_plan,
    questions_of,
    roadmap_answer,
    unknown_categories,
)

CURRENT_QUESTIONNAIRE = 1
VISITOR = SystemActor("visitor")
MOST_PEOPLE = 100_000


@unit
def start_scan(
    *, by: Any, sector: str, municipality: str = "", headcount: int | None = None, sbi: str = ""
) -> tuple[Scan, str]:
    """A new scan and the secret of its link; only the fingerprint of the secret is kept.

    Sector and municipality are codes; empty means not told. Raises Refused with a reason per unknown code.
    """
    scan, token = _new(_details(sector, municipality, headcount, sbi))
    scan.save(force_insert=True)
    return scan, token


def _new(details: Mapping[str, Any]) -> tuple[Scan, str]:
    token = new_token()
    scan = Scan(
        token_hash=hash_token(token),
        questionnaire=CURRENT_QUESTIONNAIRE,
        retain_until=clock.today() + timedelta(days=UNFINISHED_DAYS),
        started_at=clock.now(),
        **details,
    )
    return scan, token


@unit
def change_about(
    *, by: Any, scan: Scan, sector: str, municipality: str = "", headcount: int | None = None, sbi: str = ""
) -> Scan:
    """Tells anew what `start_scan` was told. Raises Refused with a reason per unknown code, or for a finished scan."""
    scan = _open(scan)
    details = _details(sector, municipality, headcount, sbi)
    for name, value in details.items():
        setattr(scan, name, value)
    scan.save(update_fields=list(details))
    return scan


@unit
def answer(*, by: Any, scan: Scan, code: str, value: int) -> Scan:
    """Keeps one answer; answering again replaces it. Raises Refused for a wrong answer or a finished scan."""
    scan = _open(scan)
    faults = answer_faults({code: value}, load_ladder(scan.questionnaire), complete=False)
    if faults:
        raise Refused(faults)
    scan.answers = {**scan.answers, code: value}
    scan.save(update_fields=["answers"])
    return scan


@unit
def change_have(*, by: Any, scan: Scan, have: Iterable[str]) -> Scan:
    """Keeps what the business says it has already; also after the scan is finished, because it changes.

    Raises Refused for an unknown category, NotAuthorised for a stranger to the business that saved the scan.
    """
    scan = _own(by, scan, "change_have")
    wanted = sorted(set(have))
    faults = unknown_categories(wanted, _category_codes())
    if faults:
        raise Refused(faults)
    scan.have = wanted
    scan.have_asked = True
    scan.save(update_fields=["have", "have_asked"])
    _note_if_saved(by, scan, "change_have", {"have": wanted})
    return scan


@unit
def finish_scan(*, by: Any, scan: Scan) -> Scan:
    """Freezes the result. Finishing twice gives the same scan. Raises Refused while a question is open."""
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if scan.is_finished:
        return scan
    ladder = load_ladder(scan.questionnaire)
    missing = missing_answers(scan.answers, ladder)
    if missing:
        raise Refused(Reason(ScanReason.NOT_FINISHED, {"missing": len(missing)}))
    _freeze(scan, ladder)
    scan.save(update_fields=["total", "level", "finished_at", "retain_until"])
    return scan


def _freeze(scan: Scan, ladder: Ladder) -> None:
    result = score(scan.answers, ladder)
    scan.total, scan.level, scan.finished_at = result.total, result.level, clock.now()
    if scan.organisation_id is None:
        scan.retain_until = clock.today() + timedelta(days=FINISHED_DAYS)


@unit
def complete_scan(*, by: Any, scan: Scan, have: Iterable[str]) -> Scan:
    """The last page of the scan: keeps what the business has and freezes the result, both or neither."""
    change_have(by=by, scan=scan, have=have)
    return finish_scan(by=by, scan=scan)


@unit
def scan_at_once(
    *,
    by: Any,
    sector: str,
    answers: Mapping[str, int],
    municipality: str = "",
    headcount: int | None = None,
    have: Iterable[str] = (),
    sbi: str = "",
) -> tuple[Scan, str]:
    """A whole scan in one go, finished. Raises Refused with every fault; `params["field"]` names the argument."""
    have, ladder = list(have), load_ladder(CURRENT_QUESTIONNAIRE)
    reasons: list[Reason] = []
    details: dict[str, Any] = {}
    try:
        details = _details(sector, municipality, headcount, sbi)
    except Refused as refused:
        reasons += refused.reasons
    _refuse(reasons + _answer_reasons(answers, ladder) + unknown_categories(have, _category_codes()))
    scan, token = _new(details)
    scan.answers, scan.have, scan.have_asked = dict(answers), sorted(set(have)), True
    _freeze(scan, ladder)
    scan.save(force_insert=True)
    return scan, token


@unit
def claim_scan(*, by: Any, token: str, organisation: Organisation) -> Scan:
    """Saves an anonymous scan with a business. Saving it twice with the same business changes nothing.

    Raises NotAuthorised unless `by` is a member of that business, Scan.DoesNotExist for a wrong token, Refused when another
    business saved it first or the scan is not finished.
    """
    if organisation.kind != OrganisationKind.SME or not by.is_member_of(organisation):
        raise NotAuthorised("claim_scan")
    scan = Scan.objects.select_for_update().get(token_hash=hash_token(token))
    if scan.organisation_id == organisation.pk:
        return scan
    if scan.organisation_id is not None:
        raise Refused(Reason(ScanReason.ALREADY_CLAIMED))
    if not scan.is_finished:
        missing = missing_answers(scan.answers, load_ladder(scan.questionnaire))
        raise Refused(Reason(ScanReason.NOT_FINISHED, {"missing": max(1, len(missing))}))
    scan.organisation, scan.claimed_by, scan.claimed_at, scan.retain_until = organisation, by, clock.now(), None
    scan.save(update_fields=["organisation", "claimed_by", "claimed_at", "retain_until"])
    note(by=by, action="claim_scan", subject=scan, facts={"organisation": organisation.pk, "level": scan.level})
    return scan


@unit
def delete_scan(*, by: Any, scan: Scan) -> None:
    """Forgets a scan for good. A saved scan is forgotten only by a member of its business; raises NotAuthorised."""
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if scan.organisation_id is not None:
        if not by.is_member_of(scan.organisation_id):
            raise NotAuthorised("delete_scan")
        note(by=by, action="delete_scan", subject=scan, facts={"organisation": scan.organisation_id})
    scan.delete()


@unit
def set_progress(*, by: Any, scan: Scan, category: str, progress: str) -> None:
    """Says how far the business is with a step; an empty `progress` takes that back.

    Raises Refused for an unknown category, ValueError for an unknown progress, NotAuthorised for a stranger to the business
    that saved the scan.
    """
    scan = _own(by, scan, "set_progress")
    step = Category.objects.filter(pk=category).first() if "\x00" not in category else None
    if step is None:
        raise Refused(Reason(ScanReason.CATEGORY_UNKNOWN, {"code": category[:40], "field": "category"}))
    if progress:
        StepProgress.objects.update_or_create(
            scan=scan, category=step, defaults={"progress": Progress(progress), "changed_at": clock.now()}
        )
    else:
        scan.progress.filter(category=step).delete()
    _note_if_saved(by, scan, "set_progress", {"category": step.pk, "progress": progress})


@unit
def keep_progress(*, by: Any, scan: Scan, progress: Mapping[str, str]) -> None:
    """Says how far the business is with several steps at once, per category code; what did not change is left alone.

    All or nothing; raises as `set_progress` does.
    """
    scan = _own(by, scan, "set_progress")
    before = progress_of(scan)
    for category, how in progress.items():
        if how != before.get(category, ""):
            set_progress(by=by, scan=scan, category=category, progress=how)


@unit
def purge_scans(*, by: Any, on: date) -> int:
    """Forgets the anonymous scans past their retention date; returns how many (DESIGN 4.16)."""
    expired = Scan.objects.expired(on).filter(organisation__isnull=True)
    gone = expired.count()
    expired.delete()
    return gone


@dataclass(frozen=True)
class ScanResult:
    """What a finished scan says, with the rows that hold the words."""

    result: Result
    level: Level
    weakest: list[Question]


def result_of(scan: Scan) -> ScanResult:
    """The result of a finished scan as it was settled then, in the words of the questionnaire it was made with."""
    questions = questions_of(scan.questionnaire)
    result = _settled(scan, [question.code for question in questions])
    by_code = {question.code: question for question in questions}
    level = Level.objects.get(questionnaire=scan.questionnaire, level=result.level)
    return ScanResult(result, level, [by_code[code] for code in result.weakest])


def _settled(scan: Scan, items: Sequence[str]) -> Result:
    return frozen_result(scan.answers, items, total=scan.total, level=scan.level)


def progress_of(scan: Scan) -> dict[str, str]:
    """How far the business says it is, per category code."""
    return dict(scan.progress.values_list("category", "progress"))


@dataclass(frozen=True)
class OwnRoadmap:
    """The roadmap of a scan as the business has it now: `steps`, `aside` and `preview` as in `roadmap_answer`."""

    steps: list[dict[str, Any]]
    aside: list[dict[str, Any]]
    preview: list[dict[str, Any]]
    done: list[str]


def own_roadmap(scan: Scan) -> OwnRoadmap:
    """What is still to do: what the business finished counts as had, and what it said is not for it is set aside.

    Each step has its `progress`; `done` are the codes of what was finished.
    """
    progress = progress_of(scan)
    done = sorted(code for code, how in progress.items() if how == Progress.DONE)
    roadmap = roadmap_answer(sector=scan.sector_id, level=scan.level, have=[*scan.have, *done], sbi=scan.sbi)
    steps = [{**step, "progress": progress.get(step["category"], "")} for step in roadmap["steps"]]
    ahead = [step for step in roadmap["preview"] if progress.get(step["category"]) != Progress.NOT_FOR_US]
    return OwnRoadmap(
        steps=[step for step in steps if step["progress"] != Progress.NOT_FOR_US],
        aside=[step for step in steps if step["progress"] == Progress.NOT_FOR_US],
        preview=ahead,
        done=done,
    )


def scan_answer(scan: Scan) -> dict[str, Any]:
    """A finished scan as the API gives it: `sum`, `score`, `level`, `weakest`, and `steps` and `preview` of `own_roadmap`."""
    roadmap = own_roadmap(scan)
    items = Question.objects.filter(questionnaire=scan.questionnaire).order_by("position")
    result = _settled(scan, list(items.values_list("code", flat=True)))
    return {
        "sector": scan.sector_id,
        "sum": result.total,
        "score": str(result.score),
        "level": result.level,
        "weakest": list(result.weakest),
        "steps": roadmap.steps,
        "preview": roadmap.preview,
    }


def have_choices(scan: Scan) -> list[Category]:
    """What to ask the business whether it has it: the steps of its roadmap and preview, and what could stand in for them.

    The whole list of categories would be a form nobody fills in. What was ticked before is always among them.
    """
    loaded = load_plan()
    level = scan.level or score(scan.answers, load_ladder(scan.questionnaire)).level
    asked: dict[str, Any] = {
        "sector": scan.sector_id,
        "level": level,
        "have": (),
        "sbi": scan.sbi,
        "plan": loaded.plan,
    }
    codes = {step.category for step in [*plan_roadmap(**asked), *look_ahead(**asked)]}
    for code in list(codes):
        groups = loaded.plan.categories[code].requirements
        codes |= {name for group in groups if len(group) <= _FEW for name in group}
    codes |= set(scan.have) & loaded.categories.keys()
    return sorted((loaded.categories[code] for code in codes), key=lambda category: category.position)


# A requirement with more alternatives than this says "some system or other": asking for each would bury the question.
_FEW = 3


def _open(scan: Scan) -> Scan:
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if scan.is_finished:
        raise Refused(Reason(ScanReason.FINISHED))
    return scan


def _own(by: Any, scan: Scan, verb: str) -> Scan:
    """The scan under a lock. The link is the key until a business saves the scan; from then on it is for its members only."""
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if scan.organisation_id is not None and not by.is_member_of(scan.organisation_id):
        raise NotAuthorised(verb)
    return scan


def _note_if_saved(by: Any, scan: Scan, action: str, facts: dict[str, Any]) -> None:
    if scan.organisation_id is not None:
        note(by=by, action=action, subject=scan, facts={"organisation": scan.organisation_id, **facts})


def _category_codes() -> Collection[str]:
    return set(Category.objects.values_list("pk", flat=True))


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise Refused(reasons)


def _answer_reasons(answers: Mapping[str, Any], ladder: Ladder) -> list[Reason]:
    faults = answer_faults(answers, ladder)
    return [Reason(fault.code, {**fault.params, "field": f"answers/{fault.params['code']}"}) for fault in faults]


def _details(sector: str, municipality: str, headcount: int | None, sbi: str) -> dict[str, Any]:
    """The fields of a scan about the business. Raises Refused with everything wrong."""
    reasons: list[Reason] = []
    if not _exists(Sector, sector):
        reasons.append(Reason(ScanReason.SECTOR_UNKNOWN, {"code": str(sector)[:40], "field": "sector"}))
    if municipality and not _exists(Municipality, municipality):
        unknown = {"code": str(municipality)[:40], "field": "municipality"}
        reasons.append(Reason(ScanReason.MUNICIPALITY_UNKNOWN, unknown))
    if headcount is not None and not (type(headcount) is int and 1 <= headcount <= MOST_PEOPLE):
        reasons.append(Reason(ScanReason.HEADCOUNT_RANGE, {"highest": MOST_PEOPLE, "field": "headcount"}))
    written = ""
    try:
        written = check_sbi(sbi)
    except Refused as refused:
        reasons += refused.reasons
    _refuse(reasons)
    return {
        "sector_id": sector,
        "municipality_id": municipality or None,
        "headcount": headcount,
        "size_class": size_class(headcount),
        "sbi": written,
    }


def _exists(model: type[models.Model], code: str) -> bool:
    """Whether a reference row has this code. A text with a NUL, which PostgreSQL cannot even ask about, is none."""
    return "\x00" not in code and model._default_manager.filter(pk=code).exists()
