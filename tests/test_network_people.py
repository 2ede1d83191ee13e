"""People: whoever is named is found or asked about, never guessed; and nobody is somebody else."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netcrm
from netcrm import AmbiguousError, ConflictError, InvalidError, NotFoundError
from netcrm.model.text import slug
from tests import networks
from tests.networks import ana_and_luis, commits, everything

clock, opens, net = networks.clock, networks.opens, networks.net

few = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestWhoIsMeant:
    """A person is meant by a name, a handle, an id or the contact; never by a guess."""

    @pytest.mark.parametrize(
        "said", ["Ana Ruiz", "ana ruiz", "ANA", "ruiz", "an ru", "ana-ruiz", "áná"]
    )
    def test_any_way_to_name_her_finds_her(self, net, said):
        """Case, accents, parts of names and starts of words do not matter while one person fits."""
        ana_and_luis(net)
        assert net.contact(said).name == "Ana Ruiz"

    def test_an_id_and_the_contact_itself_are_accepted(self, net):
        """What one call gives, another takes."""
        ana = net.add("Ana Ruiz")
        assert net.contact(ana.id) == net.contact(ana) == ana

    def test_every_call_takes_any_form(self, net):
        """Names, handles, ids and contacts are accepted wherever a person is meant."""
        ana_and_luis(net)
        ana = net.contact("ana")
        for who in ("Ana Ruiz", "ana-ruiz", ana.id, ana):
            net.log(who, "coffee")
            net.refer(who, "Luis Ortega")
            net.plan(who, "2026-03-20")
            net.next_touch(who, "2026-03-09")
            net.pause(who)
            net.resume(who)
            net.snooze(who, "in 2 weeks")
            assert net.explain(who).person.id == ana.id
        assert len(net.timeline(ana)) == len(net.referrals("ana")) == 4
        assert net.edit("Ana Ruiz", note="by name").note == "by name"
        assert net.edit("ana-ruiz", note="by handle").note == "by handle"
        assert net.edit(ana.id, note="by id").note == "by id"

    def test_a_name_that_fits_two_lists_both_and_does_nothing(self, net):
        """Whoever is ambiguous is asked about, with the handles that tell them apart."""
        net.add("Ana Ruiz")
        net.add("Ana Lima")
        before = everything(net)
        for ask in (net.contact, net.edit, net.timeline, net.explain, net.log, net.resume, net.tag):
            with pytest.raises(AmbiguousError, match=r"Ana Lima \(ana-lima\), Ana Ruiz") as caught:
                ask("ana")
            assert caught.value.candidates == (("ana-lima", "Ana Lima"), ("ana-ruiz", "Ana Ruiz"))
        assert everything(net) == before

    def test_of_several_people_one_ambiguous_name_stops_all(self, net):
        """Tagging is for everybody named or for nobody."""
        ana_and_luis(net)
        net.add("Ana Lima")
        with pytest.raises(AmbiguousError):
            net.tag("luis", "ana", add=["x"])
        assert not net.contacts(tag="x")

    def test_a_whole_name_is_meant_before_a_longer_one(self, net):
        """Somebody called just Ana can be meant although there is an Ana Ruiz."""
        net.add("Ana Ruiz")
        just_ana = net.add("Ana")
        assert net.contact("ana") == just_ana

    def test_a_handle_is_meant_before_a_name(self, net):
        """The word in brackets, which a refusal tells to use, always works."""
        first = net.add("Ana Ruiz")
        second = net.add("Ana Ruiz")
        assert (first.handle, second.handle) == ("ana-ruiz", "ana-ruiz-2")
        assert net.contact("ana-ruiz") == first
        assert net.contact("ana-ruiz-2") == second
        with pytest.raises(AmbiguousError):
            net.contact("Ana Ruiz")

    def test_an_alias_is_a_name(self, net):
        """People are found by every name they have."""
        liz = net.add("Elizabeth Stone", aliases=["Liz Stone", "Lizzie"])
        assert net.contact("liz") == net.contact("lizzie") == liz

    def test_close_names_are_suggested_and_never_taken(self, net):
        """A slip of the finger is answered by a question."""
        ana_and_luis(net)
        with pytest.raises(
            NotFoundError, match=r"“Luis Ortiga”\. Did you mean Luis Ortega\?"
        ) as why:
            net.contact("Luis Ortiga")
        assert why.value.suggestions == ("Luis Ortega",)

    @pytest.mark.parametrize("said", ["", " ", "-", "🦆", "zzz", "\udcff", "a" * 100_000, "\0"])
    def test_what_fits_nobody_is_not_found(self, net, said):
        """Whatever is typed, the answer is a person or a refusal."""
        ana_and_luis(net)
        with pytest.raises(NotFoundError, match="Nobody here is called"):
            net.contact(said)

    def test_a_contact_of_another_network_is_not_here(self, net):
        """An id that is not stored means nobody, also in the hands of an old contact."""
        stranger = netcrm.open("memory:").add("Somebody Else")
        with pytest.raises(NotFoundError):
            net.contact(stranger)
        with pytest.raises(NotFoundError):
            net.edit(stranger, note="x")


class TestHandles:
    """Everybody has a word to type for them, and nobody else has the same."""

    @pytest.mark.parametrize(
        ("name", "handle"),
        [
            ("Ana Ruiz", "ana-ruiz"),
            ("Zoë O'Neill", "zoe-oneill"),
            ("José  María\tAznar", "jose-maria-aznar"),
            ("Иван Петров", "иван-петров"),
            ("山田 太郎", "山田-太郎"),
            ("محمد علي", "محمد-علي"),
            ("Ana 🦆 Ruiz", "ana-ruiz"),
            ("Dr. Zoë Müller (she/her), PhD", "zoe-muller"),
            ("Gómez, Lucia", "lucia-gomez"),
            ("Noor, RN Haddad", "noor-haddad"),
            ("Ana [red]Ruiz[/red]", "ana-ruiz"),
            ("<b>Ana</b> [red]Ruiz[/red]", "b-ana"),
            ("🦆", "contact"),
            ("???", "contact"),
        ],
    )
    def test_it_is_made_from_the_name(self, net, name, handle):
        """Any name in any script gives a word that finds the person again."""
        contact = net.add(name)
        assert contact.handle == handle
        assert contact.name == " ".join(name.split())
        assert net.contact(handle) == contact

    def test_namesakes_are_numbered(self, net):
        """Two people with one name are two people; the second word gets a number."""
        assert [net.add("Ana Ruiz").handle for _ in range(3)] == [
            "ana-ruiz",
            "ana-ruiz-2",
            "ana-ruiz-3",
        ]
        assert [net.add("🦆").handle for _ in range(2)] == ["contact", "contact-2"]

    def test_a_handle_of_ones_own_choice(self, net):
        """One may choose the word; it must be free and look like one."""
        assert net.add("Ana Ruiz", handle="anita").handle == "anita"
        with pytest.raises(InvalidError, match="the handle anita belongs to Ana Ruiz already"):
            net.add("Anita Rao", handle="anita")
        with pytest.raises(InvalidError, match="cannot be a handle"):
            net.add("Anita Rao", handle="Anita Rao")
        net.add("Luis Ortega")
        with pytest.raises(InvalidError, match="belongs to Ana Ruiz"):
            net.edit("luis", handle="anita")

    def test_a_very_long_name_gets_a_handle_one_can_type(self, net):
        """However long the name is, the handle is at most sixty characters."""
        assert len(net.add("Wolfe" * 20_000).handle) == 60

    def test_they_are_listed_for_completion(self, net):
        """A shell asks what begins so."""
        ana_and_luis(net)
        net.add("Ana Lima")
        assert net.handles("ana") == {"ana-lima": "Ana Lima", "ana-ruiz": "Ana Ruiz"}
        assert list(net.handles()) == ["ana-lima", "ana-ruiz", "luis-ortega"]

    @few
    @given(names=st.lists(st.text(max_size=8) | st.sampled_from(["Ana", "ana", "Äna", "-a-"])))
    def test_they_are_unique_whatever_the_names(self, tmp_path_factory, names):
        """No name can take somebody else's word; each word means one person."""
        network = networks.opener("memory", tmp_path_factory.getbasetemp())()
        added = []
        for name in names:
            try:
                added.append(network.add(name))
            except InvalidError:  # empty, NUL, half a character
                continue
        assert len({one.handle for one in added}) == len(added)
        assert all(slug(one.handle) == one.handle for one in added)
        assert [network.contact(one.handle) for one in added] == added


