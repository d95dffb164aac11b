"""Predict, then reveal: a question about each wiring, and what came of it."""

import streamlit as st

from mnist_rnn.analysis.wirings_answers import TrueAnswer
from ui.page import section

# By head: what was predicted, None if somebody only wanted to see. What is not in it is hidden.
_PREDICTIONS, _JUST_REVEALED = "predictions", "just_revealed"
state = st.session_state


def is_revealed(head: str) -> bool:
    """Whether this wiring's numbers may be seen."""
    return head in state.get(_PREDICTIONS, {})


def just_revealed(head: str) -> bool:
    """Whether this is the first time that they are; true once."""
    return state.pop(_JUST_REVEALED, None) == head


def ask(head: str, outcome: TrueAnswer) -> None:
    """The question with its possible answers or, once it was answered, what happened."""
    with st.container(key="question", gap="xsmall"):
        if is_revealed(head):
            _tell(head, outcome)
            return
        st.markdown(section("wirings", f"question {head}"))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.pills(
                "Your prediction",
                outcome.options,
                key=f"prediction-{head}",
                label_visibility="collapsed",
                # Beside others Streamlit would rather cut them off.
                wrap=True,
                on_change=_answer,
                args=[head],
            )
            st.button("Just show me", type="tertiary", on_click=reveal, args=[head])


def _tell(head: str, outcome: TrueAnswer) -> None:
    """One sentence on what happened, and whether the prediction was right; a way back."""
    predicted = state[_PREDICTIONS][head]
    verdict = ""
    if predicted is not None:
        right = predicted == outcome.truth
        badge = "green-badge[:material/check: Right:" if right else "orange-badge[Not this time:"
        verdict = f":{badge} you said {predicted}] "
    happened = section("wirings", f"happened {head}").format(**outcome.facts)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(verdict + happened, width="stretch")
        st.button(
            "Ask again", icon=":material/replay:", type="tertiary", on_click=hide, args=[head]
        )


def reveal(head: str, predicted: str | None = None) -> None:
    """Let this wiring's numbers be seen."""
    state[_PREDICTIONS] = {**state.get(_PREDICTIONS, {}), head: predicted}
    state[_JUST_REVEALED] = head


def hide(head: str) -> None:
    """Let this wiring's numbers be asked for again."""
    predictions = state.get(_PREDICTIONS, {})
    state[_PREDICTIONS] = {h: said for h, said in predictions.items() if h != head}


def _answer(head: str) -> None:
    predicted = state[f"prediction-{head}"]
    if predicted is not None:
        reveal(head, predicted)
