"""Limits of a reader process: memory, time, the network, other programs, foreign files."""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Final

try:
    import resource
except ImportError:  # this system has no such limits; the parent's wall clock remains
    resource = None  # type: ignore[assignment]

MEMORY: Final = 512 << 20
_STATUS: Final[list[int]] = []  # /proc/self/status, opened before the process may open nothing more
CPU_SECONDS: Final = 10

_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000  # CLONE_NEWUSER | CLONE_NEWNET, linux/sched.h
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "pty.",
    "ftplib.",
)
_FORBIDDEN_CHANGES: Final = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
)
_READ_ONLY: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def leave_network() -> None:
    """Move into a network without any interface, where the system lets ordinary users do that; else change nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER_AND_NETWORK)


def confine(memory: int = MEMORY) -> None:
    """Take away from this process, for good, every right that reading a document does not need.

    Call this function once, after all imports. memory: the most bytes that it may take.
    """
    with suppress(OSError):
        _STATUS.append(os.open("/proc/self/status", os.O_RDONLY))
    if resource is not None:
        for limit, value in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, 32),
        ):
            _lower(limit, value)
    readable = tuple(
        str(Path(folder))
        for folder in {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), "/usr/share/zoneinfo"}
    )
    package = str(Path(__file__).parents[1])

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN) or event in _FORBIDDEN_CHANGES:
            raise PermissionError(f"{event} is not allowed while a document is read")
        if event == "open" and isinstance(arguments[0], str):
            flags = arguments[2]
            if (isinstance(flags, int) and flags & _READ_ONLY) or not arguments[0].startswith((*readable, package)):
                raise PermissionError("no file may be opened while a document is read")

    sys.addaudithook(refuse)


def _lower(limit: int, value: int, *, soft: int | None = None) -> None:
    """Set a limit, no higher than the operator's own: nobody may raise that."""
    own = resource.getrlimit(limit)[1]
    least = value if own == resource.RLIM_INFINITY else min(value, own)
    resource.setrlimit(limit, (least if soft is None else min(soft, least), least))


def limit_program(memory: int = MEMORY, file: int = 0, cpu: int = CPU_SECONDS) -> None:
    """Set limits for another program that reads a document, between fork and exec; file: bytes of its largest output
    file.
    """
    if resource is not None:
        _lower(resource.RLIMIT_AS, memory)
        # At the soft limit it gets a signal of its own; at the hard one it dies as where memory is short.
        _lower(resource.RLIMIT_CPU, cpu + 1, soft=cpu)
        _lower(resource.RLIMIT_FSIZE, file)
    leave_network()


def allow_cpu(seconds: int = CPU_SECONDS) -> None:
    """Let this process work for so many seconds from now; then the system ends it."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def memory_held() -> int:
    """Return the most bytes that this process has held; 0 where the system does not say."""
    # ru_maxrss is the last choice: it begins with the parent's memory. A child of a large process would seem full after
    # its first file.
    if _STATUS:
        for line in os.pread(_STATUS[0], 4096, 0).splitlines():
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) << 10
    if resource is None:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
