"""Runs a Python module as `python -m` would, and ends it when the program that started it is gone.

Arguments: the module and its own arguments. Stdin is a pipe that nobody writes to: it ends with that program, however
that ends.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_PERIOD = 10


def end_with(pipe):
    while os.read(pipe, 1):
        pass
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGTERM)
        time.sleep(GRACE_PERIOD)
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def main():
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    # A group of its own, which ends as a whole: pip and venv start programs.
    if hasattr(os, "setpgid") and os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    threading.Thread(target=end_with, args=[pipe], daemon=True).start()
    del sys.argv[0]
    sys.path = [folder for folder in sys.path if folder != os.path.dirname(os.path.abspath(__file__))]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


main()
