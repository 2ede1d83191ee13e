"""What could I write? Only what is known, and what is not stays to be seen."""

from __future__ import annotations

import string
import tomllib
from importlib import resources

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.asks import job_asks
from netcrm.rules.circumstances import KINDS, NOTE_LIMIT, Circumstances, Referrer
from netcrm.rules.drafts import Draft, Fact, blanks, draft, parse_templates
from netcrm.rules.lint import lint
from netcrm.rules.prose import Prose

TEXTS = tomllib.loads(resources.files("netcrm").joinpath("text/drafts.toml").read_text("utf-8"))
BUILT_IN = parse_templates(TEXTS, "drafts.toml")
SENT = [(*key.split("."), "email")[:2] for key in TEXTS]

INES = {
    "first": "Ines",
    "name": "Ines Duarte",
    "organisation": "Leeds City Council",
    "title": "Planning Officer",
    "found": "I found you in the Harbour College alumni list",
    "referrer": "Ruth Okoye",
    "shared": "Elmwood School",
    "me": "Tom Baker",
    "about_me": "I am in my final year of geography",
    "stage": "a student",
    "interest": "city planning",
    "objective": "what a planner decides alone",
    "minutes": "30 minutes",
    "formats": "in person, by video or by phone",
    "asked": "on 24 February",
    "met": "on 4 March",
    "declined": "on 6 March",
    "since": "in May 2025",
    "takeaway": "good plans begin with a walk",
    "next_step": "walk through Holbeck with the plan in hand",
    "referred_to": "Sam Lee and Ada Roy",
    "applied": "draw before you write",
    "decision": "I will study planning",
    "news": "I spent the spring mapping cycle routes",
    "target": "Sam Lee",
    "target_first": "Sam",
    "target_job": "Surveyor at Harewood",
    "why": "both of you love old maps",
    "outcome": "Sam Lee has left the council",
}
KNOWN = {name: Fact(text, (f"{name}-1",)) for name, text in INES.items()}
TO_INES = Circumstances(
    recipient=("Ines Duarte",),
    facts=("Leeds City Council", "Planning Officer"),
    known_by=("Harbour College alumni list",),
    referrers=(Referrer("Ruth Okoye", "yes"),),
    me=("Tom Baker",),
    about_me=("final year of geography",),
    interests=("what a planner decides alone", "city planning"),
    takeaways=("good plans begin with a walk",),
    applied=("draw before you write",),
    referred_to=("Sam Lee",),
    first_update=True,
)

names = st.text(string.ascii_letters + "éüßñøŁ'’- אבגمحم日本ā", min_size=1, max_size=30).filter(
    str.strip
)
texts = st.text(max_size=40)
"""With braces, brackets, control characters and all."""


def without(*missing: str) -> dict[str, Fact]:
    return {name: fact for name, fact in KNOWN.items() if name not in missing}


def written(text: str, known: dict[str, Fact] = KNOWN, kind: str = "request", **how: str) -> Draft:
    return draft(kind, known, parse_templates({kind: text}, "mine"), **how)


def errors(made: Draft, context: Circumstances | None = None) -> list[str]:
    found = lint(made.kind, made.text, context)
    return [finding.code for finding in found if finding.severity == "error"]


