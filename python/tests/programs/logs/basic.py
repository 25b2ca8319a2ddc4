import logging

logging.basicConfig(level=logging.DEBUG, format="MINE %(message)s")
logging.getLogger("app").info("imported basic")
