"""One file per format in. A reader runs in a child process and hands over a `Part`.

The app process asks `guard.read_file`; it never parses a stranger's bytes itself. A new format is
one file in this folder with one `@reader(...)` function, or the same in another package that is
named in the entry-point group ``twinview.readers``.
"""
