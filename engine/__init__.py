"""The engine: diagrams carried out, history that can be proven, and everything that stands on it."""

import zoneinfo

# Time zones come from the pinned tzdata, never from the machine: the same expression gives the same value everywhere.
zoneinfo.reset_tzpath(to=())
