"""The embedded Redis: wakes workers, caches; keeps nothing that a restart may not lose."""

import signal
import socket
from typing import Final

from technopark.embedded.account import Account
from technopark.embedded.paths import Paths
from technopark.embedded.programs import redis_program
from technopark.embedded.service import Service

_TO_ANSWER: Final = 1.0  # seconds


def redis_service(paths: Paths, account: Account) -> Service:
    """Redis on its private socket, without TCP and without files."""
    for folder in (paths.redis, paths.redis_socket_dir):
        account.own(folder)
    return Service(
        name="Redis",
        command=[
            str(redis_program("redis-server")),
            *("--port", "0", "--unixsocket", str(paths.redis_socket), "--unixsocketperm", "700"),
            *("--dir", str(paths.redis), "--save", "", "--appendonly", "no"),
            *("--daemonize", "no", "--loglevel", "warning"),
        ],
        account=account,
        stop_signal=signal.SIGTERM,
        kill_signals=(signal.SIGKILL,),
        lock=paths.service_lock("redis"),
        log=paths.log / "redis.log",
        answers=lambda: _answers(paths),
        before_start=lambda: paths.redis_socket.unlink(missing_ok=True),
    )


def _answers(paths: Paths) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(_TO_ANSWER)
        try:
            client.connect(str(paths.redis_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16) == b"+PONG\r\n"
        except OSError:
            return False
