"""Write the missing calls: edits of the text at places of its tree, proven before they are saved."""
