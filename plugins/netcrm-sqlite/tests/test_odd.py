"""Questions that nobody asks on purpose."""

from __future__ import annotations

import random

import pytest

from netcrm.storage.query import eq, has, one_of, prefix, starts, text

ODD = (
    '"', "'", '"a', "a OR b", "a AND", "NOT", "NEAR(a b)", "a*", "*", "words:a", "{a b}", "a^",
    "^a", "(", ")", "-a", "+a", "a\0b", "\0", "\udcff", "a\ud800", ";", "--", "%", "_", "\\", "😀",
    "\u200b", "a" * 40_000, " ".join(f"w{n}" for n in range(5000)),
)  # fmt: skip


@pytest.fixture
def kept(opened):
    one = opened()
    one.put(
        one.thing("a", name="a", tags=["a", "a b"], said="a b w1"),
        one.thing("b", name="b", tags=["b"], said="b near not or"),
        one.thing("long", said="a" * 40_000),
    )
    return one


@pytest.mark.parametrize("said", ODD, ids=range(len(ODD)))
def test_no_search_is_a_command(kept, said):
    found = kept.found(text(said))
    assert kept.found(~text(said)) == sorted({"a", "b", "long"} - set(found))
    for where in (eq("name", said), one_of("name", [said, "b"]), prefix("name", said)):
        kept.found(where)
        kept.found(~where)
    for where in (has("tags", said), has("tags", said, "b"), starts("tags", said), eq("id", said)):
        kept.found(where)
    with kept.storage.begin(write=False) as view:
        assert list(view.get("thing", [said])) == []


@pytest.mark.parametrize("said", ["a\0b", "\0", "\udcff", "a\ud800", "a\0"])
def test_what_cannot_be_kept_is_never_found(kept, said):
    for where in (eq("name", said), prefix("name", said), has("tags", said), starts("tags", said)):
        assert kept.found(where) == []
        assert kept.found(~where) == ["a", "b", "long"]
    many = [said, *(f"x{n}" for n in range(99))]
    assert kept.found(one_of("name", [*many, "b"])) == ["b"]


def test_any_letters_make_no_command(kept):
    drawn = random.Random(4)
    for _ in range(300):
        said = "".join(drawn.choices("ab\"'*()^-+:{}\\ \0\n,NEAROT", k=drawn.randrange(1, 12)))
        kept.found(text(said))
        assert kept.found(has("tags", said)) == (["a"] if said in ("a", "a b") else []) + (
            ["b"] if said == "b" else []
        )


def test_the_longest_words_are_kept_in_step(kept):
    assert kept.found(text("a" * 33_000)) == ["long"]
    assert kept.storage.check() == []
    kept.put(kept.thing("long", 2, said="short"), over=1)
    assert kept.found(text("a")) == ["a"]
    assert kept.storage.check() == []
