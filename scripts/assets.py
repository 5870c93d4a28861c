"""Copy from the npm packages to var/assets what the pages use, and nothing else: the style sheets of the components in
COMPONENTS, the design tokens that these and our own style sheets stand on, and the letters.

Whole, the packages weigh 640 kB of style sheet per visitor (75 kB compressed); what is used weighs 280 kB (25 kB
compressed). Django finds the result as static files (`{% static "vendor/utrecht/index.css" %}`). A test names a component that a page uses and this list lacks.
"""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "var" / "assets" / "vendor"

COMPONENTS = [
    "root", "document", "surface", "skip-link",
    "heading-1", "heading-2", "heading-3", "heading-4", "heading-5", "heading-6", "paragraph", "code",
    "link", "link-list", "unordered-list", "ordered-list", "blockquote", "separator",
    "button", "button-group", "button-link", "alert", "status-badge", "data-list", "table", "figure",
    "form-field", "form-field-description", "form-field-error-message", "form-fieldset", "form-label",
    "textbox", "textarea", "select", "checkbox", "custom-checkbox", "radio-button",
]  # fmt: skip
TOKENS = {
    "voorbeeld/theme.css": "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css",
    "ma-dark/theme.css": "@nl-design-system-community/ma-design-tokens/dist/color-scheme-dark/theme.css",
}
LETTERS = [
    f"source-sans-3-{subset}-{style}.woff2"
    for subset in ("latin", "latin-ext")
    for style in ("400-normal", "400-italic", "600-normal", "700-normal")
]

REFERENCE = re.compile(r"var\(\s*(--[\w-]+)")
DECLARATION = re.compile(r"^\s*(--[\w-]+):\s*(.+);.*$", re.MULTILINE)


def components() -> str:
    """The style sheets of the components, one after the other; the licence stands above each."""
    return "\n".join((MODULES / "@utrecht" / f"{name}-css" / "dist" / "index.css").read_text() for name in COMPONENTS)


def tokens(themes: dict[str, str], *, used_by: str) -> dict[str, str]:
    """Each theme with only the tokens that are used: the basis, on which our own style sheets build, the tokens
    `used_by` the components, and what these refer to in turn, in any of the themes."""
    refers = {}
    for theme in themes.values():
        for name, value in DECLARATION.findall(theme):
            refers.setdefault(name, set()).update(REFERENCE.findall(value))
    wanted = set()
    waiting = {*REFERENCE.findall(used_by), *(name for name in refers if name.startswith("--basis-"))}
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting |= refers.get(name, set()) - wanted
    return {
        path: DECLARATION.sub(lambda found: found[0] if found[1] in wanted else "", theme)
        for path, theme in themes.items()
    }


def without_gaps(text: str) -> str:
    """The text without its empty lines."""
    return re.sub(r"\n\s*\n+", "\n", text)


def main() -> None:
    """Make the folder anew, so that a file which is no longer wanted disappears."""
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    styles = {"utrecht/index.css": components()}
    themes = {path: (MODULES / source).read_text() for path, source in TOKENS.items()}
    styles |= tokens(themes, used_by=styles["utrecht/index.css"])
    for path, text in styles.items():
        (fresh / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).write_text(without_gaps(text))
    (fresh / "fonts").mkdir()
    for name in LETTERS:
        shutil.copyfile(MODULES / "@fontsource/source-sans-3/files" / name, fresh / "fonts" / name)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


if __name__ == "__main__":
    main()
