"""Model values to JSON and back: one converter, deterministic, and strict about what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from types import GenericAlias
from typing import Any, Final, Literal, TypeVar, get_args, get_origin

import attrs
import cattrs
from cattrs.cols import list_structure_factory
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from netcrm import model
from netcrm.errors import InvalidError
from netcrm.model.base import Entity, Value
from netcrm.model.cadence import Selector
from netcrm.model.time import Interval, LocalMoment, PartialDate, parse_day
from netcrm.storage.contract import Record

E = TypeVar("E", bound=Entity)


class _Classes(Mapping[str, type[Entity]]):
    """The class of each kind, made when it is first asked for: that takes time."""

    _names: Final = {
        name.lower(): name
        for name in (
            "Contact", "Organisation", "Interaction", "Meeting", "Referral", "Cadence",
            "Adjustment", "Interview", "Profile", "Objective", "Campaign", "CareerField",
            "Research", "Insight", "Decision", "Opportunity", "Commitment", "Waiver",
            "Acquaintance", "Introduction",
            "Merged", "Distinct", "Forgotten", "Remembered", "Remote", "Stranger",
            "Commit", "Before",
        )
    }  # fmt: skip

    def __getitem__(self, kind: str) -> type[Entity]:
        cls: type[Entity] = getattr(model, self._names[kind])
        return cls

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


CLASSES: Final = _Classes()
_TEXT_FORM: Final = (PartialDate, LocalMoment, Interval, Selector)
_OUTSIDE: Final = frozenset({"id", "rev"})  # an entity's: the record holds them, not its document


def kind_of(entity: Entity | type[Entity]) -> str:
    """Return the kind of record that holds an entity."""
    cls = entity if isinstance(entity, type) else type(entity)
    return cls.__name__.lower()


def encode(entity: Entity) -> Record:
    """Return an entity as a record. Equal entities give equal documents."""
    return Record(kind_of(entity), entity.id, _converter.unstructure(entity), entity.rev)


def decode(record: Record, cls: type[E]) -> E:
    """Return the entity in a record.

    Raises:
        InvalidError: the document does not fit the model; the message names record, field, reason.
    """
    try:
        return _converter.structure({**record.doc, "id": record.id, "rev": record.rev}, cls)
    except (cattrs.BaseValidationError, InvalidError, TypeError, KeyError) as error:
        where, reason = _explain(error)
        raise InvalidError(f"{record.kind} {record.id}{where}: {reason}") from error


def to_json(value: Any) -> Any:
    """Return a model value as JSON data; an entity's id is part of it."""
    data = _converter.unstructure(value)
    return {"id": value.id, **data} if isinstance(value, Entity) else data


def _explain(error: BaseException) -> tuple[str, str]:
    """Return where in a document something is wrong, as a path, and what."""
    where = ""
    while isinstance(error, cattrs.BaseValidationError):
        inner = error.exceptions[0]
        for note in getattr(inner, "__notes__", ()):
            name, index = getattr(note, "name", None), getattr(note, "index", None)
            where += f".{name}" if name is not None else f"[{index}]"
        error = inner
    return where, "is missing" if isinstance(error, KeyError) else str(error)


def _exactly(*types: type) -> Callable[[Any, Any], Any]:
    def check(value: Any, _: Any) -> Any:
        if type(value) not in types:
            raise InvalidError(f"expected {types[0].__name__}, got {value!r}")
        return value

    return check


def _datetime(value: Any, _: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidError(f"{value!r} is not a moment") from None


def _sequence(converter: cattrs.Converter, cls: Any) -> Callable[[Any, Any], Any]:
    """Structure a list; the model's own converters make a tuple or set of it."""
    as_list: Any = GenericAlias(list, get_args(cls)[0])
    generic = list_structure_factory(as_list, converter)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise InvalidError(f"expected a list, got {value!r}")
        return generic(value, as_list)

    return structure


def _writing(converter: cattrs.Converter, cls: type) -> Callable[[Any], dict[str, Any]]:
    """Return the way from a value to an object: without what is at its default."""
    left_out = {"extra"} | (_OUTSIDE if issubclass(cls, Entity) else set())
    write: Callable[[Any], dict[str, Any]] = make_dict_unstructure_fn(
        cls,
        converter,
        _cattrs_omit_if_default=True,
        **{name: override(omit=True) for name in left_out},  # type: ignore[arg-type]
    )

    def unstructure(value: Any) -> dict[str, Any]:
        return {**value.extra, **write(value)} if value.extra else write(value)

    return unstructure


def _reading(converter: cattrs.Converter, cls: type) -> Callable[[Any, Any], Any]:
    """Return the way from an object to a value, which keeps the keys that it does not know."""
    known = {field.name for field in attrs.fields(cls)} - {"extra"}
    read: Callable[[Any, Any], Any] = make_dict_structure_fn(cls, converter)

    def structure(doc: Any, _: Any) -> Any:
        if not isinstance(doc, Mapping):
            raise InvalidError(f"expected an object, got {doc!r}")
        if doc.keys() <= known:
            return read(doc, cls)
        unknown = {key: value for key, value in doc.items() if key not in known}
        mine = {key: value for key, value in doc.items() if key in known}
        return read({**mine, "extra": unknown}, cls)

    return structure


def _build() -> cattrs.Converter:
    converter = cattrs.Converter()
    for text_form in _TEXT_FORM:
        converter.register_unstructure_hook(text_form, str)
        converter.register_structure_hook(text_form, lambda value, cls: cls.parse(value))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda value, _: parse_day(value))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, _datetime)
    for plain in (str, int, bool):
        converter.register_structure_hook(plain, _exactly(plain))
    converter.register_structure_hook(float, _exactly(float, int))
    # The model's own validators know the allowed words and say so better.
    converter.register_structure_hook_func(_is(Literal), _exactly(str))
    for collection in (tuple, frozenset):
        converter.register_structure_hook_factory(
            _is(collection), lambda cls: _sequence(converter, cls)
        )
    # Sets are written sorted: hash order would make every save a difference.
    converter.register_unstructure_hook_func(_is(frozenset), sorted)
    converter.register_unstructure_hook_factory(
        _is(tuple), lambda cls: _each(converter.get_unstructure_hook(get_args(cls)[0]))
    )
    # Mappings hold JSON already, but for the tuples that make them immutable.
    converter.register_unstructure_hook_func(_is(Mapping), _as_json)
    converter.register_structure_hook_func(_is(Mapping), _exactly(dict))
    converter.register_unstructure_hook_factory(_is_value, lambda cls: _writing(converter, cls))
    converter.register_structure_hook_factory(_is_value, lambda cls: _reading(converter, cls))
    return converter


def _is_value(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Value)


def _is(origin: Any) -> Callable[[Any], bool]:
    return lambda cls: get_origin(cls) is origin


def _as_json(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if type(value) is tuple else value for key, value in mapping.items()}


def _each(write: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    return lambda members: [write(member) for member in members]


_converter: Final = _build()
