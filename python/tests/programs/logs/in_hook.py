import logging
import logging.config
import os

from vivarium_worker import on_start

import detailed


@on_start
def configure():
    logging.getLogger("app").info("about to configure")
    if os.environ.get("LOG_LATE") == "basic":
        logging.basicConfig(level=logging.ERROR)
    else:
        logging.config.dictConfig(detailed.CONFIGURATION)
