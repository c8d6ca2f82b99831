"""The front door: `python build.py [command]`."""

import sys

from roundtable.cli import main

if __name__ == "__main__":  # worker processes import this file too
    sys.exit(main())
