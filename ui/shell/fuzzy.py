"""How well a name fits what was typed. Pure."""


def score(typed: str, name: str) -> int | None:
    """None if it does not fit; higher is better.

    What was typed stands in the name as a whole, or is made of beginnings of its words, in order: "vtp" of
    "Venlo Trade Port"; or each word of it fits. Letters from anywhere would make every long name fit.
    """
    whole, text = typed.casefold().strip(), name.casefold()
    if not whole:
        return 0
    if text.startswith(whole):
        return 1000 - len(text)
    at = text.find(whole)
    if at >= 0:
        starts_word = not text[at - 1].isalnum()
        return (700 if starts_word else 500) - at - len(text) // 4
    starts = [n for n, letter in enumerate(text) if letter.isalnum() and not (n and text[n - 1].isalnum())]
    jumps = _jumps(whole.replace(" ", ""), text, starts)
    if jumps is not None:
        return 200 - 20 * jumps - len(text) // 4
    words = whole.split()
    if len(words) > 1 and all(score(word, name) is not None for word in words):
        return 100 - len(text) // 4
    return None


def _jumps(wanted: str, text: str, starts: list[int]) -> int | None:
    """From how many beginnings of words `wanted` is put together, as few as can be; None: it is not."""
    if not wanted:
        return 0
    best: int | None = None
    for n, start in enumerate(starts):
        run = 0
        while run < len(wanted) and text[start + run : start + run + 1] == wanted[run]:
            run += 1
            rest = _jumps(wanted[run:], text, starts[n + 1 :])
            if rest is not None and (best is None or rest + 1 < best):
                best = rest + 1
    return best
