"""Run the command line with ``python -m hiveloop_scan``."""

from hiveloop_scan.cli import main

if __name__ == "__main__":
    main()