class TestTheLettersOfNetcrm:
    def test_there_is_one_for_each_kind(self):
        assert set(BUILT_IN) >= KINDS

    @pytest.mark.parametrize(("kind", "channel"), SENT)
    def test_with_everything_known_nothing_is_missing(self, kind: str, channel: str):
        made = draft(kind, KNOWN, BUILT_IN, channel=channel)
        assert made.missing == ()
        assert "[" not in made.subject + made.text

    @pytest.mark.parametrize(("kind", "channel"), SENT)
    def test_with_everything_known_there_is_nothing_to_mend(self, kind: str, channel: str):
        made = draft(kind, KNOWN, BUILT_IN, channel=channel)
        found = lint(kind, made.text, attrs.evolve(TO_INES, channel=channel))
        no_room = {"T03", "T06", "T07"} if channel == "linkedin_note" else set()
        assert {finding.code for finding in found} <= no_room

    @pytest.mark.parametrize(("kind", "channel"), SENT)
    def test_no_letter_asks_for_a_job(self, kind: str, channel: str):
        for known in (KNOWN, {}):
            assert not job_asks(Prose.read(draft(kind, known, BUILT_IN, channel=channel).text))

    @pytest.mark.parametrize(("kind", "channel"), SENT)
    def test_with_nothing_known_it_cannot_be_sent_as_it_is(self, kind: str, channel: str):
        made = draft(kind, {}, BUILT_IN, channel=channel)
        assert made.facts == ()
        assert made.missing
        assert "O10" in errors(made)

    def test_a_request_is_short(self):
        assert len(draft("request", KNOWN, BUILT_IN).text.split()) < 100

    def test_how_i_know_of_them_is_said_in_the_best_way_there_is(self):
        ways = ["referrer", "shared", "found"]
        for gone, way in enumerate(ways):
            text = draft("request", without(*ways[:gone]), BUILT_IN).text
            said = [other for other in ways if INES[other] in text]
            assert said == [way]

    def test_a_report_tells_what_came_of_it(self):
        told = {"met": "We talked on 4 March", "declined": "I heard on 6 March", "asked": "I asked"}
        for number, said in enumerate(told.values()):
            known = without(*list(told)[:number])
            assert said in draft("report_back", known, BUILT_IN).text
        known = without(*told)
        assert INES["outcome"] in draft("report_back", known, BUILT_IN).text

    def test_an_update_says_what_is_known_and_asks_for_news_only_if_that_is_nothing(self):
        assert draft("progress_update", without("news", "decision"), BUILT_IN).missing == ()
        made = draft("progress_update", without("news", "decision", "applied"), BUILT_IN)
        assert made.missing == ("what is new with you",)

    @given(st.sampled_from(SENT), st.fixed_dictionaries(dict.fromkeys(INES, names)))
    def test_whatever_people_and_places_are_called_no_error_is_found(self, sent, said):
        kind, channel = sent
        known = {name: Fact(text) for name, text in (INES | said).items()}
        made = draft(kind, known, BUILT_IN, channel=channel)
        assert set(errors(made)) <= {"O13"}
        assert made.missing == ()

    @given(st.sampled_from(SENT), names)
    def test_a_name_stands_in_it_as_it_is_written(self, sent, name):
        kind, channel = sent
        known = KNOWN | {"first": Fact(name), "name": Fact(name)}
        made = draft(kind, known, BUILT_IN, channel=channel)
        assert " ".join(name.split()) in made.text


class TestWhatIsNotKnown:
    def test_it_stays_to_be_seen(self):
        made = written("Dear {first}, I am {me}.", without("first"))
        assert made.text == "Dear [their given name], I am Tom Baker."
        assert made.missing == ("their given name",)

    def test_it_is_named_once(self):
        assert written("{me} {first} {me}", {}).missing == ("your name", "their given name")

    def test_a_blank_text_says_nothing(self):
        assert written("{me}", {"me": Fact(" \n", ("a",))}) == (
            "request",
            "email",
            "",
            "[your name]",
            ("your name",),
            (),
        )

    def test_it_is_missing_in_the_subject_too(self):
        made = written("Subject: For {target}\n\nHello.", {})
        assert (made.subject, made.text) == ("For [the name of the other person]", "Hello.")
        assert made.missing == ("the name of the other person",)

    def test_a_sentence_that_can_do_without_falls_out(self):
        text = "Hello.\n? I am {me}.\n? I know {target} and {shared}.\nBye."
        assert written(text, without("shared")).text == "Hello. I am Tom Baker. Bye."

    def test_a_paragraph_of_which_nothing_is_left_falls_out(self):
        assert written("Hello.\n\n? I am {me}.\n\nBye.", {}).text == "Hello.\n\nBye."

    @pytest.mark.parametrize(
        ("gone", "expected"),
        [
            ((), "1 Ines. Bye."),
            (("first",), "2 Tom Baker. Bye."),
            (("first", "me"), "3 [their given name]. Bye."),
        ],
    )
    def test_a_sentence_stands_instead_of_those_before_it(self, gone, expected):
        text = "? 1 {first}.\n|? 2 {me}.\n| 3 {first}.\nBye."
        assert written(text, without(*gone)).text == expected

    def test_of_several_that_would_do_instead_the_first_stands(self):
        assert written("? {first}\n| 2.\n| 3.", {}).text == "2."

    @pytest.mark.parametrize(
        ("gone", "expected"),
        [
            ((), "1 Ines. 2 Tom Baker. 4 Elmwood School."),
            (("me",), "1 Ines. 4 Elmwood School."),
            (("first", "me"), "3. 4 Elmwood School."),
            (("shared",), "1 Ines. 2 Tom Baker. 5."),
        ],
    )
    def test_several_may_stand_together_before_one_that_is_instead_of_all(self, gone, expected):
        text = "? 1 {first}.\n? 2 {me}.\n| 3.\n? 4 {shared}.\n| 5."
        assert written(text, without(*gone)).text == expected

    def test_who_is_to_be_asked_first_is_left_open_and_not_left_out(self):
        asking = KNOWN | {"referrer": Fact(ask="ask Ruth Okoye first")}
        made = draft("request", asking, BUILT_IN)
        assert "[who sent you, once they have agreed to be named] suggested" in made.text
        assert "Ruth" not in made.text
        assert made.missing == ("ask Ruth Okoye first",)

    @given(
        st.sampled_from(SENT),
        st.dictionaries(st.sampled_from(sorted(INES)), names),
        st.sampled_from(["", "may I?"]),
    )
    def test_nothing_is_missing_exactly_if_no_blank_is_left(self, sent, said, ask):
        kind, channel = sent
        known = {name: Fact(text) for name, text in said.items()}
        if "referrer" not in known:
            known["referrer"] = Fact(ask=ask)
        made = draft(kind, known, BUILT_IN, channel=channel)
        assert ("[" in made.subject + made.text) == bool(made.missing)


