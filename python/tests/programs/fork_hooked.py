import os

from vivarium_worker import on_fork, on_start, program

ran = []


@on_start
def begin():
    ran.append("begin")


@on_fork
def first():
    ran.append(f"first {os.getpid()}")


@on_fork
def second():
    ran.append("second")


@program
def what_ran():
    return ran
