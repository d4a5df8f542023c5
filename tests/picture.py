"""Take the picture of the HTML report that the README shows: python -m tests.picture (needs chromium)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / ".github" / "images" / "report.png"
SIZE = "1100,1080"


def main() -> None:
    """Scan a fixture, open its page without a window, and keep what is seen."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("no chromium is installed: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        project, page = Path(folder, "vendor_desk"), Path(folder, "report.html")
        shutil.copytree(ROOT / "fixtures" / "vendor_desk", project, ignore=shutil.ignore_patterns("__pycache__"))
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        scan = [sys.executable, "-m", "hiveloop_scan", "report", "vendor_desk", "--sort", "value"]
        for _ in range(2):  # what is kept of the first run makes the second one quick
            subprocess.run([*scan, "--output", f"html:{page}"], cwd=folder, env=environment, check=True)
        page.write_text(page.read_text("utf-8").replace("<details", "<details open", 1), "utf-8")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        flags = [
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            f"--window-size={SIZE}",
            f"--user-data-dir={folder}",
        ]
        subprocess.run([browser, *flags, f"--screenshot={PICTURE}", page.as_uri()], check=True, capture_output=True)
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