class TestWhatIsFilledIn:
    def test_the_records_that_a_letter_rests_on_are_named(self):
        known = {
            "first": Fact("Ines", ("p", "q")),
            "me": Fact("Tom", ("m",)),
            "name": Fact("x", ("p",)),
        }
        assert written("{first}, {name}\n? {target}\n{me}", known).facts == ("p", "q", "m")

    def test_what_is_not_in_it_is_not_named(self):
        known = {"first": Fact("Ines", ("p",)), "referrer": Fact("", ("r",), "ask Ruth")}
        assert written("{first} {referrer}", known).facts == ("p",)

    @pytest.mark.parametrize("name", ["{me}", "{0}", "{first}", "{}", "{{", "{me.__class__}", "%s"])
    def test_a_name_with_braces_is_a_name(self, name: str):
        made = written("Dear {first}, I am {me}.", KNOWN | {"first": Fact(name)})
        assert made.text == f"Dear {name}, I am Tom Baker."

    def test_a_name_is_on_one_line(self):
        made = written("Dear {first}!", {"first": Fact("Zoë\r\nBcc: a@example.org")})
        assert made.text == "Dear Zoë Bcc: a@example.org!"

    @pytest.mark.parametrize("end", ".?!…")
    def test_a_sentence_that_is_filled_in_has_one_end(self, end: str):
        assert (
            written("This: {news}. {me}.", {"news": Fact(f"So it is{end}"), "me": Fact("Al")}).text
            == f"This: So it is{end} Al."
        )

    @given(st.sampled_from(SENT), st.dictionaries(st.sampled_from(sorted(INES)), texts))
    def test_any_text_can_be_filled_in_and_gives_the_same_each_time(self, sent, said):
        kind, channel = sent
        known = {name: Fact(text, (name,)) for name, text in said.items()}
        made = draft(kind, known, BUILT_IN, channel=channel)
        assert made == draft(kind, dict(reversed(known.items())), BUILT_IN, channel=channel)
        assert "\n" not in made.subject
        for name in made.facts:
            assert " ".join(said[name].split()) in made.subject + made.text


