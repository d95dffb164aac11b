"""What run folders are called: by when they were created, so that their names sort by age."""

import re
import secrets
import time
from datetime import UTC, datetime, timedelta

_ID = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{8}", re.ASCII)
_FORMAT, _LENGTH = "%Y%m%d-%H%M%S-%f", 22


def is_id(text: str) -> bool:
    """Whether a run may be called so; the text may come from anyone."""
    return _ID.fullmatch(text) is not None


def next_id(newest: str | None) -> str:
    """An id of this moment in UTC, but later than the `newest` run's if the clock was set back."""
    now = datetime.fromtimestamp(time.time(), UTC)
    if newest and (before := _created(newest)):
        now = max(now, before + timedelta(microseconds=1))
    return f"{now.strftime(_FORMAT)}-{secrets.token_hex(4)}"


def _created(run_id: str) -> datetime | None:
    """When the run was created; None if it is called by no date that there is."""
    try:
        created = datetime.strptime(run_id[:_LENGTH], _FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    return created if created.year < datetime.max.year else None
