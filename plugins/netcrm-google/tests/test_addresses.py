"""Who stands in a header?"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from email.header import Header
from email.utils import formataddr
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netcrm import ContactPoint
from netcrm_google.addresses import Address, addresses, decoded

LONG = 200_000

texts = st.text(max_size=200)
# Of these signs a header is made; and half of them may be missing anywhere.
broken = st.lists(
    st.sampled_from(
        ["jane", "Doe", "@", "x.org", "a@x.org", "<", ">", "(", ")", '"', "\\", ",", ";", ":", " ",
         "=?utf-8?q?", "=C3=A9", "?=", "=?utf-8?b?w6k=?=", "'", "\r\n ", "\0", "é", "mailto:"]
    ),
    max_size=40,
).map("".join)  # fmt: skip
letters_and_signs = st.characters(exclude_categories=["C", "Z"], include_characters=" ")
names = (
    st.text(letters_and_signs, max_size=60)
    .map(lambda name: " ".join(name.split()))
    .filter(lambda name: "@" not in unicodedata.normalize("NFKC", name) and "=?" not in name)
    .filter(lambda name: not (name[:1] in "'\"" and name[:1] == name[-1:]))
)
words = st.text("abcxyz0189", min_size=1, max_size=8)
locals_ = st.builds(
    "{}{}{}".format, words, st.sampled_from(["", ".", "+", "_", "'", "-", "ö"]), words
)
domains = st.builds("{}.{}".format, words, st.sampled_from(["org", "example", "co.uk"]))
mailboxes = st.builds(Address, names, st.builds("{}@{}".format, locals_, domains))


def who(value: str) -> list[str]:
    """Return the addresses in a header without the names."""
    return [one.address for one in addresses(value)]


def named(value: str) -> list[tuple[str, str]]:
    """Return the names and addresses in a header as plain pairs."""
    return [tuple(one) for one in addresses(value)]  # type: ignore[misc]


def steps(work: Callable[[str], object], text: str) -> int:
    """Return how many lines of the module are run for a text; no clock is needed for that."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.endswith("addresses.py"):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(text)
    finally:
        sys.settrace(before)
    return count


class TestLists:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("jane@x.org", ["jane@x.org"]),
            ("a@x.org, b@y.org", ["a@x.org", "b@y.org"]),
            ("a@x.org,b@y.org,\r\n\tc@z.org", ["a@x.org", "b@y.org", "c@z.org"]),
            ("a@x.org; b@y.org", ["a@x.org", "b@y.org"]),
            (",, a@x.org, ;,", ["a@x.org"]),
            ("a@x.org, a@x.org", ["a@x.org", "a@x.org"]),
            ("<a@x.org>", ["a@x.org"]),
            ("mailto:a@x.org, <MailTo:b@x.org>", ["a@x.org", "b@x.org"]),
            ("'a@x.org', <'b@x.org'>", ["a@x.org", "b@x.org"]),
            ("", []),
        ],
    )
    def test_they_are_parted_by_commas_or_semicolons(self, value: str, expected: list[str]) -> None:
        assert who(value) == expected

    def test_outlook_writes_an_address_as_its_own_name(self) -> None:
        assert named("a@x.org <a@x.org>, b@x.org") == [("", "a@x.org"), ("", "b@x.org")]

    def test_case_does_not_count_but_what_a_plus_adds_does(self) -> None:
        assert who("Jane.Doe+News@X.Org") == ["jane.doe+news@x.org"]

    def test_a_domain_is_kept_as_it_is_written(self) -> None:
        assert who("jane@Bücher.example, jane@xn--bcher-kva.example, j@пример.рф") == [
            "jane@bücher.example", "jane@xn--bcher-kva.example", "j@пример.рф",
        ]  # fmt: skip

    @pytest.mark.parametrize("local", ["o'brien", "a..b", "x=y", "#1", "jane/sales", "żółw"])
    def test_odd_mailboxes_are_mailboxes(self, local: str) -> None:
        assert who(f"{local}@x.org") == who(f"J <{local}@x.org>") == [f"{local}@x.org"]

    def test_quotes_around_a_mailbox_change_nothing(self) -> None:
        assert who('"jane.doe"@x.org, <"jane.doe"@x.org>') == ["jane.doe@x.org"] * 2

    def test_the_way_to_an_address_is_none_of_it(self) -> None:
        assert who("<@a.org:jane@x.org>, <@a.org,@b.org:bo@x.org>") == ["jane@x.org", "bo@x.org"]
        assert who("xmailto:jane@x.org, <xmailto:jane@x.org>") == ["jane@x.org"]

    def test_a_group_lends_its_name_to_nobody(self) -> None:
        value = "Doe, Team: a@x.org, Bo <b@x.org>;, c@x.org; (nobody) undisclosed-recipients:;"
        assert named(value) == [("", "a@x.org"), ("Bo", "b@x.org"), ("", "c@x.org")]

    def test_the_name_of_a_group_is_no_address(self) -> None:
        assert who("foo@bar.com: jane@x.org;") == ["jane@x.org"]


