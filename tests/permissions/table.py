"""Who may open what: a row for every address of ours, by room. `test_table.py` compares it with the URLconf.

A new address without a row fails the build. Ask for each: whose is it, which role reads it, who writes, and is there an
object in it that others may not even know of? Those get a 404 (`only`), not a 403.
"""

from tests.permissions.kinds import API_MEMBERS, MEMBERS, NOWHERE, PUBLIC, Kind, Row, hidden, officials, only

SME, PROVIDER = Kind.SME_OWNER, Kind.PROVIDER_OWNER
ASSESSOR, DECIDER, TREASURER = Kind.ASSESSOR, Kind.DECIDER, Kind.TREASURER
APPROVER, MANAGER, AUDITOR = Kind.APPROVER, Kind.MANAGER, Kind.AUDITOR

CASE_READERS = (ASSESSOR, DECIDER, TREASURER, APPROVER, MANAGER, AUDITOR)
VETTERS = (ASSESSOR, DECIDER, MANAGER, AUDITOR)
MONEY_READERS = (TREASURER, APPROVER, MANAGER, AUDITOR)
HANDLERS = (TREASURER, APPROVER)
CASE_HANDLERS = (ASSESSOR, DECIDER, TREASURER, APPROVER)

THIRD_PARTY = {
    "allauth": "login, sign-up, password and second factor: allauth's own tests cover who may, the second factor ours",
}
"""Packages whose addresses we include as they are, each with why they have no rows here."""


def public(*names: str) -> list[Row]:
    return [Row(name, get=PUBLIC) for name in names]


def mine(names: str, args: str, *owners: Kind, post: bool = True) -> list[Row]:
    """Rows with a form about an object of one's own."""
    access = only(*owners)
    return [Row(name, args, get=access, post=access if post else None) for name in names.split()]


def buttons(names: str, args: str, *owners: Kind) -> list[Row]:
    """Buttons on an object of one's own: they take only a POST."""
    return [Row(name, args, post=only(*owners)) for name in names.split()]


MARKETPLACE = [
    Row("healthz", path="/healthz", get=PUBLIC),
    Row(".well-known/security.txt", path="/.well-known/security.txt", get=PUBLIC),
    Row("robots.txt", path="/robots.txt", get=PUBLIC),
    Row("favicon.ico", path="/favicon.ico", get=PUBLIC),
    Row("readyz", path="/readyz", get=PUBLIC),
    *public("marketplace:home", "marketplace:first_aid", "marketplace:roadmap"),
    *public("marketplace:privacy", "marketplace:cookies", "marketplace:accessibility", "marketplace:contact"),
    *public("marketplace:api", "marketplace:estimate", "marketplace:styleguide", "marketplace:demo_mail"),
    Row("marketplace:problem", "=websitebouwer", get=PUBLIC),
    Row("marketplace:roadmap", query="?sector=DETAIL&level=2", get=PUBLIC),
    Row("marketplace:estimate", query="?cost=1000", get=PUBLIC),
    Row("marketplace:demo_mail_read", "mail =0", get=PUBLIC),
    Row("marketplace:scan_result", "scan_token", get=PUBLIC),
    Row("marketplace:scan_result", "open_token", get=PUBLIC),
    Row("marketplace:my_trede", get=MEMBERS),
    Row("marketplace:my_scans", get=MEMBERS),
    *mine("marketplace:my_scan", "saved.pk", SME, post=False),
    *mine("marketplace:my_scan_delete", "saved.pk", SME),
    Row("marketplace:my_scan_progress", "saved.pk", post=only(SME), body={"stap-BACKUP": "done"}),
    Row("marketplace:trail", get=officials(AUDITOR)),
    Row("marketplace:trail_csv", get=officials(AUDITOR)),
]

