"""The queues of the Windows spooler, over `winspool.drv`: jobs go through as RAW bytes.

A driver that does not know RAW prints the commands as letters, which is why the wizard's test page
asks what came out. Most local printers report nothing: what stands in the status is what the driver
believes, so it serves for faults and never for `ok`.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_int, c_uint16, c_uint32, c_void_p, c_wchar_p
from typing import Any

from station_app.devices.printer import COVER_OPEN, JAM, NO_PAPER, OTHER, QUEUE_STOPPED, UNREACHABLE
from station_app.devices.queue_printer import JobState, PartlySent, QueueState

TITLE = "village-station"
RAW = "RAW"
LOCAL_AND_CONNECTED = 0x2 | 0x4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
WORK_OFFLINE = 0x400  # PRINTER_ATTRIBUTE_WORK_OFFLINE
CANCEL_JOB = 3  # JOB_CONTROL_CANCEL
NAMES_MAX = 200
# PRINTER_STATUS_… of winspool.h that mean something to an operator, the gravest first.
PRINTER_FAULTS = (
    (0x0040_0000, COVER_OPEN),  # DOOR_OPEN
    (0x0000_0010, NO_PAPER),  # PAPER_OUT
    (0x0000_0008, JAM),  # PAPER_JAM
    (0x0000_0040, OTHER),  # PAPER_PROBLEM
    (0x0000_0001, QUEUE_STOPPED),  # PAUSED
    (0x0000_0080, UNREACHABLE),  # OFFLINE
    (0x0000_1000, UNREACHABLE),  # NOT_AVAILABLE
    (0x0010_0000, OTHER),  # USER_INTERVENTION
    (0x0000_0002, OTHER),  # ERROR
)
JOB_FAILED = 0x2 | 0x4 | 0x100 | 0x200  # ERROR, DELETING, DELETED, BLOCKED_DEVQ
JOB_DONE = 0x80 | 0x1000  # PRINTED, COMPLETE


class RawDocument(ctypes.Structure):
    """DOC_INFO_1W."""

    _fields_ = (("name", c_wchar_p), ("output", c_wchar_p), ("datatype", c_wchar_p))


class PrinterInfo2(ctypes.Structure):
    """PRINTER_INFO_2W."""

    _fields_ = (
        *((name, c_wchar_p) for name in ("server", "printer", "share", "port", "driver")),
        *((name, c_wchar_p) for name in ("comment", "location")),
        ("devmode", c_void_p),
        *((name, c_wchar_p) for name in ("separator", "processor", "datatype", "parameters")),
        ("security", c_void_p),
        *((name, c_uint32) for name in ("attributes", "priority", "default_priority")),
        *((name, c_uint32) for name in ("start", "until", "status", "jobs", "pages_a_minute")),
    )


class PrinterInfo4(ctypes.Structure):
    """PRINTER_INFO_4W."""

    _fields_ = (("printer", c_wchar_p), ("server", c_wchar_p), ("attributes", c_uint32))


class JobInfo1(ctypes.Structure):
    """JOB_INFO_1W; the moment at its end is sixteen bytes."""

    _fields_ = (
        ("number", c_uint32),
        *((name, c_wchar_p) for name in ("printer", "machine", "user", "document")),
        *((name, c_wchar_p) for name in ("datatype", "words")),
        *((name, c_uint32) for name in ("status", "priority", "position", "pages", "printed")),
        ("submitted", c_uint16 * 8),
    )


def queue_state(status: int, attributes: int) -> QueueState:
    """Return what the bits of PRINTER_INFO_2 mean."""
    for bit, reason in PRINTER_FAULTS:
        if status & bit:
            return QueueState(reason=reason)
    return QueueState(reason=UNREACHABLE if attributes & WORK_OFFLINE else "")


def job_state(status: int) -> JobState:
    """Return what the bits of JOB_INFO_1 mean."""
    if status & JOB_FAILED:
        return "failed"
    return "done" if status & JOB_DONE else "waits"


class WindowsQueues:
    """The spooler of this PC. A `SystemQueues`; elsewhere than on Windows it has no queues."""

    def __init__(self, library: Any = None) -> None:
        """Speak to winspool.drv."""
        self._library = library or _winspool()

    def names(self) -> list[str]:
        """Return the printers that Windows knows, local ones and connected ones."""
        if self._library is None:
            return []
        needed, count = c_uint32(), c_uint32()
        self._library.EnumPrintersW(
            LOCAL_AND_CONNECTED, None, 4, None, 0, byref(needed), byref(count)
        )
        if not needed.value:
            return []
        held = ctypes.create_string_buffer(needed.value)
        self._must(
            self._library.EnumPrintersW(
                LOCAL_AND_CONNECTED, None, 4, held, needed.value, byref(needed), byref(count)
            )
        )
        found = ctypes.cast(held, ctypes.POINTER(PrinterInfo4))
        return [str(found[at].printer) for at in range(min(count.value, NAMES_MAX))]

    def state(self, name: str) -> QueueState:
        """Return what the spooler says of a printer."""
        try:
            with self._opened(name) as handle:
                held = self._filled(self._library.GetPrinterW, handle, 2)
        except _NoSuchPrinter:
            return QueueState(is_there=False)
        info = ctypes.cast(held, ctypes.POINTER(PrinterInfo2)).contents
        return queue_state(info.status, info.attributes)

    def submit(self, name: str, job: bytes) -> str:
        """Write a job as RAW; a job that could not be written whole is taken back."""
        with self._opened(name) as handle:
            number = self._must(
                self._library.StartDocPrinterW(handle, 1, byref(RawDocument(TITLE, None, RAW)))
            )
            try:
                self._must(self._library.StartPagePrinter(handle))
                written = c_uint32()
                self._must(self._library.WritePrinter(handle, job, len(job), byref(written)))
                if written.value != len(job):
                    raise OSError(f"the spooler took {written.value} of {len(job)} bytes")
                self._must(self._library.EndPagePrinter(handle))
            except OSError as problem:
                self._library.SetJobW(handle, number, 0, None, CANCEL_JOB)
                raise PartlySent(str(problem)) from problem
            finally:
                self._library.EndDocPrinter(handle)
        return str(number)

    def job(self, name: str, number: str) -> JobState:
        """Return how far a job is; a finished one is forgotten by the spooler at once."""
        with self._opened(name) as handle:
            try:
                held = self._filled(self._library.GetJobW, handle, int(number), 1)
            except OSError:
                return "gone"
        return job_state(ctypes.cast(held, ctypes.POINTER(JobInfo1)).contents.status)

    def cancel(self, name: str, number: str) -> None:
        """Take a job back."""
        with self._opened(name) as handle:
            self._library.SetJobW(handle, int(number), 0, None, CANCEL_JOB)

    @contextmanager
    def _opened(self, name: str) -> Iterator[c_void_p]:
        if self._library is None:
            raise OSError("no Windows spooler here")
        handle = c_void_p()
        if not self._library.OpenPrinterW(name, byref(handle), None):
            raise _NoSuchPrinter(name)
        try:
            yield handle
        finally:
            self._library.ClosePrinter(handle)

    def _filled(self, ask: Any, handle: c_void_p, *which: int) -> Any:
        """Return the buffer that an asking function fills: first it says how long it must be."""
        needed = c_uint32()
        ask(handle, *which, None, 0, byref(needed))
        held = ctypes.create_string_buffer(max(needed.value, 1))
        self._must(ask(handle, *which, held, needed.value, byref(needed)))
        return held

    def _must(self, answer: int) -> int:
        if not answer:
            raise OSError(f"winspool error {_last_error()}")
        return answer


class _NoSuchPrinter(OSError):
    """The spooler knows no printer of this name."""


def _last_error() -> int:
    return int(getattr(ctypes, "get_last_error", lambda: 0)())


def _winspool() -> Any:
    """Return winspool.drv with the types of what is called, None elsewhere than on Windows."""
    loader: Any = getattr(ctypes, "WinDLL", None)
    if loader is None:
        return None
    library = loader("winspool.drv", use_last_error=True)
    pointer = ctypes.POINTER(c_uint32)
    for name, arguments in {
        "OpenPrinterW": (c_wchar_p, ctypes.POINTER(c_void_p), c_void_p),
        "ClosePrinter": (c_void_p,),
        "StartDocPrinterW": (c_void_p, c_uint32, ctypes.POINTER(RawDocument)),
        "StartPagePrinter": (c_void_p,),
        "WritePrinter": (c_void_p, c_void_p, c_uint32, pointer),
        "EndPagePrinter": (c_void_p,),
        "EndDocPrinter": (c_void_p,),
        "GetPrinterW": (c_void_p, c_uint32, c_void_p, c_uint32, pointer),
        "GetJobW": (c_void_p, c_uint32, c_uint32, c_void_p, c_uint32, pointer),
        "SetJobW": (c_void_p, c_uint32, c_uint32, c_void_p, c_uint32),
        "EnumPrintersW": (c_uint32, c_wchar_p, c_uint32, c_void_p, c_uint32, pointer, pointer),
    }.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, c_int
    return library
