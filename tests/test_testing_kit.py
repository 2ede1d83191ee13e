"""The testing kit is itself tested: an honest storage passes, each broken one is found out."""

import contextlib
import inspect
import itertools

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from netcrm import codec
from netcrm.errors import BusyError, ConflictError
from netcrm.model.base import Value
from netcrm.model.campaign import Aim
from netcrm.model.contact import ContactPoint, FirstMet, Occasion, Origin, Position, State
from netcrm.model.insight import InsightStep
from netcrm.model.interaction import Participant
from netcrm.model.interview import Evaluation, InterviewStep, Question
from netcrm.model.profile import Confidence, Pitch, Practice
from netcrm.model.referral import ReferralStep
from netcrm.testing import KINDS, StorageContract, machine, parts, strategies, threads
from netcrm.testing.toys import thing, write
from tests.broken import BROKEN, Shelf, Shelved
from tests.toy_backend import JournalStorage

FOUND_OUT = (AssertionError, pytest.fail.Exception, BusyError, ConflictError, KeyError)
"""What a rule that does not hold ends in; any other error is one of the broken storage's own."""

RULES = [name for name in dir(StorageContract) if name.startswith("test_")]
MUTANTS = [(rule, storage) for rule, broken in BROKEN.items() for storage in broken]


class TestHonestStorage(StorageContract):
    @pytest.fixture
    def storage_factory(self, tmp_path):
        return Shelf(Shelved, tmp_path).open

    @pytest.fixture
    def open_older(self, storage_factory):
        write(storage_factory("older"), thing("a", size=1))
        return lambda: storage_factory("older")


class TestToyBackend(StorageContract):
    @pytest.fixture
    def storage_factory(self, tmp_path):
        return lambda name="one": JournalStorage(tmp_path / name, KINDS)


def check(rule, storage_class, folder):
    """Try a rule on a storage, with each set of its parameters; raise what the test raises."""
    test = getattr(StorageContract(), rule)
    marks = [mark.args for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    named = [[(name, value) for value in values] for name, values in marks]
    for number, parameters in enumerate(itertools.product(*named)):
        place = folder / str(number)
        place.mkdir()
        write(Shelf(Shelved, place).open("older"), thing("a", size=1))
        shelf = Shelf(storage_class, place)
        fixtures = {
            "storage": shelf.open(),
            "other": shelf.open(),
            "storage_factory": shelf.open,
            "reopen": shelf.open,
            "forked": shelf.open,
            "open_newer": shelf.open,
            "open_older": lambda opens=shelf.open: opens("older"),
            **dict(parameters),
        }
        asked = inspect.signature(test).parameters
        try:
            test(**{name: value for name, value in fixtures.items() if name in asked})
        except ExceptionGroup as several:  # Hypothesis found several ways
            raise several.exceptions[0] from None


@pytest.fixture
def _in_a_hurry(monkeypatch, rule):
    """Nobody waits long; Hypothesis tries the same each time, and takes the first that it finds."""
    monkeypatch.setattr(threads, "PATIENCE", 0.3)
    hasty = {"phases": [Phase.generate], "report_multiple_bugs": False, "derandomize": True}
    hasty |= {"database": None, "max_examples": 100}  # however many are usual
    monkeypatch.setattr(machine, "SETTINGS", settings(machine.SETTINGS, **hasty))
    test, kept = getattr(StorageContract, rule), "_hypothesis_internal_use_settings"
    if hasattr(test, "hypothesis"):
        monkeypatch.setattr(test, kept, settings(getattr(test, kept), **hasty))


@pytest.mark.usefixtures("_in_a_hurry")
@pytest.mark.parametrize(
    ("rule", "storage"), MUTANTS, ids=[f"{cls.__name__}-{rule[5:]}" for rule, cls in MUTANTS]
)
def test_a_broken_storage_is_found_out(rule, storage, tmp_path):
    with pytest.raises(FOUND_OUT):
        check(rule, storage, tmp_path)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule != "test_a_newer_layout_is_refused"]
)
def test_the_honest_storage_passes_when_tried_like_the_broken_ones(rule, tmp_path):
    check(rule, Shelved, tmp_path)


def test_each_rule_finds_somebody_out():
    assert set(RULES) == set(BROKEN)


# --- strategies

CONTACTS = ["ana", "ben", "cleo"]
ENTITIES = strategies.by_kind(CONTACTS)
PARTS = {
    "contact": (ContactPoint, Position, Occasion, FirstMet, State, Origin),
    "interaction": (Participant,),
    "meeting": (Participant,),
    "referral": (ReferralStep,),
    "interview": (Question, Evaluation, InterviewStep),
    "profile": (Pitch, Practice, Confidence),
    "campaign": (Aim,),
    "insight": (InsightStep,),
}
TEXTS = [parts.partial_dates(), parts.moments(), parts.intervals()]


@pytest.mark.parametrize("kind", ENTITIES)
def test_entities_survive_being_stored(kind):
    @given(entity=ENTITIES[kind])
    def try_one(entity):
        assert codec.kind_of(entity) == kind
        assert codec.decode(codec.encode(entity), type(entity)) == entity

    try_one()


@given(value=st.one_of(TEXTS))
def test_values_survive_their_text_form(value):
    assert type(value).parse(str(value)) == value


class EnoughError(Exception):
    """Every field was given at some time."""


@pytest.mark.parametrize("kind", ENTITIES)
def test_each_field_is_given_at_times(kind):
    """So that a field which is new in the model is not forgotten here."""
    missing = {
        (cls, field.name)
        for cls in (codec.CLASSES[kind], *PARTS.get(kind, ()))
        for field in attrs.fields(cls)
        if field.name != "rev"
    }

    @settings(max_examples=2000, phases=[Phase.generate], database=None)
    @given(entity=ENTITIES[kind])
    def look(entity):
        for part in _parts(entity):
            for field in attrs.fields(type(part)):
                if getattr(part, field.name) != _default(field):
                    missing.discard((type(part), field.name))
        if not missing:
            raise EnoughError

    with contextlib.suppress(EnoughError):
        look()
    assert not missing


def _default(field):
    default = field.default
    return default.factory() if isinstance(default, attrs.Factory) else default


def _parts(value):
    if isinstance(value, tuple):
        for member in value:
            yield from _parts(member)
    elif isinstance(value, Value):
        yield value
        for field in attrs.fields(type(value)):
            yield from _parts(getattr(value, field.name))
