"""What the server and its Python processes say to each other: docs/PROTOCOL.md.

Start at :mod:`~vivarium_worker.protocol.frames`. It must not know who acts on a frame.
"""
