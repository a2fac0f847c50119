"""What is decided of time: blocks, holds, whose time is told to whom."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies
from tests.guards.suites import AGENDA, BLOCKS, HOLDS, ISOLATION, TRIGGERS

_LOCK = "PERFORM clinicdesk.lock_resources(ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id])"


def guards() -> Iterator[Guard]:
    """All of them."""
    yield from bodies(
        BLOCKS,
        (
            (
                "time kept free is booked by nobody",
                "guard_appointment",
                "PERFORM clinicdesk.refuse_kept_free(NEW, OLD)",
                "NULL",
                "test_time_kept_free_is_booked_by_nobody[helena]",
            ),
            (
                "a room kept free is kept free of buffers",
                "refuse_kept_free",
                "wanted.starts_at - make_interval(mins => wanted.buffer_before)",
                "wanted.starts_at",
                "test_buffers_pass_into_time_off_and_not_into_a_room_kept_free",
            ),
            (
                "what is kept free elsewhere is not named",
                "refuse_kept_free",
                "CASE WHEN b.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN b.kind ELSE 'block' END",
                "b.kind",
                "test_time_off_in_another_clinic_counts_here",
            ),
            (
                "a visit cancelled before the block does not come back",
                "refuse_kept_free",
                " OR b.updated_at <= before.status_at",
                " OR true",
                "test_a_visit_cancelled_before_the_block_does_not_come_back",
            ),
            (
                "a visit that stands is left where it is",
                "refuse_kept_free",
                "WHERE NOT coalesce(",
                "WHERE NOT false AND coalesce(true OR ",
                "test_a_visit_that_stands_when_time_off_is_written_stays",
            ),
            (
                "a booking waits for the block that is being written",
                "guard_appointment",
                _LOCK,
                "NULL",
                "test_a_booking_waits_for_the_block_that_is_being_written",
            ),
            (
                "a block is not laid over a visit",
                "guard_time_block",
                "a.starts_at < NEW.ends_at AND",
                "false AND",
                "test_a_block_is_not_laid_over_a_visit",
            ),
            (
                "kept_free tells the time alone",
                "kept_free",
                "CASE WHEN own.clinic THEN b.reason ELSE '' END",
                "b.reason",
                "test_what_another_unit_keeps_free_is_only_a_time",
            ),
            (
                "busy asks for a person",
                "busy",
                "AND (SELECT clinicdesk.at_work())",
                "",
                "test_a_closed_account_is_told_no_times_and_locks_nothing",
            ),
            (
                "kept_free asks for a person",
                "kept_free",
                "AND (SELECT clinicdesk.at_work())",
                "",
                "test_a_closed_account_is_told_no_times_and_locks_nothing",
            ),
            (
                "lock_resources asks for a person",
                "lock_resources",
                "pg_trigger_depth() = 0 AND NOT clinicdesk.at_work()",
                "false",
                "test_a_closed_account_is_told_no_times_and_locks_nothing",
            ),
            (
                "limits are counted over fresh reads",
                "lock_resources",
                "PERFORM clinicdesk.require_fresh_reads()",
                "NULL",
                "test_a_kept_snapshot_decides_nothing[repeatable read]",
            ),
        ),
    )
    yield from bodies(
        TRIGGERS,
        (
            (
                "an expired hold makes way",
                "clear_expired_holds",
                "s.expires_at < clock_timestamp()",
                "false",
                "test_an_expired_hold_makes_way_for_a_booking",
            ),
        ),
    )
    yield from bodies(
        HOLDS,
        (
            (
                "a booking takes an expired hold away",
                "hold_resources",
                "PERFORM clinicdesk.clear_expired_holds("
                "ARRAY[NEW.professional_id, NEW.room_id, NEW.equipment_id], held)",
                "NULL",
                "test_an_expired_hold_stands_in_nobodys_way",
            ),
            (
                "a hold takes an expired one away",
                "hold_slot",
                "PERFORM clinicdesk.clear_expired_holds(resources, held)",
                "NULL",
                "test_an_expired_hold_stands_in_nobodys_way",
            ),
            (
                "a hold is refused what is kept free",
                "hold_slot",
                "PERFORM clinicdesk.refuse_kept_free(visit, NULL)",
                "NULL",
                "test_time_kept_free_is_held_by_nobody",
            ),
            (
                "a hold locks its resources",
                "hold_slot",
                "PERFORM clinicdesk.lock_resources(resources)",
                "NULL",
                "test_a_hold_waits_for_the_booking_that_is_being_written",
            ),
            (
                "a hold is of one's own clinic",
                "hold_slot",
                "NOT coalesce(clinic = ANY (clinicdesk.my_clinics()), false)",
                "false",
                "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
            ),
            (
                "a hold is moved by its owner",
                "hold_slot",
                "s.person_id IS DISTINCT FROM person",
                "false",
                "test_a_hold_is_given_back_and_moved_by_its_owner_alone",
            ),
            (
                "a hold is given back by its owner",
                "release_hold",
                "AND s.person_id IS NOT DISTINCT FROM clinicdesk.my_person()",
                "",
                "test_a_hold_is_given_back_and_moved_by_its_owner_alone",
            ),
            (
                "a hold is given back in one's own clinics",
                "release_hold",
                "AND s.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[])",
                "AND (s.person_id = clinicdesk.my_person() OR clinicdesk.my_person() IS NULL) OR s.id = hold",
                "test_a_closed_account_holds_nothing_and_gives_nothing_back",
            ),
            (
                "a professional holds their own time",
                "hold_slot",
                "AND professional IS DISTINCT FROM clinicdesk.my_professional()",
                "AND false",
                "test_a_professional_holds_their_own_time_alone",
            ),
            (
                "people and things that are held are the clinic's",
                "hold_slot",
                "RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', CONSTRAINT = 'slot_hold_resource'",
                "NULL",
                "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
            ),
            (
                "a hold has a length",
                "hold_slot",
                "RAISE check_violation USING MESSAGE = 'no such time', CONSTRAINT = 'slot_hold_order'",
                "NULL",
                "test_holds_are_made_in_ones_own_clinics_and_of_their_people_and_things",
            ),
            (
                "a hold has two ends",
                "hold_slot",
                "AND before BETWEEN 0 AND 240 AND after BETWEEN 0 AND 240, false)",
                "AND before BETWEEN 0 AND 240 AND after BETWEEN 0 AND 240, true)",
                "test_no_hold_is_without_an_end[starts_at]",
            ),
            (
                "a hold lies within reach",
                "hold_slot",
                "AND starts >= '1800-01-01Z' AND ends < '2200-01-01Z'",
                "",
                "test_no_hold_lies_where_no_desk_can_read_it[10000-01-01]",
            ),
            (
                "a hold lasts minutes",
                "hold_slot",
                "least(greatest(minutes, 1), 15)",
                "minutes",
                "test_a_hold_lasts_a_quarter_of_an_hour_at_most",
            ),
            (
                "a hold elsewhere is only a time",
                "busy",
                "CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.slot_hold_id END",
                "h.slot_hold_id",
                "test_elsewhere_a_hold_is_only_a_time",
            ),
        ),
    )
    yield from bodies(
        ISOLATION,
        (
            (
                "elsewhere is only a time",
                "busy",
                "CASE WHEN h.clinic_id = ANY ((SELECT clinicdesk.my_clinics())::uuid[]) THEN h.appointment_id END",
                "h.appointment_id",
                "test_a_conflict_elsewhere_tells_the_time_alone",
            ),
            (
                "a room is in the clinic of its resource",
                "guard_thing",
                "AND r.clinic_id IS NOT DISTINCT FROM (to_jsonb(NEW) ->> 'clinic_id')::uuid",
                "",
                "test_a_room_is_in_the_clinic_of_its_resource",
            ),
        ),
    )
    yield from bodies(
        AGENDA,
        (
            (
                "a block is of its clinic",
                "guard_time_block",
                "RAISE foreign_key_violation USING MESSAGE = 'not of this clinic', CONSTRAINT = 'time_block_resource'",
                "NULL",
                "test_a_room_of_another_clinic_is_not_blocked",
            ),
        ),
    )
