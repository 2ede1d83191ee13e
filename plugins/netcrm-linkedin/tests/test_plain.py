"""Words out of HTML, and what only looks like HTML."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm_linkedin.plain import plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<p>Hi&nbsp;Ana,</p><p>bye</p>", "Hi Ana,\nbye"),
        ('<p class="x">a</p><p><br></p><p><br/></p><P>b</P>', "a\n\nb"),
        ("one<br>two<br />three", "one\ntwo\nthree"),
        ("<div>Look at <a href='https://example.org'>this</a>.</div>", "Look at this."),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("<p>1 &lt; 2 &amp;amp; 3</p>", "1 < 2 &amp; 3"),
        ("<p>1 < 2, I <3 it</p>", "1 < 2, I <3 it"),
        ("<style>p { x: y }</style><p>a</p><script>if (a<b) alert('</p>')</script>b", "a\nb"),
        ("<p>a</p><script>never closed", "a"),
        ("<p>a<!-- not <b>this</b> -->b</p><!-- nor that", "ab"),
        ("<!DOCTYPE html><html><p>a</p></html>", "a"),
        ("<p>Dear <your name>,</p>", "Dear <your name>,"),
        ("It&rsquo;s 5&#39;11&quot; &amp;amp; more", "It’s 5'11\" &amp; more"),
    ],
)
def test_html_becomes_words(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I <3 you",
        "a < b and c > d",
        "a<b<c",
        "if x<p then p>x",
        "Dear <your name>, AT&T &c &copy 5",
        "write to <ana@example.org>",
        "see <https://example.org>",
        "=1+1",
        "two\nlines  and  blanks",
        "&nosuch; &#9999999;x"[:8],
    ],
)
def test_what_is_no_html_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "sign",
    ["<", "<a ", "<!--", '<a href="', "<!", "</", "<?", "&", "&#", "&amp", "<script>", "</script",
     "<a b='", "<p>", "<br", "<br   ", "\n ", "<style></script>", "a"],
)  # fmt: skip
def test_a_hostile_message_costs_no_time(sign: str) -> None:
    began = time.process_time()
    plain("</p>" + sign * (130_000 // len(sign)))
    assert time.process_time() - began < 2


@given(st.text(st.sampled_from("<>/!-abp rscit&;#\n3 \"'")))
def test_any_text_gives_some_text(text: str) -> None:
    assert isinstance(plain(text), str)
    assert plain(f"x <p></p>{text}").startswith("x")


@given(st.text(st.characters(exclude_characters="<&")))
def test_without_its_signs_there_is_nothing_to_do(text: str) -> None:
    assert plain(text) == text
