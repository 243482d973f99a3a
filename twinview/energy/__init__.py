"""Pure numbers: power flow, carbon flow tracing, storage, balances and factors.

Arrays in, arrays out. Nothing here knows files, windows or the twin.
"""
