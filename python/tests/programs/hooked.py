import os

from vivarium_worker import on_start, on_stop, program

started = []


@on_start
def begin():
    started.append(os.getpid())
    print("hook has begun")


@on_stop
def fail_to_end():
    raise OSError("the hook failed")


@on_stop
def end():
    print("hook has ended", end="")


@program
def who_started():
    return started
