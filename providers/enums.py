"""The names this room gives to its states, kinds and outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# --- vetting ---------------------------------------------------------------------------------------------------------


class ProviderState(models.TextChoices):
    """Where a provider stands with the programme."""

    APPLICANT = "applicant", pgettext_lazy("provider", "not admitted yet")
    ADMITTED = "admitted", pgettext_lazy("provider", "admitted")
    SUSPENDED = "suspended", pgettext_lazy("provider", "suspended")
    REMOVED = "removed", pgettext_lazy("provider", "removed")
    LEFT = "left", pgettext_lazy("provider", "left")


class DossierState(models.TextChoices):
    """Where a dossier stands in its vetting round."""

    DRAFT = "draft", pgettext_lazy("dossier", "being filled in")
    SUBMITTED = "submitted", pgettext_lazy("dossier", "handed in")
    IN_REVIEW = "in_review", pgettext_lazy("dossier", "being checked")
    MORE_INFORMATION = "more_information", pgettext_lazy("dossier", "waiting for the provider")
    ADVISED = "advised", pgettext_lazy("dossier", "waiting for the decision")
    APPROVED = "approved", pgettext_lazy("dossier", "approved")
    REJECTED = "rejected", pgettext_lazy("dossier", "rejected")
    DISMISSED = "dismissed", pgettext_lazy("dossier", "set aside as incomplete")
    WITHDRAWN = "withdrawn", pgettext_lazy("dossier", "withdrawn")


class DossierKind(models.TextChoices):
    """What one vetting round is about."""

    ADMISSION = "admission", _("admission of a provider")
    RENEWAL = "renewal", pgettext_lazy("dossier", "yearly renewal")
    LISTING = "listing", _("listing of a solution")
    REVISION = "revision", _("change of a listed solution")


class ChecklistScope(models.TextChoices):
    """What a checklist item is asked about."""

    PROVIDER = "provider", _("provider")
    SOLUTION = "solution", _("solution")


class ChecklistStage(models.TextChoices):
    """When a checklist item is asked."""

    ADMISSION = "admission", _("admission")
    LISTING = "listing", _("listing")
    PREFERRED = "preferred", _("preferred list")
    RENEWAL = "renewal", _("yearly renewal")


class Need(models.TextChoices):
    """Whether an item must be answered: always, when it applies, or only if the provider likes."""

    YES = "yes", _("required")
    CONDITIONAL = "conditional", _("only if it applies to you")
    NO = "no", _("optional")


class EvidenceKind(models.TextChoices):
    """The form in which evidence for an item comes."""

    ACCEPTANCE = "acceptance", _("agreement")
    ANNUAL_ACCOUNTS = "annual_accounts", _("annual accounts")
    BANK_STATEMENT = "bank_statement", _("bank statement")
    CERTIFICATE_OR_SELF_ASSESSMENT = "certificate_or_self_assessment", _("certificate or own assessment")
    CHECKLIST = "checklist", _("completed checklist")
    DEMO_RECORD = "demo_record", _("report of the demonstration")
    DOCUMENT = "document", _("document")
    EHERKENNING_OR_MANDATE = "eherkenning_or_mandate", _("signed mandate")
    END_USER_SURVEY = "end_user_survey", _("answers of end users")
    FEATURE_PROOF = "feature_proof", _("proof that the function exists")
    INSOLVENCY_REGISTER = "insolvency_register", _("check of the insolvency register")
    INVOICE = "invoice", _("invoice")
    PACKAGE_SPEC = "package_spec", _("description of the package")
    POLICY = "policy", _("insurance policy")
    PRICE_LIST = "price_list", _("price list")
    REFERENCE_LIST = "reference_list", _("list of reference customers")
    REGISTER_CHECK = "register_check", _("check of a register")
    REGISTER_EXTRACT = "register_extract", _("extract from the trade register")
    REVIEW = "review", _("review")
    SELF_DECLARATION = "self_declaration", _("own declaration")
    SELF_DECLARATION_AND_SAMPLE = "self_declaration_and_sample", _("own declaration and sample")
    SLA = "sla", _("service agreement")
    STATEMENT = "statement", _("statement")
    STRUCTURE_CHART = "structure_chart", _("chart of the company group")
    TAX_STATEMENT = "tax_statement", _("statement of the tax office")
    TEST_REPORT = "test_report", _("test report")
    URL = "url", _("web address")
    URL_OR_POLICY = "url_or_policy", _("web address or policy")
    VOG_RP = "vog_rp", _("certificate of conduct for a company")


class Verdict(models.TextChoices):
    """What an assessor found for one item."""

    MET = "met", _("met")
    NOT_MET = "not_met", _("not met")
    NOT_APPLICABLE = "not_applicable", _("does not apply")


class Outcome(models.TextChoices):
    """What a machine check saw. Unknown means that a person has to look; it never counts as passed."""

    PASS = "pass", _("in order")
    FAIL = "fail", _("not in order")
    UNKNOWN = "unknown", _("a person has to look")


class Advice(models.TextChoices):
    """What the assessor advises the decider."""

    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")


class VettingDecisionKind(models.TextChoices):
    """What was decided, as the letter names it."""

    APPROVE = "approve", _("approved")
    REJECT = "reject", _("rejected")
    DISMISS = "dismiss", _("set aside as incomplete")
    SUSPEND = "suspend", _("suspended")
    REINSTATE = "reinstate", _("suspension lifted")
    REMOVE = "remove", _("removed")
    DROP = "drop", _("off the preferred list")
    LIFT = "lift", _("the decision about integrity no longer holds")


class Measure(models.TextChoices):
    """What the authority means to do against a provider or a solution, announced before it is decided (Awb 4:8)."""

    SUSPEND = "suspend", _("suspend")
    REMOVE = "remove", _("remove")
    REJECT = "reject", _("reject")


class MeasureGround(models.TextChoices):
    """Why a provider or a solution is suspended, or a provider removed. Published, so that nobody is judged by an unwritten rule (DESIGN 4.4)."""

    INTEGRITY = "integrity", _("a serious doubt about integrity")
    COMPLAINT = "complaint", _("a complaint that was not solved")
    EVIDENCE_EXPIRED = "evidence_expired", _("required evidence is out of date")
    INSOLVENT = "insolvent", _("bankruptcy, suspension of payments or debt restructuring")
    CODE_OF_CONDUCT = "code_of_conduct", _("breach of the code of conduct")
    FALSE_STATEMENT = "false_statement", _("a false statement in the dossier")


# --- catalogue and standing ------------------------------------------------------------------------------------------


class CategoryGroup(models.TextChoices):
    """The five shelves of the catalogue."""

    BASIS = "basis", _("Basics and security")
    ADMINISTRATIE = "administratie", _("Administration")
    KLANT = "klant", _("Customers and sales")
    OPERATIE = "operatie", _("Daily operations")
    DATA = "data", _("Data and automation")


class Benefit(models.TextChoices):
    """What kind of gain a category brings, and so what its users are asked (DESIGN 4.5)."""

    TIME = "time", _("saves time")
    OUTPUT = "output", _("brings more result from the same hours")
    ASSURANCE = "assurance", _("protects the business")


class SolutionState(models.TextChoices):
    """Where a solution stands in the catalogue."""

    DRAFT = "draft", pgettext_lazy("solution", "draft")
    LISTED = "listed", pgettext_lazy("solution", "listed")
    PREFERRED = "preferred", pgettext_lazy("solution", "preferred")
    ON_NOTICE = "on_notice", pgettext_lazy("solution", "preferred, on notice")
    SUSPENDED = "suspended", pgettext_lazy("solution", "suspended")
    RETIRED = "retired", pgettext_lazy("solution", "retired")


class FeedbackSource(models.TextChoices):
    """Whom an answer comes from."""

    REFERENCE = "reference", _("customer named by the provider")
    VOUCHER = "voucher", _("user at a business with a voucher")


class InvitationStatus(models.TextChoices):
    """What became of an invitation."""

    OPEN = "open", pgettext_lazy("invitation", "waiting for an answer")
    ANSWERED = "answered", pgettext_lazy("invitation", "answered")
    EXPIRED = "expired", pgettext_lazy("invitation", "expired without an answer")
    CANCELLED = "cancelled", pgettext_lazy("invitation", "cancelled")


class ConcernKind(models.TextChoices):
    """What stands open against a solution."""

    INTEGRITY = "integrity", _("doubt about integrity")
    COMPLAINT = "complaint", _("complaint")


class ConditionOutcome(models.TextChoices):
    """Whether a condition of the preferred rule holds."""

    MET = "met", pgettext_lazy("condition", "met")
    NOT_MET = "not_met", pgettext_lazy("condition", "not met")
    UNKNOWN = "unknown", pgettext_lazy("condition", "not known yet")


class StandingMove(models.TextChoices):
    """What a run of the preferred rule leads to."""

    STAY = "stay", _("nothing changes")
    PREFER = "prefer", _("onto the preferred list")
    WARN = "warn", _("put on notice")
    RESTORE = "restore", _("notice lifted")
    DROP = "drop", _("off the preferred list")


class RejectGround(models.TextChoices):
    """On what a rejection rests. Only the last two can be disputed as facts, so only they need a notice of intent (Awb 4:7)."""

    NOT_MET = "not_met", _("the provider's own evidence does not meet a requirement")
    OTHER_SOURCE = "other_source", _("information from somebody else than the provider")
    INTEGRITY = "integrity", _("a serious doubt about integrity")
