"""How gunicorn serves the portal: `gunicorn wsgi:app`, with or without a proxy in front.

Threads, because a browser opens spare connections and says nothing on them: a single one would hold a sync
worker until it timed out, and here each holds one thread for five seconds; hence a dozen, not two or four.
One listening socket per worker, because on a shared one it happens that a single worker takes every
kept-alive connection and the other stands idle.
"""

import contextlib
import ctypes
import gc
import os
import socket
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 12
reuse_port = True
preload_app = True

timeout = 30
graceful_timeout = 20
keepalive = 5

# The kernel's memory, not the disk: a slow disk must not look like a hung worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "portal"


# What is loaded at the start is never thrown away: looking for garbage is for the workers.
gc.disable()


def pre_fork(_server: Any, _worker: Any) -> None:
    """What was loaded stays shared: the collector must not touch, and so copy, the pages of the parent."""
    gc.collect()
    gc.freeze()


def post_fork(_server: Any, _worker: Any) -> None:
    """Look for garbage again, and give a password hash's 19 MiB back at once: glibc would keep them in each thread's
    arena (533, now 148 MiB)."""
    gc.enable()
    threshold, arenas = -3, -8
    with contextlib.suppress(AttributeError, OSError):  # another C library has no mallopt, and no such habit
        libc = ctypes.CDLL(None)
        libc.mallopt(threshold, 128 * 1024)
        libc.mallopt(arenas, 2)


def on_starting(server: Any) -> None:
    """Refuse a port that is taken: with reuse_port the kernel would let two programs share it in silence.
    Refuse to show the demo, whose password is on its first page, to anybody but this machine.

    A unix socket cannot be had once per worker; there the workers share it.
    """
    if "GUNICORN_PID" in os.environ:  # a restart in place (USR2) shares the port with its predecessor on purpose
        return
    for address in server.cfg.address:
        if os.environ.get("PORTAL_DEMO") == "1" and (
            not isinstance(address, tuple) or address[0] not in ("127.0.0.1", "localhost")
        ):
            raise SystemExit("PORTAL_DEMO: the demo office listens on 127.0.0.1 only.")
        if not isinstance(address, tuple):
            server.cfg.set("reuse_port", False)
            continue
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                raise SystemExit(f"Cannot listen on {address[0]}:{address[1]}: {error.strerror}.") from None
