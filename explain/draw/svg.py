"""What every drawing is made of. A drawing stands by itself, and follows the page that it is in.

Its text has the page's colour and font; its other colours are CSS variables with a fallback. Parts
that a page may make buttons of are groups with an `id`.
"""

from html import escape

from explain.draw.colours import QUIET

STYLE = f"""
.drawing text {{ font: 12px var(--font, system-ui, sans-serif); fill: currentColor; }}
.drawing .quiet {{ fill: var(--quiet, {QUIET}); }}
"""


def drawing(
    kind: str, width: float, height: float, label: str, style: str, body: list[str], /, **root
) -> str:
    """A whole SVG.

    Args:
        kind: of drawing, the class that its rules begin with.
        width: of the view, in pixels.
        height: of the view, in pixels.
        label: what it shows, for those who cannot see it.
        style: its rules.
        body: its elements.
        root: attributes of the SVG, over the usual ones.
    """
    usual = {"width": "100%", "role": "img", "aria-label": label}
    attributes = " ".join(f'{name}="{escape(str(x))}"' for name, x in (usual | root).items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing {kind}" '
        f'viewBox="0 0 {width:g} {height:g}" {attributes}>'
        f"<style>{STYLE}{style}</style>{''.join(body)}</svg>"
    )


def colour_rule(kind: str, colours: dict[str, str]) -> str:
    """Colours as variables of a kind of drawing: `--box` is the page's `--diagram-box`, if set."""
    names = (f"--{name}: var(--{kind}-{name}, {colour});" for name, colour in colours.items())
    return f".{kind} {{ {' '.join(names)} }}"


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Words, with the start, the middle or the end of them at x."""
    return f'<text x="{x:g}" y="{y:g}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'
