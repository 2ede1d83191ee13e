"""How does a draft get into a mail program?"""

from __future__ import annotations

import email
import unicodedata
from email.message import EmailMessage
from email.policy import default
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netcrm.errors import InvalidError
from netcrm.rules.drafts import Draft
from netcrm.rules.mail import LONGEST_LINK, Mailbox, eml, mailto, message
from netcrm_google.addresses import addresses

INES = Mailbox("ines@example.org", "Inês Duarte")
TOM = Mailbox("tom@example.org", "Tom Baker")
LETTER = Draft(
    "request", "email", "A few questions – about your work", "Dear Inês,\n\nHow are you?", (), ()
)
HEADERS = [
    "X-Unsent", "To", "From", "Subject", "Content-Type", "Content-Transfer-Encoding",
    "MIME-Version",
]  # fmt: skip

texts = st.text(max_size=150)
SLIPPED_IN = "Ines\r\nBcc: eve@example.org\r\n\r\nHello"


def read(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def one_line(text: str) -> str:
    """Return a text as it can stand in a header."""
    seen = text.encode(errors="replace").decode()
    seen = "".join(" " if unicodedata.category(char) == "Cc" else char for char in seen)
    return " ".join(seen.split()).replace("=?", "= ?")


def linked(link: str) -> tuple[str, str, str]:
    """Return to whom, with which subject and which text a link writes."""
    parts = urlsplit(link)
    asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert (parts.scheme, parts.fragment, sorted(asked)) == ("mailto", "", ["body", "subject"])
    return unquote(parts.path), asked["subject"][0], asked["body"][0]


class TestFiles:
    def test_a_mail_program_opens_it_as_a_message_yet_to_be_sent(self):
        message = read(eml(LETTER, INES, TOM))
        assert message.keys() == HEADERS
        assert message["X-Unsent"] == "1"
        assert message["To"] == "Inês Duarte <ines@example.org>"
        assert message["From"] == "Tom Baker <tom@example.org>"
        assert message["Subject"] == LETTER.subject
        assert message.get_content_charset() == "utf-8"
        assert message.get_content().split("\r\n") == ["Dear Inês,", "", "How are you?", ""]

    def test_without_a_sender_the_program_puts_its_own(self):
        assert read(eml(LETTER, INES))["From"] is None

    def test_among_drafts_nothing_need_say_that_it_is_unsent(self):
        """Else it would go out with the letter."""
        assert read(message(LETTER, INES, TOM)).keys() == HEADERS[1:]
        assert eml(LETTER, INES, TOM) == b"X-Unsent: 1\r\n" + message(LETTER, INES, TOM)

    def test_a_subject_need_not_be(self):
        assert read(eml(LETTER._replace(subject=""), INES))["Subject"] == ""

    def test_a_domain_with_accents_is_written_as_the_net_has_it(self):
        message = read(eml(LETTER, Mailbox("ines@bücher.example")))
        assert message["To"] == "ines@xn--bcher-kva.example"

    def test_it_may_go_to_several(self):
        message = read(eml(LETTER, INES, also=[TOM, Mailbox("eve@example.org")]))
        assert [one.addr_spec for one in message["To"].addresses] == [
            "ines@example.org", "tom@example.org", "eve@example.org",
        ]  # fmt: skip
        assert linked(mailto(LETTER, INES, also=[TOM]))[0] == "ines@example.org,tom@example.org"

    @given(texts, texts, texts)
    @example(SLIPPED_IN, SLIPPED_IN, "x")
    @example("ö " * 80, "=?utf-8?q?a=0D=0ABcc:_eve@example.org?=", "\ud800")
    @example("=?utf-8?q?a=0D=0ABcc:_eve@example.org?=", "日本" * 80, "x")
    @example("日本" * 80, "ö " * 80, "x")
    @example('Zoë "Z" O\'Neill, Ltd. <eve@example.org>', "\x85Bcc: eve@example.org", "\0")
    def test_no_header_can_be_slipped_in(self, name, subject, text):
        made = LETTER._replace(subject=subject, text=text)
        message = read(eml(made, INES._replace(name=name), TOM._replace(name=name)))
        assert message.keys() == HEADERS
        for header in ("To", "From"):
            (address,) = message[header].addresses
            assert address.addr_spec == {"To": INES, "From": TOM}[header].address
            assert address.display_name == one_line(name)
        assert message["Subject"] == one_line(subject)

    @given(texts)
    @example("Dear Ines,\n\n" + "x" * 5000 + "\n\nשלום")
    @example("\ud800 \0 \x0b")
    def test_the_text_stands_in_it(self, text):
        message = read(eml(LETTER._replace(text=text), INES))
        written = text.encode(errors="replace").splitlines()
        assert message.get_content().encode().splitlines() == (written or [b""])

    @pytest.mark.parametrize("char", ["x", "é", "👩", "x ", "日 "])
    def test_a_huge_name_or_subject_is_cut(self, char):
        made = LETTER._replace(subject=char * 100_000)
        data = eml(made, INES._replace(name=char * 100_000), TOM._replace(name=char * 100_000))
        assert max(map(len, data.split(b"\r\n"))) <= 998
        message = read(data)
        assert message["Subject"] == message["To"].addresses[0].display_name
        assert message["Subject"] == (char * 180)[:180].rstrip()

    @given(texts)
    def test_the_same_draft_gives_the_same_file(self, text):
        made = LETTER._replace(text=text)
        assert eml(made, INES, TOM) == eml(made, INES, TOM)


class TestLinks:
    def test_a_link_has_the_draft_in_it(self):
        text = LETTER.text.replace("\n", "\r\n")
        assert linked(mailto(LETTER, INES)) == ("ines@example.org", LETTER.subject, text)

    def test_blanks_are_no_plus_signs(self):
        assert "+" not in mailto(LETTER, INES)

    def test_nothing_can_be_slipped_into_an_address(self):
        to = "ines&bcc=eve?x@example.org"
        assert linked(mailto(LETTER, Mailbox(to)))[0] == to

    @given(st.text(), st.text())
    @example("&bcc=eve@example.org", "#&subject=x")
    @example("👩‍👩‍👧" * 400, "\ud800")
    @example("", "שלום " * 1000)
    @example("ö" * 5000, "ö" * 5000)
    def test_it_is_never_too_long(self, subject, text):
        link = mailto(LETTER._replace(subject=subject, text=text), INES)
        assert len(link) <= LONGEST_LINK
        assert link.isascii()
        assert linked(link)[0] == INES.address

    @given(st.text(max_size=30), st.text(max_size=80))
    def test_what_fits_is_not_cut(self, subject, text):
        _, head, body = linked(mailto(LETTER._replace(subject=subject, text=text), INES))
        assert head == one_line(subject)
        written = text.encode(errors="replace").decode()
        assert body.split("\r\n") == (written.splitlines() or [""])

    def test_what_is_too_long_is_cut_behind_a_word_and_says_so(self):
        text = "one two three " * 400
        _, _, body = linked(mailto(LETTER._replace(text=text), INES))
        kept = body.removesuffix(" […]")
        assert kept != body
        assert text.startswith(kept + " ")

    def test_as_much_as_possible_is_kept(self):
        link = mailto(LETTER._replace(text="x" * 5000), INES)
        assert len(link) == LONGEST_LINK


@pytest.mark.parametrize(
    "address",
    [
        "", "ines", "@", "@example.org", "ines@", "ines@example.org, eve@example.org",
        "ines@example.org\r\nBcc: eve@example.org", "ines duarte@example.org", "<ines@example.org>",
        "inês@example.org", "ines@" + "x" * 300, "x" * 250 + "@a.org", "ines@ex\ud800.org",
        "ines@-.", "ines@example..org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str):
    for way in (eml, mailto):
        with pytest.raises(InvalidError, match="is not an e-mail address"):
            way(LETTER, Mailbox(address))
    with pytest.raises(InvalidError):
        eml(LETTER, INES, Mailbox(address))


@given(texts)
def test_any_text_is_an_address_or_is_refused(address: str):
    try:
        (to,) = read(eml(LETTER, Mailbox(address)))["To"].addresses
    except InvalidError:
        return
    assert to.addr_spec.rpartition("@")[0] == address.rpartition("@")[0]


@given(st.text(max_size=40))
def test_who_reads_mail_finds_whom_it_is_to(name: str) -> None:
    """Also where that is another program, and whatever the name is."""
    (found,) = addresses(str(read(eml(LETTER, Mailbox(INES.address, name)))["To"]))
    assert found.address == INES.address
