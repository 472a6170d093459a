"""python FOLDER JOBS.json: runs the programs of some jobs, one after another; see `runner`."""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))

if __name__ == "__main__":
    # The program that is run must neither see our modules nor be hidden by them.
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != _FOLDER]
    sys.path.insert(0, os.path.dirname(_FOLDER))
    from inside import runner

    sys.path.pop(0)
    for name in [name for name in sys.modules if name.split(".")[0] == "inside"]:
        del sys.modules[name]
    runner.main(sys.argv[1])
