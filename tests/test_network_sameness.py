"""Who is who: a person stands once, merging loses nothing, and undo brings back what was."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import InvalidError, NotFoundError, RefusedError
from netcrm.kinds import KINDS
from tests import networks
from tests.interviewed import MINE, TOLD, mine, told
from tests.networks import commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

slow = HealthCheck.function_scoped_fixture


@pytest.fixture
def twice(net):
    """Ana stands here twice; both know Ben, and things were said to both."""
    net.add("Ana Ruiz", email="ana@example.org", circles=["inner"], tags=["mentor"])
    net.add("Ana Ruiz-Lopez", phone="+1 555 010 0123", location="Paris", tags=["nurse"])
    net.add("Ben Okafor")
    net.log("ana-ruiz", "coffee", "one", at="2026-02-01")
    net.log(["ana-ruiz-lopez", "ben"], "video", "two", at="2026-02-02")
    net.log(["ana-ruiz", "ana-ruiz-lopez"], "email", "three", at="2026-02-03")
    net.refer("ana-ruiz-lopez", "ben", context="at the fair")
    net.plan("ana-ruiz-lopez", "2026-04-01 15:00")
    net.snooze("ana-ruiz-lopez", "in 3 weeks")
    return net


class TestMerge:
    """Two contacts become one, as one commit."""

    def test_what_was_about_either_is_about_the_one_who_stays(self, twice):
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert [talk.text for talk in twice.timeline("ana")] == ["three", "two", "one"]
        talk = twice.timeline("ana")[0]
        assert len(talk.participants) == 1
        assert twice.verify().faults == ()
        ana = twice.contact("ana")
        assert (ana.tags, ana.location) == ({"mentor", "nurse"}, "Paris")
        assert [point.value for point in ana.points] == ["ana@example.org", "+1 555 010 0123"]
        assert ana.aliases == ("Ana Ruiz-Lopez",)
        assert [c.handle for c in twice.contacts()] == ["ana-ruiz", "ben-okafor"]

    def test_it_tells_what_it_did(self, twice):
        merged = twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert (merged.contact.handle, merged.gone.handle) == ("ana-ruiz", "ana-ruiz-lopez")
        assert merged.about == {"interaction": 2, "meeting": 1, "referral": 1, "adjustment": 1}
        assert [tuple(conflict) for conflict in merged.conflicts] == [
            ("name", "Ana Ruiz", "Ana Ruiz-Lopez")
        ]
        assert merged.commit.reason == "merge"
        assert merged.commit.detail == "ana-ruiz-lopez into ana-ruiz"

    def test_undo_brings_both_back_byte_for_byte(self, twice):
        before = everything(twice)
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        twice.undo()
        assert everything(twice) == before
        assert twice.contact("ana-ruiz-lopez").location == "Paris"

    def test_undo_refuses_with_what_came_later(self, twice):
        merged = twice.merge("ana-ruiz", "ana-ruiz-lopez")
        twice.edit("ana", note="since")
        before = everything(twice)
        with pytest.raises(RefusedError, match="contact ana-ruiz: changed by"):
            twice.undo(merged.commit.seq)
        assert everything(twice) == before

    def test_a_dry_run_tells_the_same_and_changes_nothing(self, twice):
        before, history = everything(twice), commits(twice)
        planned = twice.merge("ana-ruiz", "ana-ruiz-lopez", dry_run=True)
        assert (everything(twice), commits(twice)) == (before, history)
        done = twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert planned[:4] == done[:4]

    def test_who_is_merged_with_themselves_stays_as_they_are(self, twice):
        before, history = everything(twice), commits(twice)
        merged = twice.merge("ana-ruiz", "ana-ruiz")
        assert (merged.commit, merged.about) == (None, {})
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        twice.merge("ana-ruiz", "ana-ruiz-lopez")  # which is the same person by now
        twice.undo()
        assert (everything(twice), commits(twice)) == (before, history + 2)

    def test_old_handles_ids_and_contacts_still_find_the_person(self, twice):
        gone = twice.contact("ana-ruiz-lopez")
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        for who in ("ana-ruiz-lopez", "Ana-Ruiz-Lopez", "Ana Ruiz-Lopez", gone.id, gone):
            assert twice.contact(who).handle == "ana-ruiz"
        twice.merge("ben", "ana")
        for who in ("ana-ruiz-lopez", gone.id, gone, "ana-ruiz", "Ana Ruiz"):
            assert twice.contact(who).handle == "ben-okafor"

    def test_nobody_new_gets_the_handle_of_who_is_no_more(self, twice):
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert twice.add("Ana Ruiz-Lopez").handle == "ana-ruiz-lopez-2"
        with pytest.raises(InvalidError, match="the handle ana-ruiz-lopez still finds Ana Ruiz"):
            twice.add("Somebody", handle="ana-ruiz-lopez")
        with pytest.raises(InvalidError, match="the handle ana-ruiz-lopez still finds Ana Ruiz"):
            twice.edit("ben", handle="ana-ruiz-lopez")

    def test_who_stays_may_take_the_handle_over(self, twice):
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert twice.edit("ana-ruiz", handle="ana-ruiz-lopez").handle == "ana-ruiz-lopez"
        assert twice.contact("ana-ruiz-lopez").name == "Ana Ruiz"

    def test_who_referred_me_to_themselves_is_a_note(self, twice):
        twice.refer("ana-ruiz", "ana-ruiz-lopez", context="on the phone")
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        note = "Ana Ruiz referred me to Ana Ruiz-Lopez (2026-03-05): on the phone."
        assert twice.contact("ana").note == note

    def test_the_same_referral_by_both_is_one(self, twice):
        before = twice.refer("ana-ruiz", "ben", context="at the fair")
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        (after,) = twice.referrals("ana")
        assert after.referred == before.referred

    def test_only_one_rule_of_their_own_stays(self, twice):
        twice.rule("contact:ana-ruiz", "2 weeks")
        twice.rule("contact:ana-ruiz-lopez", "1 year")
        before = everything(twice)
        merged = twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert tuple(merged.conflicts[-1]) == ("rule", "2 weeks", "1 year")
        assert [str(rule.every) for rule in twice.rules()] == ["2 weeks"]
        twice.undo()
        assert everything(twice) == before

    def test_a_rule_for_who_is_no_more_is_for_who_stays(self, twice):
        twice.rule("contact:ana-ruiz-lopez", "1 year")
        twice.merge("ana-ruiz", "ana-ruiz-lopez")
        (rule,) = twice.rules()
        assert rule.selector.value == twice.contact("ana").id

    def test_who_was_met_through_them_still_was(self, twice):
        lopez = twice.contact("ana-ruiz-lopez")
        twice.edit("ben", first_met=netcrm.FirstMet(through=lopez.id))
        merged = twice.merge("ana-ruiz", "ana-ruiz-lopez")
        assert twice.contact("ben").first_met.through == twice.contact("ana").id
        assert merged.about["contact"] == 1
        assert twice.verify().faults == ()

    def test_i_am_still_me(self, net):
        net.add("Maya Rao", is_me=True)
        net.add("M. Rao")
        net.merge("m-rao", "maya-rao")
        assert net.me.handle == "m-rao"

    @pytest.mark.parametrize("field", ["points", "tags", "nonsense"])
    def test_a_field_that_cannot_be_chosen_is_refused(self, twice, field):
        before = everything(twice)
        with pytest.raises(InvalidError, match="cannot be chosen"):
            twice.merge("ana-ruiz", "ana-ruiz-lopez", take=[field])
        assert everything(twice) == before

    def test_nobody_is_guessed(self, twice):
        with pytest.raises(netcrm.AmbiguousError):
            twice.merge("ana", "ben")
        with pytest.raises(NotFoundError):
            twice.merge("ana-ruiz", "carol")


class TestInterviews:
    """What interviews left is about the one who stays."""

    @pytest.fixture
    def learned(self, twice):
        ana, lopez, ben = (twice.contact(h).id for h in ("ana-ruiz", "ana-ruiz-lopez", "ben"))
        twice.put(*mine("tea"))
        for number, people in enumerate(([ana], [lopez], [lopez, ben], [ben, lopez, ana], [ben])):
            twice.put(*told(people, "tea", f"t{number}"))
        return twice

    def test_all_that_one_told_me_the_other_told_me(self, learned):
        merged = learned.merge("ana-ruiz", "ana-ruiz-lopez")
        moved = dict.fromkeys(TOLD, 2) | {"interview": 3}  # of these one with Ben first
        assert {kind: merged.about[kind] for kind in TOLD} == moved
        assert learned.verify().faults == ()
        ana, ben = learned.contact("ana").id, learned.contact("ben").id
        expected = ((ana,), (ana,), (ana, ben), (ben, ana), (ben,))
        for number, people in enumerate(expected):
            assert learned.get(netcrm.Interview, f"t{number}").contacts == people
            for cls in (netcrm.Research, netcrm.Insight, netcrm.Opportunity, netcrm.Commitment):
                assert learned.get(cls, f"t{number}").contact == people[0]
            waiver = learned.get(netcrm.Waiver, f"t{number}")
            assert waiver.key == f"thank_you:t{number}:{waiver.contact}"
            assert waiver.contact == people[0]

    def test_what_is_about_others_and_about_me_stays_as_it_is(self, learned):
        before = everything(learned)
        learned.merge("ana-ruiz", "ana-ruiz-lopez")
        after = everything(learned)
        alone = {(kind, id_) for kind, id_ in before if kind in MINE or id_ in ("t0", "t4")}
        assert len(alone) == len(MINE) + 2 * len(TOLD)
        assert {key: after[key] for key in alone} == {key: before[key] for key in alone}

    def test_undo_brings_all_of_it_back_byte_for_byte(self, learned):
        before = everything(learned)
        learned.merge("ana-ruiz", "ana-ruiz-lopez")
        learned.merge("ben", "ana")
        assert everything(learned) != before
        learned.undo()
        learned.undo()
        assert everything(learned) == before
        assert learned.verify().faults == ()

    def test_undo_refuses_with_what_was_learned_since(self, learned):
        merged = learned.merge("ana-ruiz", "ana-ruiz-lopez")
        learned.put(attrs.evolve(learned.get(netcrm.Insight, "t1"), text="coffee"))
        with pytest.raises(RefusedError, match="insight t1: changed by"):
            learned.undo(merged.commit.seq)


class TestDistinct:
    """Two people who are not the same."""

    def test_they_are_shown_no_more_and_not_merged(self, net):
        net.add("Tom Weber", email="tom@weber.example")
        net.add("Tom Weber", phone="+1 555 010 0123")
        assert len(net.dupes(least=0.3)) == 1
        told = net.distinguish("tom-weber", "tom-weber-2", reason="father and son")
        assert told.reason == "father and son"
        assert net.dupes(least=0.0) == []
        with pytest.raises(RefusedError, match="tom-weber and tom-weber-2 were told apart"):
            net.merge("tom-weber", "tom-weber-2")
        net.merge("tom-weber", "tom-weber-2", insist=True)
        assert net.get(netcrm.Contact, net.contact("tom-weber").id)
        assert net.counts().get("distinct", 0) == 0

    def test_telling_again_changes_nothing(self, twice):
        told = twice.distinguish("ana-ruiz", "ana-ruiz-lopez")
        history = commits(twice)
        assert twice.distinguish("ana-ruiz-lopez", "ana-ruiz") == told
        assert commits(twice) == history

    def test_it_takes_two(self, twice):
        with pytest.raises(InvalidError, match="it takes two"):
            twice.distinguish("ben", "ben")

    def test_it_holds_for_whoever_one_of_them_is_merged_into(self, twice):
        twice.distinguish("ana-ruiz", "ben")
        twice.merge("ana-ruiz-lopez", "ana-ruiz")
        with pytest.raises(RefusedError, match="told apart"):
            twice.merge("ben", "ana-ruiz-lopez")


class TestDupes:
    """Pairs that are likely one person."""

    def test_they_come_with_a_score_and_reasons(self, net):
        net.add("Bob Smith", phone="+1 555 010 0123", organisation="Mercy General")
        net.add("Robert Smith", phone="(555) 010-0123")
        net.add("Carol Stein")
        (pair,) = net.dupes()
        assert {net.get(netcrm.Contact, id_).name for id_ in (pair.a, pair.b)} == {
            "Bob Smith", "Robert Smith",
        }  # fmt: skip
        assert pair.score > 0.9
        assert {sign.code for sign in pair.signs} >= {"family", "given short", "phone"}

    def test_they_can_be_asked_for_one_person(self, net):
        for name in ("Ana Ruiz", "Ben Falk"):
            net.add(name, phone=f"+1 555 010 01{ord(name[0])}")
            net.add(name, phone=f"555-010-01{ord(name[0])}")
        assert len(net.dupes()) == 2
        (pair,) = net.dupes("ana-ruiz")
        assert {pair.a, pair.b} == {net.contact(h).id for h in ("ana-ruiz", "ana-ruiz-2")}

    def test_plugins_have_a_say(self, opens):
        class Notes:
            said: tuple[netcrm.Sign, ...] = ()

            @netcrm.hookimpl
            def netcrm_likeness(self, a, b):
                return self.said if a.note == b.note else ()

        notes = Notes()
        net = opens(plugins=[notes])
        for name in ("Ana Ruiz", "Ana Ruiz", "Ben Falk", "Ben Falk"):
            net.add(name)
        net.edit("ben-falk-2", note="another")
        before = {pair.score for pair in net.dupes(least=0.0)}
        assert len(before) == 1
        notes.said = (netcrm.Sign("cat", "the same cat", 5.0),)
        first, second = net.dupes(least=0.0)
        assert second.score in before
        assert first.score > 0.97
        assert first.signs[-1].text == "the same cat"
        notes.said = (netcrm.Sign("cat", "other cats", -5.0),)
        (only,) = net.dupes()
        assert only.score in before
        assert len(net.dupes(least=0.01)) == 2

    def test_placeholders_are_nobody(self, net):
        for phone in ("+1 555 010 0110", "(555) 010 0110"):
            net.add("Front desk", phone=phone, is_placeholder=True)
        assert net.dupes(least=0.0) == []

    def test_nobody_is_alike_in_an_empty_network(self, net):
        assert net.dupes() == []


# --- any number of merges

PEOPLE = 6
merges = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)), min_size=1, max_size=8
)


def crowd(net, pairs):
    """Make some people with something about each two, and merge these pairs."""
    handles = [f"p{n}" for n in range(PEOPLE)]
    for n, handle in enumerate(handles):
        net.add(f"Person {n}", handle=handle, email=f"{handle}@x.org", tags=[f"t{n}"])
    for n, handle in enumerate(handles):
        net.log([handle, handles[n - 1]], "email", f"said {n}")
        net.refer(handle, handles[n - 2])
        people = [net.contact(one).id for one in (handle, handles[n - 1])]
        net.put(*told(people, f"learned {n}", f"t{n}"))
    made = commits(net)
    for a, b in pairs:
        net.merge(handles[a], handles[b])
    return handles, made


def partition(net, handles):
    groups: dict[str, set[str]] = {}
    for handle in handles:
        groups.setdefault(net.contact(handle).id, set()).add(handle)
    return {frozenset(group) for group in groups.values()}


@given(merges, st.randoms(use_true_random=False))
def test_in_whatever_order_people_are_merged_the_same_are_one(pairs, chance):
    with netcrm.open() as net, netcrm.open() as other:
        handles, _ = crowd(net, pairs)
        turned = [(b, a) if chance.random() < 0.5 else (a, b) for a, b in pairs]
        chance.shuffle(turned)
        crowd(other, turned)
        groups = partition(net, handles)
        assert groups == partition(other, handles)
        assert len(net.contacts()) == len(groups)
        for group in groups:
            ours, theirs = (one.contact(next(iter(group))) for one in (net, other))
            assert ours.tags == theirs.tags == {f"t{handle[1:]}" for handle in group}
        assert net.verify().faults == ()


@settings(suppress_health_check=[slow])
@given(merges)
@pytest.mark.parametrize("kind", networks.STORAGES)
def test_undoing_all_merges_brings_everything_back(tmp_path_factory, kind, pairs):
    opens = networks.opener(kind, tmp_path_factory.mktemp("net"))
    with opens() as net:
        handles, made = crowd(net, ())
        before = everything(net)
        for a, b in pairs:
            net.merge(handles[a], handles[b])
        for _ in range(commits(net) - made):
            net.undo()
        assert everything(net) == before


def test_each_kind_that_is_about_people_follows_a_merge():
    """A new kind of record must say what becomes of it."""
    known = {
        "contact", "interaction", "meeting", "referral", "cadence", "adjustment", "merged",
        "distinct", "acquaintance", "introduction", *TOLD,
    }  # fmt: skip
    assert {kind.name for kind in KINDS.values() if "contacts" in kind.fields} == known