class TestNames:
    @pytest.mark.parametrize(
        ("value", "name"),
        [
            ("Jane Doe <j@x.org>", "Jane Doe"),
            ("Jane   \r\n Doe<j@x.org>", "Jane Doe"),
            ('"Doe, Jane" <j@x.org>', "Doe, Jane"),
            ("Doe, Jane <j@x.org>", "Doe, Jane"),
            ("Doe, Jane, MD <j@x.org>", "Doe, Jane, MD"),
            ("Doe,, <j@x.org>", "Doe"),
            (r'"Jane \"JD\" \\ Doe" <j@x.org>', r'Jane "JD" \ Doe'),
            ('Jane "JD" Doe <j@x.org>', "Jane JD Doe"),
            ("\"'Jane Doe'\" <j@x.org>", "Jane Doe"),
            ("'Jane Doe' <j@x.org>", "Jane Doe"),
            ("j@x.org (Jane Doe)", "Jane Doe"),
            ("j@x.org (Jane (JD) Doe) (work)", "Jane (JD) Doe"),
            (r"j@x.org (Jane \) Doe)", "Jane ) Doe"),
            ("<j@x.org> (Jane Doe)", "Jane Doe"),
            ("Jane (Acme, Inc.) Doe <j@x.org>", "Jane Doe"),
            ("<j@x.org> Jane", "Jane"),
            ("=?utf-8?q?Jan=C3=A9_Doe?= <j@x.org>", "Jané Doe"),
            ("=?utf-8?q?Doe,_Jan=C3=A9_(JD)?= <j@x.org>", "Doe, Jané (JD)"),
            ('"=?utf-8?b?SmFuw6k=?=" <j@x.org>', "Jané"),
            ("j@x.org (=?utf-8?q?Jan=C3=A9?=)", "Jané"),
            ("=?x-odd?q?Jane?= <j@x.org>", "=?x-odd?q?Jane?="),
            ("=?utf-8?q?=22Doe=22?= <j@x.org>", "Doe"),
            ("<j@x.org>", ""),
            ("j@x.org", ""),
        ],
    )
    def test_names_as_mail_programs_write_them(self, value: str, name: str) -> None:
        assert named(value) == [(name, "j@x.org")]

    def test_a_comma_belongs_to_a_name_only_if_no_address_is_before_it(self) -> None:
        assert named("a@x.org, Jane <j@x.org>") == [("", "a@x.org"), ("Jane", "j@x.org")]
        assert named("Bo <b@x.org>, Jane <j@x.org>") == [("Bo", "b@x.org"), ("Jane", "j@x.org")]
        assert named("Doe; Jane <j@x.org>") == [("Jane", "j@x.org")]
        assert named("Doe, j@x.org, Jane <j@x.org>") == [("", "j@x.org"), ("Jane", "j@x.org")]
        assert named("doe@, Jane <j@x.org>") == [("Jane", "j@x.org")]
        assert named("Doe <>, Jane <j@x.org>") == [("Jane", "j@x.org")]

    def test_of_a_long_name_the_beginning_counts(self) -> None:
        assert named(f"{'Jane ' * 1000}<j@x.org>") == [(("Jane " * 40).strip(), "j@x.org")]


