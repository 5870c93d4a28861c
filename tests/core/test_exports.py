"""Lists as downloads: text stays text, in whatever way a spreadsheet cuts it into cells."""

import csv

import pytest

from core.exports import csv_response


def cells(delimiter: str, *names: str) -> list[str]:
    text = csv_response("lijst", ["naam"], [[name] for name in names]).content.decode("utf-8-sig")
    return [cell for row in csv.reader(text.splitlines(), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1"])
def test_a_name_that_looks_like_a_formula_gets_an_apostrophe(name):
    assert cells(",", name) == ["naam", f"'{name}"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_name_with_a_separator_in_it_stays_one_cell(delimiter):
    assert cells(delimiter, "Jansen;=1+1;x", "Jansen,=1+1,x", "Jansen\t=1+1") == [
        "naam",
        "Jansen;=1+1;x",
        "Jansen,=1+1,x",
        "Jansen\t=1+1",
    ]