class TestOneIdentifierOnePerson:
    """An address belongs to one person: two with the same would make every import a guess."""

    @pytest.mark.parametrize(
        ("kind", "first", "again"),
        [
            ("email", "Ana@Example.org", "ana@example.ORG"),
            ("phone", "+1 (212) 555-0101", "+12125550101"),
            ("url", "https://www.linkedin.com/in/Ana-R/", "linkedin.com/in/ana-r?x=1"),
        ],
    )
    def test_somebody_elses_address_is_refused(self, net, kind, first, again):
        """However it is written, and for adding as well as for editing."""
        net.add("Ana Ruiz", **{kind: first})
        with pytest.raises(InvalidError, match=r"belongs to Ana Ruiz \(ana-ruiz\) already"):
            net.add("Luis Ortega", **{kind: again})
        luis = net.add("Luis Ortega")
        with pytest.raises(InvalidError, match="belongs to Ana Ruiz"):
            net.edit("luis", **{kind: again})
        with pytest.raises(InvalidError, match="belongs to Ana Ruiz"):
            net.put(attrs.evolve(luis, points=[netcrm.ContactPoint(kind=kind, value=again)]))
        assert net.contact("luis").points == ()

    def test_ones_own_address_again_is_nothing_new(self, net):
        """Giving an address twice adds it once, and is no change at all."""
        net.add("Ana Ruiz", email="ana@example.org")
        before = commits(net)
        assert len(net.edit("ana", email="ANA@example.org").points) == 1
        assert commits(net) == before

    def test_there_is_one_me(self, net):
        """Two of me would be one too many."""
        me = net.add("Maya Rao", is_me=True)
        with pytest.raises(InvalidError, match="is me already"):
            net.add("Me", is_me=True)
        assert net.me == me
        assert netcrm.open("memory:").me is None

    def test_put_keeps_the_same_rules(self, net):
        """Whoever stores contacts of their own making cannot take words or addresses either."""
        ana, luis = net.add("Ana Ruiz", email="ana@example.org"), net.add("Luis Ortega")
        before = everything(net)
        for broken in (
            attrs.evolve(luis, handle="ana-ruiz"),
            netcrm.Contact(id=netcrm.new_id(), name="X", handle="ana-ruiz", added_on=net.today),
        ):
            with pytest.raises(InvalidError, match="the handle ana-ruiz belongs to"):
                net.put(broken)
        with pytest.raises(InvalidError, match="the handle x belongs to"):
            net.put(attrs.evolve(ana, handle="x"), attrs.evolve(luis, handle="x"))
        with pytest.raises(InvalidError, match="somebody who is not here"):
            net.put(netcrm.Referral(id="r", referrer=ana.id, referred="b", made_on=_day("2026")))
        with pytest.raises(InvalidError, match="commits are made by netcrm"):
            net.put(net.history()[0].commit)
        assert everything(net) == before
        net.put(attrs.evolve(ana, note="fine"), attrs.evolve(luis, note="fine"))
        assert [one.note for one in net.contacts()] == ["fine", "fine"]


