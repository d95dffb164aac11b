"""What tests of the Train page make, press and read there, with nobody to train anything."""

import numpy as np

from mnist_rnn import runs
from mnist_rnn.config import ModelConfig, TrainConfig
from mnist_rnn.network import weights
from mnist_rnn.network.weights import Card
from mnist_rnn.progress import ChunkDone, EpochDone
from mnist_rnn.runs.metrics import to_line

RATE, EPOCHS = "Learning rate from now on", "Epochs in all"
MODEL, TRAIN = ModelConfig(head="many_to_many", units=2), TrainConfig(epochs=4)


class SilentSupervisor:
    """Stands in for the real one: nothing is trained, so that every state can be looked at."""

    def __init__(self, root):
        self.root = root

    def warm(self, wanted=None):
        pass

    look = warm


def run_menu(page):
    (menu,) = [menu for menu in page.selectbox if menu.label == "Run"]
    return menu


def view_menu(page):
    (menu,) = [menu for menu in page.segmented_control if menu.label == "View"]
    return menu


def run_with_a_curve(epochs=2):
    run = runs.create(MODEL, TRAIN)
    for epoch in range(1, epochs + 1):
        add_epoch(run, epoch)
    return run


def add_epoch(run, epoch):
    with run.metrics.open("ab") as file:
        for images in (500, 1000):
            chunk = ChunkDone(epoch, images, 1000, epoch + images / 1000, 1.0, 0.5)
            file.write(to_line(chunk))
        done = EpochDone(epoch, epoch, 0.001, 1.0, 0.5, 1.0, (0.1,) * 27 + (0.6,), {})
        file.write(to_line(done))


def save_best(run):
    tensors = {name: np.zeros(shape, np.float32) for name, shape in weights.shapes(MODEL).items()}
    weights.save(run.best, tensors, Card(MODEL, TRAIN, 2, (0.125,) * 28, (0.125,) * 10))


def field(page, label):
    return next(field for field in page.number_input if field.label == label)


def labels(page):
    return [button.label for button in page.button]


def said(page):
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error)
    return " ".join(element.value for kind in kinds for element in kind)
