"""What a forked worker would get from the imports: threads that it lacks, descriptors it shares.

Neither survives a fork as a rule: workers that share a connection read each other's answers, and
wait for ever for a thread that is not there. So the fork server remembers which module brought
what, and refuses to fork until it has gone or is allowed.
"""

from __future__ import annotations

import errno
import sys
from collections import Counter
from pathlib import Path
from resource import RLIMIT_NOFILE, getrlimit
from threading import enumerate as python_threads
from typing import TYPE_CHECKING, Callable, Final, NamedTuple

from vivarium_worker.forkserver.descriptors import Descriptor, meaning_of, open_descriptors
from vivarium_worker.system.procfs import read_text, thread_ids
from vivarium_worker.system.shortage import TOO_FEW_DESCRIPTORS, remedy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_REPLACED: Final = {0, 1, 2}
"""Descriptors that every worker replaces by its own."""
_MOST_NAMED: Final = 10
_DESCRIPTORS: Final = 8
_DESCRIPTORS_OF_SLOT: Final = 3
"""How many a worker opens for itself and, beside them, for each slot: a channel and its memory."""


class _Found(NamedTuple):
    """A thread or a descriptor, in words, and the module that brought it, if one did."""

    words: str
    module: str | None


class _Findings(NamedTuple):
    """What the workers would lack, must not share, and may share."""

    threads: list[_Found]
    refused: list[_Found]
    shareable: list[_Found]


class Inheritance:
    """What is there beyond the fork server's own threads and descriptors, and since which import.

    Made before the first import. Used by one thread.
    """

    def __init__(self, allowed: Collection[str]) -> None:
        """Take what there is for the fork server's own.

        What comes while a module of ``allowed`` is imported may be inherited.
        """
        self._allowed = allowed
        self._renewed: Callable[[], set[int]] = set
        self._own = open_descriptors()
        self._own_threads = thread_ids()
        self._modules: dict[Descriptor, str] = {}
        self._modules_of_threads: dict[int, str] = {}
        self._accepted: object = None

    def imported(self, module: str) -> None:
        """Note that what is new came while ``module`` was imported.

        Raises :class:`OSError` if it left too few descriptors to go on.
        """
        descriptors = open_descriptors()
        lack = _lack_of_descriptors(len(descriptors), slots=1)
        if lack:
            raise OSError(errno.EMFILE, lack)
        for descriptor in descriptors - self._own - self._modules.keys():
            self._modules[descriptor] = module
        for thread in thread_ids() - self._own_threads - self._modules_of_threads.keys():
            self._modules_of_threads[thread] = module

    def adopt(self, renewed: Callable[[], set[int]]) -> None:
        """Note that what is new is the fork server's own, and which descriptors workers renew."""
        self._own |= open_descriptors() - self._modules.keys()
        self._renewed = renewed

    def reason_to_refuse(self, slots: int = 1) -> str | None:
        """Return why no worker of so many slots can be forked now and what to do, in words.

        ``None`` if one can.
        """
        try:
            descriptors, threads = open_descriptors(), thread_ids()
        except OSError as error:
            return f"{error}{remedy(error)}"
        lack = _lack_of_descriptors(len(descriptors), slots)
        if lack:
            return lack
        if (descriptors, threads) == self._accepted:
            return None
        found = self._find(descriptors, threads)
        kept = [one for one in found.threads if one.module not in self._allowed]
        shared = [one for one in found.refused if one.module not in self._allowed]
        if kept or shared:
            return _refusal(kept, shared)
        self._accepted = (descriptors, threads)
        return None

    def warnings(self) -> list[str]:
        """Return sentences on what workers inherit although it may surprise."""
        found = self._find(open_descriptors(), thread_ids())
        lacking = [one for one in found.threads if one.module in self._allowed]
        allowed = [one for one in found.refused if one.module in self._allowed]
        said = "as python.allow-inherited says"
        sentences = {
            "workers share files that were": _by_module("opened", found.shareable),
            f"workers inherit, {said}, what was": _by_module("opened", allowed),
            f"workers lack, {said}, the threads that were": _by_module("started", lacking),
        }
        return [f"{begin} {rest}" for begin, rest in sentences.items() if rest]

    def _find(self, descriptors: Iterable[Descriptor], threads: set[int]) -> _Findings:
        findings = _Findings(self._find_threads(threads), [], [])
        ignored = _REPLACED | self._renewed() | _resource_trackers()
        for descriptor in sorted(descriptors):
            if descriptor in self._own or descriptor.number in ignored:
                continue
            meaning = meaning_of(descriptor)
            if meaning:
                found = _Found(meaning.words, self._modules.get(descriptor))
                (findings.shareable if meaning.shareable else findings.refused).append(found)
        return findings

    def _find_threads(self, threads: set[int]) -> list[_Found]:
        names = {getattr(each, "native_id", None): each.name for each in python_threads()}
        return [
            _Found(names.get(thread) or _native_name(thread), self._modules_of_threads.get(thread))
            for thread in sorted(threads - self._own_threads)
        ]


