from vivarium_worker import on_fork, program


@on_fork
def renew():
    raise ConnectionError("no database")


@program
def nothing():
    return None
