"""The shared memory of a slot, looked at in this very process."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from vivarium_worker.protocol import shared_memory
from vivarium_worker.protocol.shared_memory import ATTACHMENTS_AT, CancelWord, SharedMemory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def slot() -> Iterator[SharedMemory]:
    made = SharedMemory("default-1-w1", 2)
    yield made
    made.close()


def test_both_files_have_a_name_and_the_page_for_other_purposes(slot: SharedMemory) -> None:
    for file in (slot.down, slot.up):
        told = os.readlink(f"/proc/self/fd/{file}")  # noqa: PTH115 - no path of a file system
        assert told == "/memfd:vivarium-default-1-w1-2 (deleted)"
        assert os.fstat(file).st_size == ATTACHMENTS_AT
        assert not os.get_inheritable(file)


def test_the_word_is_an_id_and_a_level(slot: SharedMemory) -> None:
    assert slot.word() == CancelWord(0, 0)
    os.pwrite(slot.down, bytes.fromhex("7fffffffffffffff 00000002 00000000"), 0)
    assert slot.word() == CancelWord(2**63 - 1, 2)


def test_there_is_no_word_in_a_file_that_was_cut_short_or_closed(slot: SharedMemory) -> None:
    os.truncate(slot.down, 15)
    assert slot.word() is None
    os.close(slot.down)
    assert slot.word() is None


@pytest.mark.parametrize("most", [1, 7, 100])
def test_what_is_larger_than_one_read_or_write_is_moved_in_several(
    slot: SharedMemory, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(shared_memory, "_LARGEST_IO", most)
    monkeypatch.setattr(shared_memory, "_WINDOW", ATTACHMENTS_AT)  # so that nothing is mapped
    parts = [b"one", b"", bytes(range(50)), b"x" * 7]
    slot.write([memoryview(part) for part in parts])
    os.pwrite(slot.down, os.pread(slot.up, 10_000, 0), 0)

    assert slot.holds(60)
    assert not slot.holds(61)
    assert slot.read([len(part) for part in parts]) == parts
    with pytest.raises(OSError, match="ends 1 bytes too early"):
        slot.read([61])


def test_another_file_behind_the_same_descriptor_is_not_written(
    slot: SharedMemory, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    with precious.open("r+b") as file:
        os.dup2(file.fileno(), slot.up)

    with pytest.raises(OSError, match="was closed by user code"):
        slot.write([memoryview(b"x")])
    assert precious.read_text() == "kept"


def test_a_file_that_was_cut_short_between_two_calls_is_mapped_as_before(
    slot: SharedMemory,
) -> None:
    part = bytes(range(256)) * 1000
    for _ in range(3):
        slot.write([memoryview(part)])
        os.pwrite(slot.down, os.pread(slot.up, ATTACHMENTS_AT + len(part), 0), 0)
        assert slot.read([len(part)]) == [part]
        os.truncate(slot.up, ATTACHMENTS_AT)
        os.truncate(slot.down, ATTACHMENTS_AT)


def test_what_is_mapped_takes_no_memory_before_it_is_used(slot: SharedMemory) -> None:
    slot.write([memoryview(b"small")])
    assert os.fstat(slot.up).st_blocks * 512 <= 2 * ATTACHMENTS_AT
