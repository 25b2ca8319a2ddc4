import random

random.choice([1])
