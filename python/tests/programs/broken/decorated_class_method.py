from vivarium_worker import program


class Holder:
    @program
    @classmethod
    def make(cls):
        return cls.__name__
