"""What tests of the Runs page open and read there."""

import json


def open_run(page, run):
    page.session_state["compared"] = [run.id]
    page.run()
    assert not page.exception
    return page


def field(page, label):
    return next(field for field in (*page.text_input, *page.text_area) if field.label == label)


def legend(page):
    traces = json.loads(page.get("plotly_chart")[0].proto.spec)["data"]
    return [trace["name"] for trace in traces if trace.get("showlegend") is not False]


def said(page):
    kinds = (page.markdown, page.text, page.caption, page.info, page.error)
    return " ".join(element.value for kind in kinds for element in kind)
