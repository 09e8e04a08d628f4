"""Run the tools of the course: `python -m coursekit <command>`."""

from coursekit.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
