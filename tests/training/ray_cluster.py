"""A Ray cluster on this machine alone: a head that trains nothing, and computers that do."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# The last one is Ray's name for keeping to the loopback address, to which macOS keeps by itself.
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
}
_NODE = {
    "node_ip_address": "127.0.0.1",
    "object_store_memory": 80 * 2**20,
    "include_dashboard": False,
    "no_monitor": True,
}


class LocalCluster:
    """Nodes that can be added and lost; each that trains takes one training at a time."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster  # noqa: PLC0415 - reads the environment

        self._nodes = Cluster()
        self._nodes.add_node(num_cpus=0, **_NODE)
        self.address: str = self._nodes.address

    def add_computer(self) -> Any:
        """A node that trains."""
        return self._nodes.add_node(num_cpus=1, **_NODE)

    def lose(self, computer: Any) -> None:
        """Kill every process of a node at once, as a cut cable would."""
        self._nodes.remove_node(computer, allow_graceful=False)

    def close(self) -> None:
        self._nodes.shutdown()


@contextmanager
def local_cluster() -> Iterator[LocalCluster]:
    """The head of a cluster, named in the environment of processes that are started meanwhile."""
    with (
        # The paths of its sockets must be shorter than those that pytest makes.
        tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name, value in {**_QUIET, "RAY_TMPDIR": folder}.items():
            patch.setenv(name, value)
        (Path(folder) / "ray").mkdir()
        cluster = LocalCluster()
        patch.setenv("RAY_ADDRESS", cluster.address)
        try:
            yield cluster
        finally:
            cluster.close()
