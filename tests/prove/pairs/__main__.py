"""Records what the programs of the pairs do under TensorFlow 1.15."""

import sys

from flake8_tf2.prove import pair, recording
from tests.prove import pairs

if __name__ == "__main__":
    for name in sys.argv[2:] or [name for name in pairs.EXPECTED if "/" not in name]:
        randomness = "fresh" if name in pairs.FRESH else "alike"
        settings = pair.Settings(tf1_python=sys.argv[1], timeout=60, randomness=randomness)
        recording.write(pairs.recorded(name), pair.record(pairs.job(name, "before"), settings))
        print(name)