class TestAddAndEdit:
    """Contacts are made and changed by plain words; invalid ones cannot be."""

    def test_the_short_forms(self, net):
        """An address, a job and a birthday need no classes."""
        ana = net.add(
            "Ana Ruiz",
            email="ana@example.org",
            phone="+1 212 555 0101",
            url="https://example.org/ana",
            organisation="Mercy General",
            title="Nurse",
            birthday="--03-14",
            circles=["Inner Circle", "family"],
            tags=["Mentor"],
            fields=["Social Work"],
            source="alumni_database",
        )
        assert [(p.kind, p.value) for p in ana.points] == [
            ("email", "ana@example.org"),
            ("phone", "+1 212 555 0101"),
            ("url", "https://example.org/ana"),
        ]
        assert [(p.organisation, p.title, p.end) for p in ana.positions] == [
            ("Mercy General", "Nurse", None)
        ]
        assert [(o.label, str(o.on)) for o in ana.occasions] == [("birthday", "--03-14")]
        assert ana.circles == ("inner-circle", "family")
        assert (ana.tags, ana.fields) == ({"mentor"}, {"social-work"})
        assert ana.added_on == date(2026, 3, 5)
        assert net.contact("ana") == ana

    def test_what_is_short_is_added_to_what_is_there(self, net):
        """A second address or job does not push out the first; a second birthday does."""
        net.add("Ana Ruiz", email="a@example.org", title="Nurse", birthday="1990")
        ana = net.edit("ana", email="b@example.org", title="Head nurse", birthday="1990-03-14")
        assert [point.value for point in ana.points] == ["a@example.org", "b@example.org"]
        assert [position.title for position in ana.positions] == ["Nurse", "Head nurse"]
        assert [str(occasion.on) for occasion in ana.occasions] == ["1990-03-14"]

    def test_the_same_edit_twice_changes_nothing_the_second_time(self, net):
        """What one already said is not said twice, and makes no commit."""
        net.add("Ana Ruiz")
        edit = {"organisation": "Mercy", "title": "Nurse", "email": "a@b.c", "birthday": "1990"}
        first = net.edit("ana", **edit)
        before = commits(net)
        assert net.edit("ana", **edit) == first
        assert commits(net) == before

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"email": "nonsense"}, "not an e-mail address"),
            ({"phone": "call me"}, "not a phone number"),
            ({"url": "two words"}, "not a web address"),
            ({"birthday": "2026-02-30"}, "no such date"),
            ({"source": "the pub"}, "not a source; choose from"),
            ({"tags": "mentor"}, "expected several texts"),
            ({"tags": ["🦆"]}, "no letter or digit"),
            ({"shoe_size": 44}, "a contact has no field 'shoe_size'"),
            ({"id": "x"}, "a contact has no field 'id'"),
            ({"rev": 7}, "a contact has no field 'rev'"),
            ({"note": "nul\0"}, "note: contains a NUL"),
            ({"note": "\udcff"}, "half a character"),
            ({"note": 5}, "expected text"),
            ({"time_zone": "Mars/Olympus"}, "unknown time zone"),
        ],
    )
    def test_what_cannot_be_stored_is_refused_and_leaves_no_trace(self, net, fields, why):
        """The message says what is wrong; the network is as it was."""
        ana_and_luis(net)
        before, count = everything(net), commits(net)
        with pytest.raises(InvalidError, match=why):
            net.add("Carol Stein", **fields)
        with pytest.raises(InvalidError, match=why):
            net.edit("ana", **fields)
        assert (everything(net), commits(net)) == (before, count)

    @pytest.mark.parametrize("name", ["", "  ", "\n", "a\0b", "\ud800", None, 5])
    def test_a_person_needs_a_name_that_is_text(self, net, name):
        """Nobody is called nothing."""
        with pytest.raises(InvalidError):
            net.add(name)
        ana_and_luis(net)
        with pytest.raises(InvalidError):
            net.edit("ana", name=name)

    @pytest.mark.parametrize(
        "name",
        [
            "[bold]Ana[/bold] {x} %s $HOME `id`",
            "<script>alert(1)</script>",
            "👩‍⚕️ Ana",
            "ana\x1b[31m red",
            "\u202eziuR anA",
            "=1+1",
        ],
    )
    def test_a_name_is_kept_as_it_is(self, net, name):
        """Markup, emoji and control characters are somebody's name: kept, never interpreted."""
        assert net.contact(net.add(name).id).name == name

    def test_whoever_was_changed_meanwhile_is_not_overwritten(self, net):
        """A contact in hand from before another change is stale: read it again."""
        ana_and_luis(net)
        stale = net.contact("ana")
        net.edit("ana", note="newer")
        for change in (
            lambda: net.edit(stale, note="older"),
            lambda: net.tag(stale, add=["x"]),
            lambda: net.put(attrs.evolve(stale, note="older")),
        ):
            with pytest.raises(ConflictError, match="changed since it was read"):
                change()
        assert net.contact("ana").note == "newer"

    def test_what_a_call_returns_can_be_changed_further(self, net):
        """A contact from add, edit or tag is fresh, also where nothing had to be changed."""
        ana = net.add("Ana Ruiz", tags=["mentor"])
        (ana,) = net.tag(ana, add=["x"])
        (ana,) = net.tag(ana, add=["x"])
        ana = net.edit(ana, note="same")
        ana = net.edit(ana, note="same")
        assert net.edit(ana, note="other") == net.contact("ana")
        assert net.get(netcrm.Contact, ana.id).rev == net.contact("ana").rev

    def test_a_contact_can_be_got_by_its_id(self, net):
        """`get` is for programs that have an id; one that is not stored is an error."""
        ana = net.add("Ana Ruiz")
        assert net.get(netcrm.Contact, ana.id) == ana
        with pytest.raises(NotFoundError, match="There is no interaction"):
            net.get(netcrm.Interaction, ana.id)
        assert net.names([ana.id, ana.id, "nobody"]) == {
            ana.id: (ana.id, "ana-ruiz", "Ana Ruiz", ())
        }


