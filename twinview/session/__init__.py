"""The open document: what is loaded, what was edited, what is seen, and the commands that change it."""
