from vivarium_worker import on_start, program


@on_start
def connect():
    raise ConnectionError("no database at db:5432")


@program
def answer():
    return 42
