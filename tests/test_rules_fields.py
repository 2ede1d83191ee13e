"""Which career fields are near a field, and why?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.model.campaign import CareerField
from netcrm.rules.fields import FieldLink, links_of, near

NAMES = st.sampled_from("abcdef")
LINK = st.builds(
    FieldLink,
    field=NAMES,
    other=st.sampled_from("uvwxyz"),
    kind=st.sampled_from(["related", "broader"]),
    reason=st.sampled_from(["said", "known"]),
)
ANY_LINK = (
    st.tuples(NAMES, NAMES, st.sampled_from(["related", "broader"]))
    .filter(lambda parts: parts[0] != parts[1])
    .map(lambda parts: FieldLink(*parts, "said"))
    | LINK
)  # cycles too
LINKS = st.lists(ANY_LINK, max_size=12)


def said(name: str, related: str = "", broader: str = "") -> CareerField:
    return CareerField(
        id=name, name=name, related=frozenset(related.split()), broader=frozenset(broader.split())
    )


def test_a_related_field_is_near_from_both_sides():
    links = list(links_of([said("psychiatry", related="social-work")]))
    assert near("psychiatry", links) == {"social-work": "related to it (you said so)"}
    assert near("social-work", links) == {"psychiatry": "related to it (you said so)"}


def test_so_is_what_is_part_of_the_same():
    care = [said("nursing", broader="care"), said("midwifery", broader="care"), said("law")]
    assert near("nursing", links_of(care)) == {
        "midwifery": "part of care, as it is (you said so)"
    }  # fmt: skip


def test_what_is_broader_is_not_near_itself_nor_what_is_below():
    care = [said("nursing", broader="care"), said("care", broader="work")]
    assert near("nursing", links_of(care)) == {}
    assert near("care", links_of(care)) == {}


def test_related_is_said_before_part_of_the_same():
    both = [said("a", related="b", broader="w"), said("b", broader="w")]
    assert near("a", links_of(both)) == {"b": "related to it (you said so)"}


def test_of_several_wholes_the_first_by_name_is_named():
    both = [said("a", broader="w v"), said("b", broader="v w")]
    assert near("a", links_of(both)) == {"b": "part of v, as it is (you said so)"}


def test_every_reason_is_told_once():
    links = [
        FieldLink("a", "b", "related", "ISCO"),
        FieldLink("b", "a", "related", "O*NET"),
        FieldLink("a", "b", "related", "ISCO"),
    ]
    assert near("a", links) == {"b": "related to it (ISCO; O*NET)"}
    parts = [FieldLink("a", "w", "broader", "one"), FieldLink("b", "w", "broader", "two")]
    assert near("a", parts) == {"b": "part of w, as it is (one; two)"}


def test_a_circle_is_harmless():
    ring = [FieldLink("a", "b", "broader", "x"), FieldLink("b", "a", "broader", "x")]
    assert near("a", ring) == {}
    three = [FieldLink(a, b, "related", "x") for a, b in ("ab", "bc", "ca")]
    assert near("a", three).keys() == {"b", "c"}


def test_a_link_is_written_as_labels_are():
    link = FieldLink("Social Work", " Psychology ", "related", "  as  ISCO  has it ")
    assert link == FieldLink("social-work", "psychology", "related", "as ISCO has it")


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (("a", "b", "related", ""), "give a reason"),
        (("a", "b", "related", " \t"), "give a reason"),
        (("a", "A", "related", "x"), "itself"),
        (("a", "b", "near", "x"), "near"),
        (("", "b", "related", "x"), "letter or digit"),
        (("a", "🙂", "broader", "x"), "letter or digit"),
        (("a", "b", "related", "x\0"), "NUL"),
    ],
)
def test_what_is_no_link_is_refused(parts, why):
    with pytest.raises(InvalidError, match=why):
        FieldLink(*parts)


@given(NAMES, LINKS)
def test_a_field_is_never_near_itself(field, links):
    assert field not in near(field, links)


@given(LINKS)
def test_nearness_goes_both_ways(links):
    names = {name for link in links for name in (link.field, link.other)}
    for one in names:
        for other in near(one, links):
            assert one in near(other, links)


@given(NAMES, LINKS, st.randoms())
def test_the_order_of_what_was_said_does_not_matter(field, links, chance):
    shuffled = chance.sample(links, len(links))
    found = near(field, links)
    assert list(near(field, shuffled).items()) == list(found.items())
    assert list(found) == sorted(found)


@given(NAMES, LINKS, ANY_LINK)
def test_one_link_more_takes_nothing_away(field, links, more):
    assert near(field, links).keys() <= near(field, [*links, more]).keys()
