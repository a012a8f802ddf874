"""Whether `collectstatic` has anything to do: it takes seconds, and starts are frequent."""

import hashlib
from pathlib import Path


def state(root: Path) -> str:
    """A digest of all that collectstatic collects: our static folders and the packages."""
    digest = hashlib.sha256((root / "requirements.txt").read_bytes())
    for folder in sorted((root / "static", *root.glob("*/static"))):
        for file in sorted(folder.rglob("*")):
            found = file.stat()
            digest.update(f"{file}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def stamp(root: Path) -> Path:
    """Where the state of the last complete collection is noted."""
    return root / "staticfiles" / ".collected"
