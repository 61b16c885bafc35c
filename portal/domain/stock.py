"""Blank cards, ribbon and film: what should be left, from what was there before and what came and went."""


def expected_left(
    before: int | None,
    came: int | None,
    printed: int | None,
    spoiled: int | None,
    moved_in: int = 0,
    moved_out: int = 0,
) -> int | None:
    """Blanks that should be left: before + came + moved in − printed − spoiled − moved out.

    None when any of them is not known: a box left empty is no zero, so nothing can be said of the difference.
    Source: the stock card of the office's own forms (yesterday + in − out = left).
    """
    if before is None or came is None or printed is None or spoiled is None:
        return None
    return before + came + moved_in - printed - spoiled - moved_out
