"""The table of all runs, in which those to compare are ticked."""

import calendar
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from mnist_rnn.config import departures
from mnist_rnn.figures.runs import MOST_RUNS
from mnist_rnn.network.catalog import model_title
from mnist_rnn.runs.export import as_cell
from mnist_rnn.runs.ledger import Line
from ui.page import section
from ui.settings import in_words

ROW_PIXELS, ROWS_SHOWN, OPENING_TICKS = 35, 5, 2
# What has a column of its own, or is said by the name of the network.
_ELSEWHERE = ("backbone", "head", "cell", "order", "units", "epochs", "seed")
state = st.session_state


def choose_runs(lines: Sequence[Line]) -> None:
    """Keep the ids of the ticked runs, at most MOST_RUNS, in `compared`; at first the newest."""
    by_id = {line.run.id: line for line in lines}
    before = state.get("compared", list(by_id)[:OPENING_TICKS])
    ticked = [run_id for run_id in before if run_id in by_id]
    places = {run_id: place for place, run_id in enumerate(by_id)}
    # Ticks are of places in the table: another list of runs makes another table.
    key = f"table-{hash(tuple(by_id))}"
    state.run_table = key, list(by_id)
    st.dataframe(
        [_row(line) for line in lines],
        key=key,
        on_select=_tick,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [places[run_id] for run_id in ticked]}},
        height=ROW_PIXELS * (min(len(lines), ROWS_SHOWN) + 1) + 3,
        hide_index=True,
        column_config={
            "Seed": st.column_config.NumberColumn(width=60, format="%d"),
            "Validation": st.column_config.NumberColumn(format="percent", help="The best epoch."),
            "Test": st.column_config.NumberColumn(format="percent"),
            "Published": st.column_config.CheckboxColumn(help="On the Draw page."),
            "Settings": st.column_config.TextColumn(width="medium", help="Those not by default."),
        },
        alt=f"{len(lines)} runs, newest first",
    )
    if len(ticked) > MOST_RUNS or not ticked:
        st.caption(section("runs", "choose"))
    state.compared = ticked[:MOST_RUNS]


def _tick() -> None:
    key, ids = state.run_table
    state.compared = [ids[row] for row in state[key]["selection"]["rows"]]
    state.ticks_changed = True


def _row(line: Line) -> dict[str, Any]:
    outcome = line.outcome
    row: dict[str, Any] = {"Run": line.label.name or _created(line), "Network": "", "Settings": ""}
    planned = None
    if line.config:
        model, train = line.config
        planned = train.epochs
        row["Network"] = f"{model_title(model)}, {model.units} units"
        own = departures(line.config).items()
        words = in_words({name: value for name, value in own if name not in _ELSEWHERE})
        row["Settings"] = ", ".join(filter(None, (words, "steered" * outcome.steered)))
        row["Seed"] = train.seed
    minutes, seconds = divmod(round(outcome.seconds), 60)
    row |= {
        "Epochs": f"{outcome.epochs}"
        if outcome.epochs == planned
        else f"{outcome.epochs} of {planned}",
        "Time": f"{minutes}:{seconds:02d}",
        "Validation": outcome.best_validation,
        "Test": line.test,
        "State": line.status.state,
        "Published": line.label.published,
        "Note": line.label.note,
    }
    # The table has a button of its own that makes a CSV file of it.
    return {column: as_cell(value) for column, value in row.items()}


def _created(line: Line) -> str:
    """When the run was created, in the server's time, by its id, which is in UTC."""
    try:
        moment = calendar.timegm(time.strptime(line.run.id[:15], "%Y%m%d-%H%M%S"))
    except ValueError:  # a folder that was renamed by hand
        return line.run.id
    return time.strftime("%d %b %H:%M", time.localtime(moment))
