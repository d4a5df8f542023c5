"""What makes a gate bearable in old code: baselines, changes since a revision, comments that are written for you."""
