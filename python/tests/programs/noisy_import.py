import os
import sys

for _ in range(3000):
    print("x" * 1000)
    print("y" * 10, file=sys.stderr)
os.write(1, b"raw\n")


from vivarium_worker import program


@program
def nothing():
    return None