class TestTagging:
    """Labels are put on sets of people at once."""

    def test_several_people_several_labels_one_commit(self, net):
        """Adding and removing for everybody named is one change."""
        ana_and_luis(net)
        before = commits(net)
        tagged = net.tag("ana", "luis", add=["Ask Autumn", "x"], remove=["mentor"])
        assert [one.tags for one in tagged] == [{"ask-autumn", "x"}] * 2
        assert commits(net) == before + 1
        assert [one.handle for one in net.contacts(tag="ask autumn")] == ["ana-ruiz", "luis-ortega"]

    def test_one_person_named_twice_is_tagged_once(self, net):
        """A list with the same person in it twice is no trouble."""
        ana_and_luis(net)
        assert len(net.tag("ana", "Ana Ruiz", "ana-ruiz", add=["x"])) == 1
        assert net.contact("ana").tags == {"mentor", "x"}

    def test_a_circle_goes_behind_those_there_are(self, net):
        """The first circle decides the rhythm, so a new one comes last; again changes nothing."""
        ana_and_luis(net)
        net.tag("ana", add=["book club", "inner"], kind="circles")
        assert net.contact("ana").circles == ("inner", "book-club")
        net.tag("ana", remove=["inner"], kind="circles")
        assert net.contact("ana").circles == ("book-club",)

    def test_fields_too(self, net):
        """Career fields are labels like others."""
        ana_and_luis(net)
        net.tag("ana", add=["Social Work"], kind="fields")
        assert [one.name for one in net.contacts(field="social-work")] == ["Ana Ruiz"]

    def test_only_labels_can_be_tagged(self, net):
        """Nothing else of a person is a set of labels; a label is a word; several are a list."""
        ana_and_luis(net)
        with pytest.raises(InvalidError, match="holds no labels"):
            net.tag("ana", add=["x"], kind="aliases")
        with pytest.raises(InvalidError, match="no letter or digit"):
            net.tag("ana", add=["🦆"])
        with pytest.raises(InvalidError, match="expected several labels"):
            net.tag("ana", add="mentor")

    def test_nothing_new_is_no_change(self, net):
        """Tagging who is tagged, or nobody, makes no commit."""
        ana_and_luis(net)
        before = commits(net)
        net.tag("ana", add=["mentor"], remove=["nothing"])
        net.tag(add=["mentor"])
        assert commits(net) == before


