"""What the pose library would report is stopped, or it does not run."""

from __future__ import annotations

import os
import sys

import pytest

from formcheck import doctor, telemetry
from formcheck.pipeline import ModelError
from formcheck.telemetry import ALLOWED, forbid_telemetry, why_not_stopped

PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the promise is for Linux")


@pytest.fixture(autouse=True)
def users_proxy(monkeypatch):
    """Let a proxy of the user's be set, and put everything back afterwards."""
    for name in PROXIES:
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    monkeypatch.delenv(ALLOWED, raising=False)


def test_reports_would_be_sent_until_they_are_forbidden():
    assert "no_proxy" in why_not_stopped()
    forbid_telemetry()
    assert why_not_stopped() == ""


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_they_cannot_be_stopped_nothing_runs_unless_allowed(platform, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(ModelError, match=f"firewall, then set {ALLOWED}=1"):
        forbid_telemetry()
    assert doctor._reports().ok is False
    monkeypatch.setenv(ALLOWED, "1")
    forbid_telemetry()
    assert doctor._reports().ok is None


def test_an_environment_that_the_library_does_not_see_is_noticed(monkeypatch):
    monkeypatch.setattr(telemetry.os, "environ", dict(os.environ))  # a copy: no putenv
    with pytest.raises(ModelError, match="https_proxy"):
        forbid_telemetry()


def test_a_library_that_is_not_known_is_not_trusted(monkeypatch):
    monkeypatch.setattr(telemetry, "_LIBRARY", "tasks/c/other.so")
    with pytest.raises(ModelError, match="not known to heed"):
        forbid_telemetry()
    assert doctor._reports().ok is False
