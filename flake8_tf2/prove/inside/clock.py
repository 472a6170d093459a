"""A clock that is the same on both sides: for the program, not for the libraries that it uses."""

import sys
import time

#: A program that measures itself sees so much of a second pass at each look; differences of it are exact.
_TICK = 1 / 64.0
_NAMES = ("time", "perf_counter", "clock", "process_time", "monotonic")


class Clock(object):
    """Replaces the functions of `time` for calls of the program."""

    def __init__(self, callers):
        self._looks = None
        for name in _NAMES:
            if hasattr(time, name):
                setattr(time, name, self._clock(getattr(time, name), callers, 1.6e9 if name == "time" else 0.0))

    def _clock(self, real, callers, start):
        def look():
            if self._looks is None or callers.is_library(sys._getframe(1).f_code.co_filename):
                return real()
            self._looks += 1
            return start + self._looks * _TICK

        return look

    def start(self):
        self._looks = 0

    def stop(self):
        self._looks = None
