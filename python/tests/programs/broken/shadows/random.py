from vivarium_worker import program


@program
def roll():
    return 4
