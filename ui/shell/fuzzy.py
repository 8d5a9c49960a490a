"""How well a name fits what was typed. Pure."""


def score(typed: str, name: str) -> int | None:
    """None if it does not fit; higher is better. Letters must appear in order.

    A run of letters, a start of a word and a whole match weigh more.
    """
    wanted, text = typed.casefold().replace(" ", ""), name.casefold()
    if not wanted:
        return 0
    if text.startswith(typed.casefold().strip()):
        return 1000 - len(text)
    at = text.find(typed.casefold().strip())
    if at >= 0:
        starts_word = at > 0 and not text[at - 1].isalnum()
        return (700 if starts_word else 500) - at - len(text) // 4
    total, place, run = 0, -1, 0
    for letter in wanted:
        found = text.find(letter, place + 1)
        if found < 0:
            return None
        run = run + 1 if found == place + 1 else 0
        word_start = found == 0 or not text[found - 1].isalnum()
        total += 5 + 6 * run + (8 if word_start else 0) - min(5, found - place - 1)
        place = found
    return total - len(text) // 4
