from vivarium_worker import program


class Greeter:
    def __call__(self):
        return "hello"


program(Greeter())
