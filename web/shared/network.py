"""Where a request comes from, for whatever is counted per address."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request


def network_address() -> str:
    """Where the request comes from; of IPv6 the network of 64 bits that one customer of a provider is given whole."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
