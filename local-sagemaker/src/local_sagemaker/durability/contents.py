"""The bytes of S3 objects, in files that are written once and removed when no row refers to them any more."""

import uuid
from pathlib import Path


class _File:
    """Immutable bytes. When the last reference is gone, the file is queued for removal."""

    def __init__(self, path: Path, unreferenced: list[Path]) -> None:
        self.path = path
        self._unreferenced = unreferenced

    def __del__(self) -> None:
        self._unreferenced.append(self.path)


class Contents:
    """A folder of content files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unreferenced: list[Path] = []
        self._known: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def new(self) -> "Content":
        """Create an empty content."""
        return Content(self, None)

    def named(self, name: str) -> "Content":
        """The content kept under this name; an empty one for an empty name."""
        return Content(self, self._file(name) if name else None)

    def write(self, data: bytes) -> _File:
        name = uuid.uuid4().hex
        file = self._file(name)
        file.path.parent.mkdir(exist_ok=True)
        file.path.write_bytes(data)
        return file

    def remove_unreferenced(self) -> None:
        """Remove files without references. Call it once no committed row refers to them any more."""
        while self._unreferenced:
            self._unreferenced.pop().unlink(missing_ok=True)

    def remove_unknown(self) -> None:
        """Remove files that no row refers to: their writer was killed before it committed. Call it once all rows are
        loaded."""
        for path in self._folder.glob("*/*"):
            if path.name not in self._known:
                path.unlink()
        self._known.clear()

    def _file(self, name: str) -> _File:
        self._known.add(name)
        return _File(self._folder / name[:2] / name, self._unreferenced)


class Content:
    """An object's bytes, with the methods of a binary file that moto calls. Copies share the bytes."""

    def __init__(self, contents: Contents, file: _File | None) -> None:
        self._contents = contents
        self._file = file
        self._position = 0

    @property
    def name(self) -> str:
        return self._file.path.name if self._file else ""

    def seek(self, position: int) -> None:
        self._position = position

    def truncate(self) -> None:
        self._file = None

    def write(self, data: bytes) -> None:
        """Replace the whole content."""
        self._file = self._contents.write(data) if data else None

    def read(self, size: int = -1) -> bytes:
        if self._file is None:
            return b""
        with self._file.path.open("rb") as file:
            file.seek(self._position)
            data = file.read(size)
        self._position += len(data)
        return data

    def close(self) -> None:
        self._file = None

    def __deepcopy__(self, _: object) -> "Content":
        return Content(self._contents, self._file)
