"""Why something in this room cannot happen, and the words of the arithmetic. Codes are stored; sentences come from the locale."""

from django.utils.translation import gettext_lazy as _

from core.reasons import ReasonCode


class AmountReason(ReasonCode):
    """Why an amount is lower than asked, or nothing (DESIGN 4.7)."""

    BELOW_MINIMUM = (
        "vouchers.below_minimum",
        _("The voucher would be € %(award)s. A voucher is at least € %(minimum)s."),
    )
    CAP_USED = (
        "vouchers.cap_used",
        _("In the last %(months)s months € %(already)s was awarded already. The maximum is € %(cap)s."),
    )
    DE_MINIMIS_ROOM = (
        "vouchers.de_minimis_room",
        _("State aid is limited to € %(ceiling)s in %(months)s months. € %(left)s of that is left."),
    )
    CEILING_LEFT = (
        "vouchers.ceiling_left",
        _("The voucher fund has € %(left)s left. That is less than the € %(amount)s this needs."),
    )
    PART_ONLY = (
        "vouchers.part_only",
        _("The voucher fund has € %(left)s left. That is why the voucher is lower than € %(amount)s."),
    )


class Row(ReasonCode):
    """The lines of an arithmetic, as the applicant reads them."""

    ELIGIBLE = "vouchers.row.eligible", _("Cost that counts")
    RATE = "vouchers.row.rate", _("%(rate)s %% of the cost that counts")
    CAP = "vouchers.row.cap", _("Maximum per business in %(months)s months")
    ALREADY = "vouchers.row.already", _("Already awarded in that time")
    CAP_LEFT = "vouchers.row.cap_left", _("Left of the maximum")
    DE_MINIMIS = "vouchers.row.de_minimis", _("Left of the state aid limit")
    CEILING = "vouchers.row.ceiling", _("Left in the voucher fund")
    AWARD = "vouchers.row.award", _("Voucher")
    OWN = "vouchers.row.own", _("Own contribution")


