from vivarium_worker import program


@program
def echo():
    return None