class TestChannels:
    def test_only_an_email_has_a_subject(self):
        assert draft("thank_you", KNOWN, BUILT_IN).subject == "Thank you"
        made = draft("thank_you", KNOWN, BUILT_IN, channel="letter")
        assert (made.subject, made.channel) == ("", "letter")
        assert written("Subject: {target}\nHello.", {}, channel="letter").missing == ()

    def test_a_channel_has_a_text_of_its_own_or_that_of_the_kind(self):
        own = parse_templates({"request": "all", "request.phone": "phone"}, "mine")
        assert draft("request", {}, own, channel="phone").text == "phone"
        assert draft("request", {}, own, channel="video").text == "all"

    def test_a_note_is_for_what_is_short_only(self):
        with pytest.raises(InvalidError, match=r"too short for this .report_back.; choose"):
            draft("report_back", KNOWN, BUILT_IN, channel="linkedin_note")

    @pytest.mark.parametrize("kind", ["request", "thank_you"])
    @given(
        st.fixed_dictionaries(
            {name: st.integers(1, 300) for name in ("organisation", "takeaway", "about_me")}
        )
    )
    def test_a_note_leaves_out_what_it_has_no_room_for(self, kind, lengths):
        known = KNOWN | {name: Fact("x" * length) for name, length in lengths.items()}
        made = draft(kind, known, BUILT_IN, channel="linkedin_note")
        assert len(made.text) <= NOTE_LIMIT
        assert made.missing == ()

    def test_it_leaves_out_the_last_first_and_no_more_than_it_must(self):
        text = "Hello.\n? {first}\n? {me}\n? {name}"
        own = parse_templates({"request.linkedin_note": text}, "mine")
        known = {"first": Fact("a" * 60), "me": Fact("b" * 60), "name": Fact("c" * 90)}
        made = draft("request", known, own, channel="linkedin_note")
        assert made.text == f"Hello. {'a' * 60} {'b' * 60}"
        known["name"] = Fact("c" * (NOTE_LIMIT - len(made.text) - 1))
        assert len(draft("request", known, own, channel="linkedin_note").text) == NOTE_LIMIT

    def test_elsewhere_there_is_room_for_everything(self):
        long = KNOWN | {"organisation": Fact("x" * 300)}
        assert "x" * 300 in draft("request", long, BUILT_IN).text

    def test_a_name_that_is_too_long_is_not_cut(self):
        made = draft(
            "request", KNOWN | {"first": Fact("x" * 300)}, BUILT_IN, channel="linkedin_note"
        )
        assert "x" * 300 in made.text


class TestTextsOfMyOwn:
    def test_the_blanks_are_named_and_explained(self):
        assert set(blanks()) == set(INES)
        assert all(blanks().values())
        blanks().clear()
        assert blanks()

    def test_each_blank_is_used(self):
        assert all(any(f"{{{name}}}" in text for text in TEXTS.values()) for name in blanks())

    @pytest.mark.parametrize("name", ["naem", "", "first.__class__", "0", "first!r", "first name"])
    def test_an_unknown_blank_is_named(self, name: str):
        with pytest.raises(
            InvalidError, match=r"mine: request: there is no blank {.*; choose of fi"
        ) as error:
            parse_templates({"request": f"Dear {{{name}}}"}, "mine")
        assert f"{{{name}}}" in str(error.value)

    @pytest.mark.parametrize(
        ("key", "message"),
        [
            ("threat", "mine: threat: is for no kind of draft; choose of decline"),
            ("threat.phone", "mine: threat.phone: is for no kind of draft"),
            ("request.pigeon", "mine: request.pigeon: is for no channel; choose of in_person"),
            ("request.", "mine: request.: is for no channel"),
        ],
    )
    def test_what_it_is_for_has_to_be_known(self, key: str, message: str):
        with pytest.raises(InvalidError, match=message):
            parse_templates({key: "Dear {first}"}, "mine")

    def test_a_text_that_is_none_is_refused(self):
        with pytest.raises(InvalidError, match=r"request: expected text, got \['Dear'\]"):
            parse_templates({"request": ["Dear"]}, "mine")

    def test_single_braces_are_text(self):
        assert written("} {first} {").text == "} Ines {"

    def test_what_cannot_be_drafted(self):
        with pytest.raises(InvalidError, match="'poem' is no kind of draft; choose of decline"):
            draft("poem", {}, BUILT_IN)
        with pytest.raises(InvalidError, match="there is no text for request"):
            draft("request", {}, {})

    @given(texts, texts)
    def test_any_text_is_a_template_or_is_refused(self, one, other):
        try:
            made = written(f"{one}\n{{me}}\n{other}", {"me": Fact("Tom")})
        except InvalidError:
            return
        assert "{me}" not in made.text or "{me}" in one + other

    def test_a_long_text_takes_no_long_time(self):
        for text in ("{" * 100_000, "{a" * 50_000, "? " * 50_000, "\n" * 100_000, "|" * 100_000):
            written(text)
