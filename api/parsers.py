"""What a body may be: JSON, and nothing that breaks the reader."""

import json
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class PlainJSONParser(JSONParser):
    """DRF's reader of JSON, for which a body nested too deep or with half a character is an error of who sent it, not ours."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body as Python values. Raises ParseError (400) for anything that is not JSON or nests too deep."""
        try:
            body = super().parse(stream, media_type, parser_context)
            json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair can be read, but not answered or kept
        except RecursionError as error:
            raise ParseError(_("The request is nested too deep.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The request has half a character in it.")) from error
        return body
