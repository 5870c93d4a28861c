"""What people do with their own account, organisations and bank accounts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.enums import KINDS_OF_ROLE, OrganisationKind, Role
from accounts.models import BankAccount, Membership, Organisation, User
from core import clock
from core.actors import SystemActor
from core.identifiers import normalise_iban, normalise_kvk, normalise_postcode, normalise_vat_id
from core.workflow import NotAuthorised, note, unit


@unit
def register_organisation(*, by: User, kind: OrganisationKind, **fields: Any) -> Organisation:
    """Registers a business or provider and makes `by` its first member.

    Raises ValidationError when a number is wrong or the KvK number is already registered for this kind: whoever belongs to
    that organisation then has to invite the person. Authorities and desks are made by `set_up_organisation`.
    """
    if kind not in {OrganisationKind.SME, OrganisationKind.PROVIDER}:
        raise NotAuthorised("register")
    organisation = _new_organisation(kind, fields)
    Membership.objects.create(person=by, organisation=organisation, role=Role.MEMBER)
    by.__dict__.pop("_known_memberships", None)
    note(by=by, action="register", subject=organisation, facts={"kind": kind, "kvk": organisation.kvk})
    return organisation


@unit
def set_up_organisation(*, by: Any, kind: OrganisationKind, **fields: Any) -> Organisation:
    """Sets up an authority or desk; a technical act, for the set-up commands. Raises NotAuthorised for a person."""
    _only_the_operator(by, "set_up")
    organisation = _new_organisation(kind, fields)
    note(by=by, action="set_up", subject=organisation, facts={"kind": kind})
    return organisation


@unit
def grant_role(*, by: Any, person: User, organisation: Organisation, role: Role) -> Membership:
    """Gives a person a role at an organisation, which takes who runs the installation: no role gives roles.

    Raises NotAuthorised for a person, ValueError for a role that such an organisation does not have.
    """
    _only_the_operator(by, "grant_role")
    if organisation.kind not in KINDS_OF_ROLE[Role(role)]:
        raise ValueError(f"{role} does not exist at a {organisation.kind}")
    membership, made = Membership.objects.get_or_create(
        person=person, organisation=organisation, role=role, ended_at=None
    )
    if made:
        person.__dict__.pop("_known_memberships", None)
        note(by=by, action="grant_role", subject=organisation, facts={"person": f"user:{person.pk}", "role": role})
    return membership


@unit
def withdraw_role(*, by: Any, person: User, organisation: Organisation, role: Role) -> None:
    """Ends a person's role at an organisation from now on; what was done with it stays as it was.

    Raises NotAuthorised for a person, Membership.DoesNotExist when nobody gave this role or it was ended before.
    """
    _only_the_operator(by, "withdraw_role")
    live = Membership.objects.select_for_update(of=("self",)).filter(ended_at=None)
    membership = live.get(person=person, organisation=organisation, role=role)
    membership.ended_at = clock.now()
    membership.save(update_fields=["ended_at"])
    person.__dict__.pop("_known_memberships", None)
    note(by=by, action="withdraw_role", subject=organisation, facts={"person": f"user:{person.pk}", "role": role})


@unit
def add_bank_account(
    *, by: User, organisation: Organisation, iban: str, holder: str, stripe_account: str = ""
) -> BankAccount:
    """Adds an account to one's own organisation. Raises NotAuthorised for another's, ValidationError for a wrong IBAN."""
    if not by.is_member_of(organisation):
        raise NotAuthorised("add_bank_account")
    account = BankAccount(
        organisation=organisation, iban=normalise_iban(iban), holder=holder, stripe_account=stripe_account
    )
    account.full_clean(exclude=["organisation"])
    account.save()
    note(
        by=by,
        action="add_bank_account",
        subject=organisation,
        facts={"account": account.pk},
        private={"iban": account.iban},
    )
    return account


@unit
def keep_bank_account(*, by: User, organisation: Organisation, iban: str, holder: str) -> BankAccount:
    """The live account with this IBAN in this name, added when there is none. Raises as `add_bank_account`.

    Another name ends the account as it was and adds a new one, which has to be checked again: accounts are replaced and never
    edited, because payments and decisions point at them.
    """
    live = BankAccount.objects.select_for_update(of=("self",)).filter(organisation=organisation, ended_at__isnull=True)
    known = live.filter(iban=normalise_iban(iban)).first()
    if known and known.holder == holder:
        return known
    if known:
        if not by.is_member_of(organisation):
            raise NotAuthorised("end_bank_account")
        known.ended_at = clock.now()
        known.save(update_fields=["ended_at"])
        note(by=by, action="end_bank_account", subject=organisation, facts={"account": known.pk})
    return add_bank_account(by=by, organisation=organisation, iban=iban, holder=holder)


@unit
def verify_bank_account(*, by: User, account: BankAccount) -> BankAccount:
    """Records that an assessor saw a statement with this IBAN in the organisation's name (checklist item FIN-05)."""
    if not by.holds(Role.ASSESSOR) or by.is_member_of(account.organisation_id):
        raise NotAuthorised("verify_bank_account")
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    account.verified_at = clock.now()
    account.save(update_fields=["verified_at"])
    note(by=by, action="verify_bank_account", subject=account.organisation, facts={"account": account.pk})
    return account


@unit
def change_profile(*, by: User, name: str, language: str) -> User:
    """Changes one's own name and language of letters."""
    by.name, by.language = name, language
    by.full_clean(exclude=["password"])
    by.save(update_fields=["name", "language"])
    note(by=by, action="change_profile", subject=by, facts={"language": language}, private={"name": name})
    return by


@unit
def make_api_key(*, by: User) -> str:
    """A fresh key for programs that act as this person. It is told once; the database keeps only its fingerprint."""
    token, key = AuthToken.objects.create(user=by)
    note(by=by, action="make_api_key", subject=by, facts={"key": token.token_key})
    return key


@unit
def withdraw_api_key(*, by: User, token_key: str) -> None:
    """Ends one of one's own keys. Raises AuthToken.DoesNotExist for another's."""
    AuthToken.objects.get(user=by, token_key=token_key).delete()
    note(by=by, action="withdraw_api_key", subject=by, facts={"key": token_key})


def _only_the_operator(by: Any, verb: str) -> None:
    if not isinstance(by, SystemActor):
        raise NotAuthorised(verb)


def _new_organisation(kind: OrganisationKind, fields: dict[str, Any]) -> Organisation:
    organisation = Organisation(kind=kind, **fields)
    organisation.kvk = normalise_kvk(organisation.kvk)
    organisation.vat_id = normalise_vat_id(organisation.vat_id)
    organisation.postcode = normalise_postcode(organisation.postcode)
    if organisation.kvk and Organisation.objects.filter(kind=kind, kvk=organisation.kvk).exists():
        taken = _("This KvK number is registered already. Was that not you? Then contact us.")
        raise ValidationError({"kvk": ValidationError(taken, code="taken")})
    organisation.full_clean()  # says the same, less clearly, to whoever registers it at this very moment
    organisation.save()
    return organisation
