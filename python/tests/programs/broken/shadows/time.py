from vivarium_worker import program


@program
def now():
    return 0
