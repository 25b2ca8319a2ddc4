class LyingError(ModuleNotFoundError):
    @property
    def name(self):
        raise ZeroDivisionError


raise LyingError("lied")
