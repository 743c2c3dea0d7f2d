"""A disk that can lose its power: what was written but not synced may be lost, torn or reordered.

SQLite writes through a VFS of ours into memory. Each file has two faces: what the program reads
back, and what is safe whatever happens. A write becomes safe when its file is synced; a new name
becomes safe with the first sync of its file, a removed one only when its folder is synced (as on
Linux, and as SQLite assumes). At a power cut a disk may keep none of what was pending, all of it
up to some moment with the last sector torn, or any part of it in any order.

A disk that lies says "synced" and does nothing: no program can save what such a disk loses, but
what is left must still be whole.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import apsw

SECTOR = 512
NOTHING, PREFIX, ANY, ALL = "nothing", "prefix", "any", "all"
WAYS = (NOTHING, PREFIX, ANY)


@dataclass(frozen=True, slots=True)
class Pending:
    """One change that is not safe yet. number: its place in the order of the whole disk.

    data: bytes written at `offset`; None for "cut to `offset` bytes".
    """

    number: int
    offset: int
    data: bytes | None


@dataclass(slots=True)
class Node:
    """A file: what is read back, what is safe, and what lies between."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytearray = field(default_factory=bytearray)
    pending: list[Pending] = field(default_factory=list)
    is_name_safe: bool = False


class NoPower(Exception):
    """The disk is dead: the program that was using it is, too."""


class Disk:
    """Files in memory that a power cut leaves as a real disk might."""

    def __init__(self, files: dict[str, bytes] | None = None, *, lies: bool = False) -> None:
        """Begin with these files, all of them safe. lies: a sync does nothing."""
        self.nodes: dict[str, Node] = {
            name: Node(bytearray(data), bytearray(data), [], is_name_safe=True)
            for name, data in (files or {}).items()
        }
        self._removed: dict[str, bytes] = {}  # names whose removal is not safe yet
        self.lies = lies
        self.had_lied = lies  # also once it has stopped, and on what was left by a power cut
        self.changes = 0
        self.syncs = 0
        self.safe_moment = 0  # rises with all that makes another thing safe
        self.is_dead = False
        self.is_forgotten = False  # taken out: what a lost connection still writes goes nowhere
        self.on_change: Callable[[], None] | None = None

    # --- What SQLite does ------------------------------------------------------------------------

    def _is_off(self) -> bool:
        """Tell whether nothing happens any more; whoever is still at work hears an error."""
        if self.is_dead and not self.is_forgotten:
            raise NoPower
        return self.is_dead

    def create(self, name: str) -> Node:
        """Open a file, making it if it is not there."""
        self._is_off()
        if name not in self.nodes:
            self.nodes[name] = Node()
        return self.nodes[name]

    def write(self, node: Node, offset: int, data: bytes) -> None:
        """Write: seen at once, safe later."""
        if self._is_off():
            return
        self._changed()
        node.pending.append(Pending(self.changes, offset, data))
        _apply(node.seen, offset, data)

    def truncate(self, node: Node, size: int) -> None:
        """Cut a file."""
        if self._is_off():
            return
        self._changed()
        node.pending.append(Pending(self.changes, size, None))
        _apply(node.seen, size, None)

    def sync(self, node: Node) -> None:
        """Make a file safe, and its name if it is new."""
        if self._is_off():
            return
        self.syncs += 1
        self._changed()
        if self.lies:
            return
        self.safe_moment += 1
        for change in node.pending:
            _apply(node.safe, change.offset, change.data)
        node.pending.clear()
        if not node.is_name_safe:
            node.is_name_safe = True
            self._removed.clear()  # syncing the folder for the new name

    def remove(self, name: str, *, is_folder_synced: bool) -> None:
        """Remove a file; the removal is safe only when the folder was synced."""
        if self._is_off():
            return
        self._changed()
        node = self.nodes.pop(name, None)
        if node is None:
            return
        self.safe_moment += 1
        if is_folder_synced and not self.lies:
            self._removed.clear()
        elif node.is_name_safe:
            self._removed[name] = bytes(node.safe)

    def _changed(self) -> None:
        self.changes += 1
        if self.on_change is not None and not self.is_forgotten:
            self.on_change()

    # --- Power -----------------------------------------------------------------------------------

    def after_power_cut(self, dice: random.Random, way: str = "") -> dict[str, bytes]:
        """Return the files as the next start finds them; this disk is not changed.

        way: what happened to that which was pending; drawn if empty.
        """
        way = way or dice.choice(WAYS)
        numbers = sorted(p.number for node in self.nodes.values() for p in node.pending)
        last = dice.choice(numbers) if numbers and way == PREFIX else 0
        files: dict[str, bytes] = {}
        for name, node in self.nodes.items():
            if not node.is_name_safe and way != ALL and dice.random() < 0.5:
                continue  # the name itself was never written to the folder
            if way == NOTHING or not node.pending:
                files[name] = bytes(node.safe)
                continue
            data = bytearray(node.safe)
            for change in node.pending:
                _survive(data, change, way, last, dice)
            files[name] = bytes(data)
        for name, data_before in self._removed.items():
            if name not in files and (way == NOTHING or dice.random() < 0.5):
                files[name] = data_before
        return files

    @property
    def is_settled(self) -> bool:
        """Tell whether only what was written is unsure, and no name and no removal."""
        return not self._removed and all(node.is_name_safe for node in self.nodes.values())

    def image(self) -> dict[str, bytes]:
        """Return the files as the program sees them: what a copy of the whole disk would hold."""
        return {name: bytes(node.seen) for name, node in self.nodes.items()}

    def die(self) -> None:
        """Cut the power: whoever still writes gets an error, until the machine is given up."""
        self.is_dead = True


