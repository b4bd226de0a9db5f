"""How the page looks: the theme, the style sheets, and what else `launch` takes."""

from pathlib import Path
from typing import Any

from gradio import themes
from gradio.themes.utils.fonts import LocalFont

from explain.draw.colours import MAP_COLOURS
from model.records import RECORDED

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"
SHARED = ("base", "controls", "stations")  # in this order; a tab's own rules come later
MARK = HERE / "mark.svg"
PINE = themes.Color(
    name="pine",
    c50="#eef7f5",
    c100="#d8ede8",
    c200="#b2dbd2",
    c300="#83c4b8",
    c400="#45ad9d",
    c500="#138a7b",
    c600="#0c7166",
    c700="#0b5b53",
    c800="#0d4943",
    c900="#0e3c38",
    c950="#072522",
)
PAPER = themes.Color(
    name="paper",
    c50="#f7f6f2",
    c100="#efede6",
    c200="#e2dfd5",
    c300="#cbc8bd",
    c400="#98978f",
    c500="#6d706b",
    c600="#525753",
    c700="#323a38",
    c800="#222a29",
    c900="#192020",
    c950="#111716",
)


def theme() -> themes.Base:
    """Pine green on paper; at night, the same green lit up on ink."""
    return themes.Base(
        primary_hue=PINE,
        secondary_hue=PINE,
        neutral_hue=PAPER,
        radius_size=themes.sizes.radius_lg,
        # Of the fonts that Gradio brings with it, these are the ones whose files have all letters.
        font=(LocalFont("IBM Plex Sans", weights=(400, 700)), "system-ui", "sans-serif"),
        font_mono=(LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "monospace"),
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="#1d2422",
        body_text_color_dark="#e6ecea",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="#9aa9a5",
        background_fill_primary="white",
        background_fill_primary_dark="*neutral_900",
        background_fill_secondary="*neutral_50",
        background_fill_secondary_dark="*neutral_950",
        border_color_primary="*neutral_200",
        border_color_primary_dark="*neutral_700",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_color="*neutral_200",
        block_border_color_dark="*neutral_700",
        block_border_width="1px",
        block_shadow="none",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="#9aa9a5",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="#9aa9a5",
        block_title_text_size="*text_sm",
        input_background_fill="*neutral_50",
        input_background_fill_dark="*neutral_950",
        checkbox_border_color_dark="*neutral_500",
        checkbox_label_background_fill="transparent",
        checkbox_label_background_fill_dark="transparent",
        slider_color="*primary_500",
        slider_color_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_700",
        button_secondary_background_fill="white",
        button_secondary_background_fill_dark="*neutral_800",
        color_accent_soft="*primary_100",
        color_accent_soft_dark="#153a35",
    )


def style_sheets() -> list[Path]:
    """The sheets of the kit, which all tabs share, then those of each tab."""
    return [HERE / f"{name}.css" for name in SHARED] + [
        sheet for sheet in sorted(HERE.parent.glob("*/*.css")) if sheet.parent != HERE
    ]


def map_colours() -> str:
    """The colours of heat maps as CSS variables, such as `--speaks-for`."""
    variables = (f"--speaks-{name}: {MAP_COLOURS[name]};" for name in MAP_COLOURS)
    return f".gradio-container {{ {' '.join(variables)} }}"


def launch_settings(for_programs: bool = True) -> dict[str, Any]:
    """Everything about looks and privacy that `Blocks.launch` takes.

    Args:
        for_programs: whether there are endpoints to tell of.
    """
    return {
        "enable_monitoring": False,
        "theme": theme(),
        "favicon_path": MARK,
        "css": map_colours(),
        "css_paths": style_sheets(),
        "footer_links": ["api"] if for_programs else [],
        "run_history": False,  # nothing of a visitor's pictures stays in the browser
        "max_file_size": "40mb",
        # The examples, of which one is a record, are shown wherever the page was started.
        "allowed_paths": [str(EXAMPLES), str(RECORDED)],
    }
