"""Runs a command on Linux and lists what it tried to reach beyond this machine, including name look-ups.

    python scripts/trace_network.py [--open] COMMAND [ARGUMENT...]

`strace` watches the system calls of the command, its threads and its children, so native code is seen as well. Nothing
leaves the machine meanwhile: connecting seems to succeed, and every sending fails. With --open all calls are carried
out, for programs that need a display. Exit code: the command's own, or 3 if it tried to reach something.
"""

import ipaddress
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REACHED = 3
"""The exit code if the command tried to reach something beyond the machine."""

_CALLS = ("socket", "connect", "bind", "sendto", "sendmsg", "sendmmsg", "io_uring_setup")
_CAGE = ("connect:retval=0", "sendto,sendmsg,sendmmsg:error=ENETUNREACH")
_RESOLVERS = ("/run/systemd/resolve/", "/run/nscd/", "/run/avahi-daemon/", "/run/dbus/system_bus_socket")
"""Services that look up names on behalf of local programs, through a socket on this machine."""

_CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ADDRESS = re.compile(r'sin6?_port=htons\((\d+)\).*?inet_(?:addr\(|pton\(AF_INET6, )"([^"]*)"')
_FAMILY = re.compile(r"sa_family=(\w+)")
_PATH = re.compile(r'sun_path="([^"]*)"')
_SOCKET = re.compile(r"(?:PF|AF)_(\w+), (\S+), (\w+)")


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt to reach something beyond the machine, whether or not it succeeded.

    Attributes:
        call: The system call.
        to: What it was for: an address with its port, a resolver's socket, or the name that was looked up.
    """

    call: str
    to: str


@dataclass(frozen=True, slots=True)
class Traced:
    """The outcome of a command: what it tried to reach, in order and without duplicates, and its result."""

    contacts: tuple[Contact, ...]
    result: subprocess.CompletedProcess[str]


def why_not() -> str | None:
    """Say why nothing can be traced here, or None if it can."""
    if not sys.platform.startswith("linux"):
        return "system calls are traced on Linux only"
    if shutil.which("strace") is None:
        return "strace is not installed (Debian and Ubuntu: sudo apt-get install strace)"
    tried = subprocess.run(["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true"], capture_output=True)
    return None if tried.returncode == 0 else "strace may not trace processes here, or is older than version 5.3"


def trace(
    command: Sequence[str], *, caged: bool = True, env: Mapping[str, str] | None = None, capture: bool = True
) -> Traced:
    """Run a command to its end.

    Args:
        command: The program and its arguments.
        caged: Whether nothing may leave the machine, or reach another program through a socket.
        env: Its complete environment; by default that of this process.
        capture: Keep what it prints instead of printing it.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "calls"
        words = ["strace", "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "1024", "-e", "signal=none", "-o", str(log)]
        words += ["-e", f"trace={','.join(_CALLS)}"]
        for rule in _CAGE if caged else ():
            words += ["-e", f"inject={rule}"]
        result = subprocess.run([*words, *command], env=env, capture_output=capture, text=True, check=False)
        with log.open(encoding="ascii", errors="replace") as lines:
            return Traced(contacts(lines), result)


def contacts(lines: Iterable[str]) -> tuple[Contact, ...]:
    """Parse the output of `strace -xx`. Everything that is not known to stay on the machine counts."""
    found: dict[Contact, None] = {}
    for line in lines:
        match = _CALL.match(line)
        if match:
            call, rest = match[1], _STRING.sub(lambda text: f'"{_decoded(text[1]).decode("latin-1")}"', match[2])
            found.update((Contact(call, to), None) for to in _beyond(call, rest, match[2]))
    return tuple(found)


def _beyond(call: str, text: str, raw: str) -> list[str]:
    if call == "io_uring_setup":
        return ["io_uring, whose operations cannot be seen"]
    if call == "socket":
        return _strange_socket(text)
    found = [
        f"{address}:{port}"
        for port, address in _ADDRESS.findall(text)
        if not ipaddress.ip_address(address).is_loopback or port == "53"
    ]
    for path in _PATH.findall(text):
        if any(service in path for service in _RESOLVERS):
            found.append(path)
    known = {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_UNSPEC"}
    found += [family for family in _FAMILY.findall(text) if family not in known]
    if call.startswith("send"):
        names = (_queried(_decoded(string)) for string in _STRING.findall(raw))
        found += [f"look-up of {name}" for name in names if name]
    return found


def _strange_socket(text: str) -> list[str]:
    match = _SOCKET.match(text)
    family, kind, protocol = match.groups() if match else ("?", "?", text)
    if family in ("UNIX", "NETLINK"):
        return []
    usual = family in ("INET", "INET6") and protocol in ("IPPROTO_IP", "IPPROTO_TCP", "IPPROTO_UDP")
    return [] if usual and "RAW" not in kind else [f"a socket of {family}, {kind}, {protocol}"]


def _decoded(text: str) -> bytes:
    r"""Bytes of a string of `strace -xx`, which is all `\x41`."""
    return bytes.fromhex("".join(re.findall(r"\\x([0-9a-f]{2})", text)))


def _queried(message: bytes) -> str | None:
    """The name in a query to a name server (RFC 1035, 4.1) or to nscd; None for any other message."""
    if message[4:12] == b"\0\1\0\0\0\0\0\0" or message[4:12] == b"\0\1\0\0\0\0\0\1":
        labels, at = [], 12
        while at < len(message) and 0 < message[at] < 64:
            labels.append(message[at + 1 : at + 1 + message[at]].decode("latin-1"))
            at += 1 + message[at]
        return ".".join(labels) or None
    if message[:4] == b"\2\0\0\0" and len(message) > 12:
        return message[12:].rstrip(b"\0").decode("latin-1")
    return None


def main(arguments: Sequence[str]) -> int:
    """Trace the command that the arguments name and list its contacts on standard error."""
    caged = arguments[:1] != ["--open"]
    command = arguments if caged else arguments[1:]
    reason = why_not() if command else "name a command"
    if reason:
        print(f"{Path(__file__).name}: {reason}", file=sys.stderr)
        return 2
    traced = trace(command, caged=caged, capture=False)
    for contact in traced.contacts:
        print(f"beyond this machine: {contact.call} {contact.to}", file=sys.stderr)
    if not traced.contacts:
        print("nothing beyond this machine was tried", file=sys.stderr)
    return REACHED if traced.contacts else traced.result.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
