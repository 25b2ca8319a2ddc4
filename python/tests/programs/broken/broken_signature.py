from vivarium_worker import program


class Odd:
    @property
    def __signature__(self):
        raise RuntimeError("no signature")

    def __call__(self):
        return 1


program(name="odd")(Odd())