class TestImitation:
    @pytest.mark.parametrize(
        "name",
        [
            "foo@bar.com",
            '"foo@bar.com"',
            "'foo@bar.com'",
            "foo＠bar.com",
            "foo﹫bar.com",
            '"Foo Bar (foo@bar.com)"',
            "=?utf-8?q?foo=40bar.com?=",
            "=?utf-8?b?Zm9vQGJhci5jb20=?=",
            '"=?utf-8?q?foo=40bar.com?="',
            '"Doe, foo@bar.com"',
            "(foo@bar.com)",
            r"foo\@bar.com",
        ],
    )
    def test_a_name_that_looks_like_an_address_is_none(self, name: str) -> None:
        assert named(f"{name} <foo@evil.com>, z@z.org") == [("", "foo@evil.com"), ("", "z@z.org")]

    @pytest.mark.parametrize(
        "value",
        [
            "foo@bar.com <>",
            "foo@bar.com <evil>",
            "foo@bar.com <evil@>",
            '"foo@bar.com"',
            "foo@bar.com <a@evil.com> <b@evil.com>",
            "<foo@bar.com> <foo@evil.com>",
            "<foo@bar.com>: <foo@evil.com>",
            "<foo@bar.com <foo@evil.com>",
            "<foo@bar.com> <foo@>",
            '<"x> <foo@bar.com>"@evil.com>',
            "=?utf-8?q?x<foo@bar.com>?= <foo@evil.com>",
            "foo(x)bar@x.org",
            "<foo(x)bar@x.org>",
            "foo>bar@x.org",
        ],
    )
    def test_of_two_that_it_could_be_it_is_neither(self, value: str) -> None:
        assert who(value) == []
        assert who(f"{value}, z@z.org") == ["z@z.org"]

    def test_the_same_address_twice_is_certain(self) -> None:
        assert named("Jane <j@x.org> <J@X.org>, <<b@x.org>>") == [
            ("Jane", "j@x.org"), ("", "b@x.org"),
        ]  # fmt: skip


class TestBrokenLists:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("Jane <j@x.org", ["j@x.org"]),
            ("Jane <j@x.org, b@x.org", ["j@x.org", "b@x.org"]),
            ("Jane <j@x.org; Bo <b@x.org>", ["j@x.org", "b@x.org"]),
            ('"Jane <j@x.org>, b@x.org', ["j@x.org", "b@x.org"]),
            ('"j@x.org, b@x.org', ["j@x.org", "b@x.org"]),
            ("Jane (Acme <j@x.org>, b@x.org", ["j@x.org", "b@x.org"]),
            ("Jane) <j@x.org>, b@x.org>", ["j@x.org", "b@x.org"]),
            ("jane doe@x.org, b@x.org", ["b@x.org"]),
            ("Jane j@x.org, b@x.org", ["b@x.org"]),
            ('jane(")@x.org, "Bo" <b@x.org>', ["b@x.org"]),
            ("b@x.org\\", []),
        ],
    )
    def test_what_is_certain_is_read(self, value: str, expected: list[str]) -> None:
        assert who(value) == expected

    @pytest.mark.parametrize(
        "value",
        [
            "jane", "@x.org", "jane@", "jane@@x.org", "a@b@x.org", "jane@x..org", "jane@.org",
            "jane@x.org.", "jane@[127.0.0.1]", "jane@[IPv6:::1]", "jane @x.org", "jane@ x.org",
            '"jane doe"@x.org', "mailto:@x.org", "ja\0ne@x.org", "ja\x1bne@x.org",
            "ja\u200bne@x.org", "ja\u202ene@x.org", "jane@x.org\u200f", "ja\ud800ne@x.org",
            "jane\u00a0doe@x.org", "=?utf-8?q?jane=40x.org?=", "<=?utf-8?q?jane=40x.org?=>",
            "<@a.org:>",
        ],
    )  # fmt: skip
    def test_what_nobody_can_be_reached_at_is_no_address(self, value: str) -> None:
        assert who(value) == []

    def test_an_address_has_at_most_254_characters(self) -> None:
        assert len(who(f"{'a' * 248}@x.org")) == 1
        assert who(f"{'a' * 249}@x.org") == []

    @given(st.one_of(texts, broken))
    @example("İ@x.org")
    @example('"\\')
    def test_any_text_gives_a_list_of_addresses_that_can_be_kept(self, value: str) -> None:
        for name, address in addresses(value):
            assert ContactPoint(kind="email", value=address).value
            assert address == address.lower()
            assert address.isprintable()
            assert address.count("@") == 1
            assert len(address) <= 254
            assert name == decoded(name) or "=?" in name
            assert "@" not in name
            assert len(name) <= 200

    @given(st.one_of(texts, broken))
    def test_an_address_stands_in_the_text(self, value: str) -> None:
        bare = value.lower().replace('"', "")
        assert all(one.address in bare for one in addresses(value))

    @given(broken)
    def test_what_is_broken_spoils_nothing_after_a_whole_list(self, value: str) -> None:
        assert who(f"a@x.org; {value}")[:1] == ["a@x.org"]
        assert who(f"Jane <a@x.org>, {value}")[:1] == ["a@x.org"]


