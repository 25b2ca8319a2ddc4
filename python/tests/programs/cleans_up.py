"""Programs that leave to the end of the process what has to be done then."""

import atexit
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from multiprocessing import shared_memory
from pathlib import Path

from vivarium_worker import on_stop, program

MARKS = Path(os.environ["MARKS"])
kept = []


class Owner:
    pass


def mark(name):
    with open(MARKS / name, "a") as marks:
        marks.write(f"{os.getpid()}\n")


atexit.register(mark, "atexit of the import")
OF_THE_IMPORT = tempfile.TemporaryDirectory(prefix="of-the-import-", dir=MARKS)
OWNER = Owner()
weakref.finalize(OWNER, mark, "finalizer of the import")


@on_stop
def stopped():
    mark("on_stop")


@program
def use_everything():
    atexit.register(mark, "atexit")
    folder = tempfile.TemporaryDirectory(prefix="of-a-call-", dir=MARKS)
    named = tempfile.NamedTemporaryFile(prefix="of-a-call-", dir=MARKS)
    owner = Owner()
    weakref.finalize(owner, mark, "finalizer")
    unflushed = open(MARKS / "unflushed", "w")
    unflushed.write("written\n")
    kept.extend([folder, named, owner, unflushed])
    return {"shared": share(), "import": OF_THE_IMPORT.name}


@program
def share():
    memory = shared_memory.SharedMemory(create=True, size=1000)
    kept.append(memory)
    return memory.name


@program
def leave_child(command: str):
    return subprocess.Popen(["sh", "-c", command], cwd=MARKS).pid


@program
def leave_thread(ends: bool):
    go_on = threading.Event()
    run = (lambda: mark("thread")) if ends else go_on.wait
    threading.Thread(target=run, name="left-behind").start()


@program
def arguments():
    return sys.argv
