"""Programs that do what programs must not do, for the tests of the pool."""

import asyncio
import ctypes
import gc
import mmap
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from vivarium_worker import context, program


@program
def garbage() -> str:
    """Write bytes that are no frame to every Unix socket of this process."""
    for name in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.write(int(name), b"\xde\xad\xbe\xef" * 64)
        except OSError:
            continue
    return "sent"


@program
def exit_now(code: int) -> None:
    """End the process without a word."""
    os._exit(code)


@program
def not_json() -> object:
    """Return what JSON has no word for."""
    return {"items": [1, object()]}


@program
def close_descriptors() -> str:
    """Close everything that is open."""
    os.closerange(0, 1024)
    return "closed"


@program
def with_child(seconds: float) -> int:
    """Start a child that outlives the call, in a session of its own."""
    pid = os.fork()
    if pid == 0:
        os.setsid()
        time.sleep(seconds)
        os._exit(0)
    time.sleep(seconds)
    return pid


@program
def with_subprocess(seconds: float) -> None:
    """Start programs that outlive the call, the second in a session of its own."""
    for own_session in (False, True):
        subprocess.Popen(["sleep", str(seconds)], start_new_session=own_session)
    time.sleep(seconds)


@program
def oversized_frame() -> str:
    """Announce a frame of two gigabytes to whoever reads at the other end of a socket."""
    header = (0x7FFF_FFFF).to_bytes(4, "big") + b"\x11\x00\x00\x00" + (1).to_bytes(8, "big")
    for name in os.listdir("/proc/self/fd"):
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.write(int(name), header)
        except OSError:
            continue
    return "sent"


@program
def left_thread(seconds: float) -> str:
    """Leave a thread behind."""
    threading.Thread(target=time.sleep, args=(seconds,), daemon=True).start()
    return "left"


@program
def exit_by_exception() -> None:
    """Raise what usually ends an interpreter."""
    sys.exit(3)


@program
def compute_in_c(numbers: int) -> int:
    """Compute in C without ever letting go of the interpreter lock."""
    return sum(range(numbers))


@program
def hang_in_c() -> None:
    """Wait in C for ever, without letting go of the interpreter lock: for a mutex that this very thread holds."""
    libc = ctypes.PyDLL(None)
    mutex = ctypes.create_string_buffer(128)
    libc.pthread_mutex_lock(mutex)
    libc.pthread_mutex_lock(mutex)


@program
def pid() -> int:
    """Return the process id of the worker."""
    return os.getpid()


@program
def keep_in_session(what: str):
    kept = {"lambda": lambda: 0, "much": "x" * 2_000_000, "some": "x" * 900_000}
    context.session["kept"] = kept[what]


@program
def add_to_session(item: str, end: str = "return") -> object:
    """Add to a list within the state of the session, in place, and end in one way or another."""
    items = context.session.setdefault("items", [])
    items.append(item)
    if end == "raise":
        raise ValueError("after the change")
    if end == "odd":
        return object()
    if end == "hang":
        time.sleep(60)
    if end == "stubborn":
        try:
            time.sleep(60)
        except BaseException:
            return "an answer that comes too late"
    return [os.getpid(), *items]


@program
def make_garbage(cycles: int) -> None:
    """Leave objects behind that only the garbage collector can find, and that it does not find by itself."""
    kept = []
    for _ in range(cycles):
        cycle = []
        cycle.append(cycle)
        kept.append(cycle)
    gc.collect()  # all of them are old then, and what collects between calls looks at the young ones only
    gc.disable()


@program
def hold_gil(rounds: int) -> int:
    """Compute in C, which lets no other thread of the interpreter run and looks at no signal."""
    return sum(range(rounds))


@program
def share(megabytes: int, seconds: float) -> int:
    """Hold memory that the kernel does not count as this process' data."""
    with mmap.mmap(-1, megabytes << 20) as memory:
        for at in range(0, megabytes << 20, 4096):
            memory[at] = 1
        time.sleep(seconds)
        return len(memory)


_KEPT = []


@program
def keep(megabytes: int) -> int:
    """Keep memory for good."""
    _KEPT.append(b"x" * (megabytes << 20))
    return len(_KEPT)


