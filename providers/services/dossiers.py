"""What a provider does with a dossier: start, answer, hand in, take back, react."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.enums import AccountReason
from accounts.models import validate_not_ours
from accounts.services import keep_bank_account
from core import clock
from core.files import store_upload
from core.identifiers import normalise_iban
from core.reasons import Reason, Refused
from core.rows import row
from core.terms import add_weeks, shift_to_workday
from core.workflow import NotAuthorised, note, perform, record, unit
from providers.enums import DossierKind, Outcome, ProviderState, SolutionState
from providers.models import ChecklistItem, Dossier, DossierItem, Evidence, Provider
from providers.models.provider import INTENT, LONG_TEXT
from providers.notifications import tell_received
from providers.rules.rulesets import vetting_rules
from providers.rules.vetting import BY_RULE, ItemFacts, VettingReason, incomplete, stages_of
from providers.services.facts import canonical_figures, item_facts, last_approved, look, rules_of

APPLIES_LENGTH = 1000

VERDICT = ["verdict", "verdict_note", "verdict_by", "verdict_on", "valid_until"]
ANSWER = ["statement", "applies", "applies_reason", "figures", "answered_at", *VERDICT]
"""What giving a verdict writes, and what answering does, which takes an earlier verdict back."""


def bounded(text: str, limit: int = LONG_TEXT) -> str:
    """A text without blanks around it. Raises Refused when it is longer than a person writes."""
    trimmed = (text or "").replace("\x00", "").strip()
    if len(trimmed) > limit:
        raise Refused(Reason(VettingReason.TEXT_TOO_LONG, {"limit": limit}))
    return trimmed


@unit
def start_dossier(*, by: Any, provider: Provider, kind: str, solution: Any = None) -> Dossier:
    """Starts a vetting round, with the checklist as it is today and the answers of the last approved round.

    Raises NotAuthorised for a stranger, Refused when the round does not fit the provider or solution, or when another one
    is under way.
    """
    kind = DossierKind(kind)
    provider = record(provider, "start_dossier", by=by, facts={"kind": kind, "solution": getattr(solution, "pk", None)})
    reasons = _start_objections(provider, kind, solution)
    asked = [item for item in _asked(kind, solution) if item.code not in BY_RULE]
    if not asked:
        reasons.append(Reason(VettingReason.EMPTY_CHECKLIST))
    if reasons:
        raise Refused(reasons)
    rules = vetting_rules(clock.today())
    dossier = Dossier(
        provider=provider, kind=kind, solution=solution, rules_version=rules.version, started_at=clock.now()
    )
    try:
        with transaction.atomic():
            dossier.save()
    except IntegrityError as taken:
        raise Refused(Reason(VettingReason.OTHER_DOSSIER)) from taken
    DossierItem.objects.bulk_create(
        DossierItem(
            dossier=dossier,
            checklist_item=item,
            code=item.code,
            need=item.mandatory,
            evidence_kind=item.evidence_kind,
            validity_months=item.validity_months,
        )
        for item in asked
    )
    _carry_over(dossier, last_approved(provider, solution))
    return record(dossier, "start", by=by, facts={"kind": kind, "items": [item.code for item in asked]})


@unit
def answer_item(
    *,
    by: Any,
    dossier: Dossier,
    code: str,
    statement: str = "",
    applies: bool | None = None,
    applies_reason: str = "",
    figures: Mapping[str, Any] | None = None,
    uploads: Iterable[UploadedFile] = (),
) -> DossierItem:
    """Keeps the provider's answer to one item; files are added to those already there.

    A verdict on the earlier answer is taken back. Raises NotAuthorised for a stranger, DossierItem.DoesNotExist for a code
    this dossier does not have, Refused when the dossier is being handled, a text is too long or a file is not acceptable.
    """
    uploads = list(uploads)
    facts = {"item": code, "applies": applies, "files": len(uploads)}
    dossier = record(dossier, "answer", by=by, facts=facts)
    item = _editable_item(dossier, code)
    item.statement = bounded(statement)
    item.applies = applies
    item.applies_reason = "" if applies is not False else bounded(applies_reason, APPLIES_LENGTH)
    if item.applies is False and not item.applies_reason:
        raise Refused(Reason(VettingReason.APPLIES_REASON, {"item": item.code}))
    item.figures = canonical_figures(item.code, figures or {}, rules_of(dossier))
    item.answered_at = clock.now()
    item.clear_verdict()
    item.save(update_fields=ANSWER)
    for upload in uploads:
        _add_file(by, dossier, item, upload)
    return item


@unit
def remove_file(*, by: Any, dossier: Dossier, evidence_id: int) -> DossierItem:
    """Takes a file back from an answer. Raises Evidence.DoesNotExist for a file of another dossier."""
    dossier = record(dossier, "remove_file", by=by, facts={"evidence": evidence_id})
    evidence = Evidence.objects.select_related("item").get(
        pk=evidence_id, item__dossier=dossier, removed_at__isnull=True
    )
    item = _editable_item(dossier, evidence.item.code)
    evidence.removed_at = clock.now()
    evidence.save(update_fields=["removed_at"])
    item.clear_verdict()
    item.save()
    return item


@unit
def submit_dossier(*, by: Any, dossier: Dossier, reply: str = "") -> Dossier:
    """Hands the dossier in; the machine checks look at it and what they saw is kept with it.

    Raises Refused with everything that is still missing. A check that does not pass keeps nobody from handing in.
    """
    reply = bounded(reply)
    now, today = clock.now(), clock.today()
    items: list[ItemFacts] = []

    def facts(locked: Dossier) -> dict[str, Any]:
        items[:] = item_facts(locked)
        return {"items": tuple(items), "rules": locked.rules_version}

    dossier = perform(
        dossier,
        "submit",
        by=by,
        facts=facts,
        rule=lambda seen: incomplete(seen["items"]),
        private={"reply": reply} if reply else None,
        at=now,
        first_answer_due=shift_to_workday(add_weeks(today, rules_of(dossier).first_answer_weeks)),
    )
    outcomes = look(dossier, today=today, items=tuple(items))
    dossier.checks = [outcome.as_json() for outcome in outcomes]
    dossier.reply_text = reply
    dossier.save(update_fields=["checks", "reply_text"])
    seen = [{"code": seen.code, "check": seen.check, "outcome": seen.outcome} for seen in outcomes]
    record(dossier, "submit", by=by, facts={"checks": seen})
    _keep_bank_account(by, dossier, outcomes)
    tell_received(dossier)
    return dossier


@unit
def withdraw_dossier(*, by: Any, dossier: Dossier) -> Dossier:
    """The provider takes the dossier back. Raises Refused once an advice was given."""
    dossier = perform(dossier, "withdraw", by=by)
    dossier.clear_intent()
    dossier.save(update_fields=INTENT)
    return dossier


@unit
def react(*, by: Any, subject: Any, text: str) -> Any:
    """The provider reacts to a notice of intent on its dossier, a solution or itself (Awb 4:8). Once, and within the term."""
    text = bounded(text)
    subject = record(subject, "react", by=by, private={"text": text})
    reasons = [] if text else [Reason(VettingReason.TEXT_NEEDED)]
    if subject.intent_sent_at is None:
        reasons.append(Reason(VettingReason.NO_INTENT))
    elif subject.intent_answered_at:
        reasons.append(Reason(VettingReason.INTENT_ANSWERED))
    elif clock.today() > subject.intent_due_on:
        reasons.append(Reason(VettingReason.INTENT_OVER, {"until": subject.intent_due_on}))
    if reasons:
        raise Refused(reasons)
    subject.intent_answer, subject.intent_answered_at = text, clock.now()
    subject.save()
    return subject


def _asked(kind: DossierKind, solution: Any) -> list[ChecklistItem]:
    wanted = stages_of(kind, about_solution=solution is not None)
    items = ChecklistItem.objects.filter(active=True).order_by("code")
    return [item for item in items if (item.scope, item.stage) in wanted]


def _start_objections(provider: Provider, kind: DossierKind, solution: Any) -> list[Reason]:
    about_solution = {DossierKind.ADMISSION: False, DossierKind.LISTING: True, DossierKind.REVISION: True}
    if about_solution.get(kind, solution is not None) != (solution is not None):
        return [Reason(VettingReason.WRONG_SUBJECT)]
    if solution is not None and solution.provider_id != provider.pk:
        raise NotAuthorised("start_dossier")
    reasons = []
    if kind == DossierKind.ADMISSION and provider.state != ProviderState.APPLICANT:
        reasons.append(Reason(VettingReason.ALREADY_ADMITTED))
    if kind != DossierKind.ADMISSION and provider.state not in {ProviderState.ADMITTED, ProviderState.SUSPENDED}:
        reasons.append(Reason(VettingReason.NOT_ADMITTED))
    if kind == DossierKind.LISTING and solution.state != SolutionState.DRAFT:
        reasons.append(Reason(VettingReason.WRONG_SUBJECT))
    live = solution is None or solution.state not in {SolutionState.DRAFT, SolutionState.RETIRED}
    if kind in {DossierKind.REVISION, DossierKind.RENEWAL} and not live:
        reasons.append(Reason(VettingReason.WRONG_SUBJECT))
    if Dossier.objects.live().filter(provider=provider, solution=solution).exists():
        reasons.append(Reason(VettingReason.OTHER_DOSSIER))
    return reasons


def _editable_item(dossier: Dossier, code: str) -> DossierItem:
    item = row(DossierItem, dossier_id=dossier.pk, code=code)
    if not dossier.editable:
        raise Refused(Reason(VettingReason.NOT_EDITABLE))
    return item


def _add_file(by: Any, dossier: Dossier, item: DossierItem, upload: UploadedFile) -> None:
    limit = rules_of(dossier).files_per_item
    if item.evidence.filter(removed_at__isnull=True).count() >= limit:
        raise Refused(Reason(VettingReason.TOO_MANY_FILES, {"limit": limit}))
    stored = store_upload(by=by, upload=upload, case=dossier.case())
    Evidence.objects.create(item=item, file=stored, added_at=clock.now())
    note(by=by, action="add_file", subject=dossier, case=dossier.case(), facts={"item": item.code, "file": stored})


def _carry_over(dossier: Dossier, previous: Dossier | None) -> None:
    """Copies answers and files of the last approved round, so that nobody types the same thing every year. No verdicts."""
    if previous is None:
        return
    known = {item.code: item for item in previous.items.prefetch_related("evidence")}
    evidence = []
    for item in dossier.items.all():
        old = known.get(item.code)
        if old is None:
            continue
        item.statement, item.figures = old.statement, old.figures
        item.applies, item.applies_reason = old.applies, old.applies_reason
        item.save()
        evidence += [
            Evidence(item=item, file_id=kept.file_id, added_at=clock.now())
            for kept in old.evidence.all()
            if kept.removed_at is None
        ]
    Evidence.objects.bulk_create(evidence)


def _keep_bank_account(by: Any, dossier: Dossier, outcomes: Iterable[Any]) -> None:
    """Registers the account of FIN-05 once its form is right; an assessor's verdict verifies it.

    Raises Refused for the account that vouchers are paid from: it became ours after the answer was given.
    """
    if not any(seen.check == "iban_form" and seen.outcome == Outcome.PASS for seen in outcomes):
        return
    figures = dossier.items.get(code="FIN-05").figures
    iban, organisation = normalise_iban(figures["iban"]), dossier.provider.organisation
    try:
        validate_not_ours(iban)
    except ValidationError as wrong:
        raise Refused(Reason(AccountReason.OUR_ACCOUNT)) from wrong
    keep_bank_account(by=by, organisation=organisation, iban=iban, holder=figures["holder"][:70])
