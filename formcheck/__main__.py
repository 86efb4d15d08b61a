"""The program, as ``formcheck`` or ``python -m formcheck``: it can be stopped from the first on."""

import os
import signal
import sys

from formcheck.stopping import STOPPING, stopped_by_signals


def main() -> None:
    """Run the program; told to end, by the system perhaps, it ends as by Ctrl-C."""
    for number in STOPPING:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)
    # OpenCV's own threads, which wait in a loop, would take the time of the pose model's.
    os.environ.setdefault("OPENCV_FOR_THREADS_NUM", "1")
    try:
        with stopped_by_signals(_interrupt):
            _run()
    except KeyboardInterrupt:  # no command was begun yet
        sys.stderr.write("formcheck: stopped\n")
        sys.exit(130)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _run() -> None:
    from formcheck.cli import app

    app()


if __name__ == "__main__":
    main()
