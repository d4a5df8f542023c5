"""The textbook retry loop, which is found whatever else changes, and the plan that finds it."""

from dataclasses import replace
from pathlib import Path
from time import perf_counter

from hiveloop_scan.catalog import load_rules
from hiveloop_scan.config import Config
from hiveloop_scan.engine import report_of
from hiveloop_scan.model import Report
from hiveloop_scan.scan import Plan, scan_stdin

RETRY = """\
def fetch(call):
    for attempt in range(3):
        try:
            return call()
        except TransientError:
            time.sleep(2 ** attempt)
"""
RETRY_LINE = 2

RETRY_FILE = """\
import time


def fetch(client):
    for attempt in range(3):
        try:
            return client.load()
        except TransientError:
            time.sleep(2**attempt)
"""


def plan_for(root: Path, triage: bool = True) -> Plan:
    rules = tuple(rule for rule in load_rules() if rule.kind != "gate")
    return Plan(rules, Config(root), triage=triage)


def scanned(source: str | bytes, triage: bool = True) -> Report:
    """Scan a source as if it stood in ``agent.py`` of the working folder."""
    data = source.encode() if isinstance(source, str) else source
    plan = plan_for(Path.cwd(), triage)
    return replace(report_of([scan_stdin(data, Path("agent.py"), plan)], plan, perf_counter()), seconds=0.0)
