"""What a body may be: JSON in UTF-8, not too long, and nothing that reads in two ways or breaks the reader."""

import json
from typing import IO, Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LONGEST_BODY = 64 * 1024
"""Bytes. The longest request that means something, a scan with everything in it, has some three thousand."""


class PlainJSONParser(JSONParser):
    """JSON as RFC 8259 has it; what else Python would read is an error of who sent it, not ours."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body as Python values.

        Raises RequestDataTooBig (413) past `LONGEST_BODY`, ParseError (400) for anything that is not JSON, nests too deep
        or has the same name twice in one object, of which another reader might see the other one.
        """
        written = stream.read(LONGEST_BODY + 1)
        if len(written) > LONGEST_BODY:
            raise RequestDataTooBig
        try:
            body = json.loads(written.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
            json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair can be read, but not answered or kept
        except RecursionError as error:
            raise ParseError(_("The request is nested too deep.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("The request has half a character in it.")) from error
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ParseError(_("The request is not JSON: look at line %(line)s, column %(column)s.") % place) from error
        except ValueError as error:  # bytes that are no UTF-8, or a number with thousands of digits
            raise ParseError(_("The request is not JSON.")) from error
        return body


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        shown = twice[:40].encode("ascii", "replace").decode()
        raise ParseError(_("The name “%(name)s” stands twice in the same object.") % {"name": shown})
    return members


def _no_number(_constant: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")