class EligibilityReason(ReasonCode):
    """What an eligibility rule has to say (DESIGN 4.9)."""

    PROVINCE = "vouchers.province", _("The business is not established in %(provinces)s.")
    PROVINCE_UNKNOWN = "vouchers.province_unknown", _("We do not know the municipality of the business.")
    HEADCOUNT = "vouchers.headcount", _("The business has %(headcount)s staff. The limit is fewer than %(limit)s.")
    HEADCOUNT_UNKNOWN = "vouchers.headcount_unknown", _("We do not know how many people work at the business.")
    TURNOVER = (
        "vouchers.turnover",
        _("Turnover is above € %(turnover)s and the balance sheet total above € %(balance)s."),
    )
    BALANCE_UNKNOWN = (
        "vouchers.balance_unknown",
        _("Turnover is above € %(turnover)s, and we do not know the balance sheet total."),
    )
    TURNOVER_UNKNOWN = (
        "vouchers.turnover_unknown",
        _("The balance sheet total is above € %(balance)s, and we do not know the turnover."),
    )
    FIGURES_UNKNOWN = (
        "vouchers.figures_unknown",
        _("The business belongs to a group, and we know neither its turnover nor its balance sheet total."),
    )
    GROUP_UNKNOWN = "vouchers.group_unknown", _("We do not know whether the business belongs to a group.")
    TRADING_TIME = "vouchers.trading_time", _("The business exists for less than %(months)s months.")
    TRADING_TIME_UNKNOWN = "vouchers.trading_time_unknown", _("We do not know when the business started.")
    PRIMARY_SECTOR = (
        "vouchers.primary_sector",
        _("SBI %(sbi)s is farming or fishing. Those follow other state aid rules, so a person looks at this."),
    )
    SBI_UNKNOWN = "vouchers.sbi_unknown", _("We do not know the SBI code of the business.")
    NOT_PREFERRED = "vouchers.not_preferred", _("“%(solution)s” is not on the preferred list.")
    NOT_LISTED = "vouchers.not_listed", _("“%(solution)s” is not in the catalogue.")
    TRIAL_OVER = (
        "vouchers.trial_over",
        _("“%(solution)s” was on trial until %(until)s. After that day no voucher is given for it."),
    )
    TRIAL_FULL = (
        "vouchers.trial_full",
        _("“%(solution)s” is on trial, with at most %(limit)s vouchers. None of those is left."),
    )
    NOT_ON_ROADMAP = (
        "vouchers.not_on_roadmap",
        _("“%(solution)s” is not a step on the roadmap of the business, and no reason was given."),
    )
    ALREADY_ORDERED = (
        "vouchers.already_ordered",
        _("It was not confirmed that nothing has been ordered, signed or paid yet."),
    )
    QUOTE_FUTURE = "vouchers.quote_future", _("Quote %(number)s is dated in the future (%(dated)s).")
    QUOTE_EXPIRED = "vouchers.quote_expired", _("Quote %(number)s was valid until %(valid_until)s.")
    QUOTE_SIGNED = "vouchers.quote_signed", _("It was not confirmed that quote %(number)s is unsigned.")
    QUOTE_SHORT = (
        "vouchers.quote_short",
        _("The price of quote %(number)s is not held until %(weeks)s weeks after the award (%(needed)s)."),
    )
    SAME_BUSINESS = (
        "vouchers.same_business",
        _("Supplier %(supplier)s and the business have the same KvK number."),
    )
    SAME_IBAN = "vouchers.same_iban", _("Supplier %(supplier)s and the business share a bank account.")
    SAME_PERSON = "vouchers.same_person", _("The same person acts for the business and for supplier %(supplier)s.")
    SAME_ADDRESS = "vouchers.same_address", _("Supplier %(supplier)s and the business share an address.")
    SAME_MAIL_DOMAIN = (
        "vouchers.same_mail_domain",
        _("Supplier %(supplier)s and the business share an e-mail domain."),
    )
    OTHER_LIVE = (
        "vouchers.other_live",
        _("This business already has an application in this programme that is not finished."),
    )
    OWN_CONTRIBUTION = (
        "vouchers.own_contribution",
        _("It was not confirmed that the business pays its own part."),
    )
    DE_MINIMIS = (
        "vouchers.de_minimis",
        _("With € %(declared)s of state aid in %(months)s months there is no room left under € %(ceiling)s."),
    )
    INSOLVENT = (
        "vouchers.insolvent",
        _("It was not confirmed that the business is not bankrupt and has no suspension of payments."),
    )
    INSOLVENT_SINCE = (
        "vouchers.insolvent_since",
        _("The business is bankrupt or has a suspension of payments since %(since)s."),
    )
    PAYEE_UNKNOWN = "vouchers.payee_unknown", _("We do not know to which account the money should go.")
    PAYEE_ACCOUNT = (
        "vouchers.payee_account",
        _("The account the money should go to is not an account of %(payee)s any more."),
    )
    PAYEE_UNCHECKED = "vouchers.payee_unchecked", _("Nobody has checked the bank account of %(payee)s.")
    SUSPICION = (
        "vouchers.suspicion",
        _(
            "On %(announced)s we announced that the voucher may be taken back or the amount lowered. Payment waits for that "
            "decision, until %(until)s at most."
        ),
    )