ACCOUNTS = [
    Row("accounts:profile", get=MEMBERS, post=MEMBERS),
    *mine("accounts:bank_account", "business.pk", SME),
    *mine("accounts:bank_account", "provider.organisation_id", PROVIDER),
    Row("accounts:make_key", post=MEMBERS),
    *buttons("accounts:withdraw_key", "token_key", SME),
    Row("accounts:interests", get=officials(*CASE_READERS), post=officials(*CASE_READERS)),
    *buttons("accounts:end_interest", "interest.pk", ASSESSOR),
    Row("accounts:insolvency", "business.pk", get=officials(*CASE_HANDLERS), post=officials(*CASE_HANDLERS)),
]

VETTING = [
    Row("providers:provider_home", get=MEMBERS),
    Row("providers:provider_register", get=MEMBERS, post=MEMBERS),
    *mine("providers:dossier", "renewal.pk", PROVIDER, post=False),
    *mine("providers:dossier_submit providers:dossier_withdraw", "renewal.pk", PROVIDER),
    *mine("providers:dossier_item", "renewal.pk =ORG-01", PROVIDER),
    *mine("providers:dossier_drop_file", "renewal.pk evidence_of_draft.pk", PROVIDER),
    *mine("providers:dossier_react", "listing.pk", PROVIDER),
    *mine("providers:provider_page", "provider.slug", PROVIDER, post=False),
    *mine("providers:provider_profile providers:provider_react providers:provider_leave", "provider.slug", PROVIDER),
    Row("providers:dossier_start", "provider.slug", post=only(PROVIDER), body={"kind": "renewal"}),
    *buttons("providers:provider_reapply", "stopped.slug", PROVIDER),
    Row("providers:vetting_queue", get=officials(*VETTERS)),
    Row("providers:vetting_queue_csv", get=officials(*VETTERS)),
    Row("providers:vetting_providers", get=officials(*VETTERS)),
    Row("providers:vetting_providers_csv", get=officials(*VETTERS)),
    Row("providers:vetting_provider", "provider.slug", get=officials(*VETTERS)),
    Row(
        "providers:vetting_provider_act",
        "provider.slug =voornemen",
        get=officials(ASSESSOR),
        post=officials(ASSESSOR),
    ),
    Row("providers:vetting_provider_act", "provider.slug =schorsen", get=officials(DECIDER), post=officials(DECIDER)),
    Row("providers:review", "listing.pk", get=officials(*VETTERS)),
    Row("providers:review", "renewal.pk", get=hidden(officials(*VETTERS))),
    Row("providers:review_item", "listing.pk =SOL-01", get=officials(*VETTERS), post=officials(ASSESSOR)),
    Row(
        "providers:review_item", "renewal.pk =FIN-01", get=hidden(officials(*VETTERS)), post=hidden(officials(*VETTERS))
    ),
    Row("providers:review_act", "listing.pk =advies", get=officials(ASSESSOR), post=officials(ASSESSOR)),
    Row("providers:review_act", "listing.pk =goedkeuren", get=officials(DECIDER), post=officials(DECIDER)),
    Row("providers:evidence", "evidence.pk", get=only(PROVIDER, *VETTERS)),
    Row("providers:evidence", "evidence_of_draft.pk", get=only(PROVIDER)),
    Row("providers:vetting_decision", "vetting_decision.pk", get=only(PROVIDER, *VETTERS)),
]

