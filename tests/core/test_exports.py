"""Lists as downloads: text stays text, in whatever way a spreadsheet cuts it into cells."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy

from core.exports import csv_response, neutral


def cells(delimiter: str, *names: str) -> list[str]:
    text = csv_response("lijst", ["naam"], [[name] for name in names]).content.decode("utf-8-sig")
    return [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1"])
def test_a_name_that_looks_like_a_formula_gets_an_apostrophe(name):
    assert cells(",", name) == ["naam", f"'{name}"]


UNSEEN = [
    " ",
    "\t",
    "\n",
    "\r\n",
    "\x00",
    "\x1f",
    "\x0b",
    "\xa0",
    "\u2003",
    "\u2028",
    "\ufeff",
    "\u200b",
    "\u2060",
    " \xa0\ufeff\n",
]


@pytest.mark.parametrize("before", UNSEEN, ids=ascii)
@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
def test_what_stands_unseen_before_a_formula_does_not_hide_it(before, sign):
    name = f"{before}{sign}1+1"
    text = csv_response("lijst", ["naam"], [[name]]).content.decode("utf-8")
    assert list(csv.reader(io.StringIO(text[1:], newline=""))) == [["naam"], [f"'{name}"]], "the text itself is kept"


def test_a_formula_in_a_text_that_is_translated_late_is_found_too():
    assert neutral(gettext_lazy("=1+1")) == "'=1+1"


@pytest.mark.parametrize(
    "cell", [-5, Decimal("-5.00"), 1.5, None, "", "  ", "Bakkerij (demo)", " Jansen - zonen", "ﬁn＝"]
)
def test_what_is_no_formula_stays_as_it_is(cell):
    assert neutral(cell) == ("" if cell is None else str(cell))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_name_with_a_separator_in_it_stays_one_cell(delimiter):
    assert cells(delimiter, "Jansen;=1+1;x", "Jansen,=1+1,x", "Jansen\t=1+1") == [
        "naam",
        "Jansen;=1+1;x",
        "Jansen,=1+1,x",
        "Jansen\t=1+1",
    ]
