"""Changes, while it is imported, as much of the standard library as it can."""

import json
import os
import select
import signal
import socket
import threading
import time

from vivarium_worker import context, program

def refuse(*arguments, **options):
    raise RuntimeError("replaced by a program")


def replace_functions():
    for module, names in {
        json: ("loads", "dumps", "JSONEncoder", "JSONDecoder"),
        select: ("poll", "select", "epoll"),
        socket: ("socket", "socketpair"),
        threading: ("Thread", "Event", "Condition", "_start_new_thread"),
        signal: ("signal", "set_wakeup_fd", "getsignal", "setitimer", "pthread_kill"),
        os: ("fork", "posix_spawn", "waitid", "wait4", "kill", "killpg", "write", "read", "dup2"),
    }.items():
        for name in names:
            setattr(module, name, refuse)
    for name in ("time", "monotonic", "perf_counter", "process_time", "monotonic_ns"):
        setattr(time, name, lambda: 1_000_000.0)
    time.sleep = refuse


replace_functions()


@program
def echo(text: str):
    return text


@program
def count():
    context.session["count"] = context.session.get("count", 0) + 1
    return context.session["count"]


@program
def shout(text: str):
    print(text)


@program
def wait():
    while True:
        pass
