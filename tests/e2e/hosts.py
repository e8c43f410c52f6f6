"""Two hosts on a network of their own: namespaces joined to a hub by cables that can be pulled. Needs root and iproute2.

The services listen on 127.0.0.1 as ever. The hub hands each connection on, and lets go of one whose other end has fallen silent, as a server with
keep-alives does.
"""

import contextlib
import ctypes
import os
import secrets
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

NEW_NETWORK = 0x40000000  # CLONE_NEWNET
SILENCE_MS = 3_000
PIECE = 65_536


def why_impossible() -> str | None:
    """What is missing for namespaces, or None."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "the program `ip` is missing: apt-get install iproute2"
    name = f"as{os.getpid() % 100_000}-try-{secrets.token_hex(4)}"  # what another run left behind is in nobody's way
    try:
        tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    finally:
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
    return None if tried.returncode == 0 else f"no network namespaces here: {tried.stderr.strip()}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass
class Network:
    """A hub and the hosts around it; `name` makes the namespaces this run's own."""

    name: str
    relays: list[socket.socket] = field(default_factory=list)

    @property
    def hub(self) -> str:
        """The namespace in the middle."""
        return f"{self.name}-hub"

    def add_host(self, number: int) -> str:
        """A host with a cable to the hub; returns its namespace. It sees the hub at `address(number)`."""
        host, cable, plug = f"{self.name}-{number}", f"{self.name}h{number}", f"{self.name}p{number}"
        _ip("netns", "add", host)
        _ip("link", "add", cable, "netns", self.hub, "type", "veth", "peer", "name", plug, "netns", host)
        for namespace, device, end in ((self.hub, cable, 1), (host, plug, 2)):
            _ip("-n", namespace, "addr", "add", f"10.99.{number}.{end}/24", "dev", device)
            _ip("-n", namespace, "link", "set", device, "up")
            _ip("-n", namespace, "link", "set", "lo", "up")
        return host

    def address(self, number: int) -> str:
        """Where host `number` finds the services."""
        return f"10.99.{number}.1"

    def pull_cable(self, number: int) -> None:
        """From now on nothing arrives, in either direction, and nobody is told."""
        _ip("-n", self.hub, "link", "set", f"{self.name}h{number}", "down")

    def offer(self, port: int, *, to: int) -> None:
        """Let host `to` reach the service that listens on 127.0.0.1:`port` here."""
        listener = self._listen_in_hub(self.address(to), port)
        self.relays.append(listener)
        threading.Thread(target=_accept, args=(listener, port), daemon=True).start()

    def _listen_in_hub(self, address: str, port: int) -> socket.socket:
        """A socket of the hub's network in this process: a thread steps into the namespace, opens it, and ends there."""
        made: list[socket.socket] = []

        def open_there() -> None:
            with Path(f"/run/netns/{self.hub}").open() as namespace:
                if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), NEW_NETWORK):
                    raise OSError(ctypes.get_errno(), "setns")
            made.append(socket.create_server((address, port)))

        thread = threading.Thread(target=open_there)
        thread.start()
        thread.join()
        return made[0]


def _accept(listener: socket.socket, port: int) -> None:
    with contextlib.suppress(OSError):
        while True:
            outside, _ = listener.accept()
            outside.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MS)
            outside.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT):
                outside.setsockopt(socket.IPPROTO_TCP, option, 1)
            inside = socket.create_connection(("127.0.0.1", port))
            for source, target in ((outside, inside), (inside, outside)):
                threading.Thread(target=_pass_on, args=(source, target), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def network() -> Iterator[Network]:
    """A network for as long as the block runs."""
    made = Network(name=f"as{secrets.token_hex(3)}")  # at most 15 letters with what is put behind it: names of devices
    _ip("netns", "add", made.hub)
    try:
        _ip("-n", made.hub, "link", "set", "lo", "up")
        yield made
    finally:
        for listener in made.relays:
            listener.close()
        for namespace in Path("/run/netns").glob(f"{made.name}-*"):
            subprocess.run(["ip", "netns", "del", namespace.name], check=False, capture_output=True)
