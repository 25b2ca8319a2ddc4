import logging.config
import os

CONFIGURATION = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"short": {"format": "MINE %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "short"},
        "file": {
            "class": "logging.FileHandler",
            "filename": os.environ["LOG_FILE"],
            "formatter": "short",
        },
    },
    "loggers": {
        "own": {"handlers": ["console"], "level": "DEBUG", "propagate": False},
        "secret": {"handlers": ["file"], "level": "DEBUG", "propagate": False},
        "own.child": {"handlers": ["console"], "level": "DEBUG"},
    },
    "root": {"level": "DEBUG", "handlers": ["console", "file"]},
}
if not os.environ.get("LOG_LATE"):
    logging.config.dictConfig(CONFIGURATION)
