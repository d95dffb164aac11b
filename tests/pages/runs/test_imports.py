"""Networks from elsewhere on the Runs page."""

from safetensors.numpy import save as to_safetensors

from mnist_rnn.config import ModelConfig
from mnist_rnn.runs.ledger import rows
from tests.networks import random_tensors
from tests.pages.in_process import button
from tests.pages.runs_page import field, legend, said


def exported(**metadata):
    """A network as Keras's users export it."""
    tensors = random_tensors(ModelConfig(units=2))
    return to_safetensors({name.replace(".", "/"): t for name, t in tensors.items()}, metadata)


def give(page, name, data):
    page.get("file_uploader")[0].upload(name, data, "application/octet-stream").run()
    assert not page.exception


def test_a_network_is_imported_measured_and_can_be_deleted(page, tmp_path):
    page.run()
    give(page, "anna.safetensors", exported(head="many_to_many"))
    button(page, "Import").click().run()
    assert not page.exception
    (row,) = rows(tmp_path)
    assert row.imported
    assert row.label.name == "anna"
    assert f"anna** gets {row.card.test_accuracy:.1%}" in said(page)
    assert "with Keras's usual activations?" in said(page)
    assert "there is no curve of it" in said(page)
    (line,) = page.dataframe[0].value.to_dict("records")
    assert (line["Run"], line["State"], line["Test"]) == (
        "anna",
        "imported",
        row.card.test_accuracy,
    )
    assert button(page, "Its settings").disabled
    assert not button(page, "See it read").disabled
    button(page, "Delete for good").click().run()
    assert rows(tmp_path) == []


def test_what_a_file_does_not_say_is_asked_for(page, tmp_path):
    page.run()
    give(page, "anna.safetensors", exported())
    assert button(page, "Import").disabled
    page.segmented_control[0].set_value("many_to_many").run()
    field(page, "Name").set_value("Anna").run()
    button(page, "Import").click().run()
    (row,) = rows(tmp_path)
    assert row.config.model.head == "many_to_many"
    assert row.label.name == "Anna"


def test_a_file_that_is_refused_leaves_a_sentence_and_no_run(page, tmp_path):
    page.run()
    give(page, "<b>*mine*.keras", b"PK\x03\x04")
    assert "not opened here" in page.error[0].value
    assert "<b>" not in page.error[0].value
    give(page, "mine.safetensors", b"torn")
    assert "damaged" in page.error[0].value
    assert rows(tmp_path) == []


def test_an_imported_network_is_not_among_the_trainings(page, tmp_path, pair):
    page.run()
    give(page, "anna.safetensors", exported(head="many_to_many"))
    button(page, "Import").click().run()
    state = page.session_state["compared"]
    page.session_state["compared"] = [*state, *(run.id for run in pair)]
    page.run()
    assert legend(page) == ["many-to-one", "many-to-many"]
