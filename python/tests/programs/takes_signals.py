"""Takes signals, and what comes with them, for itself."""

import asyncio
import faulthandler
import signal
import socket
import subprocess

from vivarium_worker import program

kept = []


@program
def take(how: str):
    if how == "handlers":
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, lambda *_: None)
    elif how == "faulthandler":
        faulthandler.register(signal.SIGUSR2, chain=False)
        faulthandler.register(signal.SIGUSR1, chain=False)
    elif how == "wake-up descriptor":
        kept.extend(socket.socketpair())
        kept[1].setblocking(False)
        signal.set_wakeup_fd(kept[1].fileno())
    elif how == "event loop":
        loop = asyncio.new_event_loop()
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            loop.add_signal_handler(number, print)
        kept.append(loop)


@program
def wait():
    while True:
        pass


@program
def signals_of_a_child():
    run = subprocess.run(["grep", "Sig", "/proc/self/status"], capture_output=True, check=True)
    return dict(line.split(":\t") for line in run.stdout.decode().splitlines())