class ApplicationReason(ReasonCode):
    """Why a step of an application is not possible now, or why it was refused."""

    NOT_OPEN = "vouchers.not_open", _("This programme is not open for applications.")
    NO_LINES = "vouchers.no_lines", _("Choose the solution you want a voucher for.")
    FACTS_MISSING = "vouchers.facts_missing", _("Fill in the details of your business first.")
    KVK_MISSING = "vouchers.kvk_missing", _("Fill in the KvK number of your business first.")
    PROVINCE_FIXED = (
        "vouchers.province_fixed",
        _(
            "Your application was received for %(province)s, where money is set aside for it. After moving to another province, "
            "withdraw it and apply again."
        ),
    )
    IBAN_MISSING = "vouchers.iban_missing", _("Fill in the bank account of your business first.")
    QUOTE_MISSING = "vouchers.quote_missing", _("Upload the quote for “%(solution)s”.")
    VAT_MISSING = "vouchers.vat_missing", _("Tell us how much VAT your business gets back.")
    GROUP_MISSING = "vouchers.group_missing", _("Tell us whether your business belongs to a group.")
    RELATED_MISSING = "vouchers.related_missing", _("List the businesses of your group.")
    RELATED_TWICE = "vouchers.related_twice", _("This business is listed already, or it is your own.")
    DE_MINIMIS_MISSING = "vouchers.de_minimis_missing", _("Tell us how much state aid you had before.")
    STATEMENTS_MISSING = "vouchers.statements_missing", _("Confirm the statements first.")
    ANSWER_MISSING = "vouchers.answer_missing", _("Write your answer to our question first.")
    ONE_PER_CATEGORY = (
        "vouchers.one_per_category",
        _("This application already has a solution of this kind. One of each kind is possible."),
    )
    TOO_MANY_LINES = "vouchers.too_many_lines", _("An application has at most %(limit)s solutions.")
    QUANTITY_CAP = "vouchers.quantity_cap", _("Of this package at most %(limit)s can be counted.")
    PACKAGE_GONE = "vouchers.package_gone", _("This package is not offered any more.")
    NO_RESERVATION = (
        "vouchers.no_reservation",
        _("There is no money set aside for this application yet, because the voucher fund is full."),
    )
    HAS_RESERVATION = "vouchers.has_reservation", _("Money is set aside for this application already.")
    VERDICT_MISSING = "vouchers.verdict_missing", _("Judge this first: %(rule)s.")
    NOT_ELIGIBLE = "vouchers.not_eligible", _("This application does not meet the conditions: %(rule)s.")
    ELIGIBLE_TOO_HIGH = (
        "vouchers.eligible_too_high",
        _("The cost that counts cannot be more than € %(limit)s, the amount asked for."),
    )
    ADVICE_CHANGED = (
        "vouchers.advice_changed",
        _("The application changed after the advice. It has to be assessed again."),
    )
    SECOND_DECIDER = (
        "vouchers.second_decider",
        _(
            "Above € %(limit)s this programme asks for two deciders. A second approval cannot be given yet, so this award of "
            "€ %(amount)s cannot be made."
        ),
    )
    RULED_BEFORE = (
        "vouchers.ruled_before",
        _("You ruled on the objection that opened this application again. Somebody else decides it now."),
    )
    AWARD_ZERO = "vouchers.award_zero", _("The award would be nothing. Refuse the application instead.")
    REASON_NEEDED = "vouchers.reason_needed", _("Give at least one reason.")
    QUESTION_NEEDED = "vouchers.question_needed", _("Write down what you need to know.")
    INTENT_NEEDED = (
        "vouchers.intent_needed",
        _(
            "The applicant can dispute this ground. Send a notice of intent first, and wait for the answer or for %(weeks)s weeks."
        ),
    )
    INTENT_OPEN = (
        "vouchers.intent_open",
        _("The applicant may answer the notice of intent until %(until)s."),
    )
    INTENT_ANSWERED = "vouchers.intent_answered", _("This notice of intent was answered already.")
    INTENT_CLOSED = (
        "vouchers.intent_closed",
        _("This notice of intent no longer counts: the application is being looked at again or was decided."),
    )
    INTENT_SENT = "vouchers.intent_sent", _("A notice of intent is open already.")
    NOT_ADVISED = "vouchers.not_advised", _("The application has to be assessed first.")
    STILL_WAITING = (
        "vouchers.still_waiting",
        _("An application on the waiting list is only refused once the programme is closed and the fund is used up."),
    )
    CEILING_NO_GROUND = (
        "vouchers.ceiling_no_ground",
        _(
            "“The voucher fund is used up” is a ground only once the programme is closed and the fund does not fit this "
            "application. Until then it waits for money."
        ),
    )
    FITS = "vouchers.fits", _("The voucher fund has enough left for this application, so it can be decided.")
    ASKED_TERM_OPEN = (
        "vouchers.asked_term_open",
        _("The applicant has until %(until)s to complete the application."),
    )
    NEVER_ASKED = (
        "vouchers.never_asked",
        _("An application is only closed as incomplete after the applicant was asked to complete it."),
    )
    RULE_NOT_IN_REVIEW = "vouchers.rule_not_in_review", _("This rule does not ask for a judgement.")


