"""A small file that is replaced as a whole: after a power cut the old or the new one is there.

The new content is written and synced beside the old and takes its name; then the folder is synced,
else the old name could come back. Only the owner may read such a file.
"""

import os
from pathlib import Path

BESIDE = ".new"


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place of whatever `path` held. Raises OSError if the disk refuses."""
    beside = path.with_name(path.name + BESIDE)
    beside.unlink(missing_ok=True)  # what a power cut left may be open to others
    handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; Windows has no such call and does it with the replacement."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line ends otherwise
