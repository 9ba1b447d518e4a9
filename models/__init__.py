"""What AWS is: packets, tables, components and answers, as values.

Pure: pydantic, msgspec and the standard library; no files, no network, no clock.
"""
