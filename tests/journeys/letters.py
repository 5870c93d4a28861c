"""What an act sends by mail, and the personal links in it."""

import re

from django.core import mail


class Letters:
    """Runs an act and keeps what was sent by mail in it."""

    def __init__(self, capture):
        self.capture = capture

    def of(self, act):
        mail.outbox.clear()
        with self.capture(execute=True):
            answer = act()
        return answer, list(mail.outbox)

    def links(self, act) -> list[str]:
        """The secrets of the personal links in the letters of an act."""
        _answer, letters = self.of(act)
        return [found.group(1) for letter in letters if (found := re.search(r"/ervaring/([\w-]+)/", letter.body))]
