"""Questions about Python code that know nothing of HiveLoop: names, trees, control flow, imports."""
