from vivarium_worker import on_fork


@on_fork
def renew():
    raise ConnectionError("no database")
