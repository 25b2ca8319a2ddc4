from vivarium_worker import program


@program
async def enqueue():
    return "queued"
