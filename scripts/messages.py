"""Compile the messages (.po to .mo) without gettext, or with --check: say whether every text has its translation."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
NOT_THE_PRODUCT = {"tests", "bench", "scripts"}


def compile_all() -> None:
    """Write each .mo whose .po is newer."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Written aside and moved, so that a running server never reads half a file.
            fresh = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)


def check() -> int:
    """The number of texts without a settled translation, each named on a line of its own."""
    wrong = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        catalogue = polib.pofile(str(source))
        known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
        open_entries = [entry.msgid for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]]
        missing = [msgid for context, msgid in sorted(_texts_in_code(), key=str) if (context, msgid) not in known]
        for reason, texts in (("not translated", open_entries), ("not collected, run `make messages`", missing)):
            for text in texts:
                wrong += 1
                print(f"{source.relative_to(ROOT)}: {reason}: {text!r}")
    return wrong


def _texts_in_code() -> set[tuple[str | None, str]]:
    """Every text that the product's own files mark for translation, read from a copy so that locale/ is not touched."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py", "*.html", "*.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        (copy / "locale").mkdir()
        for name in filter(None, listed.stdout.split("\0")):
            if Path(name).parts[0] not in NOT_THE_PRODUCT and (ROOT / name).exists():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy / name)
        collect = [sys.executable, "-m", "django", "makemessages", "-l", "nl", "--no-location", "--verbosity=0"]
        subprocess.run(collect, cwd=copy, check=True)
        found = copy / "locale" / "nl" / "LC_MESSAGES" / "django.po"
        return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(found))} if found.exists() else set()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(1 if check() else 0)
    compile_all()
