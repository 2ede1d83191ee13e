"""What a URL says, and that nobody learns a password from us."""

from __future__ import annotations

import pytest

import netcrm
import netcrm_postgres
from netcrm import InvalidError, NetcrmError
from netcrm_postgres import setup
from netcrm_postgres.place import Place

SECRET = "s3cr%40t/"  # as somebody writes it who forgets to encode the last sign


def test_a_place_is_named_by_its_parts() -> None:
    place = Place.named("//ana:p%40w@db.example.org:6432/crm?tenant=ana%40x.org&sslmode=require")
    assert place.tenant == "ana@x.org"
    assert place.location == "postgresql://db.example.org:6432/crm?tenant=ana@x.org"
    assert place.replica is None
    said = {"host": "db.example.org", "port": "6432", "dbname": "crm", "sslmode": "require"}
    assert place.primary.items() >= {**said, "user": "ana", "password": "p@w"}.items()


def test_without_a_tenant_there_is_a_default() -> None:
    assert Place.named("//localhost/crm").tenant == "default"


def test_what_is_said_of_the_connection_wins_over_what_we_would_say() -> None:
    primary = Place.named("//localhost/crm?connect_timeout=60&application_name=x").primary
    assert (primary["connect_timeout"], primary["application_name"]) == ("60", "x")


@pytest.mark.parametrize(
    ("rest", "shown"),
    [
        ("///crm", "postgresql:///crm?tenant=default"),
        ("///crm?host=/run/postgresql", "postgresql:///run/postgresql/crm?tenant=default"),
        ("//%2Frun%2Fpostgresql/crm", "postgresql://%2Frun%2Fpostgresql/crm?tenant=default"),
        ("//[::1]:5432/crm", "postgresql://[::1]:5432/crm?tenant=default"),
        ("//a:1,b:2/crm", "postgresql://a:1,b:2/crm?tenant=default"),
    ],
)
def test_other_ways_to_name_a_server(rest: str, shown: str) -> None:
    assert Place.named(rest).location == shown


def test_several_hosts_are_tried_until_one_can_be_written_to() -> None:
    primary = Place.named("//a:1,b:2/crm?target_session_attrs=read-write").primary
    assert (primary["host"], primary["port"]) == ("a,b", "1,2")
    assert primary["target_session_attrs"] == "read-write"


def test_a_replica_is_named_by_its_host() -> None:
    rest = "//u:pw@a:1,b:2/crm?target_session_attrs=read-write&replica=c:3,d&sslmode=require"
    replica = Place.named(rest).replica
    assert replica is not None
    said = {"host": "c,d", "port": "3,", "dbname": "crm", "user": "u", "password": "pw"}
    assert replica.items() >= {**said, "sslmode": "require"}.items()
    assert replica["target_session_attrs"] == "any"


def test_a_replica_is_named_by_a_url_of_its_own() -> None:
    replica = Place.named("//u:pw@a/crm?replica=postgresql%3A%2F%2Fv%3Aqw%40b%2Fcopy").replica
    assert replica is not None
    assert replica.items() >= {"host": "b", "dbname": "copy", "user": "v"}.items()


@pytest.mark.parametrize(
    "tenant",
    ["", "a'b", 'a"b', "a%20b", "-a", "a%3Bb", "a%00b", "%C3%A9", "a" * 101, "a/b", "a%0A"],
)
def test_a_tenant_has_a_plain_name(tenant: str) -> None:
    with pytest.raises(InvalidError, match="a tenant's name"):
        Place.named(f"//localhost/crm?tenant={tenant}")


WRONG = [
    f"//ana:{SECRET}@localhost/crm",  # a slash ends the host
    f"//ana:@{SECRET}@localhost/crm",
    f"//ana:{SECRET.rstrip('/')}:x@localhost:{SECRET.rstrip('/')}/crm",
    f"//ana:{SECRET.rstrip('/')}/crm",  # no host: the password would be the port
    f"//localhost/crm@{SECRET}",
    f"//localhost/crm?{SECRET}=x",
    f"//localhost/crm?password={SECRET}&{SECRET}",
    f"//localhost/crm?sslmode={SECRET}#x",
    f"//localhost/crm?replica=//ana:{SECRET}@b",
    "localhost/crm",
    "",
    "//local host/crm",
    "//localhost:port/crm",
]


@pytest.mark.parametrize("rest", WRONG)
def test_what_is_no_url_is_refused_without_showing_it(rest: str) -> None:
    for action in (
        lambda: Place.named(rest),
        lambda: netcrm.open(f"postgresql:{rest}", plugins=[netcrm_postgres]),
        lambda: setup(f"postgresql:{rest}"),
    ):
        with pytest.raises(NetcrmError) as caught:
            action()
        assert "s3cr" not in str(caught.value)


def test_no_password_in_any_message() -> None:
    url = "postgresql://ana:s3cret@127.0.0.1:1/crm?replica=localhost:1"
    network = netcrm.open(url, plugins=[netcrm_postgres])
    assert "s3cret" not in repr(network._storage) + network.location
    with pytest.raises(NetcrmError) as caught:
        network.contacts()
    with pytest.raises(NetcrmError) as set_up:
        setup(url.partition("?")[0])
    for refused in (caught, set_up):
        assert "127.0.0.1" in str(refused.value)
        error: BaseException | None = refused.value
        while error is not None:
            assert "s3cret" not in f"{error}{error!r}"
            error = error.__cause__ or error.__context__
