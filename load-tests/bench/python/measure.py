"""One run of one crawler, measured from outside."""

import os
import pathlib
import signal
import subprocess
import threading
import time
from dataclasses import dataclass

from runners import Command

LONGEST_RUN = 900


@dataclass(frozen=True)
class Run:
    """Seconds of wall time and of CPU of a whole process with start and end, and its peak resident size in MB."""

    wall: float
    cpu: float
    rss: float


class RunFailed(Exception):
    """A crawler ended with an error; carries what it said."""


def run(command: Command, said: pathlib.Path) -> Run:
    """Runs a command to its end, with its output in the file `said`. A run of more than a quarter of an hour is killed
    and fails."""
    with said.open("wb") as output:
        begin = time.monotonic()
        process = subprocess.Popen(
            command.words,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **command.environment},
            start_new_session=True,
        )
        watch = threading.Timer(LONGEST_RUN, os.killpg, (process.pid, signal.SIGKILL))
        watch.daemon = True
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            watch.cancel()
        wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.good_exits:
        raise RunFailed(f"{command.words[0]} ended with "
                        f"{process.returncode}:\n{said.read_text(errors='replace')[-4000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
