from vivarium_worker import on_start, program


@on_start
def begin():
    print("before the failure")
    raise ConnectionError("no database")


@program
def nothing():
    return None
