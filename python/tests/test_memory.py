"""The memory of a slot, and what a call has left running, looked at in this very process."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import pytest

from vivarium_worker import memory
from vivarium_worker.leftovers import left_behind
from vivarium_worker.memory import ATTACHMENTS_AT, CancelWord, Memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def slot() -> Iterator[Memory]:
    made = Memory("default-1-w1", 2)
    yield made
    made.close()


def test_both_files_have_a_name_and_the_page_for_other_purposes(slot: Memory) -> None:
    for file in (slot.down, slot.up):
        told = os.readlink(f"/proc/self/fd/{file}")  # noqa: PTH115 - no path of a file system
        assert told == "/memfd:vivarium-default-1-w1-2 (deleted)"
        assert os.fstat(file).st_size == ATTACHMENTS_AT
        assert not os.get_inheritable(file)


def test_the_word_is_an_id_and_a_level(slot: Memory) -> None:
    assert slot.word() == CancelWord(0, 0)
    os.pwrite(slot.down, bytes.fromhex("7fffffffffffffff 00000002 00000000"), 0)
    assert slot.word() == CancelWord(2**63 - 1, 2)


def test_there_is_no_word_in_a_file_that_was_cut_short_or_closed(slot: Memory) -> None:
    os.truncate(slot.down, 15)
    assert slot.word() is None
    os.close(slot.down)
    assert slot.word() is None


@pytest.mark.parametrize("most", [1, 7, 100])
def test_what_is_larger_than_one_read_or_write_is_moved_in_several(
    slot: Memory, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(memory, "_MOST", most)
    parts = [b"one", b"", bytes(range(50)), b"x" * 7]
    slot.write([memoryview(part) for part in parts])
    os.pwrite(slot.down, os.pread(slot.up, 10_000, 0), 0)

    assert slot.holds(60)
    assert not slot.holds(61)
    assert slot.read([len(part) for part in parts]) == parts
    with pytest.raises(OSError, match="ends 1 bytes too early"):
        slot.read([61])


def test_another_file_behind_the_same_descriptor_is_not_written(
    slot: Memory, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    with precious.open("r+b") as file:
        os.dup2(file.fileno(), slot.up)

    with pytest.raises(OSError, match="was closed by user code"):
        slot.write([memoryview(b"x")])
    assert precious.read_text() == "kept"


def test_a_few_of_many_threads_are_named() -> None:
    end = threading.Event()
    began = time.monotonic()
    threads = [threading.Thread(target=end.wait, name=f"t{n:02}") for n in range(12)]
    for thread in threads:
        thread.start()
    told = left_behind(began)
    end.set()
    for thread in threads:
        thread.join()

    assert told is not None
    assert told.startswith("12 threads (t00, t01, ")
    assert told.endswith(", t09, ...)")
