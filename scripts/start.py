"""What the rows start/... have a fresh way do: nothing, or copy bytes. Not meant to be run alone."""


def run(control, source, copy, begin, end):
    """Copies the slice of the bytes, where control[0] says so."""
    if control[0]:
        copy[begin:end] = source[begin:end]
