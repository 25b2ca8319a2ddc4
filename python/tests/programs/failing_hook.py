from vivarium_worker import on_start


@on_start
def begin():
    print("before the failure")
    raise ConnectionError("no database")
