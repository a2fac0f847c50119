"""From what a line leads to, to the rows that are shown."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.palette.entries import PLAIN_ICON, Entry, Group
from clinicdesk.desk.palette.rows import Look, Row
from clinicdesk.desk.palette.wording import PaletteWords, day_as_typed, who
from clinicdesk.desk.widgets.patient_words import line
from clinicdesk.desk.wording import sentence, why_not_sentence
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.one_line import Days, Kind, Reading, Vocabulary, render
from clinicdesk.domain.one_line.vocabulary import found_by
from clinicdesk.domain.patients import NewPatient, PatientMatch, fold, search_words, show_phone, written_name
from clinicdesk.domain.slots import FreeSlot
from clinicdesk.errors import ClinicError, SlotTaken
from clinicdesk.usecases.one_line import Answer, Draft, Offer
from clinicdesk.words import _, marked, ngettext

_MOST_ENTRIES = 5
_MOST_SERVICES = 9
_GROUPS = {
    Group.ACTIONS: marked("Actions"),
    Group.PAGES: marked("Pages"),
    Group.SETTINGS: marked("Settings"),
}


@dataclass(frozen=True)
class Acts:
    """What taking a row does."""

    open_patient: Callable[[PatientMatch], object]
    register: Callable[[str], object]
    accept: Callable[[PatientMatch | NewPatient], object]
    choose: Callable[[Kind, str, UUID | None], object]
    book: Callable[[FreeSlot], object]
    squeeze_in: Callable[[], object]
    choose_visit: Callable[[Appointment], object]
    move: Callable[[Appointment, FreeSlot], object]
    open_day: Callable[[dt.date], object]
    open_week_of: Callable[[UUID], object]
    put: Callable[[str], object]
    run: Callable[[Entry], object]


class Listing:
    """Makes rows over one catalogue."""

    def __init__(self, clock: DeskClock, vocabulary: Vocabulary, acts: Acts) -> None:
        self._clock = clock
        self._vocabulary = vocabulary
        self._acts = acts
        self.words = PaletteWords(clock, vocabulary.catalogue)

    # --- nothing typed ---

    def begun(self, recent: Sequence[PatientMatch], entries: Sequence[Entry]) -> list[Row]:
        """What is there before anything was typed: who was here last, examples, what this page can do."""
        rows = [_heading(_("Recent")), *map(self._person, recent)] if recent else []
        rows += [_heading(_("Try it: book in one line"))]
        rows += [self._example(text) for text in self._examples()]
        actions = [one for one in entries if one.group is Group.ACTIONS]
        return rows + self._entries(sorted(actions, key=lambda one: one.icon == PLAIN_ICON))

    def _examples(self) -> list[str]:
        pair = self._told_shortly()
        if pair is None:
            return []
        rooms = self._vocabulary.rooms
        names = {"service": pair[0], "professional": pair[1], "room": rooms[0].name.lower() if rooms else ""}
        return [
            " ".join(_("ana {service} thu 3pm {professional} {room}").format(**names).split()),
            _("bento {service} next week in the afternoon").format(**names),
            _("move ana to tomorrow 9am"),
            _("next friday"),
        ]

    def _told_shortly(self) -> tuple[str, str] | None:
        """A service and somebody who gives it, of those with the shortest names."""
        vocabulary = self._vocabulary
        pairs = [
            (service.name.lower(), " ".join(person.words[:1]))
            for service in vocabulary.services
            for person in vocabulary.professionals
            if vocabulary.does(person.id, service.id)
        ]
        return min(pairs, key=lambda pair: (pair[0].count(" "), len(pair[0])), default=None)

    def _example(self, text: str) -> Row:
        return Row(Look.PLAIN, text, icon="text-cursor-input", run=lambda: self._acts.put(text))

    # --- an answer ---

    def answered(self, answer: Answer, entries: Sequence[Entry]) -> list[Row]:
        """What a line leads to, the likeliest first."""
        people = self._people(answer)
        booking = self._booking(answer) if answer.draft else []
        found = [*people, *booking] if people else booking
        found += self._days(answer)
        found += self._professionals(answer.line)
        found += self._entries(entries)
        if not answer.draft:
            found += self._newcomer(answer, nothing=not found)
        return found

    def failed(self, error: ClinicError, entries: Sequence[Entry] = ()) -> list[Row]:
        """The line could not be answered, or the booking not be made."""
        said = Row(Look.FACT, sentence(error, self._clock.zone), icon="triangle-alert", tone="warn")
        return [said, *self._entries(entries)]

    def _people(self, answer: Answer) -> list[Row]:
        if not answer.people:
            return []
        words = search_words(answer.line)[0]
        return [_heading(_("Patients")), *(self._person(one, words) for one in answer.people)]

    def _person(self, match: PatientMatch, words: Sequence[str] = ()) -> Row:
        shown = line(match, self._clock.now(), self._clock.zone, words, with_birth=True)
        return Row(Look.PATIENT, match.name, person=shown, key="Enter", run=lambda: self._acts.open_patient(match))

    def _newcomer(self, answer: Answer, *, nothing: bool) -> list[Row]:
        name = written_name(answer.readings[0].patient)
        rows = []
        if nothing:
            words = _("Nothing here for “{text}”").format(text=answer.line.strip())
            rows.append(Row(Look.FACT, words, icon="search"))
        if name and fold(name) == fold(answer.line) and (nothing or " " in name):
            words = _("Register {name}").format(name=name)
            rows.append(Row(Look.PLAIN, words, icon="user-plus", run=lambda: self._acts.register(name), certain=False))
        return rows

    # --- a booking ---

    def _booking(self, answer: Answer) -> list[Row]:
        draft = answer.draft
        assert draft is not None
        rows = [self._unknown(one.text) for one in draft.reading.unknown]
        if draft.patient is None:
            rows += [*self._beforehand(draft), *self._whom(draft)]
        elif draft.reading.moving:
            rows += self._moving(draft, draft.patient)
        elif draft.service is None:
            rows += self._which_service(draft.services)
        elif draft.offer is not None:
            rows += self._offered(draft, draft.patient, draft.service, draft.offer)
        return [*rows, *self._other_day(draft.reading.days), *map(self._read_as, draft.otherwise)]

    def _beforehand(self, draft: Draft) -> list[Row]:
        """Whether the time is free, while it is still asked for whom."""
        offer = draft.offer
        if offer is None:
            return []
        if offer.free is not None:
            words = f"{_('free at that time')}: {self.words.when(offer.free)} · {self.words.where(offer.free)}"
            return [Row(Look.FACT, dates.capitalised(words), icon="calendar-check", tone="ok")]
        if offer.refusal is not None:
            said = sentence(offer.refusal, self._clock.zone)
            return [Row(Look.FACT, said, icon="calendar-x", tone="danger")]
        return []

    def _unknown(self, words: str) -> Row:
        return Row(Look.FACT, _("The clinic has no “{words}”").format(words=words), icon="triangle-alert", tone="warn")

    def _whom(self, draft: Draft) -> list[Row]:
        typed = draft.reading.patient
        name, words = written_name(typed) or show_phone(draft.reading.phone), search_words(typed)[0]
        several = len(draft.people) > 1
        rows = []
        if draft.people:
            more = _("there are more; type more of the name") if draft.more_people else _("Enter accepts the person")
            asked = _("Which {name}?").format(name=name) if several else _("Is it this person?")
            rows.append(_heading(asked, more))
        else:
            said = _("Nobody is registered as “{name}”").format(name=typed or name)
            rows.append(Row(Look.FACT, said, icon="user-x", tone="warn"))
        for match in draft.people:
            shown = line(match, self._clock.now(), self._clock.zone, words, with_birth=True)
            accept = partial(self._acts.accept, match)
            rows.append(Row(Look.PATIENT, match.name, person=shown, key="Enter", run=accept, certain=False))
        return rows + self._new_patient(draft)

    # --- moving ---

    def _moving(self, draft: Draft, patient: PatientMatch | NewPatient) -> list[Row]:
        visit, offer = draft.visit, draft.offer
        if not draft.visits:
            words = _("{name} has no visit ahead to move").format(name=who(patient))
            return [Row(Look.FACT, words, icon="calendar-x", tone="warn")]
        if visit is None:
            return [_heading(_("Which visit?")), *map(self._visit, draft.visits)]
        if offer is None:
            words = _("{visit}: say the new day or time").format(visit=self._visit_words(visit))
            return [Row(Look.FACT, words, icon="calendar-clock", tone="info")]
        if offer.free is not None:
            return [_heading(_("Ready to move"), _("free at that time")), self._move(visit, offer.free)]
        rows = self._why(offer)
        title = _("Nearest free times")
        rows.append(_heading(f"{title} · {self._visit_words(visit)}", _("Tab, then the number")))
        moves = [self._time(number, free) for number, free in enumerate(offer.others, start=1)]
        return rows + [
            replace(row, run=partial(self._acts.move, visit, free))
            for row, free in zip(moves, offer.others, strict=True)
        ]

    def _visit_words(self, visit: Appointment) -> str:
        local = visit.starts_at.astimezone(self._clock.zone)
        return f"{self.words.day(local.date())}, {local:%H:%M} · {visit.service_name}"

    def _visit(self, visit: Appointment) -> Row:
        choose = partial(self._acts.choose_visit, visit)
        detail = visit.professional_name
        return Row(Look.PLAIN, self._visit_words(visit), detail, visit.service_icon, run=choose, certain=False)

    def _move(self, visit: Appointment, free: FreeSlot) -> Row:
        was = _("was {when}").format(when=self._visit_words(visit))
        return Row(
            Look.BOOK,
            _("Move to {when}").format(when=self.words.when(free)),
            f"{visit.patient_name} · {self.words.where(free)} · {was}",
            "calendar-clock",
            "accent",
            "Enter",
            run=partial(self._acts.move, visit, free),
        )

    def _new_patient(self, draft: Draft) -> list[Row]:
        new = draft.may_be_new
        if new is None or draft.reading.moving:
            return []
        detail = show_phone(new.phone) if new.phone else _("without a phone; type it to register it too")
        words = _("New patient: {name}").format(name=new.name)
        return [
            Row(Look.PLAIN, words, detail, "user-plus", "accent", run=lambda: self._acts.accept(new), certain=False)
        ]

    def _which_service(self, services: Sequence[Service]) -> list[Row]:
        return [_heading(_("Which service?")), *(self._service(one) for one in services[:_MOST_SERVICES])]

    def _service(self, service: Service) -> Row:
        length = dates.minutes_text(service.duration_minutes)
        detail = " · ".join(part for part in (service.category_name, length) if part)
        choose = partial(self._acts.choose, Kind.SERVICE, service.name, service.id)
        return Row(Look.PLAIN, service.name, detail, service.category_icon, run=choose, certain=False)

    def _offered(self, draft: Draft, patient: PatientMatch | NewPatient, service: Service, offer: Offer) -> list[Row]:
        if offer.free is not None:
            past = offer.free.slot.starts_at < self._clock.now()
            return [
                _heading(_("Ready to book"), _("that time has passed") if past else _("free at that time")),
                self._book(draft, patient, service, offer.free),
            ]
        rows = self._why(offer)
        rows += self._times(draft, patient, service, offer)
        if isinstance(offer.refusal, SlotTaken) and offer.refusal.resource_kind == "professional":
            words, why = _("Overbook"), draft.reading.note or _("the note after // becomes the reason")
            rows.append(Row(Look.PLAIN, words, why, "zap", run=self._acts.squeeze_in, certain=False))
        return rows

    def _why(self, offer: Offer) -> list[Row]:
        """Why it cannot be just as asked."""
        if offer.refusal is not None:
            return [Row(Look.FACT, sentence(offer.refusal, self._clock.zone), icon="calendar-x", tone="danger")]
        if offer.why_not is not None:
            return [Row(Look.FACT, why_not_sentence(offer.why_not), icon="calendar-x", tone="warn")]
        return []

    def _book(
        self, draft: Draft, patient: PatientMatch | NewPatient, service: Service, free: FreeSlot, number: int = 0
    ) -> Row:
        new = isinstance(patient, NewPatient)
        asked = _("Register and book {when}") if new else _("Book {when}")
        parts = [who(patient), service.name, dates.minutes_text(free.slot.minutes), self.words.where(free)]
        parts += [_("overbooking")] if draft.reading.overbooking else []
        parts += [draft.reading.note] if draft.reading.note else []
        return Row(
            Look.BOOK,
            asked.format(when=self.words.when(free)),
            " · ".join(part for part in parts if part),
            "zap" if draft.reading.overbooking else "user-plus" if new else "calendar-check",
            "warn" if draft.reading.overbooking else "accent",
            "Enter",
            number,
            run=lambda: self._acts.book(free),
        )

    def _times(self, draft: Draft, patient: PatientMatch | NewPatient, service: Service, offer: Offer) -> list[Row]:
        if not offer.others and (offer.refusal or offer.why_not):
            return []  # why there is none was just said
        if not offer.others:
            return [Row(Look.FACT, _("No free time here"), icon="calendar-x", tone="warn")]
        what = f"{who(patient)} · {service.name}"
        title = _("Nearest free times") if offer.refusal or offer.why_not else _("Free times")
        rows = [_heading(f"{title} · {what}", _("Tab, then the number"))]
        return rows + [self._time(number, free) for number, free in enumerate(offer.others, start=1)]

    def _time(self, number: int, free: FreeSlot) -> Row:
        return Row(
            Look.TIME,
            self.words.when(free),
            f"{self.words.where(free)} · {self.words.spoken(free)}",
            key="Enter",
            number=number,
            run=partial(self._acts.book, free),
            certain=False,
        )

    def _other_day(self, days: Days | None) -> list[Row]:
        other = days.or_else if days else None
        if other is None:
            return []
        words = _("Or did you mean {day}?").format(day=self.words.days(other))
        return [
            Row(
                Look.PLAIN,
                words,
                icon="calendar-search",
                run=lambda: self._acts.choose(Kind.DAY, day_as_typed(other.first), None),
                certain=False,
            )
        ]

    def _read_as(self, reading: Reading) -> Row:
        people = " / ".join(self.words.name(one) for one in reading.professional_ids)
        said = _("Or: patient {patient}, with {professional}") if people else _("Or: patient {patient}")
        text = render(reading, self._vocabulary)
        words = said.format(patient=reading.patient or show_phone(reading.phone), professional=people)
        return Row(Look.PLAIN, words, icon="split", run=lambda: self._acts.put(text), certain=False)

    # --- days, professionals, entries ---

    def _days(self, answer: Answer) -> list[Row]:
        days = answer.readings[0].days
        found: list[dt.date] = []
        while days is not None:
            found.append(days.first)
            days = days.or_else
        rows = [self._day(day) for day in found]
        return [_heading(_("Dates")), *rows] if rows else []

    def _day(self, day: dt.date) -> Row:
        words = _("Open {day}").format(day=dates.day_inside(day))
        detail = dates.relative_day(day, self._clock.today())
        return Row(Look.PLAIN, words, detail, "calendar-days", run=lambda: self._acts.open_day(day))

    def _professionals(self, text: str) -> list[Row]:
        found = found_by(fold(text).split(), self._vocabulary.professionals)[:4]
        rows = [
            Row(
                Look.PLAIN,
                _("Week of {name}").format(name=self._vocabulary.name(one.id)),
                icon="calendar-range",
                run=partial(self._acts.open_week_of, one.id),
            )
            for one in found
        ]
        return [_heading(_("Professionals")), *rows] if rows else []

    def _entries(self, entries: Sequence[Entry]) -> list[Row]:
        rows: list[Row] = []
        for group, title in _GROUPS.items():
            theirs = [one for one in entries if one.group is group][:_MOST_ENTRIES]
            if theirs:
                rows += [_heading(_(title)), *map(self._entry, theirs)]
        return rows

    def _entry(self, entry: Entry) -> Row:
        return Row(Look.PLAIN, entry.words, icon=entry.icon, key=entry.key, run=lambda: self._acts.run(entry))

    # --- one piece to be fixed ---

    def choices(self, draft: Draft, kind: Kind) -> list[Row]:
        """What else a piece of the booking may be."""
        rows = {
            Kind.PERSON: lambda: self._whom(draft),
            Kind.SERVICE: lambda: self._which_visit_or_service(draft),
            Kind.PROFESSIONAL: lambda: self._which_professional(draft),
            Kind.ROOM: lambda: self._which_room(draft),
            Kind.DAY: lambda: self._which_day(draft),
        }
        return rows[kind]() if kind in rows else []

    def _which_visit_or_service(self, draft: Draft) -> list[Row]:
        if draft.reading.moving:
            return [_heading(_("Which visit?")), *map(self._visit, draft.visits)]
        return self._which_service(self._services_of(draft))

    def _services_of(self, draft: Draft) -> list[Service]:
        """What was meant first, then what else these people do."""
        offered = self._vocabulary.catalogue.services
        meant = [one for one in offered if one.id in draft.reading.service_ids]
        people = draft.reading.professional_ids
        rest = [one for one in offered if not people or any(self._vocabulary.does(who, one.id) for who in people)]
        return [*meant, *(one for one in rest if one not in meant)]

    def _which_professional(self, draft: Draft) -> list[Row]:
        able = [
            one
            for one in self._vocabulary.catalogue.professionals
            if draft.service is None or self._vocabulary.does(one.id, draft.service.id)
        ]
        rows = [_heading(_("With whom?"))]
        for one in able:
            choose = partial(self._acts.choose, Kind.PROFESSIONAL, _("with {name}").format(name=one.name), one.id)
            rows.append(Row(Look.PLAIN, one.name, one.specialty, "user-round", run=choose, certain=False))
        return rows

    def _which_room(self, draft: Draft) -> list[Row]:
        able = draft.service.room_ids if draft.service else ()
        rooms = [one for one in self._vocabulary.catalogue.rooms if not able or one.id in able]
        rows = [_heading(_("Which room?"))]
        for one in rooms:
            choose = partial(self._acts.choose, Kind.ROOM, one.name, one.id)
            rows.append(Row(Look.PLAIN, one.name, icon="door-open", run=choose, certain=False))
        return rows

    def _which_day(self, draft: Draft) -> list[Row]:
        days, today = draft.reading.days, self._clock.today()
        first = max(days.first, today) if days else today
        found = [first + dt.timedelta(days=ahead) for ahead in range(7)]
        if days and days.or_else:
            found.insert(0, days.or_else.first)
        rows = [_heading(_("Which day?"))]
        for day in dict.fromkeys(found):
            choose = partial(self._acts.choose, Kind.DAY, day_as_typed(day), None)
            detail = dates.relative_day(day, today)
            rows.append(Row(Look.PLAIN, dates.day_title(day), detail, "calendar-days", run=choose, certain=False))
        return rows


def _heading(words: str, detail: str = "") -> Row:
    return Row(Look.HEADING, words, detail)


def count_words(count: int) -> str:
    """How many rows there are to choose from, for who cannot see them."""
    return ngettext("{count} result", "{count} results", count).format(count=count)
