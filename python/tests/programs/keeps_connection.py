"""Makes a request while it is imported and keeps the connection for further ones."""

import http.client
import os

from vivarium_worker import on_fork, program

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["ECHO_PORT"]))


def ask(tag):
    connection.request("GET", f"/{tag}")
    return connection.getresponse().read().decode()


ask("while-imported")


@on_fork
def renew():
    connection.close()  # the next request opens another one


@program
def ask_for(tag: str):
    return ask(tag)
