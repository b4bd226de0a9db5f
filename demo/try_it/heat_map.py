"""What is said of the heat map."""

from __future__ import annotations

from demo.kit.read_picture import ReadPicture
from demo.kit.words import colour_scale, percent
from demo.try_it.request import MapLook
from model.digits import WORDS
from model.network.stages import cells

VISIBLE = 0.02  # share of the scale below which a colour cannot be seen
SHARP_SIDE = 8  # pixels a side of the squares in which the sharp map is counted


def caption(hand: ReadPicture, look: MapLook) -> str:
    """What the heat map shows, and its scale."""
    digit, signed, sharp = hand.explanation.digit, hand.signed(look.stage), look.stage == "sharp"
    word = f"<b>{WORDS[digit]}</b>"
    probability = percent(float(hand.explanation.probabilities[digit]))
    if probability != percent(float(hand.reading.probabilities[digit])):
        probability += " in this part alone"
    strongest = float(abs(signed).max())
    top = strongest if look.own else hand.tops[look.stage]
    in_favour = float(signed.max()) > VISIBLE * top
    spoke = "spoke" if hand.reading.is_hand else "would speak"
    if top == 0 or strongest == 0:
        words = f"Nothing here {spoke} for {word} ({probability}), and nothing against it"
    elif in_favour:
        words = f"Orange {spoke} for {word} ({probability}), violet against it"
    else:
        words = (
            f"Next to nothing {spoke} for {word} ({probability}) here; violet {spoke} against it"
        )
    side = len(signed)
    words += "." if sharp else f", at stage {look.stage[-1]}, {side}×{side} cells."
    if sharp and not in_favour:
        words += f" The sharp map shows an earlier stage; see stage {list(cells())[-1][-1]} for "
        words += "what spoke for it later."
    if top == 0:
        return words
    share, unit = (SHARP_SIDE**2, f"{SHARP_SIDE}×{SHARP_SIDE} pixels") if sharp else (1, "a cell")
    if look.own:
        words += " The scale is this map's own: don't compare it with others."
    elif strongest < 0.1 * top:
        words += " It is faint on this scale, which is that of the digit that was read."
    elif strongest > 1.01 * top:
        words += " Its strongest places go beyond the scale, which is that of the digit that was "
        words += "read."
    return f"{colour_scale(top / share, f' logits, {unit}')}<p>{words}</p>"
