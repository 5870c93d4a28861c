"""What this room remembers: programmes and their money, applications and decisions, vouchers, claims and what was reclaimed."""

from vouchers.models.application import Application
from vouchers.models.assessment import EligibilityCheck, InformationRequest
from vouchers.models.budget import Budget, LedgerEntry, LedgerTransaction
from vouchers.models.claim import Claim
from vouchers.models.claim_rows import ClaimPayment, EndUser
from vouchers.models.decision import Decision, NoticeOfIntent
from vouchers.models.group import RelatedBusiness
from vouchers.models.line import ApplicationLine
from vouchers.models.objection import Objection
from vouchers.models.programme import Programme, RuleSet
from vouchers.models.reclaim import Reclaim
from vouchers.models.voucher import Voucher, VoucherReminder

__all__ = [
    "Application",
    "ApplicationLine",
    "Budget",
    "Claim",
    "ClaimPayment",
    "Decision",
    "EligibilityCheck",
    "EndUser",
    "InformationRequest",
    "LedgerEntry",
    "LedgerTransaction",
    "NoticeOfIntent",
    "Objection",
    "Programme",
    "Reclaim",
    "RelatedBusiness",
    "RuleSet",
    "Voucher",
    "VoucherReminder",
]
