"""One typed line as a booking: who, what, when, with whom and where, in any order and in the words of a counter."""

from clinicdesk.domain.one_line.reader import read
from clinicdesk.domain.one_line.rendering import render
from clinicdesk.domain.one_line.values import Choice, Days, Hours, Kind, Reading, Token
from clinicdesk.domain.one_line.vocabulary import Vocabulary
from clinicdesk.domain.one_line.wanted import Wanted

__all__ = ["Choice", "Days", "Hours", "Kind", "Reading", "Token", "Vocabulary", "Wanted", "read", "render"]
