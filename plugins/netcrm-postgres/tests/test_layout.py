"""What the owner of the tables does: making them, and bringing them up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from netcrm import INDEX, KINDS, SCHEMA, Field, Kind, Query, Record, RefusedError, StorageError
from netcrm.storage.query import eq, has, text
from netcrm_postgres import open_storage, setup
from netcrm_postgres.storage import PostgresStorage
from tests import postgres

Kinds = Mapping[str, Kind]


def kinds(**fields: Field) -> Kinds:
    return {"thing": Kind("thing", fields, lambda doc: str(doc.get("said", "")))}


def of(key: str) -> Any:
    return lambda doc: doc.get(key)


def members(key: str) -> Any:
    return lambda doc: tuple(doc.get(key, ()))


OLD = kinds(
    size=Field("text", lambda doc: str(doc.get("size"))),
    at=Field("text", of("at")),
    tags=Field("set", members("tags")),
    gone=Field("set", members("tags")),
)
NEW = kinds(
    size=Field("int", of("size"), ordered=True),
    at=Field("text", of("at"), ordered=True),
    tags=Field("set", members("tags"), by="at"),
    people=Field("set", members("people")),
)
DOC = {"size": 5, "at": "2026", "tags": ["x", "y"], "people": ["ana"], "said": "hello"}


@pytest.fixture
def empty() -> Iterator[str]:
    """The superuser's URL of a database without tables."""
    server = postgres.server()
    name = f"empty_{postgres.Database.__name__.lower()}"
    postgres.run(server.url(), f"CREATE DATABASE {name}")
    yield server.url(name)
    postgres.run(server.url(), f"DROP DATABASE {name} WITH (FORCE)")


def opened(admin_url: str, kinds: Kinds, tenant: str = "ana") -> PostgresStorage:
    place = admin_url.partition("@")[2]
    storage = open_storage(f"//netcrm_app@{place}?tenant={tenant}", kinds, True)
    assert isinstance(storage, PostgresStorage)
    return storage


def layout(admin_url: str) -> list[Any]:
    columns = (
        "SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull "
        "FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE "
        "relnamespace = 'netcrm'::regnamespace AND attnum > 0 AND NOT attisdropped ORDER BY 1, 2"
    )
    others = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'netcrm' ORDER BY 1",
        "SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1",
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
        "WHERE grantee = 'netcrm_app' ORDER BY 1, 2",
        "SELECT obj_description('netcrm'::regnamespace)",
    )
    return [postgres.run(admin_url, query) for query in (columns, *others)]


def test_done_again_it_changes_nothing(empty: str) -> None:
    setup(empty)
    before = layout(empty)
    with closing(opened(empty, KINDS)) as storage:
        with storage.begin(write=True) as transaction:
            transaction.put([(Record("organisation", "o", {"name": "Clinic"}, 1), 0)])
        setup(empty)
        assert layout(empty) == before
        assert storage.check() == []
        with storage.begin(write=False) as transaction:
            assert transaction.count("organisation", eq("name", "Clinic")) == 1


def test_the_role_gets_no_more_than_it_needs(empty: str) -> None:
    setup(empty)
    *_, grants, _ = layout(empty)
    assert {right for _, right in grants} == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    may = "SELECT has_schema_privilege('netcrm_app', 'netcrm', 'CREATE')"
    assert postgres.run(empty, may) == [(False,)]


def test_a_database_that_is_not_set_up_is_refused(empty: str) -> None:
    with closing(opened(empty, KINDS)) as storage:
        with pytest.raises(RefusedError, match=r"not set up.* netcrm postgres setup"):
            storage.check()
        setup(empty)  # and then it works, without opening it anew
        assert storage.check() == []


@pytest.mark.parametrize(
    ("make", "says"),
    [
        ("SELECT 1", "there is no role tried"),
        ("CREATE ROLE tried SUPERUSER", "is a superuser"),
        ("CREATE ROLE tried BYPASSRLS", "has BYPASSRLS"),
        ("CREATE ROLE tried IN ROLE postgres", "would own the tables"),
    ],
)
def test_a_role_that_would_see_everything_is_refused(empty: str, make: str, says: str) -> None:
    postgres.run(empty, make)
    try:
        with pytest.raises(RefusedError, match=says):
            setup(empty, role="tried")
        assert layout_is_missing(empty)
    finally:
        postgres.run(empty, "DROP ROLE IF EXISTS tried")


def layout_is_missing(admin_url: str) -> bool:
    return postgres.run(admin_url, "SELECT to_regnamespace('netcrm') IS NULL") == [(True,)]


def test_the_owner_need_not_be_a_superuser(empty: str) -> None:
    postgres.run(empty, "CREATE ROLE house_owner LOGIN")
    try:
        name = empty.rpartition("/")[2]
        postgres.run(empty, f"GRANT CREATE ON DATABASE {name} TO house_owner")
        owner_url = empty.replace("//postgres@", "//house_owner@")
        setup(owner_url, kinds=OLD)
        with closing(opened(empty, OLD)) as storage, storage.begin(write=True) as transaction:
            transaction.put([(Record("thing", "a", DOC, 1), 0)])
        assert postgres.run(owner_url, "SELECT count(*) FROM netcrm.thing") == [(0,)]
        setup(owner_url, kinds=NEW)  # needs no row to be seen
        with closing(opened(empty, NEW)) as storage:
            assert storage.check() == []
            with storage.begin(write=False) as transaction:
                assert transaction.count("thing") == 1
    finally:
        postgres.run(empty, "DROP OWNED BY house_owner CASCADE")
        postgres.run(empty, "DROP ROLE house_owner")