class TestRoundTrip:
    @given(st.lists(mailboxes, max_size=5))
    def test_what_python_writes_is_read(self, people: list[Address]) -> None:
        written = ", ".join(
            formataddr((one.name, one.address.replace("ö", "o")), "utf-8") for one in people
        )
        assert addresses(written) == [
            one._replace(address=one.address.replace("ö", "o")) for one in people
        ]

    @given(st.lists(mailboxes, min_size=1, max_size=5))
    def test_what_is_written_plainly_is_read(self, people: list[Address]) -> None:
        quoted = [one.name.replace("\\", "\\\\").replace('"', '\\"') for one in people]
        for between in (", ", ",", "; ", ",\r\n "):
            written = between.join(
                f'"{name}" <{one.address.upper()}>'
                for name, one in zip(quoted, people, strict=True)
                if one.address.upper().lower() == one.address
            )
            assert addresses(written) == people


class TestDecoding:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Hello", "Hello"),
            ("=?utf-8?q?Caf=C3=A9_au_lait?=", "Café au lait"),
            ("=?UTF-8?Q?Caf=C3=A9?= at 5?", "Café at 5?"),
            ("Re: =?utf-8?B?Q2Fmw6k=?=", "Re: Café"),
            ("=?utf-8?B?Q2Fmw6k?=", "Café"),
            ("=?utf-8?B?Q2Fm w6k=?=", "Café"),
            ("=?iso-8859-1?q?Caf=E9?=", "Café"),
            ("=?gb2312?b?xOO6ww==?=", "你好"),
            ("=?utf-8*fr-CA?q?Caf=C3=A9?=", "Café"),
            ("=?utf-8?q?Coffee at 5?=", "Coffee at 5"),
            ("=?utf-8?q??=", ""),
            ("a=?utf-8?q?b?=c", "abc"),
        ],
    )
    def test_encoded_words_are_decoded(self, text: str, expected: str) -> None:
        assert decoded(text) == expected

    def test_blanks_between_encoded_words_are_not_meant(self) -> None:
        assert decoded("=?utf-8?q?Caf=C3=A9?=  =?utf-8?q?_au?=\r\n =?utf-8?b?IGxhaXQ=?=") == (
            "Café au lait"
        )
        assert decoded("=?utf-8?q?a?= =?iso-8859-1?q?=E9?=") == "aé"
        assert decoded("=?utf-8?q?a?= - =?utf-8?q?b?= c") == "a - b c"

    def test_a_character_may_be_parted_between_two_words(self) -> None:
        assert decoded("=?utf-8?q?Caf=C3?= =?UTF-8?b?qQ==?=") == "Café"

    @pytest.mark.parametrize(
        "word",
        [
            "=?x-unknown?q?Jane?=",
            "=?unknown-8bit?q?=E9?=",
            "=?utf-8?q?=E9?=",
            "=?utf-8?b?!!!!?=",
            "=?utf-8?b?A?=",
            "=?utf-8?b?Q=Q?=",
            "=?utf-8?x?Jane?=",
            "=?utf-8?q?é?=",
            "=?utf-8?q?Jane",
            "=?zlib?b?eJzLSM3JyQcABiwCFQ==?=",
            "=?rot13?q?Jane?=",
            "=?idna?q?xn--bcher-kva?=",
            "=?punycode?q?bcher-kva?=",
            "=?unicode_escape?q?=5Cu00e9?=",
            "=?raw-unicode-escape?q?=5Cu00e9?=",
            "=?undefined?q?Jane?=",
            "=??q?Jane?=",
        ],
    )
    def test_what_cannot_be_decoded_stays_and_the_rest_is_decoded(self, word: str) -> None:
        assert decoded(word) == word
        assert decoded(f"=?utf-8?q?Caf=C3=A9?= {word}") == f"Café {word}"
        assert decoded(f"{word} {word}") == f"{word} {word}"

    def test_one_bad_word_spoils_none_of_the_same_charset(self) -> None:
        good = "=?utf-8?q?Caf=C3=A9?="
        assert decoded(f"{good} =?utf-8?q?=E9?= {good}") == "Café =?utf-8?q?=E9?= Café"

    def test_it_is_decoded_once(self) -> None:
        assert decoded("=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3F=3D?=") == "=?utf-8?q?a?="

    @pytest.mark.parametrize(
        "char",
        ["\0", "\x1b", "\n", "\r", "\t", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\u202e",
         "\u2066", "\u200f", "\u061c"],
    )  # fmt: skip
    def test_nothing_that_a_terminal_obeys_is_left_encoded_or_not(self, char: str) -> None:
        assert decoded(f"{char}a{char}{char}b{char}") == "a b"
        word = Header(f"a{char}b", "utf-8").encode() if char not in "\r\n" else "=?utf-8?q?a=0Ab?="
        assert decoded(word) == "a b"
        assert named(f"a{char}b <j@x.org>") == [("a b", "j@x.org")]

    def test_half_a_character_becomes_a_blank(self) -> None:
        assert decoded("a\ud800b") == "a b"

    @given(st.one_of(texts, broken))
    def test_any_text_gives_one_line_that_can_be_kept(self, text: str) -> None:
        line = decoded(text)
        line.encode()
        assert line == " ".join(line.split())
        assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in line)

    @given(texts.filter(lambda text: "=?" not in text))
    def test_a_text_without_encoded_words_is_only_tidied(self, text: str) -> None:
        assert decoded(decoded(text)) == decoded(text)
        if text.isprintable():
            assert decoded(text) == " ".join(text.split())

    @given(st.text(letters_and_signs, max_size=150), st.sampled_from(["utf-8", "gb18030"]))
    def test_what_python_encodes_is_decoded(self, text: str, charset: str) -> None:
        assert decoded(Header(text, charset).encode()) == " ".join(text.split())


