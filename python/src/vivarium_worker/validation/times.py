"""Dates, times and durations in ISO 8601, as ``java.time`` writes and reads them, both ways.

Python's own ``fromisoformat`` refuses ``Z`` before 3.11, and cuts nanoseconds off from then on.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any, Final

from vivarium_worker.validation.checks import Mismatch
from vivarium_worker.validation.kinds import NoForm

_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?"
_DATE_TEXT: Final = re.compile(_DATE, re.ASCII)
_TIME_TEXT: Final = re.compile(_TIME, re.ASCII)
_DATETIME_TEXT: Final = re.compile(rf"{_DATE}[Tt ]{_TIME}(?:\[([\w/+:-]+)\])?", re.ASCII)
_DIGITS = r"\d{1,18}"
_NUMBER = rf"([+-]?{_DIGITS})"
_DURATION_TEXT: Final = re.compile(
    rf"([+-]?)P(?=.)(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:([+-]?)({_DIGITS})(?:[.,](\d*))?S)?)?",
    re.ASCII | re.IGNORECASE,
)
_EXAMPLES: Final = {
    "date": "2026-11-29",
    "time": "18:30:00",
    "datetime": "2026-11-29T18:30:00 or 2026-11-29T18:30:00+01:00",
    "timedelta": "PT26H30M or PT-1.5S",
}


def parse_date(value: object) -> dt.date:
    """Return the date that ``value`` is the text of."""
    match = _match(_DATE_TEXT, "date", value)
    try:
        return dt.date(*_numbers(match.groups()))
    except ValueError as error:
        raise _wrong("date", value, error) from None


def parse_time(value: object) -> dt.time:
    """Return the time of day that ``value`` is the text of; it may have an offset."""
    groups = _match(_TIME_TEXT, "time", value).groups()
    try:
        return dt.time(*_clock(groups, "time", value), tzinfo=_offset(groups))
    except ValueError as error:
        raise _wrong("time", value, error) from None


def parse_datetime(value: object) -> dt.datetime:
    """Return the date and time that ``value`` is the text of: naive unless it has an offset.

    ``[Europe/Paris]`` may follow the offset, as Java writes it; if the zone is known here and has
    that offset then, it becomes the ``tzinfo``.
    """
    groups = _match(_DATETIME_TEXT, "datetime", value).groups()
    clock = _clock(groups[3:], "datetime", value)
    try:
        made = dt.datetime(*_numbers(groups[:3]), *clock, tzinfo=_offset(groups[3:]))
    except ValueError as error:
        raise _wrong("datetime", value, error) from None
    return _in_zone(made, groups[-1]) if groups[-1] and made.tzinfo else made


def parse_local(value: object) -> dt.datetime:
    """Return the date and time that ``value`` is the text of, which has no offset."""
    made = parse_datetime(value)
    if made.tzinfo is not None:
        raise Mismatch("datetime without an offset", value)
    return made


def parse_duration(value: object) -> dt.timedelta:
    """Return the duration that ``value`` is the text of, in the form of ``java.time.Duration``."""
    match = _match(_DURATION_TEXT, "timedelta", value)
    sign, days, hours, minutes, seconds_sign, seconds, fraction = match.groups()
    micros = int(seconds or 0) * 1_000_000 + _micros(fraction, "timedelta", value)
    whole = (int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)
    total = whole * 60_000_000 + (-micros if seconds_sign == "-" else micros)
    try:
        return dt.timedelta(microseconds=-total if sign == "-" else total)
    except OverflowError as error:
        raise _wrong("timedelta", value, error) from None


def time_text(value: dt.date | dt.time) -> str:
    """Return a date, a time or both as text, with the offset if it has one."""
    if getattr(value, "nanosecond", 0):  # of pandas
        raise _too_fine("floor('us')")
    text = value.isoformat()
    offset = getattr(value, "utcoffset", lambda: None)()
    if offset is not None and offset.microseconds:
        raise NoForm(f"is {text}, and the offset of its zone is no whole number of seconds")
    return text


def duration_text(value: dt.timedelta) -> str:
    """Return a duration as ``java.time.Duration`` reads it: ``PT26H30M``, ``-PT1.5S``."""
    if getattr(value, "nanoseconds", 0):  # of pandas
        raise _too_fine("floor('us')")
    total = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    seconds, micros = divmod(abs(total), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}H" if hours else ""
    text += f"{minutes}M" if minutes else ""
    if seconds or micros or not text:
        text += f"{seconds}{f'.{micros:06}'.rstrip('0') if micros else ''}S"
    return f"{'-' if total < 0 else ''}PT{text}"


def numpy_time(value: Any) -> dt.date | dt.timedelta | None:  # noqa: ANN401 - not imported here
    """Return a ``datetime64`` or ``timedelta64`` of NumPy as Python has it; ``None`` for NaT."""
    numpy = sys.modules["numpy"]
    if numpy.isnat(value):
        return None
    kind, unit = value.dtype.kind, numpy.datetime_data(value.dtype)[0]
    if unit == "generic" or (kind == "m" and unit in "YM"):
        raise NoForm(f"is {value} of type {value.dtype}: choose a unit, such as timedelta64[s]")
    coarse = value.astype(f"{kind}8[us]")
    if unit in ("ns", "ps", "fs", "as") and coarse.astype(value.dtype) != value:
        raise _too_fine(f"astype('{value.dtype.name.partition('[')[0]}[us]')")
    made = coarse.item() if unit not in "YMWD" or kind == "m" else value.item()
    if not isinstance(made, (dt.date, dt.timedelta)):
        raise NoForm(f"is {value}, which is beyond the years that Python knows")
    return made


def _match(pattern: re.Pattern[str], name: str, value: object) -> re.Match[str]:
    match = pattern.fullmatch(value) if type(value) is str else None
    if match is None:
        raise Mismatch(f"{name} in ISO 8601 ({_EXAMPLES[name]})", value)
    return match


def _wrong(name: str, value: object, error: Exception) -> Mismatch:
    return Mismatch(f"{name} in ISO 8601 that exists ({error})", value)


def _too_fine(remedy: str) -> NoForm:
    return NoForm(f"is finer than microseconds: round it, for instance by {remedy}")


def _numbers(groups: tuple[Any, ...]) -> tuple[int, int, int]:
    year, month, day = groups
    return int(year), int(month), int(day)


def _clock(groups: tuple[Any, ...], name: str, value: object) -> tuple[int, int, int, int]:
    hour, minute, second, fraction = groups[:4]
    return int(hour), int(minute), int(second or 0), _micros(fraction, name, value)


def _micros(fraction: str | None, name: str, value: object) -> int:
    digits = fraction or ""
    if digits[6:].strip("0"):
        fine = f"{name} of whole microseconds (in Java: truncatedTo(ChronoUnit.MICROS))"
        raise Mismatch(fine, value)
    return int(digits[:6].ljust(6, "0"))


def _offset(groups: tuple[Any, ...]) -> dt.timezone | None:
    zulu, sign, hours, minutes, seconds = groups[4:9]
    if zulu:
        return dt.timezone.utc
    if not sign:
        return None
    if int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise ValueError("minutes and seconds of an offset must be in 0..59")
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    return dt.timezone(-offset if sign == "-" else offset)


def _in_zone(value: dt.datetime, name: str) -> dt.datetime:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - few programs get the name of a zone

    try:
        moved = value.astimezone(ZoneInfo(name))
    except (ValueError, OverflowError, OSError, LookupError):  # no such zone on this machine
        return value
    return moved if moved.utcoffset() == value.utcoffset() else value