def test_a_strange_table_in_the_schema_is_refused(empty: str) -> None:
    postgres.run(empty, "CREATE SCHEMA netcrm")
    postgres.run(empty, "CREATE TABLE netcrm.mine (a text)")
    with pytest.raises(RefusedError, match="table mine in schema netcrm is not netcrm's"):
        setup(empty)
    assert postgres.run(empty, "SELECT to_regclass('netcrm.contact') IS NULL") == [(True,)]


def test_text_that_is_not_unicode_is_refused() -> None:
    server = postgres.server()
    create = "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0"
    postgres.run(server.url(), create)
    try:
        with pytest.raises(StorageError, match="keeps text as SQL_ASCII"):
            setup(server.url("ascii"))
    finally:
        postgres.run(server.url(), "DROP DATABASE ascii")


# --- another layout


@pytest.fixture
def updated(empty: str) -> str:
    """A database with two networks, that was set up anew for other index fields since."""
    setup(empty, kinds=OLD)
    for tenant in ("ana", "bo"):
        with closing(opened(empty, OLD, tenant)) as storage:
            with storage.begin(write=True) as transaction:
                transaction.put((Record("thing", f"{n:04}", DOC, 1), 0) for n in range(1200))
            assert storage.check() == []
    early = opened(empty, NEW)
    with pytest.raises(RefusedError, match="set up by an older netcrm"):
        early.check()
    early.close()
    setup(empty, kinds=NEW)
    return empty


def test_an_older_netcrm_is_refused(updated: str) -> None:
    with closing(opened(updated, OLD)) as storage, pytest.raises(RefusedError):
        storage.check()


@pytest.mark.parametrize("write", [False, True])
def test_each_network_computes_its_index_anew(updated: str, *, write: bool) -> None:
    with closing(opened(updated, NEW)) as storage, closing(opened(updated, NEW, "bo")) as other:
        with storage.begin(write=write) as transaction:
            assert transaction.count("thing", eq("size", 5) & has("people", "ana")) == 1200
            assert transaction.count("thing", has("tags", "x") & text("hel")) == 1200
            last = transaction.latest(Query("thing"), per="tags", by="at")
            assert last == dict.fromkeys("xy", ("2026", "1199"))
        network = "SELECT tenant, schema, layout LIKE %s FROM netcrm.network ORDER BY 1"
        done = network.replace("%s", f"'{INDEX}.%'")
        assert postgres.run(updated, done) == [("ana", SCHEMA, True), ("bo", SCHEMA, True)]
        for one in (storage, other):
            assert one.check() == []


def test_documents_of_an_older_schema_come_forward(empty: str) -> None:
    setup(empty)
    was = {"kind": "contact", "id": "c1", "rev": 1, "doc": {"name": "Ana", "handle": "ana"}}
    old = Record("commit", "00000002", {"seq": 2, "before": [was]}, 2)
    with closing(opened(empty, KINDS)) as storage:
        with storage.begin(write=True) as transaction:
            transaction.put([(old, 0)])
        postgres.run(empty, "UPDATE netcrm.network SET schema = 1")
        with storage.begin(write=False) as transaction:
            (commit,) = transaction.scan("commit")
            (before,) = transaction.scan("before")
        assert "before" not in commit.doc
        assert commit.rev == before.rev == 2
        assert before.doc["doc"] == was["doc"]
        assert storage.check() == []


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE netcrm.network SET schema = {SCHEMA + 1}",
        f"UPDATE netcrm.network SET layout = '{INDEX + 1}.abc'",
        f"COMMENT ON SCHEMA netcrm IS '{INDEX + 1}.abc'",
    ],
)
def test_what_a_newer_netcrm_wrote_is_refused(empty: str, change: str) -> None:
    setup(empty)
    with closing(opened(empty, KINDS)) as storage, storage.begin(write=True):
        pass
    postgres.run(empty, change)
    with closing(opened(empty, KINDS)) as storage:
        for write in (False, True):
            with pytest.raises(RefusedError, match="by a newer netcrm"), storage.begin(write=write):
                pass
    if "COMMENT" in change:
        with pytest.raises(RefusedError, match="by a newer netcrm"):
            setup(empty)


# --- what stands beside the documents


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("UPDATE netcrm.thing SET size = 7 WHERE id = 'a'", "thing a: its index values"),
        ("UPDATE netcrm.thing SET words = 'x'", "thing a: its index values"),
        (
            "DELETE FROM netcrm.thing_tags WHERE member = 'x'",
            "thing: 1 entries of the index of tags",
        ),
        (
            "INSERT INTO netcrm.thing_people VALUES ('ana', 'nobody', 'a')",
            "thing: 1 entries of the index of people",
        ),
    ],
)
def test_a_check_finds_what_does_not_agree(empty: str, damage: str, fault: str) -> None:
    setup(empty, kinds=NEW)
    with closing(opened(empty, NEW)) as storage:
        with storage.begin(write=True) as transaction:
            transaction.put([(Record("thing", "a", DOC, 1), 0)])
        assert storage.check() == []
        postgres.run(empty, damage)
        assert storage.check()[0].startswith(fault)
