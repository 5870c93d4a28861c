"""What a model with a machine is made of. django-fsm is known here and nowhere else (ADR 0001).

Of django-fsm only the API it shares with django-fsm-2 is used. Its own `conditions` and `permission` stay unused: calling a
transition does not enforce them. Who may do what is `may`, what must hold is a rule, and both are asked by
`core.workflow.perform`.
"""

import warnings
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, ClassVar

from django.db import models

from core.enums import HandRole

with warnings.catch_warnings():
    # At import it says that it is no longer maintained; ADR 0001 says why it stays and how it is replaced.
    warnings.simplefilter("ignore", UserWarning)
    from django_fsm import ConcurrentTransitionMixin, FSMField, TransitionNotAllowed, transition

__all__ = ["StateField", "StatefulModel", "Transition", "TransitionNotAllowed", "transition", "transitions_of"]

Transition = tuple[str, str, str]
"""One arrow of a machine: (source, verb, target)."""


class StateField(FSMField):
    """A state that only transitions may change. Migrations see a plain CharField, so they never import django-fsm."""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("protected", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs


class GuardedState(ConcurrentTransitionMixin):
    """The optimistic guard on every state, under a name of ours: migrations write down the bases of a model."""

    @property
    def state_fields(self) -> list[FSMField]:  # the mixin looks through all fields, for every row that is read
        return _state_fields(type(self))


@cache
def _state_fields(model: type[models.Model]) -> list[FSMField]:
    return [field for field in model._meta.fields if isinstance(field, FSMField)]


class StatefulModel(GuardedState, models.Model):
    """A model with a machine in its field `state`, acted on only through `core.workflow`.

    A room says per model who `may` do each verb, which verbs lay a hand (`HANDS`), on which `file` hands are counted, to
    which `case` the trail belongs, who `is_linked` to it and which verbs such people do themselves (`MEMBER_VERBS`).
    """

    HANDS: ClassVar[Mapping[str, HandRole]] = {}
    MEMBER_VERBS: ClassVar[Collection[str]] = frozenset()
    """What the parties do in their own case. Every other verb is for people who are not linked to it (DESIGN 4.8)."""
    OWN_WORDS: ClassVar[Mapping[str, Any]] = {}
    """What the party whose case it is reads for a state, where that is not what everybody else reads."""

    class Meta:
        abstract = True

    def reference(self) -> str:
        """This row as trail and hands name it, such as `vouchers.claim:12`."""
        return f"{self._meta.label_lower}:{self.pk}"

    def state_words(self, *, own: bool = False) -> str:
        """Where it stands, in words: as the party whose case it is reads it (`own`), or as everybody else does."""
        words = self.OWN_WORDS.get(str(self.state)) if own else None
        return str(words or self.get_state_display())

    def case(self) -> str:
        """The case whose audit stream this row writes to."""
        return self.reference()

    def file(self) -> str:
        """The file on which hands are counted (DESIGN 4.8)."""
        return self.reference()

    def may(self, verb: str, by: Any) -> bool:
        """Whether this actor may do this verb on this row, whatever its state. Asked before anything is told."""
        raise NotImplementedError(f"{type(self).__name__} does not say who may {verb}")

    def is_linked(self, by: Any) -> bool:
        """Whether this person belongs to a party of the case and so may not handle it."""
        return False

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        # django-fsm refuses to overwrite a protected state that is already loaded, so unload it first.
        # Thread-safe, unlike switching `protected` off.
        for state in self.state_fields:
            self.__dict__.pop(state.attname, None)
        super().refresh_from_db(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        # `full_clean()` writes every cleaned value back, which a protected field refuses.
        super().clean_fields(exclude={*(exclude or ()), *(state.name for state in self.state_fields)})

    def validate_constraints(self, exclude: Any = None) -> None:
        # No form can mend what restates the machine, so that is left to the database, which checks it at every save.
        super().validate_constraints(exclude={*(exclude or ()), *(state.name for state in self.state_fields)})


@cache
def transitions_of(model: type[StatefulModel]) -> frozenset[Transition]:
    """Every arrow of a model's machine, as (source, verb, target) values."""
    arrows = model._meta.get_field("state").get_all_transitions(model)
    return frozenset((str(arrow.source), arrow.name, str(arrow.target)) for arrow in arrows)
