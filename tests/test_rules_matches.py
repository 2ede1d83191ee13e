"""Who fits what I look for, and why?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.model.campaign import Aim, Campaign, Objective
from netcrm.model.text import bare, slug
from netcrm.rules.fields import FieldLink
from netcrm.rules.funnel import Tally
from netcrm.rules.matches import Aims, Candidate, Wish, aims, fits, prospects

DAY = date(2026, 2, 16)
NEAR = [FieldLink("psychiatry", "nursing", "related", "you said so")]
FIELDS = st.lists(st.sampled_from(["law", "nursing", "psychiatry", "tea"]), max_size=3, unique=True)


def objective(text, *fields, organisations=()):
    return Objective(
        id=slug(text),
        text=text,
        fields=frozenset(fields),
        organisations=organisations,
        added_on=DAY,
    )


def campaign(**fields):
    return Campaign(id="spring", name="Spring", start=DAY, **fields)


def person(*fields, name="Ana", **known):
    return Candidate(id=name, name=name, handle=name.lower(), fields=fields, **known)


def match(who, *wishes, links=(), places=()):
    wanted = Aims(tuple(wishes), {bare(name): name for name in places})
    return fits(wanted, links).match(who)


class TestWhatILookFor:
    """The aims of a campaign, else the fields of objectives, else what interests me."""

    def test_a_campaign_says_it(self):
        spring = campaign(aims=(Aim(field="law", interviews=3, relevance=0.5),))
        found = aims(spring, [objective("Why?", "nursing")], ["tea"])
        assert found.wishes == (Wish("law", 0.5, 3, 0),)
        assert found.campaign == "Spring"

    def test_else_the_objectives(self):
        found = aims(None, [objective("Why?", "nursing", "law"), objective("How?", "law")], ["tea"])
        assert found.wishes == (Wish("law"), Wish("nursing"))

    def test_a_campaign_without_aims_leaves_it_to_its_objectives(self):
        why, how = objective("Why?", "nursing"), objective("How?", "law")
        found = aims(campaign(objectives=("how",)), [why, how], ["tea"])
        assert (found.wishes, found.objectives) == ((Wish("law"),), (how,))
        assert aims(campaign(), [why, how], []).objectives == (why, how)

    def test_else_what_interests_me(self):
        found = aims(campaign(), [objective("Why?")], {"tea", "law"})
        assert found.wishes == (Wish("law"), Wish("tea"))

    def test_and_else_nothing(self):
        assert aims(None, [], []) == Aims()

    def test_a_field_that_does_not_matter_is_none(self):
        spring = campaign(aims=(Aim(field="law", relevance=0.0), Aim(field="tea")))
        assert [wish.field for wish in aims(spring, [], []).wishes] == ["tea"]

    def test_places_are_those_of_the_campaign_and_of_objectives(self):
        spring = campaign(organisations=("Mercy General",))
        asks = objective("Who?", organisations=("MERCY  General!", "Night Clinic", "🙂"))
        found = aims(spring, [asks], []).places
        assert found == {"mercy general": "Mercy General", "night clinic": "Night Clinic"}


class TestHowManyAreStillWanted:
    """Interviews held or booked for the campaign count, those that I asked for."""

    @pytest.mark.parametrize(
        ("row", "got"),
        [
            (Tally(held=DAY, outcome="held"), 1),
            (Tally(outcome="scheduled"), 1),
            (Tally(outcome="accepted"), 0),
            (Tally(outcome="missed"), 0),
            (Tally(outcome="cancelled"), 0),
            (Tally(held=DAY, outcome="held", initiator="them"), 0),
        ],
    )
    def test_held_or_booked(self, row, got):
        mine = row._replace(fields=("law",), campaign="spring")
        spring = campaign(aims=(Aim(field="law", interviews=3),))
        (wish,) = aims(spring, [], [], [mine, mine._replace(campaign="autumn")]).wishes
        assert wish.got == got

    def test_each_counts_for_all_its_fields(self):
        spring = campaign(aims=(Aim(field="law"), Aim(field="tea"), Aim(field="sea")))
        row = Tally(held=DAY, fields=("law", "tea"), campaign="spring")
        assert [wish.got for wish in aims(spring, [], [], [row]).wishes] == [1, 1, 0]

    @pytest.mark.parametrize(
        ("target", "got", "missing", "need"),
        [(3, 0, 3, 1.0), (3, 2, 1, 1 / 3), (3, 3, 0, 0.0), (3, 9, 0, 0.0), (0, 2, 0, 0.0)],
    )
    def test_the_need_is_a_share(self, target, got, missing, need):
        wish = Wish("law", target=target, got=got)
        assert (wish.missing, wish.need) == (missing, need)


class TestAMatch:
    """In the field, in one near it, or at a place: the best of these counts."""

    def test_in_the_field(self):
        found = match(person("law"), Wish("law"))
        assert (found.relevance, found.because, found.is_broadened) == (1.0, "fits law", False)

    def test_near_it(self):
        found = match(person("nursing"), Wish("psychiatry"), links=NEAR)
        assert (found.relevance, found.is_broadened) == (0.7, True)
        assert found.because == (
            "fits nursing, broadened from psychiatry: related to it (you said so)"
        )

    def test_near_it_is_not_in_it_without_links(self):
        assert match(person("nursing"), Wish("psychiatry")) is None

    def test_at_a_place_now_or_formerly(self):
        found = match(person(places=("mercy general",)), places=["Mercy General"])
        assert (found.relevance, found.because) == (0.3, "is or was at Mercy General")
        assert (found.wish, found.is_broadened) == (None, False)

    def test_how_much_a_field_matters_counts(self):
        assert match(person("law"), Wish("law", relevance=0.5)).relevance == 0.5
        near = match(person("nursing"), Wish("psychiatry", relevance=0.5), links=NEAR)
        assert near.relevance == pytest.approx(0.35)

    def test_the_best_counts(self):
        ana = person("law", "nursing", places=("mercy general",))
        found = match(
            ana,
            Wish("psychiatry"),
            Wish("law", relevance=0.2),
            links=NEAR,
            places=["Mercy General"],
        )
        assert (found.relevance, found.field, found.wish.field) == (0.7, "nursing", "psychiatry")

    def test_of_equal_ones_that_of_which_more_is_missing(self):
        ana = person("law", "tea")
        full, open_ = Wish("law", target=2, got=2), Wish("tea", target=2)
        assert match(ana, full, open_).wish == match(ana, open_, full).wish == open_

    def test_in_a_field_that_is_wanted_too_nothing_is_broadened(self):
        found = match(person("nursing"), Wish("psychiatry"), Wish("nursing"), links=NEAR)
        assert (found.relevance, found.wish) == (1.0, Wish("nursing"))

    def test_who_fits_nothing(self):
        assert match(person("law", places=("moon",)), Wish("tea"), places=["Sun"]) is None
        assert match(person(), Wish("tea")) is None

    @given(FIELDS, FIELDS, st.randoms())
    def test_the_order_of_wishes_does_not_matter(self, theirs, mine, chance):
        wishes = [Wish(field, target=2) for field in mine]
        ana = person(*theirs)
        mixed = chance.sample(wishes, len(wishes))
        assert match(ana, *wishes, links=NEAR) == match(ana, *mixed, links=NEAR)

    @given(FIELDS, FIELDS)
    def test_it_is_from_nothing_to_one(self, theirs, mine):
        found = match(person(*theirs), *map(Wish, mine), links=NEAR)
        exact = set(theirs) & set(mine)
        assert (found is not None and found.relevance == 1) == bool(exact)
        assert found is None or 0 < found.relevance <= 1


class TestProspects:
    """Those who fit, the best first, and what talking to them is good for."""

    LAW = fits(Aims((Wish("law"), Wish("psychiatry"))), NEAR)

    def test_the_best_first_and_then_those_i_know_best(self):
        people = [
            person("nursing", name="Ana", origin="inner circle"),
            person("law", name="Bo", origin="cold"),
            person("law", name="Cy", origin="alumni"),
            person("law", name="ada", origin="alumni"),
            person("tea", name="Di"),
        ]
        found = [one.person.name for one in prospects(people, self.LAW)]
        assert found == ["ada", "Cy", "Bo", "Ana"]

    def test_the_objectives_that_it_serves(self):
        asked = [
            objective("In law?", "law"),
            objective("There?", organisations=("Mercy General",)),
            objective("In psychiatry?", "psychiatry"),
            objective("Tea?", "tea"),
            objective("Anything?"),
        ]
        ana = person("law", places=("mercy general",), name="Ana")
        bo = person("nursing", name="Bo")
        served = {one.person.name: one.objectives for one in prospects([ana, bo], self.LAW, asked)}
        assert served == {"Ana": ("In law?", "There?"), "Bo": ("In psychiatry?",)}

    def test_where_the_last_interview_stands(self):
        found = prospects(
            [person("law"), person("law", name="Bo")], self.LAW, stages={"Bo": "held"}
        )
        assert [one.stage for one in found] == ["", "held"]