@program
def leave_zombie() -> int:
    """Start a process that ends at once, and never ask how."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return pid


@program
def leave_orphan(seconds: float = 60, own_session: bool = False) -> int:
    """Start a process whose parent ends at once, and return its id."""
    command = f"sleep {seconds} > /dev/null 2>&1 & echo $!"
    shell = subprocess.run(["sh", "-c", command], capture_output=True, start_new_session=own_session, check=True)
    return int(shell.stdout)


@program
def in_threads(seconds: float) -> None:
    """Wait for threads that wait."""
    threads = [threading.Thread(target=_wait_in_thread, args=(seconds,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _wait_in_thread(seconds: float) -> None:
    time.sleep(seconds)


@program
def thread_caps() -> dict:
    """Return the caps on threads of native libraries."""
    return {name: value for name, value in os.environ.items() if "THREADS" in name}


@program
def count_then_sleep(seconds: float = 60) -> None:
    """Change the session, and do not end in time."""
    context.session["count"] = context.session.get("count", 0) + 100
    time.sleep(seconds)


@program
def yield_then_wait(seconds: float = 60) -> Iterator[str]:
    """Yield once, and then take long."""
    yield "first"
    time.sleep(seconds)
    yield "second"


@program
def yield_then_raise() -> Iterator[int]:
    """Yield once, and then fail."""
    yield 1
    raise ValueError("after the first")


@program
def yield_then_die() -> Iterator[int]:
    """Yield once, and then end the process."""
    yield 1
    os._exit(3)


@program
def count_while_yielding(amount: int = 3) -> Iterator[int]:
    """Count in the session, one for each chunk."""
    for _ in range(amount):
        context.session["count"] = context.session.get("count", 0) + 1
        yield context.session["count"]


@program
def leave_a_thread(seconds: float = 60) -> None:
    """Start a thread, and wait for it."""
    thread = threading.Thread(target=time.sleep, args=(seconds,), name="left", daemon=True)
    thread.start()
    thread.join()


@program(idempotent=True)
def crash_at_first(directory: str, times: int) -> dict[str, int]:
    """End the process without a word the first few times, as told by files in a directory."""
    before = len(os.listdir(directory))
    if before < times:
        with open(os.path.join(directory, str(before)), "x"):
            os._exit(1)
    return {"before": before}


@program
def together(directory: str, key: str, seconds: float) -> dict[str, int]:
    """Return how many calls ran at the same time, with this key and in all, as told by files in a directory."""
    mine = os.path.join(directory, f"{key}.{os.getpid()}")
    with open(mine, "x"):
        pass
    try:
        time.sleep(seconds)
        running = [name.split(".")[0] for name in os.listdir(directory)]
        return {"own": running.count(key), "all": len(running)}
    finally:
        os.unlink(mine)


_BARRIERS: dict[int, threading.Barrier] = {}


@program
def meet(parties: int) -> int:
    """Wait until so many calls are in this process at the same time, and return its id."""
    _BARRIERS.setdefault(parties, threading.Barrier(parties)).wait(20)
    return os.getpid()


_ON_LOOP: list[asyncio.Event] = []


@program
async def meet_on_loop(parties: int) -> int:
    """Wait until so many async calls are in this process at the same time, and return the id of the loop."""
    mine = asyncio.Event()
    _ON_LOOP.append(mine)
    if len(_ON_LOOP) == parties:
        for event in _ON_LOOP:
            event.set()
    await asyncio.wait_for(mine.wait(), 20)
    return id(asyncio.get_running_loop())


@program
async def wait_async(seconds: float) -> float:
    """Wait on the loop."""
    await asyncio.sleep(seconds)
    return seconds


@program
def who(pause: float) -> list:
    """Count in the session, and say before and after a pause whose call this is."""
    before = [context.session_id, context.correlation_id]
    context.session["count"] = context.session.get("count", 0) + 1
    time.sleep(pause)
    return [*before, context.session_id, context.correlation_id, context.session["count"]]


@program
async def who_async(pause: float) -> list:
    """Do the same on the loop."""
    before = [context.session_id, context.correlation_id]
    context.session["count"] = context.session.get("count", 0) + 1
    await asyncio.sleep(pause)
    return [*before, context.session_id, context.correlation_id, context.session["count"]]


@program
def say(text: str) -> None:
    """Log and print ``text``."""
    context.log.warning(text)
    print(text)


@program
def whisper(text: str) -> None:
    """Log ``text`` at the levels debug and info."""
    context.log.debug("softly: %s", text)
    context.log.info("aloud: %s", text)


@program
def trace() -> list:
    """Return what is known of the caller's trace."""
    print("traced")
    return [context.traceparent, context.tracestate, context.baggage]


@program(faults=(ConnectionError,))
def depend(up: bool) -> bool:
    """Fail as a program does whose database is down."""
    if not up:
        raise ConnectionError("refused")
    return True
