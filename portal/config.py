"""Settings, read once from PORTAL_* variables, and the office clock. Refuses to start when something is missing."""

import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
DEMO_START = "2024-10-21T13:00:00+07:00"
LOOPBACK = ("127.0.0.1", "localhost")

KNOWN = {
    "PORTAL_SECRET_KEY": "long random text that signs cookies; required outside the demo",
    "PORTAL_DATABASE_URL": "sqlite:////path/portal.db or postgresql+psycopg://user@host/name; required but in the demo",
    "PORTAL_TRUSTED_HOSTS": "names under which the portal is reached, separated by commas; required but in the demo",
    "PORTAL_PROXY_HOPS": "number of proxies in front that set X-Forwarded-For; 0 when none",
    "PORTAL_DEMO": "1 turns the demo office on (127.0.0.1 only)",
    "PORTAL_DEMO_PASSWORD": "the password of all demo accounts",
    "PORTAL_CLOCK": "moment at which the demo's office clock starts, ISO 8601 with zone; demo only",
    "PORTAL_TEST_DATABASE_URL": "read by the tests only: a PostgreSQL server to test on",
    "PORTAL_TEST_REQUIRE_ALL": "read by the tests only: 1 turns every skip into a failure",
}


class BadSettings(Exception):
    """The portal cannot start like this; the text names the variable and what to do."""


class Clock:
    """The office's present moment. A started clock runs on from ``start``, everybody else's is the real one."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start.astimezone(UTC) + timedelta(seconds=time.monotonic() - self._began)

    def resume_after(self, moment: datetime | None) -> None:
        """Never run behind ``moment``: a started clock goes on from what was last written down."""
        if self._start is not None and moment is not None and moment > self.now():
            self._start, self._began = moment + timedelta(seconds=1), time.monotonic()


@dataclass(frozen=True, slots=True)
class Settings:
    """How this portal is set up."""

    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    demo: bool = False
    demo_password: str = field(default="mojokerto-demo", repr=False)
    clock_start: datetime | None = None

    @classmethod
    def read(cls, variables: Mapping[str, str] | None = None) -> "Settings":
        """Settings from the environment; raises BadSettings naming the first variable that is wrong."""
        given = {k: v for k, v in (os.environ if variables is None else variables).items() if k.startswith("PORTAL_")}
        for name in sorted(given.keys() - KNOWN.keys()):
            raise BadSettings(f"{name}: unknown variable. Known are: {', '.join(KNOWN)}.")
        demo = _flag(given, "PORTAL_DEMO")
        if "PORTAL_CLOCK" in given and not demo:
            raise BadSettings("PORTAL_CLOCK: only the demo office has its own clock. Unset it, or set PORTAL_DEMO=1.")
        return cls(
            secret_key=_secret_key(given, demo),
            database_url=_database_url(given, demo),
            trusted_hosts=_trusted_hosts(given, demo),
            proxy_hops=_hops(given),
            demo=demo,
            demo_password=given.get("PORTAL_DEMO_PASSWORD", "mojokerto-demo"),
            clock_start=_moment(given) if demo else None,
        )

    @property
    def sqlite_path(self) -> Path | None:
        """The database file; None when the database is a server."""
        match = re.fullmatch(r"sqlite:///(.+)", self.database_url)
        return Path(match[1]) if match else None


def _flag(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "0")
    if value not in ("0", "1"):
        raise BadSettings(f"{name}: is {value!r}, must be 0 or 1.")
    return value == "1"


def _secret_key(given: Mapping[str, str], demo: bool) -> str:
    key = given.get("PORTAL_SECRET_KEY", "")
    if not key and demo:
        return "demo-office-key-that-protects-nothing-real"
    if len(key) < 32:
        raise BadSettings(
            "PORTAL_SECRET_KEY: missing or shorter than 32 characters. Make one with "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'."
        )
    return key


def _database_url(given: Mapping[str, str], demo: bool) -> str:
    url = given.get("PORTAL_DATABASE_URL", "")
    if not url and demo:
        return f"sqlite:///{INSTANCE / 'demo.db'}"
    if not re.match(r"(sqlite:////?[^/]|postgresql(\+psycopg)?://)", url):
        raise BadSettings(
            "PORTAL_DATABASE_URL: missing or not understood. Use sqlite:////path/portal.db or "
            "postgresql+psycopg://user:password@host/name."
        )
    return re.sub(r"^postgresql://", "postgresql+psycopg://", url)


def _trusted_hosts(given: Mapping[str, str], demo: bool) -> tuple[str, ...]:
    hosts = tuple(h.strip() for h in given.get("PORTAL_TRUSTED_HOSTS", "").split(",") if h.strip())
    if demo:
        return LOOPBACK
    if not hosts:
        raise BadSettings("PORTAL_TRUSTED_HOSTS: missing. Name the host the portal is reached under.")
    return hosts


def _hops(given: Mapping[str, str]) -> int:
    value = given.get("PORTAL_PROXY_HOPS", "0")
    if not re.fullmatch(r"[0-4]", value):
        raise BadSettings(f"PORTAL_PROXY_HOPS: is {value!r}, must be a number from 0 to 4.")
    return int(value)


def _moment(given: Mapping[str, str]) -> datetime:
    value = given.get("PORTAL_CLOCK", DEMO_START)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadSettings(f"PORTAL_CLOCK: {value!r} is not a moment such as {DEMO_START}.") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("Asia/Jakarta"))
    return moment
