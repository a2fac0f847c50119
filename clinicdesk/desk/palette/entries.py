"""What the palette offers besides people and dates: pages, actions and settings, each registered by whoever has it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from clinicdesk.domain.patients import fold

PLAIN_ICON = "chevron-right"  # of what has none of its own


class Group(StrEnum):
    """Under which heading an entry stands; the order is the order of the list."""

    ACTIONS = "actions"
    PAGES = "pages"
    SETTINGS = "settings"


@dataclass(frozen=True)
class Entry:
    """One thing to do or open. `key` is the cap that does it too; `also` are other words it is found by."""

    group: Group
    words: str
    run: Callable[[], object]
    icon: str = PLAIN_ICON
    key: str = ""
    also: str = ""

    def fits(self, typed: list[str]) -> bool:
        """Whether every typed word begins a word of the entry's."""
        own = fold(f"{self.words} {self.also}").split()
        return all(any(word.startswith(one) for word in own) for one in typed)


Source = Callable[[], Iterable[Entry]]
Reader = Callable[[str], Iterable[Entry]]


class Entries:
    """The register: `add` what always stands, `add_source` what depends on the moment (it is asked at each use)."""

    def __init__(self) -> None:
        self._fixed: list[Entry] = []
        self._sources: list[Source] = []
        self._readers: list[Reader] = []

    def add(self, *entries: Entry) -> None:
        """Offer these from now on."""
        self._fixed.extend(entries)

    def add_source(self, source: Source) -> None:
        """Offer what `source` gives whenever the palette asks."""
        self._sources.append(source)

    def add_reader(self, reader: "Reader") -> None:
        """Offer, before all others, what `reader` understands of what was typed."""
        self._readers.append(reader)

    def everything(self) -> list[Entry]:
        """What is on offer now, by group; of two with the same words the first."""
        offered = [*self._fixed, *(entry for source in self._sources for entry in source())]
        single: dict[tuple[Group, str], Entry] = {}
        for one in offered:
            single.setdefault((one.group, one.words), one)
        order = list(Group)
        return sorted(single.values(), key=lambda one: order.index(one.group))

    def found(self, text: str) -> list[Entry]:
        """What the typed words name; those whose own words begin so come first."""
        typed = fold(text).split()
        if not typed:
            return []
        understood = [entry for reader in self._readers for entry in reader(text)]
        fitting = [one for one in self.everything() if one.fits(typed)]
        return [*understood, *sorted(fitting, key=lambda one: not fold(one.words).startswith(typed[0]))]
