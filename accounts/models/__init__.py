"""Who there is: people, organisations and what they may do for them; and the map of the country and its sectors."""

from accounts.models.geography import Municipality, Province
from accounts.models.organisation import BankAccount, Interest, Membership, Organisation, validate_not_ours
from accounts.models.person import User
from accounts.models.sector import SbiDivision, Sector, SectorSbi

__all__ = [
    "BankAccount",
    "Interest",
    "Membership",
    "Municipality",
    "Organisation",
    "Province",
    "SbiDivision",
    "Sector",
    "SectorSbi",
    "User",
    "validate_not_ours",
]
