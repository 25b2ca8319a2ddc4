import threading

threading.Thread(target=threading.Event().wait, name="busybody", daemon=True).start()


from vivarium_worker import program


@program
def nothing():
    return None
