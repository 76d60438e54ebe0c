"""Every function of the language, in one table."""

from engine.feel.builtins import booleans, contexts, conversion, lists, numeric, ranges, strings, temporal, working
from engine.feel.builtins.signature import Builtin

_TABLES = (booleans, contexts, conversion, lists, numeric, ranges, strings, temporal, working)
BUILTINS: dict[str, Builtin] = {
    name: Builtin(name, tuple(signatures)) for table in _TABLES for name, signatures in table.SIGNATURES.items()
}
