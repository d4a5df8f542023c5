"""The command `checklist`."""

from __future__ import annotations

from hiveloop_scan.commands import options
from hiveloop_scan.commands.scanning import Request, run_scan
from hiveloop_scan.commands.writing import write_result


def checklist(
    paths: options.Paths = None,
    method: options.Methods = None,
    rule: options.Rules = None,
    min_confidence: options.MinConfidence = None,
    output: options.Output = None,
    exclude: options.Exclude = None,
    stdin_filename: options.StdinFilename = options.STDIN,
    jobs: options.Jobs = 0,
) -> None:
    """Write what to check on the dashboard, in Markdown, for exactly the methods and places that were found."""
    from hiveloop_scan.report.checklist import render_checklist

    found = run_scan(
        Request(paths, method, rule, min_confidence, exclude, stdin_filename, jobs, [output] if output else ())
    ).report
    write_result(render_checklist(found), output, found)
