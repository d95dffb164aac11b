"""The modules of the reading stage, served as they are, at an address that changes with them."""

from hashlib import sha256
from typing import Any

import streamlit as st
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from mnist_rnn.stage import FOLDER

_FILES = sorted(path for path in FOLDER.rglob("*") if path.suffix in {".js", ".css"})
_VERSION = sha256(b"".join(path.read_bytes() for path in _FILES)).hexdigest()[:12]
ADDRESS = f"stage/{_VERSION}"  # relative to the app's own


class _ForGood(StaticFiles):
    """Files that browsers may keep: others would have another address."""

    def file_response(self, *given: Any, **more: Any) -> Response:
        response = super().file_response(*given, **more)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


ROUTE = Mount(f"/{ADDRESS}", _ForGood(directory=FOLDER))


def stage_modules() -> list[str]:
    """The addresses of all modules, relative to the app's own."""
    return [
        f"{ADDRESS}/{path.relative_to(FOLDER).as_posix()}"
        for path in _FILES
        if path.suffix == ".js"
    ]


def component(name: str) -> Any:
    """A component of Streamlit's whose script is one of the functions of component.js."""
    module = f'import(new URL("{ADDRESS}/component.js", document.baseURI))'
    # Streamlit takes a single line for the name of a file.
    script = f"export default async (component) =>\n(await {module}).{name}(component);"
    return st.components.v2.component(f"reading_{name}", js=script, isolate_styles=False)
