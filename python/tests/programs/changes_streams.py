"""Does to the standard streams, while it is imported, what HOW says."""

import io
import os
import sys

from vivarium_worker import program


class Nothing:
    pass


def change(name):
    stream = getattr(sys, name)
    how = os.environ["HOW"]
    if how == "closed":
        stream.close()
    elif how == "none":
        setattr(sys, name, None)
    elif how == "replaced":
        setattr(sys, name, Nothing())
    elif how == "wrapped":
        setattr(sys, name, io.TextIOWrapper(stream.buffer, encoding="utf-8"))
    elif how == "detached":
        setattr(sys, name, io.TextIOWrapper(stream.detach(), encoding="utf-8"))


change("stdout")
change("stderr")


@program
def shout(text: str):
    print(text, flush=True)
    return text
