"""What the log shows: one line per refusal, and no address that opens something by itself."""

import logging
import re

SERVER_ERROR = 500

_NUMBER_OF_A_CASE = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SECRET = re.compile(rf"(?<=/)(?!{_NUMBER_OF_A_CASE}(?![\w:=-]))[\w:=-]{{32,}}(?![\w:=-])")


def without_secrets(text: str) -> str:
    """The text with each part of an address that may be a secret link's token (32 characters or more) left out.

    The numbers of payments and batches (UUIDs) stay: they open nothing, and who looks for a fault needs them.
    """
    return _SECRET.sub("[...]", text)


class StacksOfFaultsOnly(logging.Filter):
    """A refused request is one line: only a fault of ours shows where it happened. Nobody can fill the log by asking."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True


class NoSecretLinks(logging.Filter):
    """A link that lets its holder in without a login is in no line of the log, also when its page refused something."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if (shown := without_secrets(text)) != text:
            record.msg, record.args = shown, None
        return True