class TestFilters:
    """A list is everybody, or those that fit everything asked for."""

    def test_all_conditions_hold_at_once(self, net):
        """Each further filter leaves fewer people."""
        net.add("Ana Ruiz", circles=["inner"], tags=["mentor"], fields=["nursing"], source="friend")
        net.add(
            "Ben Ortiz", circles=["inner"], tags=["mentor"], organisation="Mercy General Hospital"
        )
        net.add("Carol Stein", circles=["outer"], state=netcrm.State(kind="archived"))
        names = lambda **asked: [one.name for one in net.contacts(**asked)]  # noqa: E731
        assert names() == ["Ana Ruiz", "Ben Ortiz", "Carol Stein"]
        assert names(circle="Inner") == ["Ana Ruiz", "Ben Ortiz"]
        assert names(circle="inner", tag="mentor", field="nursing") == ["Ana Ruiz"]
        assert names(circle="inner", organisation="MERCY gen") == ["Ben Ortiz"]
        assert names(organisation="general") == []  # the start of the name
        assert names(source="friend") == ["Ana Ruiz"]
        assert names(state="archived") == ["Carol Stein"]
        assert names(state="active", tag="outer") == []

    @pytest.mark.parametrize("asked", [{"state": "asleep"}, {"source": "the pub"}, {"tag": "🦆"}])
    def test_a_value_that_nobody_can_have_is_refused(self, net, asked):
        """A misspelled filter is a mistake, not an empty answer."""
        with pytest.raises(InvalidError):
            net.contacts(**asked)

    def test_not_contacted_counts_whole_days_and_includes_the_last(self, net):
        """Ninety days after a touch it was ninety days ago; a day earlier it was not yet."""
        ana_and_luis(net)
        net.log("ana", "coffee", at="2025-12-05")
        day = {"2026-03-04": ["Luis Ortega"], "2026-03-05": ["Ana Ruiz", "Luis Ortega"]}
        for as_of, names in day.items():
            found = net.contacts(not_contacted="90d", as_of=as_of)
            assert [one.name for one in found] == names

    def test_not_contacted_in_months_is_by_the_calendar(self, net):
        """A month after 31 January is the end of February."""
        ana = net.add("Ana Ruiz")
        net.log(ana, "coffee", at="2026-01-31")
        month = netcrm.Interval(n=1, unit="month")
        assert not net.contacts(not_contacted=month, as_of="2026-02-27")
        assert net.contacts(not_contacted=month, as_of="2026-02-28") == [ana]

    def test_only_touches_are_contact_and_nobody_contacts_themselves(self, net):
        """A voicemail is no contact; neither is what happens later than the day asked about."""
        ana = net.add("Ana Ruiz")
        net.add("Maya Rao", is_me=True)
        net.log(ana, "voicemail")
        assert net.contacts(not_contacted="1 day") == [ana]
        net.log(ana, "call")
        assert net.contacts(not_contacted="1 day") == []
        assert net.contacts(not_contacted="1 day", as_of="2026-03-04") == [ana]

    def test_a_length_of_time_that_is_none_is_refused(self, net):
        """Nonsense is refused with an example of what is not."""
        with pytest.raises(InvalidError, match="write 90d, 2 weeks"):
            net.contacts(not_contacted="a while")


