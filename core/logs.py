"""What the log shows."""

import logging

SERVER_ERROR = 500


class StacksOfFaultsOnly(logging.Filter):
    """A refused request is one line: only a fault of ours shows where it happened. Nobody can fill the log by asking."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", SERVER_ERROR) < SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True
