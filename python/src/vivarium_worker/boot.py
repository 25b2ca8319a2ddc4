"""What the server starts: ``python3 -I -u boot.py`` is a guardian, ``boot.py worker`` a worker.

The syntax of this file is that of every Python, so that one that is too old can say so.
"""

import os
import sys

if sys.version_info < (3, 9):
    sys.stderr.write(
        "vivarium: %s is Python %s, but 3.9 or later is needed: "
        "set python.interpreter of the pool to a newer one\n"
        % (sys.executable, ".".join([str(part) for part in sys.version_info[:3]]))
    )
    sys.exit(69)

if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if sys.argv[1:] == ["worker"]:
        from vivarium_worker.forkserver.spawning import main
    else:
        from vivarium_worker.guardian.process import main
    from vivarium_worker.programs.registry import REGISTRY
    from vivarium_worker.worker.exit_handlers import end_process

    end_process(main(), REGISTRY.modules())
