"""The tracer itself: what it must report, what it must ignore, and that nothing leaves its sandbox."""

import socket
from types import ModuleType

import pytest

STRANGERS = """
import socket
def tried(act, *arguments):
    try:
        act(*arguments)
    except OSError:
        pass
"""


def hexed(text: str | bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in (text.encode() if isinstance(text, str) else text))


def query(name: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\xb7\xf4\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"


def address(text: str, port: int) -> str:
    if ":" in text:
        return (
            f"{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl(0), "
            f'inet_pton(AF_INET6, "{hexed(text)}", &sin6_addr), sin6_scope_id=0}}'
        )
    return f'{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr("{hexed(text)}")}}'


@pytest.mark.parametrize(
    ("line", "to"),
    [
        (f"connect(3, {address('192.0.2.7', 443)}, 16) = -1 ENETUNREACH (Network is unreachable)", "192.0.2.7:443"),
        (f"connect(3, {address('2001:db8::1', 443)}, 28 <unfinished ...>", "2001:db8::1:443"),
        (f"sendto(3, {hexed('hi')!r}, 2, 0, {address('224.0.0.251', 5353)}, 16) = 2", "224.0.0.251:5353"),
        (f"bind(3, {address('0.0.0.0', 8080)}, 16) = 0", "0.0.0.0:8080"),
        (f"connect(3, {address('127.0.0.53', 53)}, 16) = 0", "127.0.0.53:53"),
        (f'connect(3, {{sa_family=AF_UNIX, sun_path="{hexed("/run/systemd/resolve/io.systemd.Resolve")}"}}, 42) = 0',
         "/run/systemd/resolve/io.systemd.Resolve"),
        (f'connect(3, {{sa_family=AF_UNIX, sun_path="{hexed("/var/run/nscd/socket")}"}}, 110) = -1 ENOENT (No)',
         "/var/run/nscd/socket"),
        ("socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 3", "a socket of PACKET, SOCK_RAW, htons"),
        ("socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) = 3", "a socket of INET, SOCK_RAW, IPPROTO_ICMP"),
        ("connect(3, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x1}, 16) = 0", "AF_VSOCK"),
        ("io_uring_setup(32, {flags=0}) = 4", "io_uring, whose operations cannot be seen"),
        (f'sendto(7, "{hexed(query("a.example.org"))}", 31, MSG_NOSIGNAL, NULL, 0) = 31', "look-up of a.example.org"),
        (f'sendmmsg(7, [{{msg_hdr={{msg_iov=[{{iov_base="{hexed(query("b.org"))}"}}]}}}}], 1, 0)', "look-up of b.org"),
    ],
)  # fmt: skip
def test_whatever_may_leave_the_machine_is_a_contact(tracer: ModuleType, line: str, to: str) -> None:
    line = line.replace("'", '"')
    assert [contact.to for contact in tracer.contacts([f"4242 {line}\n"])] == [to]


@pytest.mark.parametrize(
    "line",
    [
        f"connect(3, {address('127.0.0.1', 80)}, 16) = 0",
        f"connect(3, {address('::1', 80)}, 28) = 0",
        f'connect(3, {{sa_family=AF_UNIX, sun_path=@"{hexed("/tmp/.X11-unix/X0")}"}}, 20) = 0',
        'sendto(3, "", 0, 0, NULL, 0) = 0',
        f'sendto(3, "{hexed("GET / HTTP/1.1")}", 14, 0, NULL, 0) = 14',
        "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3",
        "socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 3",
        "bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0",
        "+++ exited with 0 +++",
    ],
)
def test_what_stays_on_the_machine_is_none(tracer: ModuleType, line: str) -> None:
    assert tracer.contacts([f"4242 {line}\n"]) == ()


def test_threads_and_children_are_seen(traced, tracer: ModuleType) -> None:
    code = f"""{STRANGERS}
import subprocess, sys, threading
thread = threading.Thread(target=tried, args=(socket.create_connection, ("192.0.2.1", 80)))
thread.start()
thread.join()
child = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.2', 9))"
subprocess.run([sys.executable, "-c", child], stderr=subprocess.DEVNULL)
tried(socket.getaddrinfo, "somewhere.example", 80)
"""
    done = traced(["-c", code])
    assert done.result.returncode == 0, done.result.stderr
    seen = [contact.to for contact in done.contacts]
    assert {"192.0.2.1:80", "192.0.2.2:9"} <= set(seen)
    assert any("somewhere.example" in to or to.endswith(":53") for to in seen)


def test_nothing_leaves_the_cage(traced) -> None:
    """Not even to a listener on this machine, which stands in for any other."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        code = f"{STRANGERS}\ntried(lambda: socket.create_connection(('127.0.0.1', {port}), 1).sendall(b'x'))"
        done = traced(["-c", code])
        assert done.result.returncode == 0, done.result.stderr
        with pytest.raises(TimeoutError):
            listener.accept()
    assert done.contacts == ()