CATALOGUE = [
    *public("providers:catalogue", "providers:catalogue_csv", "providers:preferred_explained", "providers:compare"),
    *public("providers:for_providers"),
    *public("providers:feedback_thanks"),
    Row("providers:solution", "solution.slug", get=PUBLIC),
    Row("providers:solution", "sketch.slug", get=NOWHERE),
    Row("providers:provider_public", "provider.slug", get=PUBLIC),
    Row("providers:provider_public", "stopped.slug", get=NOWHERE),
    Row("providers:feedback", "=geheime-link-van-een-klant", get=PUBLIC, post=PUBLIC),
    Row("providers:feedback", "=geheime-link-van-niemand", get=NOWHERE, post=NOWHERE),
    Row("providers:my_solutions", get=MEMBERS),
    Row("providers:my_solution_new", get=MEMBERS, post=MEMBERS),
    *mine("providers:my_solution", "sketch.pk", PROVIDER, post=False),
    *mine("providers:my_solution_edit providers:my_package_new", "sketch.pk", PROVIDER),
    *mine("providers:my_references providers:my_solution_retire", "sketch.pk", PROVIDER),
    *mine("providers:my_package providers:my_price", "sketch.pk sketch_package.pk", PROVIDER),
    *mine("providers:my_solution_reply providers:my_solution_react", "solution.pk", PROVIDER),
    *mine("providers:my_reference_withdraw", "solution.pk reference.pk", PROVIDER),
    *buttons("providers:my_package_drop", "sketch.pk sketch_package.pk", PROVIDER),
    *buttons("providers:my_reference_resend", "solution.pk reference.pk", PROVIDER),
    *buttons("providers:my_solution_vetting", "sketch.pk", PROVIDER),
    Row("providers:vetting_solutions", get=officials(*VETTERS)),
    Row("providers:vetting_solutions_csv", get=officials(*VETTERS)),
    Row("providers:vetting_solution", "solution.pk", get=officials(*VETTERS)),
    *[
        Row("providers:vetting_solution_act", f"solution.pk ={act}", get=access, post=access)
        for access in [officials(ASSESSOR, DECIDER)]
        for act in ("achterhouden", "meetellen")
    ],
    *[
        Row("providers:vetting_solution_act", f"solution.pk ={act}", get=officials(who), post=officials(who))
        for act, who in [
            ("schorsen", DECIDER),
            ("voornemen", ASSESSOR),
            ("afzien", DECIDER),
            ("melding", ASSESSOR),
            ("afhandelen", DECIDER),
            ("opheffen", DECIDER),
        ]
    ],
]

ROADMAP = [
    Row("roadmap:scan_start", get=PUBLIC, post=PUBLIC),
    Row("roadmap:scan_deleted", get=PUBLIC),
    Row("roadmap:scan_question", "open_token =1", get=PUBLIC, post=PUBLIC),
    Row("roadmap:scan_question", "=geen-echte-link =1", get=NOWHERE, post=NOWHERE),
    Row("roadmap:scan_have", "scan_token", get=PUBLIC, post=PUBLIC),
    Row("roadmap:scan_about", "open_token", get=PUBLIC, post=PUBLIC),
    Row("roadmap:scan_progress", "scan_token", post=PUBLIC, body={"stap-BACKUP": "done"}),
    Row("roadmap:scan_delete", "scan_token", get=PUBLIC, post=PUBLIC),
    Row("roadmap:scan_claim", "scan_token", get=MEMBERS, post=only(SME), body={"organisation": "@business.pk"}),
]

