"""The open document: what is loaded, edited and seen, and the table of commands."""
