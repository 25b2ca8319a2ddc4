import logging

logging.getLogger("app").warning("imported with care")
logging.getLogger("app").info("not worth it")
