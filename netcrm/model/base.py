"""What every stored value has in common: checked fields, and room for keys it does not know."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

import attrs

from netcrm.errors import InvalidError
from netcrm.model.text import clean, slug
from netcrm.model.time import LocalMoment, PartialDate

_ID = re.compile(r"[0-9a-z][0-9a-z_-]{0,127}")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def _frozen_mapping(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value)) if value else _NOTHING


def _prose(value: str, field: attrs.Attribute[Any]) -> str:
    try:
        return clean(value)
    except InvalidError as error:
        raise InvalidError(f"{field.name}: {error}") from None


def _line(value: str, field: attrs.Attribute[Any]) -> str:
    return " ".join(_prose(value, field).split())


def _lines(values: Iterable[str], field: attrs.Attribute[Any]) -> tuple[str, ...]:
    return tuple(filter(None, (_line(value, field) for value in _several(values, field))))


def _labels(values: Iterable[str], field: attrs.Attribute[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(label(value) for value in _several(values, field)))


def _label_set(values: Iterable[str], field: attrs.Attribute[Any]) -> frozenset[str]:
    return frozenset(_labels(values, field))


def _several(values: Iterable[str], field: attrs.Attribute[Any]) -> Iterable[str]:
    if isinstance(values, str):
        raise InvalidError(f"{field.name}: expected several texts, got {values!r}")
    return values


def _utc(value: datetime, field: attrs.Attribute[Any]) -> datetime:
    if value.utcoffset() is None:
        raise InvalidError(f"{field.name} needs a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise InvalidError(f"{field.name}: {value} is beyond the calendar") from None


def _converted(by: Callable[[Any, attrs.Attribute[Any]], Any], **options: Any) -> Any:
    return attrs.field(converter=attrs.Converter(by, takes_field=True), **options)


def label(value: str) -> str:
    """Return *value* as tags, circles and fields are written: "Social Work" is social-work."""
    made = slug(clean(value))
    if not made:
        raise InvalidError(f"{value!r} has no letter or digit to make a label of")
    return made


def line(default: str = "") -> Any:
    """Return a field for one line of text; blanks inside it become single spaces."""
    return _converted(_line, default=default)


def prose() -> Any:
    """Return a field for text of any length."""
    return _converted(_prose, default="")


def lines() -> Any:
    """Return a field for several lines of text, in order, none of them empty."""
    return _converted(_lines, default=())


def label_set() -> Any:
    """Return a field for a set of labels."""
    return _converted(_label_set, default=frozenset())


def label_list() -> Any:
    """Return a field for labels whose order matters."""
    return _converted(_labels, default=())


def instant() -> Any:
    """Return a field for a moment in UTC, made of a datetime in any zone."""
    return _converted(_utc)


def _choice(
    allowed: frozenset[str], instance: object, attribute: attrs.Attribute[str], value: str
) -> None:
    if value not in allowed:
        raise InvalidError(
            f"{value!r} is not a {attribute.name}; choose from {', '.join(sorted(allowed - {''}))}"
        )


def choice(*allowed: str, default: Any = attrs.NOTHING) -> Any:
    """Return a field that takes one of a few words."""
    return attrs.field(default=default, validator=functools.partial(_choice, frozenset(allowed)))


def check_id(instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    """Refuse what cannot be an id: ids are short lower-case words."""
    if type(value) is not str or not _ID.fullmatch(value):
        raise InvalidError(f"{attribute.name}: {value!r} cannot be an id")


def check_day(instance: object, attribute: attrs.Attribute[date], value: date) -> None:
    """Refuse what is no calendar day. To type checkers a datetime is one; when stored it is not."""
    if type(value) is not date:
        raise InvalidError(f"{attribute.name}: expected a day, got {value!r}")


def _checked(check: Callable[..., None], default: Any) -> Any:
    validator = attrs.validators.optional(check) if default is None else check
    return attrs.field(default=default, validator=validator)


def _texts(said: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(sorted((clean(key), clean(said[key])) for key in said)))


def texts() -> Any:
    """Return a field that maps words to texts."""
    return attrs.field(factory=dict, converter=_texts, hash=False)


def reference(default: Any = attrs.NOTHING) -> Any:
    """Return a field that holds the id of another record."""
    return _checked(check_id, default)


def _references(ids: Iterable[str], field: attrs.Attribute[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_several(ids, field)))


def references() -> Any:
    """Return a field for the ids of several other records, each once, in order."""
    each = attrs.validators.deep_iterable(check_id)
    return _converted(_references, default=(), validator=each)


def day(default: Any = attrs.NOTHING) -> Any:
    """Return a field that holds a calendar day."""
    return _checked(check_day, default)


def _moment(value: Any, field: attrs.Attribute[Any]) -> LocalMoment | None:
    if isinstance(value, LocalMoment) or (value is None and field.default is None):
        return value
    check_day(None, field, value)
    return LocalMoment.on(value)


def moment(default: Any = attrs.NOTHING) -> Any:
    """Return a field that holds a moment; a day stands for a moment of which no more is known."""
    return _converted(_moment, default=default)


def _with_a_year(_: object, field: attrs.Attribute[PartialDate], value: object) -> None:
    if not isinstance(value, PartialDate) or value.year is None:
        raise InvalidError(f"{field.name}: {value} is no date with a year")


def dated() -> Any:
    """Return a field that holds a date of which at least the year is known."""
    return attrs.field(validator=_with_a_year)


def one_to_five(name: str, value: int) -> None:
    """Refuse what is no rating."""
    if type(value) is not int or not 1 <= value <= 5:
        raise InvalidError(f"{name}: {value!r} is not a rating from 1 to 5")


def rating(default: Any = attrs.NOTHING) -> Any:
    """Return a field that holds a rating from 1 to 5."""
    return _checked(lambda _, attribute, value: one_to_five(attribute.name, value), default)


def several(kind: type) -> Any:
    """Return a field for a tuple of values of one class."""
    return attrs.field(
        default=(),
        converter=tuple,
        validator=attrs.validators.deep_iterable(attrs.validators.instance_of(kind)),
    )


def _check_unknown(
    instance: Value, attribute: attrs.Attribute[Any], value: Mapping[str, Any]
) -> None:
    if value and (known := value.keys() & attrs.fields_dict(type(instance)).keys() - {"extra"}):
        raise InvalidError(f"extra: {', '.join(sorted(known))} is a field of its own")


@attrs.frozen(kw_only=True)
class Value:
    """A part of a record. `extra` keeps the keys that this version does not know, and plugins'."""

    extra: Mapping[str, Any] = attrs.field(
        factory=dict, converter=_frozen_mapping, validator=_check_unknown, hash=False, repr=False
    )


@attrs.frozen(kw_only=True)
class Entity(Value):
    """A record: a fact with an id of its own.

    `rev` names the commit that wrote it (0: not stored yet). It takes no part in comparisons; when
    a changed value is put back, it tells whether somebody else has changed the record meanwhile.
    """

    id: str = attrs.field(validator=check_id)
    rev: int = attrs.field(default=0, eq=False, repr=False)
