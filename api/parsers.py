"""What a body may be: JSON, and nothing that breaks the reader."""

from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """DRF's reader of JSON, for which a body nested too deep is an error of who sent it, not of ours."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body as Python values. Raises ParseError (400) for anything that is not JSON or nests too deep."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The request is nested too deep.")) from error
