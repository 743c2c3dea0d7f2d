"""`dev bench papers`: the table of papers, tests/printing/table.py, on every printer that ships."""

import sys

from tests.printing import table


def main() -> None:
    """Print a line for each paper and printer; end with status 1 if anything differs."""
    if table.main():
        sys.exit(1)
