"""Skipped tests, said aloud; with PORTAL_TEST_REQUIRE_ALL=1 each of them is a failure.

A pytest plugin, loaded by setup.cfg.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest


def everything_is_required() -> bool:
    return os.environ.get("PORTAL_TEST_REQUIRE_ALL", "") not in ("", "0")


def reasons(reports: list[Any]) -> Counter[str]:
    """How many tests each reason kept from running."""
    return Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)


def skipped(config: pytest.Config) -> list[Any]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if everything_is_required() and skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    reports = skipped(config)
    if not reports:
        return
    required = everything_is_required()
    colour = {"red" if required else "yellow": True, "bold": True}
    title = "SKIPPED, AND EVERYTHING IS REQUIRED: FAILED" if required else "SKIPPED: THIS WAS NOT TESTED"
    terminalreporter.section(title, sep="!", **colour)
    for reason, count in reasons(reports).most_common():
        terminalreporter.line(f"{count:>5} × {reason}", **colour)
