"""Where one running Lambent lives: its checkout, its state and its two ports."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Workspace:
    """A checkout with folders and ports; two of them with other ports run side by side."""

    root: Path
    build_dir: Path
    local_dir: Path
    port: int = 8000
    emulator_port: int = 4566

    @classmethod
    def of_checkout(cls) -> "Workspace":
        """This checkout, as PORT, EMULATOR_PORT and LOCAL_DIR say."""
        return cls(
            root=ROOT,
            build_dir=ROOT / ".build",
            local_dir=Path(os.environ.get("LOCAL_DIR", ROOT / ".local")).absolute(),
            port=int(os.environ.get("PORT", "8000")),
            emulator_port=int(os.environ.get("EMULATOR_PORT", "4566")),
        )

    @property
    def public_url(self) -> str:
        """The base URL of the API, without a trailing slash."""
        return f"http://localhost:{self.port}/api"

    @property
    def endpoint(self) -> str:
        """Where the emulator answers AWS calls."""
        return f"http://127.0.0.1:{self.emulator_port}"

    @property
    def stack(self) -> str:
        """The name of its CloudFormation stack."""
        return "lambent"
