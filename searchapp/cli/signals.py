"""What ends a command from outside: SIGTERM, SIGHUP when its terminal goes away, Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType

Handler = Callable[[int, FrameType | None], None]


def end_with(handler: Handler, *, interrupted: bool = False) -> None:
    """Call `handler` when the command shall end; interrupted: at Ctrl-C too.

    What its parent let it ignore, as nohup and `&` do, stays ignored.
    """
    signal.signal(signal.SIGTERM, handler)
    others = ["SIGHUP", "SIGINT"] if interrupted else ["SIGHUP"]
    for number in (getattr(signal, name) for name in others if hasattr(signal, name)):  # Windows has no SIGHUP
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)
