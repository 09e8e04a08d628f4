"""Text as it comes from other people's programs, and names that can be shown."""

import codecs

BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(data: bytes) -> str:
    """The text of a file: Unicode with or without a mark, else Windows' Latin letters.

    Never fails: what is no text comes back as odd characters.
    """
    for mark, encoding in BOMS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def shown(name: str) -> str:
    """A name that every terminal and file takes: odd bytes and controls are escaped."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