def _lack_of_descriptors(used: int, slots: int) -> str | None:
    room = getrlimit(RLIMIT_NOFILE)[0]
    if used + _DESCRIPTORS + slots * _DESCRIPTORS_OF_SLOT <= room:
        return None
    found = f"{used} of {room} are in use in the fork server"
    return f"a worker would have too few file descriptors: {found}; {TOO_FEW_DESCRIPTORS}"


def _refusal(threads: list[_Found], descriptors: list[_Found]) -> str:
    what, conditions = [], []
    if descriptors:
        what.append(f"share what was {_by_module('opened', descriptors)}")
        conditions.append("close or renew it in a function marked @on_fork")
    modules = dict.fromkeys(found.module for found in descriptors + threads)
    if threads:
        started = _by_module("started", threads)
        if descriptors and len(modules) == 1:
            started = f"started then{started[started.index(':') :]}"
        what.append(f"lack the threads that were {started}, and may wait for them for ever")
        conditions.append("do without the threads")
    ways = [
        "Do it at the first use or in a function marked @on_start",
        "set python.start-method = spawn",
    ]
    if None not in modules:
        listed = ", ".join(f'"{module}"' for module in modules)
        ways.append(f"set python.allow-inherited = [{listed}], and {' and '.join(conditions)}")
    return f"workers would {'; and would '.join(what)}. {'; or '.join(ways)}"


def _by_module(verb: str, found: list[_Found]) -> str:
    """Return clauses such as ``opened while module 'a' was imported: pipe (2)``, one per module."""
    clauses = []
    for module in dict.fromkeys(one.module for one in found):
        when = f"while module {module!r} was imported" if module else "after the imports"
        words = Counter(one.words for one in found if one.module == module)
        named = [f"{text} ({count})" if count > 1 else text for text, count in words.items()]
        if len(named) > _MOST_NAMED:
            named[_MOST_NAMED:] = [f"{len(named) - _MOST_NAMED} more"]
        clauses.append(f"{verb} {when}: {', '.join(named)}")
    return "; ".join(clauses)


def _native_name(thread: int) -> str:
    """Return the name of a thread that Python does not know; most get one from their library."""
    name = read_text(Path(f"/proc/self/task/{thread}/comm")).strip()
    own = read_text(Path("/proc/self/comm")).strip()
    return "native thread without a name" if name in {"", own} else name


def _resource_trackers() -> set[int]:
    """Return the pipes to the resource trackers of multiprocessing and loky: made to be shared."""
    found = set()
    for name, module in list(sys.modules.items()):
        if name.endswith("resource_tracker"):
            number = getattr(getattr(module, "_resource_tracker", None), "_fd", None)
            if isinstance(number, int):
                found.add(number)
    return found
