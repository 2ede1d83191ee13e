"""Who knows whom, and whom I bring together, in every storage."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import attrs
import pytest

import netcrm
from netcrm import (
    Acquaintance,
    Introduction,
    IntroductionStep,
    InvalidError,
    Network,
    NotFoundError,
    RefusedError,
    State,
)
from netcrm.kinds import KINDS
from netcrm.network.arrangements import Arrangement
from tests import networks
from tests.networks import Clock, Opens, commits, everything

clock, opens = networks.clock, networks.opens
PAIR = ("ana", "luis")


@pytest.fixture
def net(opens: Opens) -> Iterator[Network]:
    """A network of me, Ana, Luis and Priya, on 5 March, a Thursday, at nine; each storage."""
    with opens() as network:
        network.add("Maya Rao", is_me=True)
        for name in ("Ana Ruiz", "Luis Ortega", "Priya Nair"):
            network.add(name)
        yield network


def names(found: Arrangement, ids: tuple[str, ...]) -> list[str]:
    """Return what these of the two are called."""
    return [person.handle for person in found.people if person.id in ids]


def todo(net: Network, who: str | None = None, as_of: str | None = None) -> list[str]:
    """Return what is to be done, in order."""
    return [one.kind for one in net.obligations(who=who, as_of=as_of) if one.is_open]


def records(net: Network) -> str:
    """Return every record, history and all, as one text."""
    with net._storage.begin(write=False) as view:
        everyone = itertools.chain.from_iterable(map(view.scan, KINDS))
        return "\n".join(f"{one.kind} {one.id} {json.dumps(one.doc)}" for one in everyone)


class TestIntroducing:
    """I bring two people together, each of whom I ask first."""

    def test_from_the_thought_to_the_meeting(self, net: Network, clock: Clock) -> None:
        """What is to be done follows."""
        made = net.introduce("ana", "luis", "both care about night shifts")
        ana, luis = net.contact("ana"), net.contact("luis")
        assert (made.contacts, made.context) == ((ana.id, luis.id), "both care about night shifts")
        assert made.begun_on == net.moment(None)
        assert todo(net) == ["ask_to_introduce"] * 2
        now = net.introduction_step(PAIR, "asked", "luis")
        assert (now.now.stage, names(now, now.now.unasked)) == ("asking", ["ana-ruiz"])
        assert names(now, now.now.waiting) == ["luis-ortega"]
        net.introduction_step(PAIR, "asked", "ana")
        assert todo(net) == ["remind_of_introduction"] * 2
        clock.set("2026-03-09T09:00")
        assert net.introduction_step(PAIR, "agreed", ["ana", luis]).now.stage == "both_agreed"
        (one,) = [one for one in net.obligations(who="ana") if one.is_open]
        assert (one.kind, str(one.due)) == ("introduce", "2026-03-10")
        assert one.because == "to Luis Ortega; both agreed"
        assert todo(net, "luis") == []
        net.introduction_step(made, "introduced")
        assert [item.action for item in net.agenda()] == []
        clock.set("2026-03-16T09:00")
        assert [item.action for item in net.agenda()] == ["follow_up_introduction"]
        met = net.introduction_step(PAIR, "met")
        assert (met.now.stage, met.now.since, met.names) == (
            "met", net.moment(None), "Ana Ruiz and Luis Ortega",
        )  # fmt: skip
        assert todo(net) == []
        assert [step.what for step in met.introduction.steps] == [
            "asked", "asked", "agreed", "agreed", "introduced", "met",
        ]  # fmt: skip

    def test_who_declines_ends_it(self, net: Network) -> None:
        """Nobody is asked any more."""
        net.introduce("ana", "luis")
        net.introduction_step(PAIR, "asked", "ana")
        assert net.introduction_step(PAIR, "declined", "ana").now.stage == "declined"
        assert todo(net) == []
        assert net.introductions(open_only=True) == []
        assert net.introduction_step(PAIR, "agreed", "ana").now.stage == "one_agreed"

    def test_it_is_between_two_others(self, net: Network) -> None:
        """Who are here."""
        for a, b in (("maya", "ana"), ("ana", "maya"), ("ana", "ana")):
            with pytest.raises(InvalidError, match=r"neither is you|both are Ana Ruiz"):
                net.introduce(a, b)
            with pytest.raises(InvalidError, match=r"neither is you|both are Ana Ruiz"):
                net.knows(a, b)
        with pytest.raises(NotFoundError):
            net.introduce("ana", "Nobody Here")
        with pytest.raises(NotFoundError):
            net.knows("ana", "Nobody Here")
        with pytest.raises(NotFoundError):
            net.knows("ana", "luis", told_by="Nobody Here")
        assert net.counts().keys() == {"contact", "commit"}

    def test_of_the_same_two_one_is_open(self, net: Network) -> None:
        """The message says how to go on; it does not matter who comes first."""
        net.introduce("ana", "luis")
        with pytest.raises(InvalidError, match="introduce luis-ortega ana-ruiz --agreed WHO"):
            net.introduce("luis", "ana", insist=True)
        net.introduction_step(PAIR, "introduced", insist=True)
        with pytest.raises(InvalidError, match="it stands at “introduced”"):
            net.introduce("ana", "luis")
        net.introduction_step(("luis", "ana"), "dropped")
        net.introduce("ana", "luis")
        net.introduce("ana", "priya")
        assert [(one.now.stage, one.people[1].handle) for one in net.introductions()] == [
            ("thought_of", "priya-nair"), ("thought_of", "luis-ortega"), ("dropped", "luis-ortega"),
        ]  # fmt: skip

    def test_who_is_not_to_be_contacted_is_left_in_peace(self, net: Network) -> None:
        """Unless I insist; and nothing is owed to them."""
        net.edit("luis", state=State(kind="do_not_contact", on=net.today))
        for day in (None, "2026-03-01"):
            with pytest.raises(RefusedError, match=r"Luis Ortega is marked do not con.*--insist"):
                net.introduce("ana", "luis", on=day)
        net.introduce("ana", "luis", insist=True)
        assert todo(net) == []
        (one,) = net.introductions()
        assert (one.now.unasked, one.now.is_open) == ((), True)
        assert [person.handle for person in one.barred] == ["luis-ortega"]
        net.edit("luis", state=State())
        assert len(todo(net)) == 2
        assert (net.introductions()[0].barred, len(net.introductions()[0].now.unasked)) == ((), 2)

    def test_who_is_not_to_be_contacted_since_is_neither_asked_nor_introduced(
        self, net: Network
    ) -> None:
        """Of what was before, and of what they did themselves, there is nothing to refuse."""
        net.introduce("ana", "luis", on="2026-03-01")
        net.edit("luis", state=State(kind="deceased", on=net.today))
        for what, by in (("asked", "ana"), ("asked", "luis"), ("introduced", ())):
            with pytest.raises(RefusedError, match=r"Luis Ortega is marked deceased.*--insist"):
                net.introduction_step(PAIR, what, by)
        net.introduction_step(PAIR, "asked", "luis", on="2026-03-02")
        assert [len(one.now.waiting) for one in net.introductions(as_of="2026-03-04")] == [1]
        assert [len(one.now.waiting) for one in net.introductions()] == [0]
        net.introduction_step(PAIR, "agreed", PAIR)
        assert net.introduction_step(PAIR, "introduced", insist=True).now.stage == "introduced"

    def test_a_no_holds_for_half_a_year(self, net: Network, clock: Clock) -> None:
        """Of either of them."""
        net.introduce("ana", "luis", on="2026-03-01")
        net.introduction_step(PAIR, "declined", "luis", on="2026-03-02")
        with pytest.raises(RefusedError, match="declined on 2026-03-02; leave it until 2026-09-02"):
            net.introduce("ana", "luis")
        with net.transaction("try", dry_run=True):
            assert net.introduce("ana", "luis", insist=True)
        clock.set("2026-09-02T09:00")
        assert net.introduce("ana", "luis")

    def test_who_know_each_other_need_no_introduction(self, net: Network) -> None:
        """Because they met, or as I was told."""
        net.introduce("ana", "luis")
        net.introduction_step(PAIR, "met")
        net.introduce("ana", "luis", insist=True)
        net.introduction_step(PAIR, "dropped")
        with pytest.raises(RefusedError, match="Ana Ruiz and Luis Ortega know each other already"):
            net.introduce("ana", "luis")
        net.knows("priya", "ana")
        net.knows("luis", "priya", told_by="ana")
        with pytest.raises(RefusedError, match="--insist"):
            net.introduce("ana", "priya")
        assert net.introduce("ana", "priya", insist=True)

    def test_that_one_told_me_of_the_other_two_is_no_reason(self, net: Network) -> None:
        """Who told is not one of the two."""
        net.knows("ana", "luis", told_by="priya")
        assert net.introduce("ana", "priya")

    def test_not_before_both_agreed(self, net: Network) -> None:
        """Double opt-in; one can insist."""
        net.introduce("ana", "luis")
        net.introduction_step(PAIR, "agreed", "ana")
        with pytest.raises(RefusedError, match=r"have not both agreed yet.*--insist"):
            net.introduction_step(PAIR, "introduced")
        net.introduction_step(PAIR, "declined", "luis")
        with pytest.raises(RefusedError, match="have not both agreed yet"):
            net.introduction_step(PAIR, "introduced")
        assert net.introduction_step(PAIR, "introduced", insist=True).now.stage == "introduced"

    def test_what_does_not_fit_is_refused(self, net: Network) -> None:
        """Nothing is stored then, and the message says what may come next."""
        net.introduce("ana", "luis", on="2026-03-01")
        before, history = everything(net), commits(net)
        refused = [
            (("asked",), "who asked"), (("agreed", []), "Name Ana Ruiz or Luis Ortega"),
            (("asked", "priya"), "only the two"), (("met", "ana"), "who met"),
            (("fly",), "'fly' is not a what"), (("agreed", ["ana", "priya"]), "only the two"),
        ]  # fmt: skip
        for arguments, message in refused:
            with pytest.raises(InvalidError, match=message):
                net.introduction_step(PAIR, *arguments)  # type: ignore[arg-type]
        with pytest.raises(InvalidError, match="in the future"):
            net.introduction_step(PAIR, "met", on="2026-03-06")
        assert (everything(net), commits(net)) == (before, history)
        net.introduction_step(PAIR, "met", on="2026-03-03")
        with pytest.raises(InvalidError, match="stands at “met” then; what may come next: nothing"):
            net.introduction_step(PAIR, "dropped")
        assert net.introduction_step(PAIR, "asked", "ana", on="2026-03-02").now.stage == "met"

    def test_what_comes_in_an_odd_order_is_refused(self, net: Network) -> None:
        """Also by what was noted of later; people may change their minds."""
        net.introduce("ana", "luis", on="2026-03-02")
        net.introduction_step(PAIR, "agreed", "ana", on="2026-03-03")
        before = everything(net)
        for what in ("asked", "agreed"):
            with pytest.raises(InvalidError, match=rf"{what} \(Ana Ruiz\).*they agreed already$"):
                net.introduction_step(PAIR, what, "ana")
        with pytest.raises(
            InvalidError, match=r"agreed on 2026-03-01 .* introducing them on 2026-"
        ):
            net.introduction_step(PAIR, "agreed", "luis", on="2026-03-01")
        assert everything(net) == before
        net.introduction_step(PAIR, "declined", "ana")
        assert net.introduction_step(PAIR, "agreed", ["ana", "ana"]).now.stage == "one_agreed"
        net.introduction_step(PAIR, "asked", "luis", on="2026-03-04")
        late = r"asked \(Luis Ortega\) does not fit after agreed, noted of 2026-03-03"
        with pytest.raises(InvalidError, match=late):
            net.introduction_step(PAIR, "agreed", "luis", on="2026-03-03")
        with pytest.raises(
            InvalidError, match=r"declined .* does not fit after met, noted of 2026"
        ):
            net.introduction_step(PAIR, "met", on="2026-03-04")
        assert net.introduction_step(PAIR, "asked", "luis", on="2026-03-03").now.stage == (
            "one_agreed"
        )

    def test_who_was_let_be_may_be_asked_anew(self, net: Network) -> None:
        """Although both had agreed; that they did is not denied."""
        net.introduce("ana", "luis", on="2026-03-02")
        net.introduction_step(PAIR, "agreed", PAIR)
        net.introduction_step(PAIR, "dropped")
        with pytest.raises(RefusedError, match=r"both agreed, but you let it be on 2026-03-05\."):
            net.introduction_step(PAIR, "introduced")
        assert net.introduction_step(PAIR, "asked", "ana").now.stage == "both_agreed"

    def test_of_two_whom_i_do_not_introduce(self, net: Network) -> None:
        """Nothing came of it."""
        with pytest.raises(NotFoundError, match="netcrm introduce ana-ruiz luis-ortega WHY"):
            net.introduction_step(PAIR, "met")
        made = net.introduce("ana", "luis")
        net.undo()
        with pytest.raises(NotFoundError, match="There is no introduction"):
            net.introduction_step(made, "met")

    def test_one_that_is_open_is_meant_rather_than_one_that_is_over(self, net: Network) -> None:
        """Which of them I began last does not matter."""
        net.introduce("ana", "luis", "old", on="2026-03-03")
        net.introduction_step(PAIR, "dropped", on="2026-03-04")
        net.introduce("ana", "luis", "new", on="2026-03-02")
        assert net.introduction_step(PAIR, "agreed", "ana").introduction.context == "new"
        net.introduction_step(PAIR, "dropped")
        assert net.introduction_step(PAIR, "agreed", "ana").introduction.context == "old"

    def test_as_known_at_a_moment(self, net: Network) -> None:
        """Of those of one person, or all, the latest begun first."""
        net.introduce("ana", "luis", on="2026-03-01")
        net.introduction_step(PAIR, "asked", "ana", on="2026-03-02")
        net.introduce("priya", "luis", on="2026-03-03")
        seen = {
            day: [one.now.stage for one in net.introductions(as_of=day)]
            for day in ("2026-02-28", "2026-03-01", "2026-03-02", "2026-03-03")
        }
        assert list(seen.values()) == [[], ["thought_of"], ["asking"], ["thought_of", "asking"]]
        assert [one.people[0].handle for one in net.introductions(who="luis")] == [
            "priya-nair", "ana-ruiz",
        ]  # fmt: skip
        assert [one.people[0].handle for one in net.introductions(who="ana")] == ["ana-ruiz"]
        steps = [
            [len(one.introduction.steps) for one in net.introductions(as_of=day)] for day in seen
        ]
        assert steps == [[], [0], [1], [0, 1]]
        assert todo(net, as_of="2026-03-01") == ["ask_to_introduce"] * 2
        assert todo(net, as_of="2026-02-28") == []

    def test_one_with_me_is_none(self, net: Network) -> None:
        """It can only be stored by hand."""
        ids = [net.contact("maya").id, net.contact("ana").id]
        made = Introduction(id="i", contacts=ids, begun_on=net.today)
        net.put(made)
        assert (net.introductions(), net.obligations()) == ([], [])
        with pytest.raises(NotFoundError):
            net.introduction_step(made, "met")

    def test_a_waiver_holds(self, net: Network) -> None:
        """As of everything that is owed; also once they are merged."""
        net.introduce("ana", "luis")
        net.waive(net.obligations(who="luis")[0].key)
        assert todo(net) == ["ask_to_introduce"]
        net.add("Luis O. Ortega")
        net.merge("luis-o-ortega", "luis-ortega")
        assert todo(net) == ["ask_to_introduce"]
        assert todo(net, "ana") == ["ask_to_introduce"]


class TestAcquaintances:
    """Two people know each other, as I was told."""

    def test_told_again_what_is_new_counts_and_what_is_not_said_stays(self, net: Network) -> None:
        """Of the same two one is returned; where nothing is new, nothing is noted."""
        made = net.knows("ana", "luis", "studied together", on="2026-03-01")
        assert (made.how, made.told_by) == ("studied together", None)
        assert made.noted_on == net.moment("2026-03-01")
        again = net.knows("luis", "ana", told_by="priya")
        assert (again.how, again.told_by) == ("studied together", net.contact("priya").id)
        assert (set(again.contacts), again.noted_on) == ({*made.contacts}, net.moment(None))
        better = net.knows("ana", "luis", "shared a flat")
        assert (better.how, better.told_by) == ("shared a flat", again.told_by)
        history = commits(net)
        assert net.knows("ana", "luis") == better
        assert net.knows("luis", "ana", " shared a flat ", told_by="priya") == better
        assert commits(net) == history
        assert net.acquaintances() == [better]

    def test_as_known_at_a_moment_is_what_was_told_by_then(self, net: Network) -> None:
        """Whatever was told later, in whatever order it was noted."""
        net.knows("ana", "luis", "studied together", on="2026-03-01")
        net.knows("ana", "luis", "shared a flat", told_by="priya", on="2026-03-04")
        net.knows("luis", "ana", told_by="luis", on="2026-03-02")
        named = {net.contact(name).id: name for name in ("luis", "priya")}

        def told(day: str) -> list[tuple[str, str]]:
            return [
                (one.how, named.get(one.told_by or "", "")) for one in net.acquaintances(as_of=day)
            ]

        assert told("2026-02-28") == []
        assert told("2026-03-01") == [("studied together", "")]
        assert told("2026-03-03") == [("studied together", "luis")]
        assert told("2026-03-05") == [("shared a flat", "priya")]
        earlier = net.knows("ana", "luis", on="2026-02-20")
        assert (earlier.how, earlier.told_by) == ("", None)
        assert told("2026-02-28") == [("", "")]
        assert told("2026-03-05") == [("shared a flat", "priya")]

    def test_who_told_me_may_be_one_of_them_but_not_me(self, net: Network) -> None:
        """What I know myself follows from what I log."""
        assert net.knows("ana", "luis", told_by="ana").told_by == net.contact("ana").id
        with pytest.raises(InvalidError, match="who told you is somebody else"):
            net.knows("ana", "luis", told_by="maya")

    def test_whom_a_person_knows(self, net: Network) -> None:
        """The oldest first; what they told of others is not about them."""
        net.knows("ana", "luis", told_by="priya", on="2026-03-03")
        net.knows("priya", "ana", on="2026-03-01")
        ids = {name: net.contact(name).id for name in ("ana", "luis", "priya")}
        known = [set(one.contacts) for one in net.acquaintances("ana")]
        assert known == [{ids["priya"], ids["ana"]}, {ids["ana"], ids["luis"]}]
        assert len(net.acquaintances("priya")) == 1
        assert len(net.acquaintances()) == 2
        assert len(net.acquaintances(as_of="2026-03-02")) == 1
        assert net.acquaintances("luis", as_of="2026-03-02") == []
        assert net.acquaintances(as_of="2026-02-28") == []
        net.knows("priya", "ana", "sang together")
        assert [one.how for one in net.acquaintances("ana")] == ["", "sang together"]

    def test_what_i_heard_later_than_now_i_did_not_hear(self, net: Network) -> None:
        """The future is refused."""
        with pytest.raises(InvalidError, match="in the future"):
            net.knows("ana", "luis", on="2026-03-06")
        with pytest.raises(InvalidError, match="in the future"):
            net.introduce("ana", "luis", on="2026-03-06")


@pytest.fixture
def told(net: Network) -> Network:
    """Ana and Luis know each other, as Priya told me; and I introduce Ana to Priya."""
    net.knows("ana", "luis", "studied together", told_by="priya")
    net.introduce("ana", "priya", "both sing")
    net.introduction_step(("ana", "priya"), "asked", "priya")
    return net


class TestMerging:
    """Two of these are one person."""

    @pytest.mark.parametrize(("keep", "lose"), [("ana", "luis"), ("luis", "ana")])
    def test_two_who_know_each_other_are_one(self, told: Network, keep: str, lose: str) -> None:
        """Nobody knows themselves; undo brings it back."""
        before = everything(told)
        told.merge(keep, lose)
        assert told.acquaintances() == []
        assert len(told.introductions(who=keep)) == 1
        assert told.verify().faults == ()
        told.undo()
        assert everything(told) == before

    @pytest.mark.parametrize(("keep", "lose"), [("ana", "priya"), ("priya", "ana")])
    def test_two_whom_i_introduce_are_one(self, told: Network, keep: str, lose: str) -> None:
        """Who told me of the other two is one of them then."""
        before = everything(told)
        told.merge(keep, lose)
        assert (told.introductions(), todo(told)) == ([], [])
        (known,) = told.acquaintances(keep)
        assert known.told_by == told.contact(keep).id
        assert told.verify().faults == ()
        told.undo()
        assert everything(told) == before

    def test_what_was_said_by_one_was_said_by_who_stays(self, told: Network) -> None:
        """The introduction goes on where it stood."""
        told.add("P. Nair")
        told.merge("p-nair", "priya-nair")
        (one,) = told.introductions(who="p-nair")
        assert (one.now.stage, names(one, one.now.waiting)) == ("asking", ["p-nair"])
        assert told.acquaintances()[0].told_by == told.contact("p-nair").id

    def test_what_was_noted_twice_stands_once(self, net: Network) -> None:
        """With what was said last; undo brings both back."""
        net.add("Luis O. Ortega")
        net.knows("ana", "luis-ortega", "studied together", on="2026-03-02")
        net.knows("luis-o-ortega", "ana", "shared a flat", told_by="priya")
        net.knows("luis-o-ortega", "priya")
        before = everything(net)
        net.merge("luis-o-ortega", "luis-ortega")
        known = [(one.how, one.told_by, str(one.noted_on)) for one in net.acquaintances("ana")]
        assert known == [("shared a flat", net.contact("priya").id, str(net.moment(None)))]
        assert [one.how for one in net.acquaintances("ana", as_of="2026-03-04")] == [
            "studied together"
        ]
        assert len(net.acquaintances()) == 2
        net.undo()
        assert everything(net) == before

    def test_of_two_introductions_the_latest_goes_on(self, net: Network) -> None:
        """The other is dropped; one that is over stays as it was."""
        net.add("Luis O. Ortega")
        net.introduce("ana", "luis-o-ortega", "over", on="2026-03-01")
        net.introduction_step(("ana", "luis-o-ortega"), "dropped", on="2026-03-01")
        net.introduce("luis-o-ortega", "ana", "first", on="2026-03-02")
        net.introduction_step(("luis-o-ortega", "ana"), "agreed", "ana", on="2026-03-02")
        net.introduce("ana", "luis-ortega", "last", on="2026-03-03")
        net.introduce("priya", "luis-ortega", "another", on="2026-03-01")
        before = everything(net)
        net.merge("luis-ortega", "luis-o-ortega")
        assert {one.introduction.context: one.now.stage for one in net.introductions()} == {
            "over": "dropped", "first": "dropped", "last": "thought_of", "another": "thought_of",
        }  # fmt: skip
        assert [len(one.introduction.steps) for one in net.introductions()] == [0, 2, 0, 1]
        net.undo()
        assert everything(net) == before


class TestGone:
    """Who is removed or forgotten."""

    def test_what_is_about_them_goes_and_comes_back(self, told: Network) -> None:
        """What they told me of two others stays, without them."""
        before = everything(told)
        assert told.remove("priya").about == {"acquaintance": 1, "introduction": 1}
        (known,) = told.acquaintances()
        assert (known.how, known.told_by) == ("studied together", None)
        assert (told.introductions(), todo(told)) == ([], [])
        assert told.verify().faults == ()
        told.remove("luis")
        assert told.acquaintances() == []
        told.undo()
        told.undo()
        assert everything(told) == before

    @pytest.mark.parametrize("who", ["ana", "luis", "priya"])
    def test_nothing_is_left_of_who_is_forgotten(self, told: Network, who: str) -> None:
        """Not in any version of anything."""
        gone = told.contact(who)
        told.knows("ana", "luis", "shared a flat")
        told.introduction_step(("ana", "priya"), "agreed", "priya")
        erased = told.forget(who)
        assert erased.about["acquaintance"] == (1 if who == "priya" else 2)
        text = records(told)
        assert gone.id not in text
        assert not [name for name in (gone.name, gone.handle) if name in text]
        assert told.verify().faults == ()
        assert [one.told_by for one in told.acquaintances()] == ([None] if who == "priya" else [])
        assert len(told.introductions()) == (who == "luis")

    def test_who_told_me_is_forgotten_with_every_version_of_it(self, net: Network) -> None:
        """Also what stood there before somebody else told me."""
        net.knows("ana", "luis", told_by="priya")
        net.knows("ana", "luis", told_by="luis")
        priya, number = net.contact("priya").id, net.history()[0].commit.seq
        assert net.forget("priya").versions == 0
        assert priya not in records(net)
        net.undo(number)
        assert net.acquaintances()[0].told_by is None

    def test_a_text_that_names_them_is_told(self, told: Network) -> None:
        """It is about others, so it is left alone."""
        told.knows("ana", "luis", "both sang with Priya Nair")
        told.introduce("ana", "luis", "as Priya Nair says", insist=True)
        found = told.forget("priya").mentions
        assert sorted(type(one).__name__ for one in found) == ["Acquaintance", "Introduction"]

    def test_the_dossier_has_it(self, told: Network) -> None:
        """Of who told me as well."""
        about = told.dossier("priya").about
        assert {kind: len(some) for kind, some in about.items()} == {
            "acquaintance": 1, "introduction": 1,
        }  # fmt: skip


class TestStored:
    """As every other record."""

    def test_it_moves_with_everything_else(self, told: Network, tmp_path: object) -> None:
        """To a file of lines and back."""
        file = f"{tmp_path}/everything.jsonl"
        assert told.export(file)["acquaintance"] == 1
        with netcrm.open() as other:
            other.restore(file)
            assert other.acquaintances() == told.acquaintances()
            assert [one.now for one in other.introductions()] == [
                one.now for one in told.introductions()
            ]

    def test_what_is_about_nobody_is_found(self, told: Network) -> None:
        """Whoever of them is not there."""
        for name in ("acquaintance", "introduction"):
            with told._storage.begin(write=True) as view:
                (record,) = view.scan(name)
                doc = {**record.doc, "contacts": [record.doc["contacts"][0], "nobody"]}
                doc.pop("steps", None)
                view.put([(record._replace(doc=doc), record.rev)])
        assert len(told.verify().faults) == 2

    def test_who_told_me_has_to_be_here_too(self, net: Network) -> None:
        """As whoever else a record names."""
        ids = [net.contact(name).id for name in PAIR]
        with pytest.raises(InvalidError, match="somebody who is not here"):
            net.put(Acquaintance(id="q", contacts=ids, told_by="nobody", noted_on=net.today))
        step = IntroductionStep(what="met", on=net.today)
        (made,) = net.put(Introduction(id="i", contacts=ids, begun_on=net.today, steps=[step]))
        assert attrs.evolve(made, steps=()) != made
        assert net.introductions()[0].now.stage == "met"


class TestLetters:
    """The letters by which two people are introduced."""

    @pytest.fixture
    def known(self, net: Network) -> Network:
        """It is known where Ana works, how to reach both, and why they should meet."""
        net.edit("ana", email="ana@example.org", organisation="Mercy General", title="Nurse")
        net.edit("luis", email="luis@example.org", organisation="Night Clinic")
        net.introduce("ana", "luis", "both care about night shifts")
        return net

    def test_each_is_asked_about_the_other(self, known: Network) -> None:
        """Nobody need say whom it is about, nor why."""
        letter = known.draft("introduction_offer", "luis")
        assert letter.draft.subject == "Would you like to meet Ana Ruiz?"
        assert "Ana Ruiz (Nurse at Mercy General)." in letter.draft.text
        assert "This is why I thought of it: both care about night shifts." in letter.draft.text
        assert letter.other is not None
        assert (letter.draft.missing, letter.findings) == ((), ())
        assert (letter.other.name, letter.addresses) == ("Ana Ruiz", ("luis@example.org",))
        assert letter.also == ()
        assert "Luis Ortega (Night Clinic)" in known.draft("introduction_offer", "ana").draft.text

    def test_both_are_written_to_once_both_agreed(self, known: Network) -> None:
        """Not before, unless I insist."""
        refused = r"have not both agreed yet.*introduction_offer.*--force"
        for by in ("ana", "luis"):
            with pytest.raises(RefusedError, match=refused):
                known.draft("introduction", "ana")
            assert known.draft("introduction", "ana", force=True).draft.missing == ()
            known.introduction_step(PAIR, "agreed", by)
        letter = known.draft("introduction", "ana")
        assert letter.draft.subject == "Ana, meet Luis Ortega"
        assert letter.draft.text.startswith("Dear Ana, dear Luis,")
        assert "Ana, this is Luis Ortega (Night Clinic)." in letter.draft.text
        assert "Luis, this is Ana Ruiz (Nurse at Mercy General)." in letter.draft.text
        assert (letter.addresses, letter.also) == (("ana@example.org",), ("luis@example.org",))
        assert letter.findings == ()
        known.introduction_step(PAIR, "declined", "ana")
        with pytest.raises(RefusedError, match=refused):
            known.draft("introduction", "ana", about="luis")

    def test_who_were_introduced_or_have_met_are_neither_asked_nor_introduced(
        self, known: Network
    ) -> None:
        """The message says what is so."""
        known.introduction_step(PAIR, "agreed", "ana")
        with pytest.raises(RefusedError, match=r"Ana Ruiz agreed already to meet Luis.*--force"):
            known.draft("introduction_offer", "ana")
        assert known.draft("introduction_offer", "luis").other is not None
        known.introduction_step(PAIR, "agreed", "luis")
        known.introduction_step(PAIR, "introduced")
        for kind in ("introduction", "introduction_offer"):
            with pytest.raises(RefusedError, match=r"Ana Ruiz were introduced by you already, on"):
                known.draft(kind, "luis")
            assert known.draft(kind, "luis", force=True).findings == ()
        known.introduction_step(PAIR, "met")
        for kind in ("introduction", "introduction_offer"):
            with pytest.raises(
                RefusedError, match=r"Ana Ruiz have met already, on 2026-03-05\. To"
            ):
                known.draft(kind, "luis", about="ana")
            forced = known.draft(kind, "luis", about="ana", force=True)
            assert "night shifts" in forced.draft.text
        assert known.draft("introduction_offer", "luis").other is None

    def test_it_is_the_one_that_is_under_way(self, known: Network) -> None:
        """The latest, unless another is named."""
        known.introduce("luis", "priya", "both sing", on="2026-03-04")
        assert known.draft("introduction_offer", "luis").draft.subject.endswith("meet Ana Ruiz?")
        other = known.draft("introduction_offer", "luis", about="priya")
        assert "Priya Nair" in other.draft.text
        assert "both sing" in other.draft.text
        with known.transaction("try", dry_run=True):
            known.add("Bo Berg")
            known.introduce("luis", "bo")
            assert "Bo Berg" in known.draft("introduction_offer", "luis").draft.text
        known.introduction_step(PAIR, "dropped")
        assert "Priya Nair" in known.draft("introduction_offer", "luis").draft.text
        unplanned = known.draft("introduction_offer", "ana", about="priya").draft.text
        assert "Priya Nair" in unplanned
        assert "This is why" not in unplanned

    def test_of_nobody_in_particular(self, net: Network) -> None:
        """It is left open."""
        made = net.draft("introduction_offer", "ana").draft
        assert made.missing == ("the name of the other person",)
        assert net.draft("introduction", "ana").other is None
        somebody = net.draft("introduction_offer", "ana", about="a nurse whom I know")
        assert "a nurse whom I know" in somebody.draft.text
        assert somebody.other is None

    def test_who_is_not_to_be_written_to_is_not_written_about(self, known: Network) -> None:
        """Either of them."""
        known.edit("ana", state=State(kind="do_not_contact"))
        for who in PAIR:
            with pytest.raises(RefusedError, match="Ana Ruiz is marked do not contact"):
                known.draft("introduction_offer", who)
