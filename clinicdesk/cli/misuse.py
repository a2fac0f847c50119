"""Called in a way that cannot be carried out."""


class Misuse(Exception):
    """What was wrong with the call, as a sentence in the language in use; leaves with status 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
