import logging
import os
import subprocess
import sys
import threading

from vivarium_worker import context, program

log = logging.getLogger("talks")


@program
def say(text: str, stream: str = "stdout", end: str = "\n"):
    print(text, end=end, file=getattr(sys, stream))


@program
def say_in_thread(text: str):
    thread = threading.Thread(target=print, args=(text,))
    thread.start()
    thread.join()


@program
def say_raw(text: str):
    os.write(1, text.encode())
    subprocess.run(["sh", "-c", "echo from a child; echo to stderr >&2"], check=True)


@program
def say_bytes():
    sys.stdout.buffer.write(b"half \xe2\x82")
    sys.stdout.buffer.flush()
    sys.stdout.buffer.write(b"\xac and broken \xff\n")
    sys.stdout.buffer.flush()


@program
def say_from_threads(threads: int, lines: int):
    def talk(number):
        for line in range(lines):
            print(f"{number}:{line}:" + "x" * 100)

    started = [threading.Thread(target=talk, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


@program
def log_all():
    log.debug("not this one")
    log.info("hello %s", "world")
    log.warning("careful")
    try:
        raise KeyError("lost")
    except KeyError:
        log.exception("it failed")
    context.log.error("by the name of the program")
    context.progress(0.5, "half way")


@program
def log_badly():
    log.warning("%d", "no number")


@program
def close_stdout():
    sys.stdout.close()
    return "closed"
