"""A run of the guide's program with its calls by hand, kept for the README; this makes it anew:

python -m tests.recorded_desk
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hiveloop_scan.verify.records import CallSite, Run, read_run, write_records
from tests.test_fixtures import FIXTURES
from tests.test_guide_program import by_hand
from tests.verified import verify, write

FILE = FIXTURES / "vendor_desk_by_hand" / "events.jsonl"
_PROGRAM = """
import sys
import time

sys.path.insert(0, {tests!r})
from tests import test_guide_program as guide
from vendor_desk import desk, observability, services, toolbox, vendors

class Bureau(guide.Bureau):
    def report_on(self, vendor):
        time.sleep(0.08)
        return super().report_on(vendor)

desk.PAUSE_SECONDS = 0.25
hb = observability.connect(guide.KEY, "http://127.0.0.1:9")
tools = toolbox.Toolbox(guide.Register(), Bureau(services.ServiceTimeout, guide.TIMEOUTS), guide.Directory())
purchasing = desk.VendorDesk(tools, guide.Model(), hb)
for number, name in enumerate(guide.TIMEOUTS, 1):
    purchasing.hand_in(vendors.Vendor(number, name, "NL"))
purchasing.work()
"""


def record(folder: Path) -> Run:
    """Run the desk in `folder`; the lines of its events are those of the fixtures."""
    by_hand(folder)
    program = write(folder, _PROGRAM.format(tests=str(Path(__file__).parent.parent)), "desk.py")
    done = verify(folder, "python", program.name).run
    records = [replace(kept, site=_in_the_fixtures(kept.site), through=None) for kept in done.records]
    return replace(done, records=tuple(records), notes=())


def _in_the_fixtures(site: CallSite | None) -> CallSite | None:
    if site is None:
        return None
    own = FIXTURES / "vendor_desk_by_hand" / Path(site.path).name
    path = own if own.exists() else FIXTURES / "vendor_desk" / own.name
    return replace(site, path=path.relative_to(FIXTURES.parent).as_posix())


def kept_run() -> Run:
    """Return the run that is kept."""
    return read_run(FILE)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        write_records(FILE, record(Path(name)))
