"""What is signed in with is kept where nobody else reads it, and what is read of it is checked."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcrm import SignInError, StorageError
from netcrm_google.tokens import Token, TokenStore, system_keyring
from tests.google.mailing import ME, YOU
from tests.google.signing import Ring

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")


def token(account: str = ME, **more: Any) -> Token:
    said = {
        "scopes": ["a", "b"],
        "client_id": "1",
        "client_secret": "the-client's",
        "token_uri": "https://oauth2.googleapis.com/token",
        "refresh_token": "the-lasting",
        "access": "the-passing",
        "expiry": "2026-03-05T15:00:00",
        "signed_in": "2026-03-05",
    }
    return Token(account=account, **(said | more))


SECRETS = ("the-client's", "the-lasting", "the-passing")


@pytest.fixture
def store(tmp_path: Path) -> TokenStore:
    return TokenStore(tmp_path / "netcrm" / "google")


def file_of(store: TokenStore, account: str = ME, purpose: str = "sync") -> Path:
    return store.folder / f"{account}.{purpose}.json"


class TestKept:
    def test_as_it_is_given(self, store):
        store.save(token())
        assert store.load(ME) == token()
        store.save(token(access="another", expiry=""))
        assert store.load(ME).access == "another"

    def test_each_account_has_its_own(self, store):
        store.save(token())
        store.save(token(YOU, refresh_token="yours"))
        assert store.accounts() == [ME, YOU]
        assert (store.load(ME).refresh_token, store.load(YOU).refresh_token) == (
            "the-lasting",
            "yours",
        )

    def test_each_purpose_has_its_own(self, store):
        store.save(token())
        store.save(token(purpose="drafts", scopes=["c"]))
        assert (store.load(ME).scopes, store.load(ME, "drafts").scopes) == (("a", "b"), ("c",))
        assert store.accounts() == store.accounts("drafts") == [ME]

    def test_an_address_may_be_odd(self, store):
        odd = "a/../b+%41*'\"?ü@example.org"
        store.save(token(odd))
        assert store.accounts() == [odd]
        assert store.load(odd).account == odd
        assert [one.parent for one in store.folder.iterdir()] == [store.folder]

    def test_capital_letters_make_no_difference(self, store):
        store.save(token())
        assert store.load("Me@Example.org") == token()

    def test_nothing_secret_is_shown(self):
        assert not [one for one in SECRETS if one in repr(token())]

    @POSIX
    def test_in_files_that_are_mine_alone(self, store):
        old = os.umask(0)
        try:
            store.save(token())
            store.keep_client({"client_id": "1"})
        finally:
            os.umask(old)
        modes = {one.name: one.stat().st_mode & 0o777 for one in store.folder.iterdir()}
        assert modes == {"client.json": 0o600, f"{ME}.sync.json": 0o600}
        assert store.folder.stat().st_mode & 0o777 == 0o700
        assert store.exposed() == []

    @POSIX
    def test_what_others_may_read_is_known(self, store):
        assert store.exposed() == []
        store.save(token())
        file_of(store).chmod(0o640)
        assert store.exposed() == [file_of(store)]
        file_of(store).chmod(0o600)
        store.folder.chmod(0o701)
        assert store.exposed() == [store.folder]

    @pytest.mark.parametrize("call", ["fsync", "replace"])
    def test_a_write_that_fails_leaves_what_was(self, store, monkeypatch, call):
        store.save(token())

        def fails(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), fails)
        with pytest.raises(StorageError, match="No space left"):
            store.save(token(access="another"))
        monkeypatch.undo()
        assert store.load(ME) == token()
        assert [one.name for one in store.folder.iterdir()] == [f"{ME}.sync.json"]


class TestGone:
    def test_who_never_signed_in(self, store):
        assert store.accounts() == []
        with pytest.raises(
            SignInError, match=r"me@example\.org is not signed in for this\. To sign in: "
        ):
            store.load(ME)

    def test_all_purposes_at_once(self, store):
        store.save(token())
        store.save(token(purpose="drafts"))
        store.save(token(YOU))
        store.remove("ME@example.org")
        assert (store.accounts(), store.accounts("drafts")) == ([YOU], [])
        store.remove(ME)


class TestDamaged:
    @given(text=st.one_of(st.binary(), st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(
            [one.name for one in attrs.fields(Token)] + ["x"]), inner),
    ).map(lambda said: json.dumps(said).encode())))  # fmt: skip
    def test_anything_else_is_one_line_that_names_the_file(self, tmp_path_factory, text):
        store = TokenStore(tmp_path_factory.mktemp("google"))
        file_of(store).write_bytes(text)
        with pytest.raises((StorageError, SignInError)) as raised:
            store.load(ME)
        assert "\n" not in str(raised.value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *((one, 7) for one in ("client_id", "token_uri", "access", "expiry", "signed_in")),
            *((one, "") for one in ("client_id", "client_secret", "token_uri", "refresh_token")),
            ("account", "nobody"),
            ("account", "a\x1b@b.c"),
            ("account", YOU),
            ("purpose", "drafts"),
            ("purpose", "both"),
            ("scopes", "a b"),
            ("scopes", [7]),
            ("expiry", "soon"),
            ("expiry", "2026-03-05T15:00:00+00:00"),
            ("signed_in", "5 March"),
            ("more", "of it"),
            ("refresh_token", None),
        ],
    )
    def test_each_thing_in_it_is_looked_at(self, store, name, value):
        store.save(token())
        said = json.loads(file_of(store).read_text())
        file_of(store).write_text(json.dumps(said | {name: value}))
        with pytest.raises(StorageError, match=r"me@example.org.sync.json: is damaged .* login$"):
            store.load(ME)

    @pytest.mark.parametrize("odd", ["", "a", "a@", "a b@c.d", "a\x1b[2J@b.c", "a@b@c"])
    def test_an_account_is_an_address_that_can_be_shown(self, odd):
        with pytest.raises(ValueError, match="no address"):
            token(odd)

    def test_a_missing_thing_too(self, store):
        store.save(token())
        said = json.loads(file_of(store).read_text())
        del said["scopes"]
        file_of(store).write_text(json.dumps(said))
        with pytest.raises(StorageError, match="is damaged"):
            store.load(ME)

    def test_what_is_secret_is_not_told(self, store):
        store.save(token())
        text = file_of(store).read_text()
        file_of(store).write_text(text.replace('"the-lasting"', '["the-lasting"]'))
        with pytest.raises(StorageError) as raised:
            store.load(ME)
        assert "the-" not in str(raised.value)

    def test_others_are_there_all_the_same(self, store):
        store.save(token())
        file_of(store, YOU).write_text("{")
        assert store.accounts() == [ME, YOU]
        assert store.load(ME) == token()


class TestKeyring:
    def test_has_what_is_secret_and_the_file_has_not(self, store):
        ring = Ring()
        mine = TokenStore(store.folder, ring)
        mine.save(token())
        text = file_of(mine).read_text()
        assert not [one for one in SECRETS if one in text]
        assert all(one in ring.kept["netcrm-google", f"{ME} sync"] for one in SECRETS)
        assert mine.load(ME) == token()
        assert mine.accounts() == [ME]
        mine.remove(ME)
        assert ring.kept == {}

    def test_what_was_in_a_file_before_moves_there_with_the_next_token(self, store):
        store.save(token())
        mine = TokenStore(store.folder, Ring())
        assert mine.load(ME) == token()
        mine.save(token())
        assert "the-lasting" not in file_of(mine).read_text()
        assert mine.load(ME) == token()

    @pytest.mark.parametrize("ring", [None, Ring()])
    def test_one_that_does_not_open_is_said(self, store, ring):
        TokenStore(store.folder, Ring()).save(token())
        with pytest.raises(SignInError, match="in the keyring of your desktop"):
            TokenStore(store.folder, ring).load(ME)

    @pytest.mark.parametrize("kept", ["", "{", "[]", "7", '{"access": "x"}', '{"odd": 1}'])
    def test_one_with_something_else_in_it_is_damage(self, store, kept):
        ring = Ring()
        mine = TokenStore(store.folder, ring)
        mine.save(token())
        ring.kept["netcrm-google", f"{ME} sync"] = kept
        with pytest.raises(StorageError, match="is damaged"):
            mine.load(ME)

    def test_one_that_refuses_is_one_line(self, store):
        class Locked(Ring):
            def get_password(self, *_: str) -> str | None:
                raise RuntimeError("it is locked")

            set_password = get_password  # type: ignore[assignment]

        TokenStore(store.folder, Ring()).save(token())
        mine = TokenStore(store.folder, Locked())
        for call in (lambda: mine.load(ME), lambda: mine.save(token())):
            with pytest.raises(StorageError, match="refuses: it is locked"):
                call()
        mine.remove(ME)
        assert mine.accounts() == []

    @pytest.mark.parametrize(
        ("priority", "is_one"), [(5, True), (1, True), (0.5, False), (0, False), (-1, False)]
    )
    def test_of_the_system_counts_if_it_is_a_real_one(self, monkeypatch, priority, is_one):
        found = SimpleNamespace(priority=priority)
        installed = ModuleType("keyring")
        installed.get_keyring = lambda: found  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "keyring", installed)
        assert system_keyring() is (found if is_one else None)

    def test_of_the_system_is_none_if_it_is_not_installed_or_broken(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "keyring", None)
        assert system_keyring() is None
        monkeypatch.setitem(sys.modules, "keyring", ModuleType("keyring"))
        assert system_keyring() is None


class TestClient:
    def test_is_kept_for_the_next_account(self, store):
        assert store.client() is None
        store.keep_client({"client_id": "1", "client_secret": "2"})
        assert store.client() == {"client_id": "1", "client_secret": "2"}
        assert store.accounts() == []

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"client_id": 1}'])
    def test_one_that_is_damaged_is_said(self, store, text):
        store.folder.mkdir(parents=True)
        (store.folder / "client.json").write_text(text)
        with pytest.raises(StorageError, match=r"client.json: is damaged .* --client FILE"):
            store.client()
