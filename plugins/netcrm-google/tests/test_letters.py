"""What do the headers of a message say?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netcrm_google.addresses import Address
from netcrm_google.letters import HEADERS, Letter, Passed, letter, passed

ME = "maya@example.org"
INES = Address("Inês Duarte", "ines@x.org")
TOM = Address("Tom Baker", "tom@x.org")
NOBODY = "no address of anybody else"

texts = st.text(max_size=80)
someone = st.sampled_from(
    [ME, "Maya <MAYA@example.org>", "Inês <ines@x.org>", "INES@X.ORG", "tom@x.org", "nobody", "",
     "no-reply@x.org"]
)  # fmt: skip
lists = st.lists(someone, max_size=4).map(", ".join)
values = st.one_of(lists, texts)
made = st.lists(
    st.builds(
        lambda name, value: {"name": name, "value": value},
        st.one_of(st.sampled_from([*HEADERS, "from", "TO", "CC"]), texts),
        values,
    ),
    max_size=8,
)


def read(*more: tuple[str, str], **said: str) -> Letter:
    """Read a letter with these headers, such as reply_to="x@y.org", and those in pairs."""
    named = [(name.replace("_", "-"), value) for name, value in said.items()]
    return letter({"name": name, "value": value} for name, value in (*named, *more))


def between(
    *, is_sent: bool = False, me: Collection[str] = (ME,), most: int = 15, **said: str
) -> Passed | str:
    """Return what passed between me and others in a letter with these headers."""
    return passed(read(**said), is_sent=is_sent, me=me, most=most)


def crowd(count: int) -> str:
    """Return as many people as a header."""
    return ", ".join(f"p{number}@x.org" for number in range(count))


class TestReading:
    def test_a_letter_is_who_wrote_what_to_whom(self) -> None:
        assert read(
            From="=?utf-8?q?In=C3=AAs?= Duarte <Ines@X.org>",
            To=f"Maya <{ME}>",
            Cc='"Tom Baker" <tom@x.org>',
            Subject="=?utf-8?q?Caf=C3=A9?=\r\n =?utf-8?q?_on_Friday=3F?=",
            Message_ID="<CA+1@mail.x.org>",
        ) == Letter(
            message_id="CA+1@mail.x.org",
            sender=INES,
            to=(Address("Maya", ME),),
            cc=(TOM,),
            subject="Café on Friday?",
            is_automatic=False,
            failed=(),
        )

    def test_without_headers_it_says_nothing(self) -> None:
        assert letter([]) == Letter("", None, (), (), "", False, ())
        assert letter([{}, {"name": "From"}, {"value": "ines@x.org"}]) == letter([])

    @pytest.mark.parametrize("name", HEADERS)
    def test_the_names_of_headers_are_in_any_case(self, name: str) -> None:
        value = "bulk" if name in ("Precedence", "Auto-Submitted") else "<bulk@x.org>"
        whole = read((name, value))
        assert whole != letter([])
        assert read((name.upper(), value)) == read((f" {name.lower()} ", value)) == whole

    def test_what_is_not_asked_for_changes_nothing(self) -> None:
        assert read(Sender="no-reply@x.org", Resent_To=ME, X_Priority="1") == letter([])

    def test_a_header_that_stands_there_twice_counts_twice(self) -> None:
        got = read(("To", "Tom Baker <tom@x.org>,"), ("Cc", "a@x.org"), ("to", "b@x.org"))
        assert got.to == (TOM, Address("", "b@x.org"))
        assert read(("To", "Baker"), ("To", "Tom <tom@x.org>")).to == (Address("Tom", "tom@x.org"),)

    def test_of_two_subjects_or_names_of_the_message_the_first_counts(self) -> None:
        got = read(("Subject", "A"), ("Subject", "B"), ("Message-ID", "<a>"), ("Message-ID", "<b>"))
        assert (got.subject, got.message_id) == ("A", "a")

    def test_of_a_long_subject_the_beginning_counts(self) -> None:
        assert read(Subject="a" * 300).subject == "a" * 300
        assert read(Subject="a" * 299 + " bc").subject == "a" * 299


class TestSender:
    def test_it_is_who_the_letter_is_from_wherever_answers_go(self) -> None:
        assert read(From="tom@x.org", Reply_To="ines@x.org").sender == Address("", "tom@x.org")

    @pytest.mark.parametrize("value", ["", "Ines", "undisclosed:;", "tom@x.org <>"])
    def test_if_that_says_nobody_it_is_where_answers_go(self, value: str) -> None:
        reply_to = "Inês Duarte <ines@x.org>"
        assert read(Reply_To=reply_to, From=value).sender == INES
        assert read(From=value).sender is None

    def test_of_several_it_is_the_first(self) -> None:
        assert read(From="Tom Baker <tom@x.org>, ines@x.org").sender == TOM

    def test_it_is_not_whom_the_name_imitates(self) -> None:
        got = read(From='"ines@x.org" <eve@evil.com>').sender
        assert got == Address("", "eve@evil.com")


class TestMessageId:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("<a@x.org>", "a@x.org"),
            (" \r\n <Ab=C$1@x.org> ", "Ab=C$1@x.org"),
            ("<a@x.org> (added by postmaster@x.org)", "a@x.org"),
            ("a@x.org", "a@x.org"),
            ("<a>", "a"),
            ("<[a]@[127.0.0.1]>", "[a]@[127.0.0.1]"),
            (f"<{'a' * 998}>", "a" * 998),
        ],
    )
    def test_it_is_what_stands_in_angle_brackets(self, value: str, expected: str) -> None:
        assert read(Message_ID=value).message_id == expected

    @pytest.mark.parametrize(
        "value",
        ["", "<>", "<a b@x.org>", "a b", "<a\0@x.org>", "<a\x1b@x.org>", "<a\ud800@x.org>", "<a",
         "<a\u202e@x.org>", f"<{'a' * 999}>"],
    )  # fmt: skip
    def test_one_that_nothing_can_be_found_by_is_none(self, value: str) -> None:
        assert read(Message_ID=value).message_id == ""
        assert read(("Message-ID", value), ("Message-ID", "<b@x.org>")).message_id == "b@x.org"


class TestAutomatic:
    @pytest.mark.parametrize(
        "header",
        [
            ("List-Id", "<runners.x.org>"),
            ("List-Unsubscribe", "<https://x.org/off>"),
            ("List-Id", ""),
            ("Precedence", "bulk"),
            ("Precedence", " List "),
            ("Precedence", "JUNK"),
            ("Auto-Submitted", "auto-generated"),
            ("Auto-Submitted", "auto-replied; owner-email=x@x.org"),
            ("Auto-Submitted", "Auto-Notified"),
            ("X-Failed-Recipients", "tom@x.org"),
        ],
    )
    def test_a_letter_that_says_so_is_from_a_machine(self, header: tuple[str, str]) -> None:
        assert read(header, From="ines@x.org").is_automatic

    @pytest.mark.parametrize(
        "header",
        [
            ("Precedence", "first-class"),
            ("Precedence", "normal"),
            ("Precedence", ""),
            ("Auto-Submitted", "no"),
            ("Auto-Submitted", " No (sent by hand)"),
            ("Auto-Submitted", "no;x=y"),
            ("Auto-Submitted", ""),
            ("X-Failed-Recipients", "nobody"),
            ("Subject", "List-Id: bulk"),
            ("To", "no-reply@x.org"),
        ],
    )
    def test_a_letter_that_does_not_say_so_is_from_a_person(self, header: tuple[str, str]) -> None:
        assert not read(header, From="ines@x.org").is_automatic

    def test_one_header_that_says_so_is_enough(self) -> None:
        assert read(("Precedence", "normal"), ("Precedence", "bulk")).is_automatic
        assert read(("Auto-Submitted", "no"), ("Auto-Submitted", "auto-replied")).is_automatic

    @pytest.mark.parametrize(
        "local",
        ["no-reply", "noreply", "No.Reply", "no_reply", "do-not-reply", "donotreply",
         "do_not_reply", "mailer-daemon", "MAILER-DAEMON", "bounce", "bounces", "bounce-77",
         "bounces+123-tom=x.org", "notification", "notifications", "notify", "noreply+news",
         "jobs-noreply", "calendar-notification", "messages.no-reply.eu", "postmaster",
         "newsletter", "alerts", "auto-reply"],
    )  # fmt: skip
    def test_some_mailboxes_are_those_of_machines(self, local: str) -> None:
        assert read(From=f"Ines <{local}@x.org>").is_automatic

    @pytest.mark.parametrize(
        "local",
        ["ines", "reply", "jane.bounce", "norep", "anno-replyson", "noreplyson", "notifier",
         "postmasterson", "tom.alerts", "nora.eply", "daemon", "info", "team"],
    )  # fmt: skip
    def test_the_others_are_those_of_people(self, local: str) -> None:
        assert not read(From=f"Ines <{local}@noreply.x.org>").is_automatic


class TestBounces:
    def test_it_tells_whom_a_letter_did_not_reach(self) -> None:
        got = read(
            ("X-Failed-Recipients", "Tom@X.org,\r\n ines@x.org"),
            ("X-Failed-Recipients", "tom@x.org"),
            From="Mail Delivery Subsystem <mailer-daemon@x.org>",
        )
        assert got.is_bounce
        assert got.is_automatic
        assert got.failed == ("tom@x.org", "ines@x.org")

    def test_only_what_names_an_address_is_one(self) -> None:
        got = read(From="mailer-daemon@x.org", Subject="Undelivered", X_Failed_Recipients="Tom")
        assert not got.is_bounce
        assert got.is_automatic
        assert got.failed == ()


class TestPassed:
    def test_what_i_sent_is_to_those_in_to_and_the_copied_are_no_more(self) -> None:
        assert between(
            From=ME, To="Inês Duarte <ines@x.org>", Cc="Tom Baker <tom@x.org>", is_sent=True
        ) == Passed("outbound", (INES,), (TOM,))

    def test_what_comes_in_is_between_its_sender_and_me_alone(self) -> None:
        assert between(
            From="Inês Duarte <ines@x.org>", To=f"{ME}, tom@x.org", Cc="eve@x.org"
        ) == Passed("inbound", (INES,), ())

    def test_those_in_bcc_got_it_too(self) -> None:
        got = between(From=ME, To="Tom Baker <tom@x.org>", Bcc="Inês Duarte <ines@x.org>")
        assert got == Passed("outbound", (TOM, INES), ())

    def test_what_is_from_me_i_sent_wherever_gmail_keeps_it(self) -> None:
        got = between(From="Maya@Example.org", To="Tom Baker <tom@x.org>", me=["MAYA@example.ORG"])
        assert got == Passed("outbound", (TOM,), ())

    @pytest.mark.parametrize("mine", ["straße@x.org", "STRASSE@X.ORG", "Strasse@x.org"])
    def test_i_am_recognised_as_netcrm_recognises_anybody(self, mine: str) -> None:
        assert between(From="Straße@x.org", To="STRASSE@x.org", me=[mine]) == NOBODY

    def test_what_i_sent_from_an_address_that_i_did_not_tell_is_mine_too(self) -> None:
        other = "maya@work.example"
        assert between(From=other, To=f"Tom Baker <tom@x.org>, {other}", is_sent=True) == Passed(
            "outbound", (TOM,), ()
        )
        assert between(To="Tom Baker <tom@x.org>", is_sent=True) == Passed("outbound", (TOM,), ())

    def test_whoever_is_in_to_is_not_copied_too(self) -> None:
        got = between(From=ME, To="Tom Baker <tom@x.org>", Cc="TOM@x.org, tom@x.org", is_sent=True)
        assert got == Passed("outbound", (TOM,), ())

    def test_everybody_is_there_once_and_with_a_name_if_one_was_given(self) -> None:
        to = "tom@x.org, ines@x.org, Tom Baker <TOM@x.org>, T <tom@x.org>"
        got = between(From=ME, To=to, is_sent=True)
        assert got == Passed("outbound", (TOM, Address("", "ines@x.org")), ())

    def test_where_i_put_everybody_in_cc_it_is_to_nobody(self) -> None:
        got = between(From=ME, Cc="Tom Baker <tom@x.org>", is_sent=True)
        assert got == Passed("outbound", (), (TOM,))

    @pytest.mark.parametrize(
        "said",
        [
            {"From": ME, "To": ME, "Cc": "maya@EXAMPLE.org"},
            {"From": ME},
            {"From": "", "To": "tom@x.org"},
            {},
        ],
    )
    def test_nothing_passes_with_nobody(self, said: Any) -> None:
        assert between(**said) == NOBODY

    def test_a_machine_is_nobody_but_may_be_written_to(self) -> None:
        assert between(From="no-reply@x.org", To=ME) == "automatic mail"
        assert between(From="ines@x.org", To=ME, List_Id="<x>") == "automatic mail"
        assert between(From="ines@x.org", X_Failed_Recipients="tom@x.org") == "automatic mail"
        written: Any = {"To": "Tom Baker <tom@x.org>", "List_Id": "<x>"}
        expected = Passed("outbound", (TOM,), ())
        assert between(From=ME, **written) == expected
        assert between(From="no-reply@x.org", is_sent=True, **written) == expected

    def test_a_circular_is_to_more_than_fifteen_people(self) -> None:
        got = between(From=ME, To=f"{crowd(10)}, {ME}", Cc=crowd(15), is_sent=True)
        assert isinstance(got, Passed)
        assert (len(got.people), len(got.copied)) == (10, 5)
        over = "to more than 15 people"
        assert between(From=ME, To=crowd(10), Cc=crowd(16), is_sent=True) == over
        assert between(From="p0@x.org", To=crowd(15), Cc=ME) == Passed(
            "inbound", (Address("", "p0@x.org"),), ()
        )
        assert between(From="ines@x.org", To=crowd(8), Cc=crowd(15)) == over
        assert between(From=ME, To=crowd(3), is_sent=True, most=2) == "to more than 2 people"

    @given(made, st.booleans(), st.lists(st.sampled_from([ME, "TOM@x.org"]), max_size=2))
    @example([{"name": "From", "value": "İ@x.org"}], False, ["i̇@x.org"])
    def test_i_am_nowhere_and_nobody_is_twice(
        self, headers: list[dict[str, str]], is_sent: bool, me: list[str]
    ) -> None:
        read = letter(headers)
        got: Any = passed(read, is_sent=is_sent, me=me)
        if isinstance(got, str):
            assert got in (NOBODY, "automatic mail", "to more than 15 people")
            assert got != "automatic mail" or not is_sent
            return
        there = [one.address.casefold() for one in (*got.people, *got.copied)]
        assert there
        assert len(set(there)) == len(there) <= 15
        assert not set(there) & {address.casefold() for address in me}
        if got.direction == "inbound":
            assert [one.address for one in got.people] == [read.sender and read.sender.address]
            assert got.copied == ()
            assert not is_sent
            assert not read.is_automatic

    @given(made)
    def test_any_headers_make_a_letter(self, headers: list[dict[str, str]]) -> None:
        read = letter(headers)
        assert len(read.subject) <= 300
        assert read.subject == " ".join(read.subject.split())
        assert read.is_bounce == bool(read.failed)
        assert read.message_id.isprintable()
        assert not set("<> ") & set(read.message_id)
        assert letter(iter(headers)) == read