APPLYING = [
    Row("vouchers:applications", get=MEMBERS),
    Row("vouchers:start", get=MEMBERS, post=MEMBERS),
    Row("vouchers:register", get=MEMBERS, post=MEMBERS),
    *mine("vouchers:application", "draft.pk", SME, post=False),
    *mine("vouchers:application", "refused.pk", SME, post=False),
    *mine("vouchers:business vouchers:group vouchers:vat vouchers:aid vouchers:motivation", "draft.pk", SME),
    *mine("vouchers:statements vouchers:send vouchers:withdraw", "draft.pk", SME),
    *mine("vouchers:quote", "draft.pk draft_line.pk", SME),
    *mine("vouchers:answer_intent", "advised.pk intent.pk", SME),
    Row("vouchers:quote_file", "draft.pk draft_line.pk", get=only(SME)),
    Row("vouchers:quote_file", "sent.pk sent_line.pk", get=only(SME, *CASE_READERS)),
    Row("vouchers:letter", "refused.pk refusal.pk", get=only(SME, *CASE_READERS)),
    *mine("vouchers:object", "refused.pk refusal.pk", SME),
    Row("vouchers:assess_queue", get=officials(*CASE_READERS)),
    Row("vouchers:assess_queue", query="?format=csv", get=officials(*CASE_READERS)),
    Row("vouchers:assess_case", "sent.pk", get=officials(*CASE_READERS), post=officials(*CASE_READERS)),
    Row(
        "vouchers:assess_case", "draft.pk", get=hidden(officials(*CASE_READERS)), post=hidden(officials(*CASE_READERS))
    ),
    Row("vouchers:decide_queue", get=officials(*CASE_READERS)),
    Row("vouchers:decide_queue", query="?format=csv", get=officials(*CASE_READERS)),
    Row("vouchers:decide_case", "advised.pk", get=officials(*CASE_READERS), post=officials(DECIDER)),
    Row(
        "vouchers:decide_case", "draft.pk", get=hidden(officials(*CASE_READERS)), post=hidden(officials(*CASE_READERS))
    ),
    Row("vouchers:programmes", get=officials(*CASE_READERS)),
    Row("vouchers:programme", "=digitale-trede", get=officials(*CASE_READERS), post=officials(MANAGER)),
    Row("vouchers:programme", "=geen-regeling", get=hidden(officials(*CASE_READERS))),
    Row("vouchers:objections", get=officials(*CASE_READERS)),
    Row("vouchers:objections", query="?format=csv", get=officials(*CASE_READERS)),
    Row("vouchers:objection", "objection.pk", get=officials(*CASE_READERS), post=officials(DECIDER)),
]

CLAIMING = [
    Row("vouchers:vouchers", get=MEMBERS),
    Row("vouchers:provider_vouchers", get=MEMBERS),
    *mine("vouchers:voucher", "voucher.number", SME, post=False),
    *mine("vouchers:voucher_order vouchers:voucher_delivery", "voucher.number", SME),
    *mine("vouchers:voucher_extend vouchers:voucher_cancel", "voucher.number", SME),
    *mine("vouchers:voucher_respond", "voucher.number notice.pk", SME),
    *mine("vouchers:claim_start", "voucher.number", SME),
    *mine("vouchers:claim", "voucher.number claim_draft.seq", SME, post=False),
    *mine("vouchers:claim_invoice vouchers:claim_payment", "voucher.number claim_draft.seq", SME),
    *mine("vouchers:claim_users vouchers:claim_proof", "voucher.number claim_draft.seq", SME),
    *mine("vouchers:claim_withdraw", "voucher.number claim_draft.seq", SME),
    *buttons("vouchers:claim_send", "voucher.number claim_draft.seq", SME),
    *mine("vouchers:claim_respond", "claim_advised.voucher.number claim_advised.seq", SME),
    Row(
        "vouchers:claim_letter",
        "claim_determined.voucher.number claim_determined.seq",
        get=only(SME, *CASE_READERS),
    ),
    Row(
        "vouchers:claim_file",
        "claim_sent.voucher.number claim_sent.seq claim_sent.invoice_file_id",
        get=only(SME, *CASE_READERS),
    ),
    Row("vouchers:claim_file", "voucher.number claim_draft.seq claim_draft.invoice_file_id", get=only(SME)),
    *mine("vouchers:provider_voucher", "voucher.number", PROVIDER, post=False),
    *buttons("vouchers:provider_confirm_order vouchers:provider_confirm_delivery", "voucher.number", PROVIDER),
    Row("vouchers:voucher_review", "voucher.number", get=officials(*CASE_READERS), post=officials(*CASE_READERS)),
    Row("vouchers:claim_reclaim", "claim_determined.pk", get=officials(*CASE_READERS), post=officials(*CASE_READERS)),
    Row("vouchers:claim_reclaim", "claim_draft.pk", get=hidden(officials(*CASE_READERS))),
    Row("vouchers:claim_queue", get=officials(*CASE_READERS)),
    Row("vouchers:claim_queue", query="?format=csv", get=officials(*CASE_READERS)),
    Row("vouchers:claim_review", "claim_sent.pk", get=officials(*CASE_READERS)),
    Row("vouchers:claim_review", "claim_draft.pk", get=hidden(officials(*CASE_READERS))),
    Row("vouchers:claim_take_up", "claim_sent.pk", post=officials(ASSESSOR)),
    Row("vouchers:claim_ask", "claim_sent.pk", get=officials(ASSESSOR), post=officials(ASSESSOR)),
    Row("vouchers:claim_advise", "claim_sent.pk", get=officials(ASSESSOR), post=officials(ASSESSOR)),
    Row("vouchers:claim_decide", "claim_advised.pk", get=officials(DECIDER), post=officials(DECIDER)),
    Row("vouchers:claim_return", "claim_advised.pk", get=officials(DECIDER), post=officials(DECIDER)),
    Row("vouchers:claim_withhold", "claim_determined.pk", get=officials(DECIDER), post=officials(DECIDER)),
    Row("vouchers:claim_release", "claim_determined.pk", post=officials(DECIDER)),
    Row(
        "vouchers:claim_intend",
        "claim_advised.pk",
        get=officials(ASSESSOR, DECIDER),
        post=officials(ASSESSOR, DECIDER),
    ),
]

