from vivarium_worker import program


def answer():
    return 42
