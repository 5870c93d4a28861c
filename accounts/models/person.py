"""People who log in."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind, Role
from core import clock

if TYPE_CHECKING:
    from accounts.models.organisation import Organisation


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with an unusable password unless one is given. Raises ValueError without an address."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A technical administrator. Superuser opens the admin; it gives no role and no way around a hand."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail address. What they may do stands in memberships, never on this row."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("nl", "Nederlands"), ("en", "English")], default="nl"
    )
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=clock.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def holds(self, *roles: Role) -> bool:
        """Whether this person has one of these roles at the authority or a desk. Superusers get nothing extra."""
        return self.is_active and any(
            role in roles for _pk, kind, role, _kvk in self._memberships() if kind not in _CUSTOMERS
        )

    def is_member_of(self, organisation: "Organisation | int | None") -> bool:
        """Whether this person belongs to this organisation, in whatever role."""
        key = getattr(organisation, "pk", organisation)
        return key is not None and self.is_active and any(pk == key for pk, _kind, _role, _kvk in self._memberships())

    def is_tied_to(self, businesses: Iterable[tuple[int, str]]) -> bool:
        """Whether this person belongs to one of these businesses or declared an interest in it, or to or in another with the
        same KvK number (DESIGN 4.8).

        A business is given by its key and its KvK number, which may be empty.
        """
        mine = self._businesses()
        if not mine:  # so there is no need to ask which businesses these are
            return False
        keys, numbers = map(set, zip(*businesses, strict=True))
        return any(pk in keys or (kvk and kvk in numbers) for pk, kvk in mine)

    def ties(self, *paths: str) -> Q:
        """`is_tied_to` as a condition on rows: one of these paths leads to such a business. True of no row without any."""
        tied = Q(pk__in=[])
        if mine := self._businesses():
            keys, numbers = {pk for pk, _kvk in mine}, {kvk for _pk, kvk in mine if kvk}
            for path in paths:
                tied |= Q(**{f"{path}__in": keys}) | Q(**{f"{path}__kvk__in": numbers})
        return tied

    def organisations(self, kind: OrganisationKind | None = None) -> "models.QuerySet[Organisation]":
        """The organisations this person belongs to, of one kind or of all."""
        from accounts.models.organisation import Organisation

        mine = Organisation.objects.filter(memberships__person=self, memberships__ended_at__isnull=True).distinct()
        return mine.filter(kind=kind) if kind else mine

    def roles(self) -> set[str]:
        """Every role this person holds anywhere."""
        return {role for _pk, _kind, role, _kvk in self._memberships()}

    def kinds(self) -> set[str]:
        """The kinds of the organisations this person belongs to."""
        return {kind for _pk, kind, _role, _kvk in self._memberships()}

    def _businesses(self) -> list[tuple[int, str]]:
        mine = [(pk, kvk) for pk, kind, _role, kvk in self._memberships() if kind in _CUSTOMERS or kvk]
        return mine + self._interests()

    def _memberships(self) -> list[tuple[int, str, str, str]]:
        # Asked several times per request, so remembered on the instance; a changed membership shows at the next request.
        if not hasattr(self, "_known_memberships"):
            rows = self.memberships.filter(Q(ended_at__isnull=True)).values_list(
                "organisation_id", "organisation__kind", "role", "organisation__kvk"
            )
            self._known_memberships = list(rows)
        return self._known_memberships

    def _interests(self) -> list[tuple[int, str]]:
        # Remembered like memberships.
        if not hasattr(self, "_known_interests"):
            rows = self.interests.filter(ended_at__isnull=True).values_list("organisation_id", "organisation__kvk")
            self._known_interests = list(rows)
        return self._known_interests

    def forget(self) -> None:
        """Lets go of what was remembered of memberships and interests, because one of them has just changed."""
        self.__dict__.pop("_known_memberships", None)
        self.__dict__.pop("_known_interests", None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.forget()
        super().refresh_from_db(*args, **kwargs)


_CUSTOMERS = {OrganisationKind.SME, OrganisationKind.PROVIDER}
