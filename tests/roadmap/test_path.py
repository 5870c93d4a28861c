"""The roadmap: which steps, in which order, and why (DESIGN 4.3)."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.enums import StepKind
from roadmap.rules import (
    GENERAL,
    Category,
    Limit,
    Plan,
    cell_of,
    cycle_in,
    normal_sbi,
    parse_prerequisites,
    preview,
    roadmap,
    within,
)
from tests.roadmap.reference_data import plan, reference

SECTORS = sorted(reference().codes("sectors"))
CELLS = sorted((row["sector_id"], row["level"]) for row in reference().cells)
CATEGORIES = sorted(plan().categories)
any_have = st.sets(st.sampled_from(CATEGORIES))


def steps_of(sector, level, have=(), sbi="", of=None):
    return roadmap(sector=sector, level=level, have=have, sbi=sbi, plan=of or plan())


def codes_of(*args, **kwargs):
    return [step.category for step in steps_of(*args, **kwargs)]


def assert_every_step_can_be_taken(steps, have, of=None):
    """Each step finds what it needs before it, and nothing it may build on comes after it."""
    categories = (of or plan()).categories
    done = set(have)
    later = {step.category for step in steps}
    for step in steps:
        later.discard(step.category)
        assert step.category not in done
        for group in categories[step.category].requirements:
            assert done.intersection(group), f"{step.category} misses one of {group}"
            assert not later.intersection(group), f"{step.category} comes before one of {group}"
        done.add(step.category)


def test_there_are_fifty_two_cells_and_they_are_all_walked():
    assert set(CELLS) == {(sector, level) for sector in SECTORS if sector != GENERAL for level in range(1, 5)}
    assert len(CELLS) == 52
    assert all(cell_of(sector, level, plan()) for sector, level in CELLS)
    [walk] = test_no_step_precedes_its_prerequisite_whatever_the_business_has.pytestmark
    assert walk.args == (("sector", "level"), CELLS)


@pytest.mark.parametrize(("sector", "level"), CELLS)
def test_no_step_precedes_its_prerequisite_whatever_the_business_has(sector, level):
    chance = random.Random(f"{sector} {level}")
    for _round in range(20):
        have = set(chance.sample(CATEGORIES, chance.randint(0, len(CATEGORIES) // 2)))
        steps = steps_of(sector, level, have)
        assert_every_step_can_be_taken(steps, have)
        assert set(cell_of(sector, level, plan())) <= have | {step.category for step in steps}


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(SECTORS),
    st.integers(1, 4),
    any_have,
    st.sampled_from(["", "55.10", "43.21", "49.41", "52", "01.11"]),
)
def test_a_roadmap_holds_for_every_sector_level_possession_and_sbi_code(sector, level, have, sbi):
    steps = steps_of(sector, level, have, sbi)
    assert_every_step_can_be_taken(steps, have)
    on_it = {step.category for step in steps}
    for step in steps:
        assert set(step.required_by) <= on_it
        if step.kind == StepKind.NEEDED_FIRST:
            assert step.required_by
        else:
            assert step.category in cell_of(sector, level, plan())
    ahead = preview(sector=sector, level=level, have=have, sbi=sbi, plan=plan())
    assert not {step.category for step in ahead} & (on_it | have)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SECTORS), st.integers(1, 4), st.lists(st.sampled_from(CATEGORIES), unique=True), st.randoms())
def test_the_order_of_what_a_business_has_does_not_matter(sector, level, have, chance):
    shuffled = list(have)
    chance.shuffle(shuffled)
    assert steps_of(sector, level, have) == steps_of(sector, level, shuffled)


def test_a_beginner_in_retail_gets_the_cell_in_its_own_order():
    assert codes_of("DETAIL", 1) == ["WEERBAAR", "BACKUP", "BOEKHOUD", "WEBSITE", "KASSA", "TOEGANG"]


def test_what_the_business_has_leaves_the_roadmap():
    assert codes_of("DETAIL", 1, {"BOEKHOUD", "KASSA"}) == ["WEERBAAR", "BACKUP", "WEBSITE", "TOEGANG"]


def test_an_unmet_prerequisite_comes_first_and_says_for_what():
    steps = {step.category: step for step in steps_of("DETAIL", 2)}
    assert steps["WEBSITE"].kind == StepKind.NEEDED_FIRST
    assert steps["WEBSITE"].required_by == ("WEBSHOP", "MARKETING")
    assert steps["WEBSITE"].level == 1
    assert steps["WEBSHOP"].kind == StepKind.RECOMMENDED
    order = list(steps)
    assert order.index("WEBSITE") < order.index("WEBSHOP")
    assert order.index("BOEKHOUD") < order.index("EFACTUUR")


def test_of_alternatives_the_one_already_there_will_do():
    # BINDING needs KASSA|CRM|WEBSHOP; nothing is added for whoever has a till.
    assert "KASSA" not in codes_of("PERSOONLIJK", 3, {"CRM", "BOEKHOUD", "WEBSITE"})


def test_of_alternatives_one_that_the_sector_recommends_is_chosen():
    # ROBOT needs PRODUCTIE|WMS|AGRI|KWALITEIT|KASSA|KOPPELING: in food service the till stands lowest on the ladder.
    chosen = [
        step for step in steps_of("HORECA", 4, {"DASHBOARD", "WEERBAAR", "TOEGANG"}) if "ROBOT" in step.required_by
    ]
    assert [step.category for step in chosen] == ["KASSA"]


def test_an_alternative_outside_the_limits_of_the_sbi_code_is_passed_over():
    # PORTAAL needs ERP|PRAKTIJK|VOORRAAD; VOORRAAD is for storage firms (52) only, ERP stands in the same cell.
    assert "VOORRAAD" not in codes_of("LOGISTIEK", 3, {"BOEKHOUD"}, "49.41")


def test_what_has_no_alternative_is_settled_before_what_has():
    categories = {
        "A": Category("A", 1, (("X", "Y"),)),
        "B": Category("B", 1, (("Y",),)),
        "X": Category("X", 1),
        "Y": Category("Y", 1),
    }
    small = Plan(cells={("S", 1): ("A", "B")}, categories=categories)
    assert codes_of("S", 1, of=small) == ["Y", "A", "B"]


def test_without_an_sbi_code_a_limited_step_stays_with_its_remark():
    steps = {step.category: step for step in steps_of("HORECA", 2)}
    assert steps["PMS"].only_sbi == ("55",)
    assert steps["ROOSTER"].only_sbi == ()


def test_with_an_sbi_code_outside_the_limit_the_step_is_left_out():
    assert "PMS" not in codes_of("HORECA", 2, sbi="56.10")
    inside = {step.category: step for step in steps_of("HORECA", 2, sbi="55.10")}
    assert inside["PMS"].only_sbi == ()


def test_a_step_outside_the_limit_comes_back_when_another_step_needs_it():
    categories = {"A": Category("A", 1, (("L",),)), "L": Category("L", 1)}
    small = Plan(cells={("S", 1): ("L", "A")}, categories=categories, limits=(Limit("S", "L", ("52",)),))
    steps = steps_of("S", 1, sbi="49", of=small)
    assert [(step.category, step.kind) for step in steps] == [
        ("L", StepKind.NEEDED_FIRST),
        ("A", StepKind.RECOMMENDED),
    ]


def test_another_sector_gets_what_at_least_half_of_the_sectors_recommend():
    assert set(cell_of(GENERAL, 1, plan())) == {"WEERBAAR", "BACKUP", "BOEKHOUD", "WEBSITE", "TOEGANG"}
    assert cell_of(GENERAL, 2, plan())[:2] == ("VAARDIG", "EFACTUUR")
    assert "DOCUMENT" not in cell_of(GENERAL, 2, plan())  # six of thirteen
    assert all(cell_of(GENERAL, level, plan()) for level in (1, 2, 3, 4))


def test_the_preview_is_the_next_cell_and_empty_at_the_top():
    ahead = preview(sector="DETAIL", level=1, have={"VOORRAAD"}, sbi="", plan=plan())
    assert {step.category for step in ahead} == {"WEBSHOP", "MARKETING", "EFACTUUR", "WERKPLEK", "VAARDIG"}
    assert preview(sector="DETAIL", level=4, have=(), sbi="", plan=plan()) == []


def test_whoever_has_everything_gets_an_empty_roadmap():
    assert steps_of("ZORG", 4, set(CATEGORIES)) == []


@pytest.mark.parametrize(
    ("text", "groups"),
    [("", ()), ("A;B", (("A",), ("B",))), ("A|B", (("A", "B"),)), ("X;A|B", (("X",), ("A", "B")))],
)
def test_prerequisites_are_read(text, groups):
    assert parse_prerequisites(text) == groups


@pytest.mark.parametrize("text", ["A;", "|A", "A||B", "A;A", ";", "A;B|A"])
def test_malformed_prerequisites_are_refused(text):
    with pytest.raises(ValueError, match="prerequisites"):
        parse_prerequisites(text)


def test_a_circle_of_prerequisites_is_found_also_through_an_alternative():
    circle = {
        "A": Category("A", 1, (("B", "C"),)),
        "B": Category("B", 1),
        "C": Category("C", 1, (("D",),)),
        "D": Category("D", 1, (("A",),)),
    }
    assert cycle_in(circle) == ["A", "C", "D", "A"]
    assert cycle_in(plan().categories) == []


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        *[
            ("47", "47"),
            (" 5510 ", "55.10"),
            ("55.10", "55.10"),
            ("477", "47.7"),
            ("47711", "47.711"),
            ("47.711", "47.711"),
        ],
        *[("551000", ""), ("55.1000", ""), ("4", ""), ("4.7", ""), ("", ""), ("４７", "")],
    ],
)
def test_an_sbi_code_has_two_to_five_digits(written, normal):
    assert normal_sbi(written) == normal


@pytest.mark.parametrize(
    ("sbi", "prefixes", "expected"),
    [
        ("55.10", ["55"], True),
        ("5510", ["55"], True),
        ("56", ["55"], False),
        ("88.91", ["88.91"], True),
        ("88.10", ["88.91"], False),
        ("8891", ["88.91"], True),
    ],
)
def test_an_sbi_code_is_compared_by_its_digits(sbi, prefixes, expected):
    assert within(sbi, prefixes) is expected
