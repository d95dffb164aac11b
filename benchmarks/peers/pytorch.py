"""PyTorch: `nn.RNN`, in the plain training loop of its tutorials, the images in memory."""

import torch
from torch import nn

from benchmarks.peers.task import EPSILON, RHO, VALIDATION_BATCH, Epoch, Task
from mnist_rnn.config import CLASSES, COLUMNS


class Network(nn.Module):
    """Rows (n, 28, 28) to logits (n, 10), or (n, 28, 10) if asked at every timestep."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        units = task.model.units
        self.only_last = task.model.head == "many_to_one"
        self.rnn = nn.RNN(COLUMNS, units, batch_first=True)
        self.head = nn.Linear(units, CLASSES)
        first = {name: torch.from_numpy(array) for name, array in task.first.items()}
        with torch.no_grad():
            self.rnn.weight_ih_l0.copy_(first["rnn.kernel"].T)
            self.rnn.weight_hh_l0.copy_(first["rnn.recurrent_kernel"].T)
            self.rnn.bias_ih_l0.copy_(first["rnn.bias"])
            self.rnn.bias_hh_l0.zero_()
            self.head.weight.copy_(first["head.kernel"].T)
            self.head.bias.copy_(first["head.bias"])
        # PyTorch adds two biases; trained both, they would move twice as fast as one.
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        hidden, _ = self.rnn(pixels)
        return self.head(hidden[:, -1] if self.only_last else hidden)


def start(task: Task) -> Epoch:
    (pixels, labels), (validation_pixels, validation_labels) = (
        (torch.from_numpy(images), torch.from_numpy(names).long())
        for images, names in task.images()
    )
    network = Network(task)
    # It adds epsilon after the square root, not before: nine weights in ten take the same step
    # within about a hundredth, those with the smallest gradients a longer one.
    optimizer = torch.optim.RMSprop(
        (weight for weight in network.parameters() if weight.requires_grad),
        lr=task.train.learning_rate,
        alpha=RHO,
        eps=EPSILON,
    )
    cross_entropy = nn.CrossEntropyLoss()

    def epoch(number: int) -> float:
        for batch in torch.from_numpy(task.batches(number)).long():
            logits = network(pixels[batch])
            targets = labels[batch]
            if not network.only_last:
                targets = targets[:, None].expand(logits.shape[:2])
            loss = cross_entropy(logits.reshape(-1, CLASSES), targets.reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        right = 0
        with torch.no_grad():
            for images, names in zip(
                validation_pixels.split(VALIDATION_BATCH),
                validation_labels.split(VALIDATION_BATCH),
                strict=True,
            ):
                logits = network(images).reshape(len(images), -1, CLASSES)
                right += int((logits[:, -1].argmax(-1) == names).sum())
        return right / len(validation_labels)

    return epoch
