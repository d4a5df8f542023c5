"""What it takes to see that work leaves the agent: the facts that all escalation detectors share."""