class RefusalGround(ReasonCode):
    """On what ground an application is refused or dismissed. The decider chooses from these (Awb 4:25, 4:35, 4:5)."""

    CEILING = "vouchers.refusal.ceiling", _("The voucher fund is used up.")
    NOT_ELIGIBLE = "vouchers.refusal.not_eligible", _("The application does not meet the conditions of the programme.")
    MINIMUM = "vouchers.refusal.minimum", _("The voucher would be lower than the minimum of the programme.")
    DOUBTFUL = (
        "vouchers.refusal.doubtful",
        _("There is good reason to expect that the work will not, or not fully, be done."),
    )
    OBLIGATIONS = (
        "vouchers.refusal.obligations",
        _("There is good reason to expect that the obligations of the voucher will not be met."),
    )
    FALSE_DATA = "vouchers.refusal.false_data", _("The application holds wrong or incomplete information.")
    INSOLVENCY = "vouchers.refusal.insolvency", _("The business is bankrupt or has a suspension of payments.")
    INCOMPLETE = "vouchers.refusal.incomplete", _("The application was not completed in time.")


#: The legal ground of each refusal, and with it whether the applicant is heard first (DESIGN 3: grounds one can dispute).
GROUND_OF_REFUSAL = {
    RefusalGround.CEILING: "Awb 4:25",
    RefusalGround.NOT_ELIGIBLE: "Awb 4:23",
    RefusalGround.MINIMUM: "Awb 4:23",
    RefusalGround.DOUBTFUL: "Awb 4:35",
    RefusalGround.OBLIGATIONS: "Awb 4:35",
    RefusalGround.FALSE_DATA: "Awb 4:35",
    RefusalGround.INSOLVENCY: "Awb 4:35",
    RefusalGround.INCOMPLETE: "Awb 4:5",
}


class BudgetReason(ReasonCode):
    """Why a budget does not move."""

    SHORT = "vouchers.budget.short", _("The voucher fund has € %(left)s left, and € %(amount)s is needed.")
    CEILING_TOO_LOW = (
        "vouchers.budget.ceiling_too_low",
        _("€ %(used)s is reserved, awarded or paid already, so the ceiling cannot be lower than that."),
    )
    TWICE = "vouchers.budget.twice", _("This was booked already.")
    NOT_THERE = "vouchers.budget.not_there", _("There is not that much %(account)s money to move.")
    DISTRIBUTION_FROZEN = (
        "vouchers.budget.distribution_frozen",
        _("How the fund is divided cannot change once the programme is open."),
    )
    LOTTERY_NOT_YET = (
        "vouchers.budget.lottery_not_yet",
        _("Dividing a fund per day, by lot, is not available yet. Choose “in order of arrival”."),
    )
    NO_BUDGET = "vouchers.budget.none", _("This programme has no voucher fund yet.")


class ObjectionReason(ReasonCode):
    """Why an objection does not move."""

    TEXT_NEEDED = "vouchers.objection.text_needed", _("Write down why you disagree.")
    ALREADY = "vouchers.objection.already", _("There is an objection to this decision already.")
    HAND_IN_DECISION = (
        "vouchers.objection.hand_in_decision",
        _("You worked on the first decision. Somebody else decides the objection."),
    )
    TO_COURT = (
        "vouchers.objection.to_court",
        _("This is the decision on an objection. With that you can go to the court until %(until)s."),
    )
    AWARD_STANDS = (
        "vouchers.objection.award_stands",
        _(
            "An award cannot be changed after its vouchers were issued. If it was too low, the business can apply for the "
            "difference and withdraw this objection."
        ),
    )
    RECLAIM_ENDED = (
        "vouchers.objection.reclaim_ended",
        _("This reclaim has ended, so it cannot be taken back. Have the claim determined again instead."),
    )
