"""How a dossier is judged: completeness, verdicts, the approve rule, measures against a provider (DESIGN 4.4).

Everything here is a pure function of the facts that come in; dates are calendar days in Europe/Amsterdam. What the machine
itself can see of an item is in `providers.rules.checks`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.reasons import Reason, ReasonCode
from core.terms import add_months
from providers.enums import (
    DossierKind,
    EvidenceKind,
    MeasureGround,
    Need,
    Outcome,
    RejectGround,
    Verdict,
)
from providers.rules.rulesets import VettingRules


class VettingReason(ReasonCode):
    """Why a step in vetting cannot be taken."""

    UNANSWERED = "providers.unanswered", _("%(item)s is not answered yet.")
    FILE_NEEDED = "providers.file_needed", _("%(item)s needs a file as evidence.")
    FIGURE_NEEDED = "providers.figure_needed", _("%(item)s: fill in all the fields.")
    APPLIES_UNDECIDED = "providers.applies_undecided", _("%(item)s: say whether this applies to you.")
    APPLIES_REASON = "providers.applies_reason", _("%(item)s: say why this does not apply to you.")
    NO_VERDICT = "providers.no_verdict", _("%(item)s has no verdict yet.")
    NOT_MET = "providers.item_not_met", _("%(item)s is not met.")
    EXPIRED = "providers.item_expired", _("%(item)s: the evidence was valid until %(until)s.")
    MANDATORY_SKIPPED = "providers.mandatory_skipped", _("%(item)s is required and cannot be skipped.")
    CONDITION_OPEN = "providers.condition_open", _("%(item)s: it was not recorded whether this applies.")
    NOTE_NEEDED = (
        "providers.note_needed",
        _("%(item)s: the machine check did not pass. Write down what you saw yourself."),
    )
    NOTE_FOR_VERDICT = "providers.note_for_verdict", _("%(item)s: write down why.")
    STILL_APPLIES = (
        "providers.still_applies",
        _("%(item)s: the provider says that this applies, so judge it as met or not met."),
    )
    UNTIL_TOO_LATE = "providers.until_too_late", _("%(item)s: the evidence is valid until %(latest)s at most.")
    UNTIL_PAST = "providers.until_past", _("%(item)s: the evidence must still be valid today.")
    BY_RULE = "providers.by_rule", _("%(item)s is judged by the published rule, not by hand.")
    NOT_EDITABLE = "providers.not_editable", _("You cannot change the answers while the dossier is being handled.")
    NOT_UNDER_REVIEW = (
        "providers.not_under_review",
        _("A verdict can only be given while the dossier is being checked."),
    )
    TOO_MANY_FILES = "providers.too_many_files", _("You can add at most %(limit)s files to one item.")
    ASKED_BEFORE = (
        "providers.asked_before",
        _("More information was already asked in this round. It can be asked only once."),
    )
    TEXT_NEEDED = "providers.text_needed", _("Write down your reasons.")
    TEXT_TOO_LONG = "providers.text_too_long", _("The text is too long: at most %(limit)s characters.")
    TERM_RUNNING = (
        "providers.term_running",
        _("The provider has until %(until)s to answer. The dossier can be set aside after that day."),
    )
    GROUND_NEEDED = "providers.ground_needed", _("Choose at least one ground.")
    GROUND_UNKNOWN = "providers.ground_unknown", _("“%(ground)s” is not one of the published grounds.")
    NOTHING_UNMET = (
        "providers.nothing_unmet",
        _("Every requirement is met, so the dossier cannot be rejected on a requirement that is not met."),
    )
    INTENT_NEEDED = (
        "providers.intent_needed",
        _("First tell the provider what you mean to decide, so that it can react."),
    )
    INTENT_RUNNING = (
        "providers.intent_running",
        _("The provider can react until %(until)s. You can decide after that day, or as soon as it has reacted."),
    )
    INTENT_OPEN = "providers.intent_open", _("The provider has already been told about an intended decision.")
    NO_INTENT = "providers.no_intent", _("There is nothing to react to.")
    INTENT_ANSWERED = "providers.intent_answered", _("You have already reacted.")
    INTENT_OVER = "providers.intent_over", _("You could react until %(until)s.")
    CHANGED_SINCE = (
        "providers.changed_since",
        _("The dossier was changed after the advice. It has to be checked again."),
    )
    COOLING_OFF = "providers.cooling_off", _("You can apply again from %(until)s.")
    VETTING_EXPIRED = "providers.vetting_expired", _("The admission ended on %(until)s. It has to be renewed first.")
    NOT_ADMITTED = "providers.not_admitted", _("The provider has to be admitted first.")
    ALREADY_ADMITTED = "providers.already_admitted", _("The provider is already admitted.")
    OTHER_DOSSIER = "providers.other_dossier", _("There is already a dossier in progress for this.")
    WRONG_SUBJECT = "providers.wrong_subject", _("This kind of dossier does not fit the chosen solution.")
    EMPTY_CHECKLIST = "providers.empty_checklist", _("There is no checklist for this kind of dossier yet.")
    KVK_TAKEN = (
        "providers.kvk_taken",
        _("This KvK number is already registered. Ask a colleague to add you, or contact us."),
    )
    TRADE_REGISTER_NEEDED = (
        "providers.trade_register_needed",
        _("Fill in your KvK number, or choose the country of the register you are in."),
    )
    NOT_IN_EEA = "providers.not_in_eea", _("Only businesses from the European Economic Area can take part.")


FILE_KINDS = frozenset(
    {
        EvidenceKind.ANNUAL_ACCOUNTS,
        EvidenceKind.BANK_STATEMENT,
        EvidenceKind.REGISTER_EXTRACT,
        EvidenceKind.TAX_STATEMENT,
        EvidenceKind.POLICY,
        EvidenceKind.TEST_REPORT,
        EvidenceKind.STRUCTURE_CHART,
        EvidenceKind.VOG_RP,
    }
)
"""Evidence that somebody else made: a statement of the provider cannot take its place."""

EEA = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
"""Countries whose registers count as much as the Dutch one (open house, DESIGN 4.4; CJEU C-410/14, C-9/17)."""

BY_RULE = frozenset({"REF-03"})
"""Items no person judges: the preferred rule of DESIGN 4.6 does."""

DISPUTABLE = frozenset({RejectGround.OTHER_SOURCE, RejectGround.INTEGRITY})


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """One checklist item of a dossier, as the rules see it. `figures` holds text in canonical form (ISO dates, 12.00)."""

    code: str
    need: str
    evidence_kind: str
    applies: bool | None = None
    applies_reason: str = ""
    statement: str = ""
    files: int = 0
    figures: Mapping[str, str] = field(default_factory=dict)
    figures_needed: tuple[str, ...] = ()
    verdict: str = ""
    verdict_note: str = ""
    valid_until: dt.date | None = None
    validity_months: int = 0

    def as_json(self) -> dict[str, Any]:
        """How the trail names the item: codes, counts and dates, never what somebody wrote."""
        return {
            "code": self.code,
            "need": str(self.need),
            "applies": self.applies,
            "files": self.files,
            "verdict": str(self.verdict),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }

    @property
    def asked(self) -> bool:
        """Whether an answer with evidence is due: required, or conditional and said to apply."""
        return self.need == Need.YES or (self.need == Need.CONDITIONAL and self.applies is True)


def _reason(code: VettingReason, item: ItemFacts, **params: Any) -> Reason:
    return Reason(code, {"item": item.code, **params})


def answer_gaps(item: ItemFacts) -> list[Reason]:
    """What is still missing in the answer to one item; empty when it is complete. Optional items are never incomplete."""
    if item.need == Need.CONDITIONAL and item.applies is None:
        return [_reason(VettingReason.APPLIES_UNDECIDED, item)]
    if item.need == Need.CONDITIONAL and item.applies is False:
        return [] if item.applies_reason.strip() else [_reason(VettingReason.APPLIES_REASON, item)]
    if not item.asked:
        return []
    gaps = []
    if item.evidence_kind in FILE_KINDS and not item.files:
        gaps.append(_reason(VettingReason.FILE_NEEDED, item))
    if any(not item.figures.get(name) for name in item.figures_needed):
        gaps.append(_reason(VettingReason.FIGURE_NEEDED, item))
    if not gaps and not (item.statement.strip() or item.files or item.figures_needed):
        gaps.append(_reason(VettingReason.UNANSWERED, item))
    return gaps


def incomplete(items: Iterable[ItemFacts]) -> list[Reason]:
    """Everything that keeps a dossier from being handed in, in the order of the items."""
    return [gap for item in items for gap in answer_gaps(item)]


def verdict_objections(
    item: ItemFacts,
    *,
    verdict: str,
    note: str,
    valid_until: dt.date | None,
    latest: dt.date | None,
    today: dt.date,
    outcomes: Iterable[str],
) -> list[Reason]:
    """Why this verdict cannot be given to this item.

    `latest` is the last day the evidence may count for (today + validity of the item; None = it does not expire),
    `outcomes` what the machine checks of this item saw: a failed or unknown one is never passed over in silence.
    """
    if item.code in BY_RULE:
        return [_reason(VettingReason.BY_RULE, item)]
    reasons = []
    if verdict == Verdict.NOT_APPLICABLE and item.need == Need.YES:
        reasons.append(_reason(VettingReason.MANDATORY_SKIPPED, item))
    if verdict == Verdict.NOT_APPLICABLE and item.need == Need.CONDITIONAL and item.applies:
        reasons.append(_reason(VettingReason.STILL_APPLIES, item))
    if verdict != Verdict.MET and not note.strip():
        reasons.append(_reason(VettingReason.NOTE_FOR_VERDICT, item))
    if verdict == Verdict.MET:
        if not note.strip() and any(outcome != Outcome.PASS for outcome in outcomes):
            reasons.append(_reason(VettingReason.NOTE_NEEDED, item))
        if valid_until and valid_until < today:
            reasons.append(_reason(VettingReason.UNTIL_PAST, item))
        if valid_until and latest and valid_until > latest:
            reasons.append(_reason(VettingReason.UNTIL_TOO_LATE, item, latest=latest))
    return reasons


def approval_objections(items: Iterable[ItemFacts], *, today: dt.date) -> list[Reason]:
    """Why a dossier cannot be approved: every mandatory item of its stage met and in date, every condition decided."""
    return [reason for item in items for reason in _item_objections(item, today)]


def _item_objections(item: ItemFacts, today: dt.date) -> list[Reason]:
    if item.need == Need.NO or item.code in BY_RULE:
        return []
    if item.need == Need.CONDITIONAL:
        if item.applies is None:
            return [_reason(VettingReason.CONDITION_OPEN, item)]
        if item.applies is False:
            if item.verdict == Verdict.NOT_APPLICABLE and item.verdict_note.strip():
                return []
            code = VettingReason.NOT_MET if item.verdict else VettingReason.NO_VERDICT
            return [_reason(code, item)]
    if not item.verdict:
        return [_reason(VettingReason.NO_VERDICT, item)]
    if item.verdict == Verdict.NOT_APPLICABLE:
        return [_reason(VettingReason.MANDATORY_SKIPPED, item)]
    if item.verdict != Verdict.MET:
        return [_reason(VettingReason.NOT_MET, item)]
    if item.valid_until and item.valid_until < today:
        return [_reason(VettingReason.EXPIRED, item, until=item.valid_until)]
    return []


def advice_objections(items: Iterable[ItemFacts], *, approve: bool, text: str, today: dt.date) -> list[Reason]:
    """Why an assessor cannot give this advice: reasons are always written down, and approval is never advised past a gap."""
    reasons = [] if text.strip() else [Reason(VettingReason.TEXT_NEEDED)]
    return reasons + (approval_objections(items, today=today) if approve else [])


@dataclass(frozen=True, kw_only=True)
class IntentFacts:
    """A notice of intent: when the other side was told, until when it may react, and whether it did."""

    sent: bool = False
    due_on: dt.date | None = None
    answered: bool = False

    def as_json(self) -> dict[str, Any]:
        """How the trail names the notice."""
        return {
            "sent": self.sent,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "answered": self.answered,
        }


def intent_objections(intent: IntentFacts, *, today: dt.date) -> list[Reason]:
    """Why a disputable decision cannot be taken yet: the two-week term has to end or be answered (Awb 4:7, 4:8)."""
    if not intent.sent or intent.due_on is None:
        return [Reason(VettingReason.INTENT_NEEDED, ground="Awb 4:8")]
    if not intent.answered and today <= intent.due_on:
        return [Reason(VettingReason.INTENT_RUNNING, {"until": intent.due_on}, ground="Awb 4:8")]
    return []


def rejection_objections(
    items: Iterable[ItemFacts],
    *,
    grounds: Iterable[str],
    text: str,
    intent: IntentFacts,
    today: dt.date,
) -> list[Reason]:
    """Why a dossier cannot be rejected on these grounds now."""
    chosen = set(grounds)
    reasons = [] if text.strip() else [Reason(VettingReason.TEXT_NEEDED)]
    reasons += _ground_objections(chosen, RejectGround)
    if RejectGround.NOT_MET in chosen and not approval_objections(items, today=today):
        reasons.append(Reason(VettingReason.NOTHING_UNMET))
    if chosen & DISPUTABLE:
        reasons += intent_objections(intent, today=today)
    return reasons


def measure_objections(
    *, grounds: Iterable[str], text: str, intent: IntentFacts, urgent: str, today: dt.date
) -> list[Reason]:
    """Why a provider or a solution cannot be suspended, or a provider removed, now.

    `urgent` is the reason why a suspension cannot wait: then the notice may be left out (Awb 4:11 under a). It is empty in
    every ordinary case, and always for a removal (ADR 0006).
    """
    reasons = [] if text.strip() else [Reason(VettingReason.TEXT_NEEDED)]
    reasons += _ground_objections(grounds, MeasureGround)
    if not urgent.strip():
        reasons += intent_objections(intent, today=today)
    return reasons


def _ground_objections(grounds: Iterable[str], published: type[TextChoices]) -> list[Reason]:
    """A decision names at least one ground, and none but published ones."""
    chosen = set(grounds)
    if not chosen:
        return [Reason(VettingReason.GROUND_NEEDED)]
    unknown = sorted(str(ground) for ground in chosen if ground not in published.values)
    return [Reason(VettingReason.GROUND_UNKNOWN, {"ground": ground}) for ground in unknown]


def renewed_until(*, valid_until: dt.date, months: int, today: dt.date, rules: VettingRules) -> dt.date:
    """Until when a vetting counts that is renewed today for so many months.

    It counts on from its old end when it is renewed in the last `renewal_early_days` days before that end, otherwise from
    today: renewing again and again stacks no years. It never ends earlier than it did.
    """
    in_time = valid_until - dt.timedelta(days=rules.renewal_early_days) <= today <= valid_until
    return max(valid_until, add_months(valid_until if in_time else today, months))


def reminder_due(until: dt.date, *, on: dt.date, days: Iterable[int]) -> int | None:
    """Which reminder of an end is due on a day: the last of `days` before it that has come; None before the first and after
    the end.
    """
    left = (until - on).days
    return min((number for number in days if 0 <= left <= number), default=None)


def on_trial(*, references: int | None, trading_months: int | None, rules: VettingRules) -> bool:
    """Whether a solution that may be listed is listed on trial: few references, or a provider younger than a year.

    Small honest locals get in, with at most `trial_vouchers` vouchers and for `trial_months` months (DESIGN 4.4). What is
    not known counts as not there.
    """
    few = references is None or references < rules.references_full
    young = trading_months is None or trading_months < rules.trading_months
    return few or young


def stages_of(kind: str, *, about_solution: bool = False) -> frozenset[tuple[str, str]]:
    """Which checklist items a kind of dossier asks, as (scope, stage).

    The preferred stage is never asked by hand. A renewal of a provider asks the admission again, because evidence expires,
    and the review of the year on top; the renewal of a solution asks its listing again.
    """
    provider = {("provider", "admission")}
    if kind == DossierKind.ADMISSION:
        return frozenset(provider)
    if kind == DossierKind.RENEWAL and not about_solution:
        return frozenset(provider | {("provider", "renewal")})
    return frozenset({("solution", "listing")})