class TestFind:
    """Everything is found by the starts of its words, however they are written."""

    @pytest.mark.parametrize(
        "said", ["zoë", "ZOE", "mull", "müller", "clinic zo", "paediatr", "Ｚｏｅ"]
    )
    def test_folding(self, net, said):
        """Case, accents and width do not matter; each word starts some word."""
        zoe = net.add("Zoë Müller", organisation="Open Clinic", note="Pædiatrics: paediatrician")
        assert net.find(said).contacts == (zoe,)

    def test_every_word_must_be_there(self, net):
        """More words find less."""
        ana_and_luis(net)
        assert len(net.find("mentor").contacts) == 1
        assert net.find("ana luis").contacts == ()

    def test_what_was_said_is_found_newest_first(self, net):
        """Conversations are searched as well as people."""
        ana_and_luis(net)
        for day, text in (("2026-03-01", "asked about nursing"), ("2026-03-02", "Nursing again")):
            net.log("ana", "coffee", text, at=day)
        assert [one.text for one in net.find("nurs").interactions] == [
            "Nursing again",
            "asked about nursing",
        ]
        assert len(net.find("nurs", limit=1).interactions) == 1

    @pytest.mark.parametrize("said", ["", "  ", "🦆", "'\"%*"])
    def test_nothing_to_look_for_is_refused(self, net, said):
        """A search for nothing is not a search for everything."""
        with pytest.raises(InvalidError, match="at least one word"):
            net.find(said)


class TestTheDayThatIsMeant:
    """Every question is about a day."""

    def test_an_instant_means_the_day_it_is_at_home(self, net):
        """Late in the evening in New York it is tomorrow in London, and a day is one at home."""
        late = datetime(2026, 3, 6, 3, 0, tzinfo=ZoneInfo("Europe/London"))
        assert net.day(late) == date(2026, 3, 5)
        assert net.day(datetime(2026, 3, 6, 3, 0)) == date(2026, 3, 6)  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("said", "day"),
        [
            (None, "2026-03-05"),
            (date(2026, 1, 1), "2026-01-01"),
            ("2026-07-06", "2026-07-06"),
            ("yesterday", "2026-03-04"),
            ("fri", "2026-03-06"),
            ("in 2 weeks", "2026-03-19"),
        ],
    )
    def test_days_as_people_say_them(self, net, said, day):
        """Dates, words and nothing, which is today."""
        assert net.day(said) == date.fromisoformat(day)

    @pytest.mark.parametrize("said", ["2027-02-30", "soon", "", "10000-01-01", "9" * 50])
    def test_days_that_there_are_not(self, net, said):
        """A day that does not exist is refused everywhere."""
        for ask in (net.day, lambda day: net.due(as_of=day), lambda day: net.snooze("ana", day)):
            ana_and_luis(net) if not net.contacts() else None
            with pytest.raises(InvalidError):
                ask(said)


def _day(text):
    return netcrm.PartialDate.parse(text)
