"""JSON Lines: nothing is lost on the way out and in, and what is not whole does not come in."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import netcrm
from netcrm.kinds import KINDS
from netcrm.network.moving import copy
from netcrm.storage import lines, moving
from netcrm.storage.contract import Record
from netcrm.storage.memory import MemoryStorage
from netcrm.storage.tinydb import TinyDBStorage
from tests.test_storage_moving import NOW, commit, contact, held, records
from tests.test_storage_moving import lines as everything

OLD = Path(__file__).parent / "old"
SOME = [contact(1), contact(2, note="hello"), commit(1), contact(1, rev=7)._replace(id="d")]


def export(storage, path, **options):
    with storage.begin(write=False) as view:
        return lines.export(view, path, now=NOW, **options)


def bring_in(path, target=None) -> MemoryStorage:
    """Import a file into an empty network; return that."""
    target = target or MemoryStorage(KINDS)
    copy(lines.LinesStorage(path, KINDS), target)
    return target


def refused(path, error=netcrm.StorageError) -> str:
    """Return why a file is refused; not a byte of it must have come in."""
    target = MemoryStorage(KINDS)
    with pytest.raises(error) as caught:
        bring_in(path, target)
    assert everything(target) == []
    assert moving.newest(target) is None
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: ")


def written(*texts: bytes, head=b"", end=b"") -> bytes:
    """Return a file of these lines, with a right head and sum if no others are given."""
    said = {"format": 1, "layout": netcrm.SCHEMA, "version": "x", "made": "x", "records": {}}
    body = b"".join([head or json.dumps({"netcrm": said}).encode() + b"\n", *texts])
    sha256 = hashlib.sha256(body).hexdigest()
    return body + (end or b'{"end":{"records":%d,"sha256":"%s"}}\n' % (len(texts), sha256.encode()))


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "everything.jsonl"


@pytest.fixture
def whole(path) -> bytes:
    export(held(SOME), path)
    return path.read_bytes()


# --- out and in


@given(some=records(), ending=st.sampled_from([".jsonl", ".jsonl.gz"]))
def test_nothing_is_lost_on_the_way_out_and_in(tmp_path_factory, some, ending):
    folder = tmp_path_factory.mktemp("x")
    first, second = folder / f"one{ending}", folder / f"two{ending}"
    source = held(some)
    sums = export(source, first)
    target = bring_in(first)
    assert everything(target) == everything(source)
    assert export(target, second) == sums
    assert second.read_bytes() == first.read_bytes()
    with lines.LinesStorage(first, KINDS).begin(write=False) as view:
        assert moving.digest(view) == sums
        assert {kind: view.count(kind) for kind in sums} == {k: s.records for k, s in sums.items()}
        for record in some:
            assert [one._replace(doc=0) for one in view.get(record.kind, [record.id, "?"])] == [
                record._replace(doc=0)
            ]


def test_the_form_of_the_file(path, whole):
    """As docs/moving.md says."""
    head, *rows, end = map(json.loads, whole.decode().splitlines())
    assert head == {
        "netcrm": {
            "format": 1, "layout": netcrm.SCHEMA, "version": netcrm.__version__,
            "made": NOW.isoformat(), "records": {"commit": 1, "contact": 3},
        }
    }  # fmt: skip
    assert [(row["kind"], row["id"], row["rev"]) for row in rows] == [
        ("commit", "000000000001", 1), ("contact", "c000001", 1), ("contact", "c000002", 1),
        ("contact", "d", 7),
    ]  # fmt: skip
    assert [list(row) for row in rows] == [["kind", "id", "rev", "doc"]] * 4
    before, _, _ = whole.rpartition(b'{"end"')
    assert end == {"end": {"records": 4, "sha256": hashlib.sha256(before).hexdigest()}}


def test_a_line_is_a_line_for_everybody(path):
    """And a terminal that shows the file obeys nothing in it."""
    odd = "\x7f\x80\x85\x9b\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\x1b[2Jé€😀"
    source = held([contact(1, note=odd), contact(2)])
    export(source, path)
    text = path.read_text("utf-8")
    assert len(text.splitlines()) == 4
    assert set(odd) & set(text) == set("[2Jé€😀")
    with lines.LinesStorage(path, KINDS).begin(write=False) as view:
        assert next(view.scan("contact")).doc["note"] == odd


def test_a_packed_file_is_known_by_what_is_in_it(tmp_path, path, whole):
    packed = tmp_path / "everything.jsonl.gz"
    export(held(SOME), packed)
    assert gzip.decompress(packed.read_bytes()) == whole
    packed.rename(path)
    assert everything(bring_in(path)) == everything(held(SOME))


def test_it_is_for_its_owner_only_and_writes_over_nothing(path):
    umask = os.umask(0)
    try:
        export(held(SOME), path)
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(netcrm.RefusedError, match=r"is there already.*--replace"):
        export(held([]), path)
    assert path.read_bytes() == before
    export(held([]), path, over=True)
    assert path.read_bytes() != before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_full_disk_leaves_nothing(path, monkeypatch, whole):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for over in (path, path.with_name("new.jsonl")):
        with pytest.raises(netcrm.StorageError, match="cannot be written: No space left"):
            export(held([]), over, over=True)
    assert path.read_bytes() == whole
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_progress_is_told(path, monkeypatch):
    monkeypatch.setattr(lines, "BATCH", 2)
    steps = []
    export(held(SOME), path, watch=lambda *step: steps.append(step))
    with lines.LinesStorage(path, KINDS, watch=lambda *step: steps.append(step)).begin(write=False):
        assert steps == [(2, 4), (4, 4)] * 2


# --- not whole


@given(some=records(max_size=4), data=st.data())
def test_a_file_that_was_cut_off_does_not_come_in(tmp_path_factory, some, data):
    ending = data.draw(st.sampled_from([".jsonl", ".jsonl.gz"]))
    path = tmp_path_factory.mktemp("x") / f"cut{ending}"
    export(held(some), path)
    content = path.read_bytes()
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    refused(path)


@given(some=records(max_size=4), data=st.data())
def test_a_file_with_a_wrong_byte_does_not_come_in(tmp_path_factory, some, data):
    path = tmp_path_factory.mktemp("x") / "wrong.jsonl"
    export(held(some), path)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    refused(path, netcrm.NetcrmError)


@given(data=st.data())
def test_a_packed_file_with_a_wrong_byte_says_the_same_or_nothing(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("x") / "wrong.jsonl.gz"
    export(held(SOME), path)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        target = bring_in(path)
    except netcrm.NetcrmError:
        refused(path, netcrm.NetcrmError)
    else:  # the byte says when it was packed, or the like
        assert everything(target) == everything(held(SOME))


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_other_file_does_not_come_in(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("x") / "other.jsonl"
    path.write_bytes(content)
    assert "line 1: " in refused(path)


LINE = moving.line(contact(1))
NEXT = moving.line(contact(2))
BAD = {  # what is in the file, and what is said about it
    "nothing": (b"", "line 1: the file is empty"),
    "an empty line": (
        b"\n",
        "line 1: this is not what netcrm export writes. Is it the right file?",
    ),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "line 1: this is not what"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "line 1: this is not what"),
    "UTF-16": (written(LINE).decode().encode("utf-16"), "line 1: this is not what"),
    "a mark before it": (b"\xef\xbb\xbf" + written(LINE), "line 1: this is not what"),
    "a megabyte of nothing": (bytes(10**6), "line 1: this line is too long"),
    "another object": (b'{"netcrm":{"checksum":"x"}}\n', "line 1: this is not what"),
    "a number for a head": (b"1\n", "line 1: this is not what"),
    "a list in the head": (b'{"netcrm":[1]}\n', "line 1: this is not what"),
    "half a number": (
        written(head=b'{"netcrm":{"format":1,"layout":1.5,"records":{}}}\n'),
        "line 1: this is not what",
    ),
    "layout 0": (
        written(head=b'{"netcrm":{"format":1,"layout":0,"records":{}}}\n'),
        "line 1: this is not what",
    ),
    "Windows' ends of lines": (
        written(LINE).replace(b"\n", b"\r\n"),
        "line 3: the sum of the lines before it does not fit",
    ),
    "no end": (written(LINE, end=b"\n")[:-1], "line 3: the file ends here, so it was cut off"),
    "no last sign": (written(LINE)[:-1], "line 3: the file ends here, so it was cut off"),
    "a wrong number": (
        written(LINE).replace(b'"records":1', b'"records":2'),
        "line 3: the sum of the lines before it does not fit",
    ),
    "more behind": (written(LINE) + b"\n", "line 3: should be the last, but is not"),
    "twice": (written(LINE) * 2, "line 3: should be the last, but is not"),
    "NULs": (written(LINE, b"\0\0\0\n"), "line 3: is not JSON"),
    "no JSON": (written(LINE, b"{nonsense}\n"), "line 3: is not JSON"),
    "NaN": (written(LINE.replace(b'"zoe-1"', b"NaN")), "line 2: is not JSON"),
    "half a character": (written(LINE.replace(b"zoe", b"\\ud800")), "line 2: is not JSON"),
    "a list": (written(LINE, b"[]\n"), "line 3: is not an object of kind, id, rev and doc"),
    "a key too many": (written(LINE.replace(b"{", b'{"x":1,', 1)), "line 2: is not an object of"),
    "a key too few": (written(b'{"kind":"contact"}\n'), "line 2: is not an object of"),
    "no revision": (written(LINE.replace(b'"rev":1', b'"rev":0')), "line 2: its kind, id, rev"),
    "true for 1": (written(LINE.replace(b'"rev":1', b'"rev":true')), "line 2: its kind, id, rev"),
    "a number for an id": (written(LINE.replace(b'"c000001"', b"1")), "line 2: its kind, id, rev"),
    "a text for a document": (
        written(b'{"kind":"contact","id":"a","rev":1,"doc":"x"}\n'),
        "line 2: its kind, id, rev or doc",
    ),
    "another kind": (
        written(LINE.replace(b"contact", b"friend")),
        "line 2: there is no kind of record called friend",
    ),
    "the mark of a copy": (
        written(LINE.replace(b"contact", b"copying")),
        "line 2: there is no kind of record called copying",
    ),
    "out of order": (written(NEXT, LINE), "line 3: is out of order"),
    "kinds out of order": (written(LINE, moving.line(commit(1))), "line 3: is out of order"),
    "one twice": (written(LINE, LINE), "line 3: comes twice"),
    "a key twice": (
        written(LINE.replace(b'"name"', b'"name":"x","name"')),
        "line 2: holds what netcrm could not keep",
    ),
    "a number too large": (
        written(LINE.replace(b'"zoe-1"', b'"zoe-1","x":%d' % 10**30)),
        "line 2: holds what netcrm could not keep",
    ),
    "too deep": (
        written(LINE.replace(b'"zoe-1"', b'"zoe-1","x":%s' % (b"[" * 600 + b"]" * 600))),
        "line 2: holds what netcrm could not keep",
    ),
    "a document without a name": (
        written(LINE, NEXT.replace(b'"name"', b'"nome"')),
        "line 3: contact c000002: a contact needs a name. Nothing was changed.",
    ),
    "an id that cannot be": (written(LINE.replace(b"c000001", b"C 1")), "line 2: contact C 1"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_with_its_line(name, path):
    content, said = BAD[name]
    path.write_bytes(content)
    assert refused(path).startswith(said)


def test_all_documents_that_do_not_fit_are_counted(path):
    bad = [moving.line(contact(n)).replace(b'"name"', b'"nome"') for n in range(9)]
    path.write_bytes(written(*bad))
    said = refused(path)
    assert said.startswith("line 2: contact c000000: a contact needs a name; line 3: ")
    assert said.endswith("; and 6 more. Nothing was changed.")


@pytest.mark.parametrize("what", ["format", "layout"])
def test_a_newer_file_is_refused(path, whole, what):
    text = whole.decode().replace(f'"{what}":', f'"{what}":9')
    path.write_text(text)
    assert "written by a newer netcrm" in refused(path, netcrm.RefusedError)
    assert "Update netcrm" in refused(path, netcrm.RefusedError)


def test_places_that_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("missing", "cannot be read: No such file"), ("pipe", "is not a file")):
        assert said in refused(tmp_path / name)
    assert "is not a file" in refused(tmp_path)


def test_a_file_that_is_changed_while_it_is_read(path, whole):
    with lines.LinesStorage(path, KINDS).begin(write=False) as view:
        path.write_bytes(whole + b" ")
        with pytest.raises(netcrm.StorageError, match="was changed while it was read"):
            list(view.scan("contact"))


def test_it_is_only_read(path, whole):
    storage = lines.LinesStorage(path, KINDS)
    with (
        pytest.raises(netcrm.RefusedError, match=r"is only read.*netcrm export"),
        storage.begin(write=True),
    ):
        pass
    with storage.begin(write=False) as view:
        for change in (lambda: view.put([(contact(9), 0)]), lambda: view.delete([contact(1)])):
            with pytest.raises(netcrm.RefusedError, match="is only read"):
                change()
    with netcrm.open(storage) as net, pytest.raises(netcrm.RefusedError):
        net.add("Ana")
    assert path.read_bytes() == whole


# --- from other programs, and from other times


def test_json_may_be_spelled_otherwise(path):
    """As another program might write it."""
    said = json.loads(moving.line(contact(1, note="Zoë \u2028", extra={"x": [1, 1.5, None]})))
    path.write_bytes(written(json.dumps(said, indent=None, sort_keys=True).encode() + b" \n"))
    assert everything(bring_in(path)) == [
        moving.line(contact(1, note="Zoë \u2028", extra={"x": [1, 1.5, None]}))
    ]


def test_an_older_layout_is_brought_forward(path):
    """As the file of that layout is, when it is opened."""
    file = OLD / "layout-1.json"
    kinds = json.loads(file.read_text("utf-8"))
    del kinds["netcrm"]
    some = [
        moving.line(Record(kind, id_, found["doc"], found["rev"]))
        for kind in sorted(kinds)
        for id_, found in sorted(kinds[kind].items())
    ]
    head = b'{"netcrm":{"format":1,"layout":1,"version":"0","made":"x","records":{}}}\n'
    path.write_bytes(written(*some, head=head))
    assert everything(bring_in(path)) == everything(TinyDBStorage(file, KINDS))
    with netcrm.open(lines.LinesStorage(path, KINDS)) as net:
        assert net.verify().faults == ()


def test_an_older_layout_that_does_not_fit_is_refused(path):
    head = b'{"netcrm":{"format":1,"layout":1,"version":"0","made":"x","records":{}}}\n'
    path.write_bytes(written(LINE.replace(b'"name"', b'"nome"'), head=head))
    assert refused(path) == "contact c000001: a contact needs a name. Nothing was changed."


@given(records(max_size=5))
def test_it_can_be_asked_as_any_network(tmp_path_factory, some):
    """An export is a network to be read."""
    some = [contact(1), *some]
    path = tmp_path_factory.mktemp("x") / "x.jsonl"
    export(held(some), path)
    with netcrm.open(lines.LinesStorage(path, KINDS)) as net, netcrm.open(held(some)) as other:
        assert net.contacts() == other.contacts()
        assert net.counts() == other.counts()
