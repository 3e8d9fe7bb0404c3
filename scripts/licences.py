"""The table of docs/licences.md: every distribution of the locks with its licence, from the installed metadata.

python scripts/licences.py     # rewrites the table in docs/licences.md; exit code 1 if a licence is not known
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
BEGIN, END = "<!-- made by scripts/licences.py -->", "<!-- end -->"
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)
LOCKS = (("run", "the app"), ("freeze", "building"), ("test", "training, tests"))
"""Lock -> what needs it; for each distribution the first lock counts."""

SHORT = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache software license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd license": "BSD",
    "bsd 3-clause license": "BSD-3-Clause",
    "dfsg approved": "MIT",
    "gnu general public license v2 (gplv2)": "GPL-2.0",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
STATED = {
    "macholib": "MIT",
    "namex": "Apache-2.0",
    "pefile": "MIT",
    "cv2-enumerate-cameras": "MIT",
    "pyobjc": "MIT",
    "pywin32-ctypes": "BSD-3-Clause",
    "resvg-py": "MIT",
}
"""Licences of packages for other systems only (pyobjc is several packages), and of those that state it only in a
file."""


def licence_of(found: Distribution) -> str:
    """The licence that a distribution declares: its SPDX expression, else its classifiers, else its text."""
    metadata = found.metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    classifiers = [c.rsplit(" :: ", 1)[-1] for c in metadata.get_all("Classifier") or [] if c.startswith("License ::")]
    classifiers = [name for name in classifiers if name != "OSI Approved"]
    own = str(metadata.get("License") or "").strip()
    words = classifiers or ([own.splitlines()[0][:60]] if own else [])
    return " or ".join(dict.fromkeys(SHORT.get(word.lower(), word) for word in words))


def rows() -> list[tuple[str, str, str, str]]:
    """(name, version, licence, what needs it) of every distribution in the locks; an unknown licence is empty."""
    found: dict[str, tuple[str, str, str, str]] = {}
    for lock, needs in LOCKS:
        for name, version, _ in PIN.findall((ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")):
            if name in found:
                continue
            try:
                licence = licence_of(distribution(name))
            except PackageNotFoundError:
                licence = ""
            stated = STATED.get("pyobjc" if name.startswith("pyobjc-") else name, "")
            found[name] = name, version, licence or stated, needs
    return sorted(found.values())


def main() -> int:
    table = ["| package | version | licence | needed by |", "| --- | --- | --- | --- |"]
    listed = rows()
    table += [f"| {name} | {version} | {licence or '?'} | {needs} |" for name, version, licence, needs in listed]
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(table) + f"\n\n{END}{after}", encoding="utf-8")
    unknown = [name for name, _, licence, _ in listed if not licence]
    if unknown:
        print(f"No licence is known of: {', '.join(unknown)}.", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
