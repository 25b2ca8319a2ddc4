from vivarium_worker import program


@program
def answer(:
    return 42
