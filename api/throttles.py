"""How often one address may ask for what costs us something."""

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from core import limits
from roadmap.limits import scans


class ScansPerAddress(BaseThrottle):
    """New scans, counted together with those that are started on the page."""

    waits = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.waits = limits.count(request._request, scans())
        return not self.waits

    def wait(self) -> int:
        return self.waits
