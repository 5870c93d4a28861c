"""Copy the style sheets and letters that the pages use from the npm packages to var/assets, and nothing else.

Django finds them there as static files (`{% static "vendor/utrecht/index.css" %}`).
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "var" / "assets" / "vendor"

STYLES = {
    "utrecht/index.css": "@utrecht/component-library-css/dist/index.css",
    "voorbeeld/theme.css": "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css",
    "ma-dark/theme.css": "@nl-design-system-community/ma-design-tokens/dist/color-scheme-dark/theme.css",
}
LETTERS = [
    f"source-sans-3-{subset}-{style}.woff2"
    for subset in ("latin", "latin-ext")
    for style in ("400-normal", "400-italic", "600-normal", "700-normal")
]


def main() -> None:
    """Make the folder anew, so that a file which is no longer wanted disappears."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    sources = STYLES | {f"fonts/{name}": f"@fontsource/source-sans-3/files/{name}" for name in LETTERS}
    for target, source in sources.items():
        (fresh / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, fresh / target)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


if __name__ == "__main__":
    main()
