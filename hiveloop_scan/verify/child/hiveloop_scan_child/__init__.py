"""Runs inside the program that is verified; its interpreter need not have hiveloop-scan.

So it imports the standard library only. Whatever fails here is kept here.
"""
