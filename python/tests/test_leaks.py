"""What a call has left running, looked at in this very process."""

from __future__ import annotations

import threading
import time

from vivarium_worker.diagnostics.leaks import describe_leaks


def test_a_few_of_many_threads_are_named() -> None:
    end = threading.Event()
    began = time.monotonic()
    threads = [threading.Thread(target=end.wait, name=f"t{n:02}") for n in range(12)]
    for thread in threads:
        thread.start()
    leaks = describe_leaks(began)
    end.set()
    for thread in threads:
        thread.join()

    assert leaks is not None
    assert leaks.startswith("12 threads (t00, t01, ")
    assert leaks.endswith(", t09, ...)")
