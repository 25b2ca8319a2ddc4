import builtins
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time

from vivarium_worker import program


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no words")

    __repr__ = __str__


def _sockets():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                found.append(int(name))
        except OSError:
            pass
    return sorted(found)


def _call_socket():
    """The last connected one: 1 and 2 are output; calls are connected after side and stack."""
    return _sockets()[-1]


@program
def raise_it(what: str):
    raise {
        "exit": SystemExit(3),
        "interrupt": KeyboardInterrupt(),
        "base": BaseException("bottom"),
        "unprintable": Unprintable(),
        "memory": MemoryError("all gone"),
        "surrogate": ValueError("\ud800"),
        "long": ValueError("x" * 3_000_000),
        "stop": StopIteration(1),
    }[what]


@program
def exhaust_memory():
    return bytearray(1 << 60)


@program
def recurse(depth: int = 0):
    return recurse(depth + 1)


@program
def raise_chained():
    try:
        {}["inner"]
    except KeyError as error:
        raise ValueError("outer") from error


@program
def write_garbage():
    os.write(_call_socket(), b"GET / HTTP/1.1\r\nHost: nobody\r\n\r\n")
    return "garbage"


@program
def close_call_socket():
    os.close(_call_socket())
    return "closed"


@program
def close_all_sockets():
    for descriptor in _sockets():
        os.close(descriptor)
    return "closed"


@program
def close_output():
    os.close(1)
    os.close(2)
    return "closed"


@program
def replace_call_socket():
    call_socket = _call_socket()
    ours, theirs = socket.socketpair()
    os.dup2(ours.fileno(), call_socket)
    theirs.close()
    return "replaced"


@program
def delete_builtins():
    for name in list(vars(builtins)):
        delattr(builtins, name)


@program
def leave_thread():
    threading.Thread(target=time.sleep, args=(3600,)).start()
    return threading.active_count()


@program
def fork_and_return():
    pid = os.fork()
    if pid == 0:
        print("printed by the child")
        return "child"
    os.waitpid(pid, 0)
    return "parent"


@program
def fork_and_stay():
    """The child keeps copies of all descriptors that were not closed for it."""
    pid = os.fork()
    if pid == 0:
        while True:
            signal.pause()
    return pid


@program
def leave_children():
    """Start children of all kinds that would survive their parent, and return their ids."""
    command = ["sleep", "3600"]
    plain = subprocess.Popen(command).pid
    session = subprocess.Popen(command, start_new_session=True).pid
    bare = subprocess.Popen(command, start_new_session=True, env={}, executable="/bin/sleep").pid
    reading, writing = os.pipe()
    middle = os.fork()
    if middle == 0:
        os.setsid()
        child = subprocess.Popen(command, start_new_session=True)
        os.write(writing, str(child.pid).encode())
        os._exit(0)
    os.waitpid(middle, 0)
    daemon = int(os.read(reading, 32))
    return [plain, session, bare, daemon]


@program
def hold_gil():
    print("holding it")
    return sum(range(10**11))


@program
def mask_signals():
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    return "masked"


@program
def segfault():
    ctypes.string_at(0)


@program
def hang(how: str):
    if how == "lock":
        threading.Lock().acquire() and threading.Event().wait()
    sys.exit(3) if how == "exit" else time.sleep(3600)


@program
def environment(name: str):
    return os.environ.get(name)


@program
def descriptors():
    return {"input": os.readlink("/proc/self/fd/0"), "session": os.getsid(0), "pid": os.getpid()}


@program
def leave_threads(amount: int) -> int:
    """Leave threads behind that wait for ever."""
    for _ in range(amount):
        threading.Thread(target=_wait_for_ever, daemon=True).start()
    return amount


def _wait_for_ever() -> None:
    threading.Event().wait()


@program(faults=(ConnectionError, TimeoutError))
def depend(what: str):
    raise {"reset": ConnectionResetError, "slow": TimeoutError, "value": ValueError}[what](what)


@program
def arguments():
    return sys.argv


class _Picky(type):
    def __subclasscheck__(cls, other):
        raise ZeroDivisionError


class _PickyError(Exception, metaclass=_Picky):
    pass


class _BrokenError(Exception):
    """Breaks in the part that ``args`` names, whatever looks at it."""

    def __getattribute__(self, name):
        parts = {"__class__": "class", "__traceback__": "traceback", "__context__": "context"}
        if parts.get(name) == super().__getattribute__("args")[0]:
            raise ZeroDivisionError
        return super().__getattribute__(name)

    def __str__(self):
        if self.args[0] == "surrogate":
            return "\ud800"
        if self.args[0] == "str":
            raise SystemExit("while it is told")
        return "broken"

    def __repr__(self):
        if self.args[0] == "repr":
            raise KeyboardInterrupt
        return "broken"


@program(faults=(_PickyError,))
def raise_broken(part: str):
    if part == "bases":
        raise type("Named", (_BrokenError,), {"__module__": None, "__qualname__": "x"})(part)
    raise _BrokenError(part)
