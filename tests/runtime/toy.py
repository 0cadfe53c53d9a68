"""A child process for the supervisor's tests: says who it is, then waits. A stubborn one does not listen to SIGTERM or SIGINT."""

import os
import signal
import sys
import time

if __name__ == "__main__":
    if sys.argv[1] == "stubborn":
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
    sys.stdout.write(f"{sys.argv[1]} {os.getpid()}\n")
    sys.stdout.flush()
    time.sleep(60)
