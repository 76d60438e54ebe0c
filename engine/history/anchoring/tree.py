"""The tree over which anchors' roots are made."""

from __future__ import annotations

from collections.abc import Sequence

from engine.history.chain import digest


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The RFC 6962 Merkle tree hash of the leaves, 32 bytes."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return digest(b"\x00" + leaves[0])
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return digest(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:]))
