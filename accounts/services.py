"""What people do with their own account, organisations and bank accounts."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _
from knox.models import AuthToken

from accounts.enums import CASE_HANDLERS, KINDS_OF_ROLE, OFFICIALS, AccountReason, OrganisationKind, Role
from accounts.models import BankAccount, Interest, Membership, Organisation, User
from accounts.rules import NO_CASE, kept_until
from core import audit, clock
from core.actors import SystemActor
from core.identifiers import normalise_iban, normalise_kvk, normalise_postcode, normalise_vat_id
from core.models import AuditEntry
from core.reasons import Reason, Refused
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
    by.forget()
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
        person.forget()
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
    person.forget()
    note(by=by, action="withdraw_role", subject=organisation, facts={"person": f"user:{person.pk}", "role": role})


@unit
def add_bank_account(
    *, by: User, organisation: Organisation, iban: str, holder: str, stripe_account: str = ""
) -> BankAccount:
    """Adds an account to one's own organisation.

    Raises NotAuthorised for another's, ValidationError for a wrong IBAN and for the account that vouchers are paid from.
    """
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
    edited, because payments and decisions point at them. The name of before brings the account of before back, with what
    was checked of it, so that a payment that points at it can go on.
    """
    own = BankAccount.objects.select_for_update(of=("self",)).filter(organisation=organisation)
    same = own.filter(iban=normalise_iban(iban))
    known = same.filter(ended_at__isnull=True).first()
    if known and known.holder == holder:
        return known
    if known:
        if not by.is_member_of(organisation):
            raise NotAuthorised("end_bank_account")
        known.ended_at = clock.now()
        known.save(update_fields=["ended_at"])
        note(by=by, action="end_bank_account", subject=organisation, facts={"account": known.pk})
    before = same.filter(holder=holder, ended_at__isnull=False).order_by("-pk").first()
    if before and by.is_member_of(organisation):
        before.ended_at = None
        before.save(update_fields=["ended_at"])
        note(by=by, action="bring_back_bank_account", subject=organisation, facts={"account": before.pk})
        return before
    return add_bank_account(by=by, organisation=organisation, iban=iban, holder=holder)


@unit
def verify_bank_account(*, by: User, account: BankAccount) -> BankAccount:
    """Records that an assessor saw a statement with this IBAN in the organisation's name (checklist item FIN-05)."""
    if not by.holds(Role.ASSESSOR) or _is_tied(by, account.organisation):
        raise NotAuthorised("verify_bank_account")
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    account.verified_at = clock.now()
    account.save(update_fields=["verified_at"])
    note(by=by, action="verify_bank_account", subject=account.organisation, facts={"account": account.pk})
    return account


@unit
def record_insolvency(*, by: User, organisation: Organisation, since: datetime.date | None) -> Organisation:
    """Records since when a business is bankrupt or in suspension of payments, as the register says; None when it is over.

    Raises NotAuthorised for who does not handle cases or belongs to the business, ValidationError for a day to come.
    """
    if not by.holds(*CASE_HANDLERS) or _is_tied(by, organisation):
        raise NotAuthorised("record_insolvency")
    if since is not None and since > clock.today():
        raise ValidationError({"since": ValidationError(_("This day is still to come."), code="future")})
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    organisation.insolvent_since = since
    organisation.save(update_fields=["insolvent_since"])
    note(by=by, action="record_insolvency", subject=organisation, facts={"since": since})
    return organisation


@unit
def declare_interest(*, by: User, organisation: Organisation, why: str) -> Interest:
    """An official declares what connects them to an organisation; from now on others handle its cases (DESIGN 4.8).

    Declared twice it stays as it was. Raises NotAuthorised for who handles no cases, ValidationError without words.
    """
    if not by.holds(*OFFICIALS):
        raise NotAuthorised("declare_interest")
    person = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    known = person.interests.filter(organisation=organisation, ended_at__isnull=True).first()
    if known:
        return known
    interest = Interest(person=person, organisation=organisation, why=why.strip(), declared_at=clock.now())
    interest.full_clean(exclude=["person", "organisation"])
    interest.save()
    by.forget()
    private = {"why": interest.why}
    note(by=by, action="declare_interest", subject=organisation, facts={"interest": interest.pk}, private=private)
    return interest


@unit
def end_interest(*, by: User, interest: Interest) -> Interest:
    """One's own interest is over; what others did with the cases meanwhile stays. Raises NotAuthorised for another's."""
    interest = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if interest.person_id != by.pk:
        raise NotAuthorised("end_interest")
    if interest.ended_at is None:
        interest.ended_at = clock.now()
        interest.save(update_fields=["ended_at"])
        by.forget()
        note(by=by, action="end_interest", subject=interest.organisation, facts={"interest": interest.pk})
    return interest


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


ERASED = "–"
"""What an erased person wrote about an interest becomes."""


@unit
def erase_person(*, by: Any, person: User, keep_years: int) -> User:
    """Makes a person unknown, in place: name, address and ways to log in go, memberships end, personal detail is emptied.

    The row stays, because acts point at it, and so does every entry of the trail (DESIGN 4.14, 4.16). Raises NotAuthorised
    for a person; Refused while the person acted in a file in which something happened less than `keep_years` years ago:
    then the law keeps who acted (GDPR art. 17 (3) b, ADR 0011).
    """
    _only_the_operator(by, "erase")
    person = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    own = AuditEntry.objects.filter(Q(actor=f"user:{person.pk}") | Q(subject=f"accounts.user:{person.pk}"))
    _refuse_while_files_are_kept(own, keep_years)
    person.email, person.name, person.last_login = f"erased-{person.pk}@erased.invalid", "", None
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()
    keys, _rows = AuthToken.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    ended = person.memberships.filter(ended_at__isnull=True).update(ended_at=clock.now())
    person.interests.filter(ended_at__isnull=True).update(ended_at=clock.now())
    person.interests.update(why=ERASED)
    person.forget()
    facts = {"memberships": ended, "keys": keys, "details": audit.erase(own)}
    note(by=by, action="erase", subject=person, facts=facts)
    return person


def _refuse_while_files_are_kept(own: QuerySet[AuditEntry], keep_years: int) -> None:
    files = own
    for start in NO_CASE:
        files = files.exclude(stream__startswith=start)
    last = AuditEntry.objects.filter(stream__in=files.values("stream")).values("stream").annotate(at=Max("at"))
    until = {row["stream"]: kept_until(clock.day_of(row["at"]), keep_years) for row in last}
    kept = sorted(stream for stream, day in until.items() if day >= clock.today())
    if kept:
        latest = max(until[stream] for stream in kept)
        raise Refused(Reason(AccountReason.FILES_KEPT, {"until": latest, "files": ", ".join(kept)}))


def _is_tied(by: User, organisation: Organisation) -> bool:
    return by.is_tied_to([(organisation.pk, organisation.kvk)])


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
