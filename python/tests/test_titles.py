"""The titles of processes, as ``ps`` and ``top`` read them."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from server import BOOT, PROGRAMS, Server
from vivarium_worker.system import titles

LONG_TITLE = """
import os, sys
from vivarium_worker.system.titles import set_title
before = open("/proc/self/cmdline", "rb").read()
environment = open("/proc/self/environ", "rb").read()
set_title("x" * 100_000, "a-name-that-is-too-long")
after = open("/proc/self/cmdline", "rb").read()
assert after == b"x" * (len(before) - 1) + b"\\0", after
assert open("/proc/self/environ", "rb").read() == environment
assert open("/proc/self/comm").read() == "a-name-that-is-\\n"
assert sys.argv == ["-c", "some", "arguments"], sys.argv
assert os.environ["PYTHONPATH"]
"""


def title_of(pid: int) -> tuple[str, str]:
    title = Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0")
    return title, Path(f"/proc/{pid}/comm").read_text().strip()


@pytest.mark.parametrize("spawn", [False, True])
def test_each_process_says_what_it_is_and_programs_do_not_notice(
    server: Server,
    spawn: bool,  # noqa: FBT001
) -> None:
    server.start_guardian()
    fork_server = server.serve("misbehave", name="server-7")
    fork_server.loaded()
    worker = fork_server.fork("default-3", spawn=spawn, path=[str(PROGRAMS)], modules=["misbehave"])

    assert server.process is not None
    assert title_of(server.process.pid) == ("vivarium: guardian", "vivarium-guard")
    assert title_of(fork_server.pid) == ("vivarium: fork server 7", "vivarium-fork")
    assert title_of(worker.pid) == ("vivarium: worker default-3", "vivarium-worker")
    assert worker.call("arguments")[0] == str(BOOT)


def test_a_long_title_is_cut_and_leaves_arguments_and_environment_alone() -> None:
    source = str(Path(titles.__file__).parents[2])
    subprocess.run(
        [sys.executable, "-c", LONG_TITLE, "some", "arguments"],
        env={"PYTHONPATH": source},
        check=True,
    )


def test_a_title_that_cannot_be_set_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(option: int, value: object) -> None:
        raise OSError(option, value)

    monkeypatch.setattr(titles, "prctl", refuse)
    with caplog.at_level(logging.DEBUG):
        titles.set_title("vivarium: nobody", "nobody")

    assert [record.levelno for record in caplog.records] == [logging.DEBUG]
    assert "'vivarium: nobody'" in caplog.text
