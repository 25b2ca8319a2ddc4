"""Programs that log, and say how logging is set up."""

import logging
import os
import time
import warnings

from vivarium_worker import program


class Unprintable(Exception):
    def __str__(self):
        raise ZeroDivisionError


@program
def say(text: str, logger: str = "app", level: int = 20):
    logging.getLogger(logger).log(level, "%s", text)


@program
def setup(logger: str = ""):
    found = logging.getLogger(logger)
    return {"level": found.level, "handlers": [type(h).__name__ for h in found.handlers]}


@program
def say_until_told(logger: str, level: int) -> int:
    """Log again and again until the logger lets it pass, and what the caller has then."""
    for number in range(100_000):
        if logging.getLogger(logger).isEnabledFor(level):
            logging.getLogger(logger).log(level, "at last")
            return number
        time.sleep(0.001)
    return -1


@program
def warn(text: str):
    logging.captureWarnings(True)
    warnings.warn(text)


@program
def disable(level: int):
    logging.disable(level)


@program
def shut_down():
    logging.shutdown()


@program
def say_wrongly(complain: bool):
    logging.raiseExceptions = complain
    logging.getLogger("app").error("%d", "no number")


@program
def say_failure():
    try:
        raise Unprintable
    except Unprintable:
        logging.getLogger("app").exception("failed", stack_info=True)


@program
def say_in_fork(text: str) -> int:
    pid = os.fork()
    if not pid:
        logging.getLogger("own").warning("%s", text)
        logging.getLogger("app").warning("%s", text)
        os._exit(0)
    return os.waitpid(pid, 0)[1]
