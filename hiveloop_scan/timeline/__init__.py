"""What a run has told HiveBoard, as a timeline: in a terminal, and as one HTML page."""
