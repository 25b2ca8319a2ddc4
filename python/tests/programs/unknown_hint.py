from vivarium_worker import program


@program
def strange(what: print):
    return None
