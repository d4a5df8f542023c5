"""What it takes to see that a tool is run which was chosen at run time: the facts that all tool detectors share."""
