import os
import tempfile

from vivarium_worker import on_start

kept = []


@on_start
def fail():
    kept.append(tempfile.TemporaryDirectory(prefix="of-a-start-", dir=os.environ["MARKS"]))
    raise ConnectionError("no database")
