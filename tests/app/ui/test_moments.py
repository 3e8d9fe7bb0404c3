"""At any time of any film, the window shows the frame that plain PyAV decodes, pixel for pixel."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.player.messages import Choice
from app.sources import open_source
from app.ui.window import MainWindow
from tests.app.player.test_moments import MOMENTS, Zoo, moments, shown_at
from tests.app.sources.zoo import Plain

WAIT_MS = 20_000


def test_the_window_on_the_whole_zoo(qtbot, world, open_window: Callable[..., MainWindow], tmp_path: Path) -> None:
    asked: dict[Path, list[float]] = defaultdict(list)
    films: dict[Path, list[Plain]] = {}
    for path, frames, at_s in moments(Zoo(tmp_path), MOMENTS):
        asked[path].append(at_s)
        films[path] = frames
    world.make_source = open_source
    window: MainWindow | None = None
    for path, times in asked.items():
        if window is None:
            window = open_window(str(path), Choice("haar"))
        else:
            window.show_source(str(path))
        qtbot.waitUntil(lambda window=window: window.playback.film is not None, timeout=WAIT_MS)
        window.playback.pause()
        for at_s in times:
            right = shown_at(films[path], at_s)
            window.playback.seek(at_s)

            def there(window=window, right=right) -> bool:
                result = window.picture.result
                return result is not None and abs(result.frame.time_s - right.time_s) < 1e-3

            qtbot.waitUntil(there, timeout=WAIT_MS)
            assert np.array_equal(window.picture.result.frame.image, right.image), (path.name, at_s)
