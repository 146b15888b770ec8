"""The tree of a long text: Phần, Chương, Mục, Điều, khoản, điểm, appendices and headings, with offsets."""

from __future__ import annotations

from searchapp.outline.splitter import split
from searchapp.outline.tree import (
    KINDS,
    Node,
    Outline,
    kinds,
    label,
    nearest,
    pack,
    part_id,
    provision_of,
    title,
    unpack,
)

__all__ = ["KINDS", "Node", "Outline", "label", "nearest", "pack", "part_id", "provision_of", "split", "title"]
__all__ += ["kinds", "unpack"]
