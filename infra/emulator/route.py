"""Which deployed REST API the front door leads to: one small file, so that it outlives restarts."""

from pathlib import Path


class Route:
    """The REST API's id in a file that the front door reads again whenever it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = 0
        self._rest_api: str | None = None

    def read(self) -> str | None:
        """The id, or None while nothing is deployed."""
        try:
            changed = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if changed != self._seen:
            self._seen, self._rest_api = changed, self._file.read_text().strip() or None
        return self._rest_api

    def write(self, rest_api_id: str) -> None:
        """Lead to this API from the next request on."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".draft")
        draft.write_text(rest_api_id)
        draft.replace(self._file)

    def forget(self) -> None:
        """Lead nowhere until something is deployed."""
        self._file.unlink(missing_ok=True)