def _apply(target: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del target[offset:]
        if len(target) < offset:
            target.extend(bytes(offset - len(target)))
        return
    if len(target) < offset:
        target.extend(bytes(offset - len(target)))
    target[offset : offset + len(data)] = data


def _survive(data: bytearray, change: Pending, way: str, last: int, dice: random.Random) -> None:
    """Let one pending change come through, wholly, partly or not at all."""
    if way == NOTHING:
        return
    if way == ALL or (way == PREFIX and change.number < last):
        _apply(data, change.offset, change.data)
        return
    if way == PREFIX:
        if change.number == last and change.data is not None:
            kept = dice.randrange(len(change.data) + 1)
            _apply(data, change.offset, change.data[:kept])
        return
    if change.data is None:
        if dice.random() < 0.5:
            _apply(data, change.offset, None)
        return
    for start in range(0, len(change.data), SECTOR):
        if dice.random() < 0.5:
            _apply(data, change.offset + start, change.data[start : start + SECTOR])


# --- The VFS -------------------------------------------------------------------------------------

NAME = "power"
STATEMENTS = 1_000  # kept compiled: more than a station has
_POWERSAFE = 0x1000  # SQLITE_IOCAP_POWERSAFE_OVERWRITE, as the unix VFS reports


class _File:
    """A file as SQLite wants it."""

    def __init__(self, disk: Disk, node: Node) -> None:
        self._disk = disk
        self._node = node

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._node.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.write(self._node, offset, bytes(data))

    def xTruncate(self, size: int) -> None:
        self._disk.truncate(self._node, size)

    def xSync(self, _flags: int) -> None:
        self._disk.sync(self._node)

    def xFileSize(self) -> int:
        return len(self._node.seen)

    def xFileControl(self, _op: int, _pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return _POWERSAFE

    def xLock(self, _level: int) -> None:
        pass

    def xUnlock(self, _level: int) -> None:
        pass

    def xCheckReservedLock(self) -> bool:
        return False

    def xClose(self) -> None:
        pass


class PowerVfs(apsw.VFS):
    """Paths "/name/file" lie on the disk that was put in under that name."""

    def __init__(self) -> None:
        """Register."""
        self._disks: dict[str, Disk] = {}
        self._counter = 0
        super().__init__(NAME, base="")

    def put_in(self, disk: Disk) -> str:
        """Put a disk in; return the folder under which it is found."""
        self._counter += 1
        folder = f"/disk{self._counter}"
        self._disks[folder] = disk
        return folder

    def take_out(self, folder: str) -> None:
        """Forget a disk."""
        disk = self._disks.pop(folder, None)
        if disk is not None:
            disk.is_forgotten = True
            disk.on_change = None

    def _of(self, path: str) -> tuple[Disk, str]:
        folder, _, name = path.rpartition("/")
        return self._disks[folder], name

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        """Open a file of a disk; a file without a name is thrown away in the end."""
        flags[1] = flags[0]
        if name is None:
            disk = Disk()
            return _File(disk, disk.create("temporary"))
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        disk, file = self._of(path)
        return _File(disk, disk.create(file))

    def xDelete(self, name: str, syncdir: bool) -> None:
        """Remove a file."""
        folder, _, _ = name.rpartition("/")
        if folder not in self._disks:
            return  # a connection that is thrown away long after its machine
        disk, file = self._of(name)
        disk.remove(file, is_folder_synced=syncdir)

    def xAccess(self, name: str, _flags: int) -> bool:
        """Tell whether a file is there."""
        disk, file = self._of(name)
        return file in disk.nodes

    def xFullPathname(self, name: str) -> str:
        """Names are whole already."""
        return name


_vfs: list[PowerVfs] = []


def the_vfs() -> PowerVfs:
    """Return the one VFS of this process: SQLite keeps a registered one for ever."""
    if not _vfs:
        _vfs.append(PowerVfs())
    return _vfs[0]


def connect(folder: str, file: str = "station.db") -> apsw.Connection:
    """Open a database of a disk that was put in, alone (shared memory needs real files)."""
    connection = apsw.Connection(f"{folder}/{file}", vfs=NAME, statementcachesize=STATEMENTS)
    # Else each look into a search index is planned anew for the word that it asks for: one tenth
    # of what a life of the village costs, and the same plan each time.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    return connection