class TestLength:
    HOSTILE = (
        '"', "(", ")", "<", ">", ",", ";", ":", "\\", "@", "'", "=", " ", "a@", "a.", '\\"', '("<',
        '<"', '"<', "a, ", "a (", "<a@x ", "=?", "=?a?q?", "=?utf-8?q?a?= ", "=?utf-8?q?=E9?= ",
        "=?utf-8?b?aaaaa?= ", "=?punycode?q?a?= ", "\r\n ", "mailto:", "(a)", "a@x.org, ",
    )  # fmt: skip

    @pytest.mark.parametrize("signs", HOSTILE)
    @pytest.mark.parametrize("work", [addresses, decoded])
    def test_twice_the_text_takes_twice_the_steps(
        self, work: Callable[[str], object], signs: str
    ) -> None:
        once = steps(work, signs * 200)
        assert steps(work, signs * 400) <= 2 * once

    @pytest.mark.parametrize("signs", ['"', "(", "<", ",", "\\", '<"', "=?a?q?", "a@", "a."])
    def test_a_huge_header_of_nonsense_holds_nobody(self, signs: str) -> None:
        nonsense = signs * (LONG // len(signs))
        assert addresses(nonsense) == []
        assert who(f"j@x.org; {nonsense}") == ["j@x.org"]
        assert decoded(nonsense) == nonsense

    def test_a_huge_list_is_read_whole(self) -> None:
        count = LONG // 10
        assert len(addresses("Bo <b@x.org>, " * count)) == count

    def test_a_huge_name_or_address_is_none_or_cut(self) -> None:
        assert named(f"{'a, ' * LONG}<j@x.org>") == [(("a, " * 67)[:200].strip(), "j@x.org")]
        assert who(f"j@{'x.' * LONG}org, <{'a' * LONG}@x.org>") == []

    def test_a_huge_encoded_word_is_decoded(self) -> None:
        assert decoded(f"=?utf-8?q?{'=C3=A9' * LONG}?=") == "é" * LONG
        assert decoded("=?utf-8?q?=C3=A9?= " * 10_000) == "é" * 10_000

    def test_a_huge_word_in_no_charset_of_mail_costs_nothing(self) -> None:
        word = f"=?punycode?q?{'a' * LONG}-{'b' * LONG}?="
        assert decoded(word) == word
