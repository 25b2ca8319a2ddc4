from vivarium_worker import program

program(max)