PAYOUTS = [
    *[Row(f"payouts:{name}", get=officials(*MONEY_READERS)) for name in ("overview", "batches", "payouts", "work")],
    Row("payouts:batches", query="?format=csv", get=officials(*MONEY_READERS)),
    Row("payouts:payouts", query="?format=csv", get=officials(*MONEY_READERS)),
    Row("payouts:payable", get=officials(*MONEY_READERS), post=officials(TREASURER)),
    Row("payouts:batch", "batch.number", get=officials(*MONEY_READERS)),
    Row("payouts:bank_file", "batch_sent.number", post=officials(*HANDLERS)),
    Row("payouts:release", "batch.number", post=officials(APPROVER)),
    Row("payouts:cancel_batch", "batch.number", post=officials(*HANDLERS)),
    Row("payouts:confirm_batch", "batch_sent.number", post=officials(*HANDLERS)),
    Row("payouts:payout", "payout.number", get=officials(*MONEY_READERS)),
    *[
        Row(f"payouts:{name}", "payout.number", post=officials(*HANDLERS))
        for name in ("confirm", "returned", "report", "cancel", "propose")
    ],
    Row("payouts:resolve", "payout.number resolution.pk", post=officials(*HANDLERS)),
    Row("payouts:clear_message", "message.pk", post=officials(*HANDLERS)),
    Row("hooks:stripe", post=PUBLIC),
]

API = [
    *public("api:index", "api:provinces", "api:questions"),
    Row("api:programme", "=digitale-trede", get=PUBLIC),
    *public("api:schema", "api:sectors", "api:categories", "api:municipalities", "api:programmes", "api:solutions"),
    Row("api:token", post=PUBLIC),
    Row("api:me", get=API_MEMBERS),
    Row("api:estimate", "=digitale-trede", post=PUBLIC),
    Row("api:solution", "solution.slug", get=PUBLIC),
    Row("api:solution", "sketch.slug", get=NOWHERE),
    Row("api:scans", post=PUBLIC),
    Row("api:scan", "scan_token", get=PUBLIC),
    Row("api:scan", "open_token", get=NOWHERE),
    Row("api:roadmap", get=PUBLIC),
    Row("api:^.*$", path="/api/v1/applications/1/", get=NOWHERE, post=NOWHERE),
]

ROWS = [*MARKETPLACE, *ACCOUNTS, *VETTING, *CATALOGUE, *ROADMAP, *APPLYING, *CLAIMING, *PAYOUTS, *API]
"""Every row but those of `acts.py`, which are about buttons that share an address."""
