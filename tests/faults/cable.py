"""The cable between a browser and the app, for tests that pull it out."""

import socket
import threading
from contextlib import suppress

_CHUNK_BYTES = 65_536


class Cable:
    """Forwards every connection to an app on this computer, unless it is cut."""

    def __init__(self, port: int) -> None:
        self._app = ("127.0.0.1", port)
        self._whole = True
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections; new ones break at once."""
        with self._lock:
            self._whole = False
            for end in self._ends:
                _close(end)
            self._ends.clear()

    def mend(self) -> None:
        """Let new connections through again."""
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._socket.accept()
            except OSError:
                return  # The cable was taken away.
            with self._lock:
                if not self._whole:
                    _close(browser)
                    continue
                try:
                    app = socket.create_connection(self._app)
                except OSError:
                    _close(browser)
                    continue
                self._ends |= {browser, app}
            for here, there in ((browser, app), (app, browser)):
                threading.Thread(target=_forward, args=[here, there], daemon=True).start()


def _forward(here: socket.socket, there: socket.socket) -> None:
    try:
        while data := here.recv(_CHUNK_BYTES):
            there.sendall(data)
    except OSError:
        pass
    finally:
        _close(here)
        _close(there)


def _close(end: socket.socket) -> None:
    """Close a connection even while another thread waits for it."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
