"""The front door: `python build.py [command]`."""

import sys

if __name__ == "__main__":  # worker processes import this file too
    from roundtable.__main__ import run

    sys.exit(run())
