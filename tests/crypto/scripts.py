"""One long complaint in three scripts, to see how much of each fits into a size: the invented messages by other hands
one after the other, and the same words letter by letter in Javanese script and in Jawi, which is Arabic.

A real report holds together and repeats its words, and is deflated better than a hundred strangers' messages."""

from tests.pii.words_scores import messages

PANGKON = "\ua9c0"
# Consonants carry an "a"; a vowel sign takes its place, and the pangkon takes it away.
CONSONANTS = dict(zip("hncrkdtswlpjymgbvfqxz", "ꦲꦤꦕꦫꦏꦢꦠꦱꦮꦭꦥꦗꦪꦩꦒꦧꦮꦥꦏꦱꦗ", strict=True)) | {"ny": "ꦚ", "ng": "ꦔ"}
VOWELS = {"a": "", "i": "ꦶ", "u": "ꦸ", "e": "ꦺ", "o": "ꦺꦴ"}
DIGITS = dict(zip("0123456789", "꧐꧑꧒꧓꧔꧕꧖꧗꧘꧙", strict=True))
JAWI = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابچدعفڬهيجکلمنوڤقرستوۏوخيز", strict=True)) | {"ny": "ڽ", "ng": "ڠ"}


def prose() -> str:
    """Some fourteen thousand characters in Latin letters."""
    return " ".join(message.text for name in ("unseen", "blind", "held_out") for message in messages(f"words_{name}"))


def javanese(text: str) -> str:
    """The same in Javanese script: three bytes for each sign."""
    signs, rest = [], text.lower()
    while rest:
        sound = rest[:2] if rest[:2] in CONSONANTS else rest[:1]
        rest = rest[len(sound) :]
        if sound in CONSONANTS:
            vowel = rest[:1] if rest[:1] in VOWELS else ""
            rest = rest[len(vowel) :]
            signs.append(CONSONANTS[sound] + (VOWELS[vowel] if vowel else PANGKON))
        elif sound in VOWELS:
            signs.append("ꦲ" + VOWELS[sound])
        else:
            signs.append(DIGITS.get(sound, sound))
    return "".join(signs)


def jawi(text: str) -> str:
    """The same in Jawi: two bytes for each letter."""
    lower = text.lower()
    for digraph in ("ny", "ng"):
        lower = lower.replace(digraph, JAWI[digraph])
    return "".join(JAWI.get(letter, letter) for letter in lower)


SCRIPTS = {"Latin": str, "Javanese": javanese, "Jawi": jawi}
