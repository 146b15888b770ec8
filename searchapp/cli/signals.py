"""What ends a command from outside: SIGTERM, and SIGHUP when its terminal goes away."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType


def end_with(handler: Callable[[int, FrameType | None], None]) -> None:
    """Call `handler` when the command shall end. One that was started with nohup is not ended by its terminal."""
    signal.signal(signal.SIGTERM, handler)
    hangup = getattr(signal, "SIGHUP", None)  # there is none on Windows
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        signal.signal(hangup, handler)
