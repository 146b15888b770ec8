"""A reader process of a large parent is not replaced after every file: what counts is what it holds itself."""

from searchapp.article import Record
from searchapp.readers.sandbox.limits import MEMORY
from searchapp.readers.sandbox.parent import Sandbox

PAGE = ("<html><body><article><h1>Tin</h1><p>" + "Phường họp bàn. " * 60 + "</p></article></body></html>").encode()


def test_the_size_of_the_parent_does_not_tire_its_reader() -> None:
    ballast = bytearray(MEMORY)
    ballast[:: 1 << 12] = b"x" * len(ballast[:: 1 << 12])
    box = Sandbox()
    try:
        pids = set()
        for _ in range(3):
            (item,) = box.read(PAGE, "a.html")
            assert isinstance(item, Record)
            assert box._child is not None
            pids.add(box._child.process.pid)
        assert len(pids) == 1
    finally:
        box.close()
