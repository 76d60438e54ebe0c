"""The hash chain: what an entry's hash covers.

`hash = SHA-256(encode([instance, seq, kind, at, actor, on_behalf_of, definition, revision, input digest, effects
digest, state hash, previous hash]))`. Payloads enter as digests, so one with personal data can be sealed later
without breaking the chain.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from engine.values import encode

GENESIS = bytes(32)
"""What stands in for the previous hash in an instance's first entry."""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything an entry's hash covers beside the previous hash. Digests and hashes are 32 bytes."""

    instance: str
    seq: int
    kind: str
    at: datetime
    actor: str | None
    on_behalf_of: str | None
    definition: bytes
    revision: int
    input_digest: bytes
    effects_digest: bytes
    state_hash: bytes

    def hash(self, previous: bytes) -> bytes:
        """The entry's hash, 32 bytes."""
        return digest(
            encode(
                [
                    self.instance,
                    self.seq,
                    self.kind,
                    self.at,
                    self.actor,
                    self.on_behalf_of,
                    self.definition.hex(),
                    self.revision,
                    self.input_digest.hex(),
                    self.effects_digest.hex(),
                    self.state_hash.hex(),
                    previous.hex(),
                ]
            )
        )


def digest(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()
