"""Collects the window's texts and builds the translations: app/ui/translations/mimik_CODE.ts and .qm.

    python scripts/translations.py

A translator edits the .ts file, by hand or in Qt Linguist; new texts have an empty translation there, and unused ones
are dropped. A test fails where a text lacks its translation or the .qm is not made of the .ts.
"""

import subprocess
import sys
from pathlib import Path

import PySide6

from app.ui.language import FOLDER, LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(PySide6.__file__).parent


def main() -> int:
    sources = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "app" / "ui").glob("*.py"))
    for code in (code for code in LANGUAGES if code != "en"):
        made = FOLDER / f"mimik_{code}.ts"
        made.parent.mkdir(exist_ok=True)
        texts = made.relative_to(ROOT)
        options = ["-locations", "none", "-no-obsolete", "-source-language", "en", "-target-language", code]
        for tool, arguments in (
            ("lupdate", [*options, *sources, "-ts", str(texts)]),
            ("lrelease", ["-nounfinished", str(texts)]),
        ):
            done = subprocess.run([str(TOOLS / tool), *arguments], cwd=ROOT, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
