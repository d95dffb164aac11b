"""The table of all runs, in which those to compare are ticked."""

import calendar
import math
import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from mnist_rnn.differences import departures
from mnist_rnn.figures.runs import MOST_RUNS
from mnist_rnn.figures.spreadsheets import as_cell
from mnist_rnn.network.catalog import model_title
from mnist_rnn.runs.ledger import RunRow
from ui.page import section
from ui.settings import in_words

ROW_PIXELS, ROWS_SHOWN, OPENING_TICKS, MOST_LISTED = 35, 5, 2, 100
# What has a column of its own, or is said by the name of the network.
_ELSEWHERE = ("backbone", "head", "cell", "order", "units", "epochs", "seed")
state = st.session_state


def choose_runs(rows: Sequence[RunRow]) -> None:
    """Keep the ids of the ticked runs, at most MOST_RUNS, in `compared`; at first the newest."""
    everyone = [row.id for row in rows]
    before = state.get("compared", everyone[:OPENING_TICKS])
    ticked = [run_id for run_id in before if run_id in set(everyone)]
    listed = _listed(rows)
    places = {row.id: place for place, row in enumerate(listed)}
    # Ticks are of places in the table: another list of runs makes another table.
    key = f"table-{hash(tuple(places))}"
    state.run_table = key, list(places)
    st.dataframe(
        [_line(row) for row in listed],
        key=key,
        on_select=_tick,
        selection_mode="multi-row",
        selection_default={
            "selection": {"rows": [places[run_id] for run_id in ticked if run_id in places]}
        },
        height=ROW_PIXELS * (min(len(listed), ROWS_SHOWN) + 1) + 3,
        hide_index=True,
        placeholder="–",
        column_config={
            "Seed": st.column_config.NumberColumn(width=60, format="%d"),
            "Validation": st.column_config.NumberColumn(format="percent", help="The best epoch."),
            "Test": st.column_config.NumberColumn(format="percent", help="After the last row."),
            "Mean of all rows": st.column_config.NumberColumn(
                format="percent", help=section("train", "mean of all rows")
            ),
            "Published": st.column_config.CheckboxColumn(help="On the Draw page."),
            "Settings": st.column_config.TextColumn(width="medium", help="Those not by default."),
        },
        alt=f"{len(listed)} runs, newest first",
    )
    if len(ticked) > MOST_RUNS or not ticked:
        st.caption(section("runs", "choose"))
    state.compared = ticked[:MOST_RUNS]


def _listed(rows: Sequence[RunRow]) -> Sequence[RunRow]:
    """The newest; of more than a page, those that are looked for by name or by turning pages."""
    if len(rows) <= MOST_LISTED:
        return rows
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = st.text_input(
            "Find",
            key="find",
            placeholder=section("runs", "find").format(count=len(rows)),
            label_visibility="collapsed",
        )
        found = [row for row in rows if words.casefold() in row.title.casefold()]
        pages = max(1, math.ceil(len(found) / MOST_LISTED))
        page = st.pagination(pages, key=f"page-of-{pages}")
    return found[(page - 1) * MOST_LISTED : page * MOST_LISTED]


def _tick() -> None:
    key, ids = state.run_table
    elsewhere = [run_id for run_id in state.compared if run_id not in ids]
    state.compared = elsewhere + [ids[row] for row in state[key]["selection"]["rows"]]
    state.ticks_changed = True


def _line(row: RunRow) -> dict[str, Any]:
    try:
        results, card = row.results, row.card
    except OSError as problem:
        return {"Run": as_cell(row.title), "State": f"can't be read: {problem.strerror}"}
    line: dict[str, Any] = {"Run": row.label.name or _created(row), "Network": "", "Settings": ""}
    planned, many_to_many = None, False
    if row.config:
        model, train = row.config
        many_to_many = model.head == "many_to_many"
        planned = row.control.epochs or train.epochs
        line["Network"] = f"{model_title(model)}, {model.units} units"
        own = {} if row.imported else departures(row.config)
        words = in_words({name: own[name] for name in own if name not in _ELSEWHERE})
        line["Settings"] = ", ".join(filter(None, (words, "steered" * results.steered)))
    if not row.imported:
        line["Seed"] = row.config.train.seed if row.config else None
        minutes, seconds = divmod(round(results.seconds), 60)
        of = "" if results.epochs == planned else f" of {planned}"
        line |= {
            "Epochs": f"{results.epochs}{of}",
            "Time": f"{minutes}:{seconds:02d}",
            "Validation": results.best_validation,
        }
    line |= {
        "Test": card.test_accuracy if card else None,
        "Mean of all rows": card.accuracy_of_all if card and many_to_many else None,
        "State": "imported" if row.imported else row.status.state,
        "Published": row.label.published,
        "Note": row.label.note,
    }
    # The table has a button of its own that makes a CSV file of it.
    return {column: as_cell(value) for column, value in line.items()}


def _created(row: RunRow) -> str:
    """When the run was created, in the server's time, by its id, which is in UTC."""
    try:
        moment = calendar.timegm(time.strptime(row.id[:15], "%Y%m%d-%H%M%S"))
    except ValueError:  # a folder that was renamed by hand
        return row.id
    return time.strftime("%d %b %H:%M", time.localtime(moment))
