"""This PC's own address in its network: for looking at the neighbours, and for a telephone."""

import socket

NOWHERE = ("192.0.2.1", 9)  # an address for examples: asked for the way to it, nothing is sent


def own_address() -> str:
    """Return this PC's address on its network, "" when it has none but its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plug:
        try:
            plug.connect(NOWHERE)
            address = str(plug.getsockname()[0])
        except OSError:
            return ""
    return "" if address.startswith(("127.", "0.")) else address
