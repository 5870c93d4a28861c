"""One act on one stream of the trail, in a process of its own: `python -m tests.core.act`."""

import django


def main() -> None:
    django.setup()
    from accounts.models import User
    from core.workflow import note, unit

    @unit
    def act() -> None:
        person, _made = User.objects.get_or_create(email="iemand@bedrijf.example")
        note(by=person, action="say", subject=person)

    act()


if __name__ == "__main__":
    main()
