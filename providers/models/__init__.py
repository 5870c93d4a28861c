"""Providers and their vetting, solutions and their packages, and what end users report."""

from providers.models.catalogue import Category, Solution
from providers.models.feedback import Baseline, Concern, FeedbackInvitation, FeedbackReport, StandingRun
from providers.models.offers import NO_OFFER, facts_by_category
from providers.models.package import Package, PackagePrice
from providers.models.provider import ChecklistItem, Provider
from providers.models.reminder import VettingReminder
from providers.models.vetting import Dossier, DossierItem, Evidence, VettingDecision

__all__ = [
    "NO_OFFER",
    "Baseline",
    "Category",
    "ChecklistItem",
    "Concern",
    "Dossier",
    "DossierItem",
    "Evidence",
    "FeedbackInvitation",
    "FeedbackReport",
    "Package",
    "PackagePrice",
    "Provider",
    "Solution",
    "StandingRun",
    "VettingDecision",
    "VettingReminder",
    "facts_by_category",
]
