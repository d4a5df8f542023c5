"""The commands: one file each; what several of them take and do in files of its own."""
