class MaskedError(Exception):
    @property
    def __class__(self):
        raise ZeroDivisionError

    @property
    def __traceback__(self):
        raise ZeroDivisionError


raise MaskedError("masked")
