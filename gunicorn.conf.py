"""How the pages are served: loopback only unless told otherwise; a proxy in front speaks TLS."""

import os

from gunicorn.glogging import Logger

from core.logs import NoSecretLinks, without_secrets

wsgi_app = "marketplace.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Gunicorn believes what a proxy on this machine says about HTTPS; whether there is one is for BEHIND_TLS_PROXY to say.
forwarded_allow_ips = ""
timeout = 60
graceful_timeout = 30
# Answers carry personal details; the log has the path without its query and never a body.
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)sms"


class LogWithoutSecrets(Logger):
    """The server's own lines without the tokens of secret links."""

    def setup(self, cfg):
        """Where it writes, and what never passes."""
        super().setup(cfg)
        self.error_log.addFilter(NoSecretLinks())

    def atoms(self, *visit):
        """What a line may show; `U` is the path."""
        shown = super().atoms(*visit)
        return {**shown, "U": without_secrets(shown["U"])}


logger_class = LogWithoutSecrets
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()


def when_ready(server) -> None:
    """Say where to look, once the door is really open."""
    if os.environ.get("TREDE_ENV", "demo") == "demo":
        print(f"\nTrede is ready: http://{bind}/   (English: http://{bind}/en/)   Stop with Ctrl-C.", flush=True)
