import os
import resource

from vivarium_worker import program

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError:
    for file in kept[-int(os.environ["LEFT"]) :]:
        file.close()


@program
def nothing():
    return None
