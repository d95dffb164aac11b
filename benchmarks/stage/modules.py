"""How fast the browser makes an image of strokes, and reads it.

    python -m benchmarks.stage.modules [--rounds 300]

The modules of assets/stage in headless Chromium, each called so often after a warm-up: the fastest,
the median and the 95th percentile of a call. On a busy machine only the fastest tells something of
the modules. The drawing is a five of two strokes.
"""

import argparse
from base64 import b64encode

from playwright.sync_api import Page

from mnist_rnn.network.catalog import shipped
from tests.browser import chromium
from tests.stage.modules import stage_page

_FIVE = [
    [[90, 60], [88, 90], [86, 130], [120, 120], [160, 130], [180, 165], [160, 210], [110, 225]],
    [[90, 60], [130, 62], [185, 58]],
]
_PREPARE = """five => {
    // A pointer reports its way every few pixels.
    const between = ([x, y], [u, v]) =>
        [...Array(12).keys()].map(n => [x + (u - x) * n / 12, y + (v - y) * n / 12]);
    const way = line => line.slice(1).flatMap((end, n) => between(line[n], end));
    window.strokes = five.map(line => pencil(way(line), 20));
    window.image = drawingToImage(strokes);
    window.timed = (work, rounds) => {
        for (let n = 0; n < 100; n++) work();
        const times = [...Array(rounds)].map(() => {
            const start = performance.now();
            // The clock ticks every 0.1 ms.
            for (let n = 0; n < 5; n++) work();
            return (performance.now() - start) / 5;
        }).sort((a, b) => a - b);
        return [0, 0.5, 0.95].map(share => times[Math.floor(share * rounds)]);
    };
}"""
_READ = """([weights, rounds]) => {
    const reader = new Reader(parseWeights(bytes(weights)));
    return timed(() => reader.read(image), rounds);
}"""


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    with chromium() as browser, stage_page(browser) as page:
        page.evaluate(_PREPARE, _FIVE)
        print("| | fastest | median | 95th percentile |")
        print("| --- | --- | --- | --- |")
        _row(
            "strokes to image",
            page,
            "rounds => timed(() => drawingToImage(strokes), rounds)",
            rounds,
        )
        for entry in shipped():
            _row(entry.title, page, _READ, [b64encode(entry.path.read_bytes()).decode(), rounds])


def _row(name: str, page: Page, script: str, argument: object) -> None:
    times = " | ".join(f"{time:.2f} ms" for time in page.evaluate(script, argument))
    print(f"| {name} | {times} |", flush=True)


if __name__ == "__main__":
    main()
