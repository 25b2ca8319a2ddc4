from vivarium_worker import program


@program
class Answer:
    pass
