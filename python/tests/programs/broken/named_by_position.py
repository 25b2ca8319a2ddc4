from vivarium_worker import program


@program("answer")
def answer():
    return 42
