"""What owners, invited people and profiles may do and no more."""

from collections.abc import Iterator

from tests.guards.guard import Guard, bodies, opened, without
from tests.guards.suites import ACCESS, ATTACKS, BLOCKS, ISOLATION, OVERLAP, PEOPLE, PROFILES, SERVER_UNIT
from tests.storage.test_profiles import NARROWED


def guards() -> Iterator[Guard]:
    """All of them."""
    for name, (table, verb, _capability) in NARROWED.items():
        off = f"DROP POLICY profile_{verb.lower()} ON clinicdesk.{table}"
        yield Guard(f"profile policy {name}", off, f"{PROFILES}::test_a_profile_takes_it_away[{name}]")
    for table in ("profile", "desk_session", "refused_sign_in"):
        off = opened(table, "organisation", "ALL" if table == "profile" else "SELECT")
        test = f"{PEOPLE}::test_who_has_only_a_code_reads_nothing[{table}]"
        yield Guard(f"people: policy organisation on {table}", off, test)
    off = "DROP POLICY own_operation_new ON clinicdesk.operation"
    yield Guard("people: a code writes no operation", off, f"{PEOPLE}::test_who_has_only_a_code_writes_nothing")
    off = "ALTER FUNCTION clinicdesk.follow_recalls() SECURITY INVOKER"
    test = f"{PROFILES}::test_booking_answers_a_recall_without_the_right_to_keep_recalls"
    yield Guard("people: a recall is answered for whoever books", off, test)
    yield from _accounts()
    for name, function, words, instead, test in _decided():
        yield Guard(f"people: {name}", without(function, words, instead), test)


def _accounts() -> Iterator[Guard]:
    """Who somebody is, and that an owner stays."""
    yield from bodies(
        ATTACKS,
        (
            (
                "an owner is active",
                "require_owner",
                " AND clinicdesk.my_person() IS NOT NULL",
                "",
                "test_an_owner_whose_account_was_closed_makes_nobody",
            ),
            (
                "logins are asked of owners",
                "require_owner",
                "RAISE insufficient_privilege USING MESSAGE = 'owners only'",
                "NULL",
                "test_one_person_does_not_write_anothers_keys",
            ),
            (
                "a closed person's login is closed",
                "close_person",
                "EXECUTE format('ALTER ROLE %I NOLOGIN', account)",
                "NULL",
                "test_a_closed_account_signs_in_no_more",
            ),
        ),
    )
    yield from bodies(
        PEOPLE,
        (
            (
                "a verifier, never a password",
                "require_verifier",
                "OR verifier !~",
                "OR false AND verifier !~",
                "test_what_only_looks_like_a_verifier_is_refused[SCRAM-SHA-256$x]",
            ),
        ),
    )
    yield from bodies(
        OVERLAP,
        (
            (
                "owners are counted one at a time",
                "keep_an_owner",
                "PERFORM pg_advisory_xact_lock(hashtext('clinicdesk.owners'))",
                "NULL",
                "test_two_owners_do_not_close_each_other",
            ),
        ),
    )
    yield from bodies(
        BLOCKS,
        (
            (
                "owners are counted over fresh reads",
                "keep_an_owner",
                "PERFORM clinicdesk.require_fresh_reads()",
                "NULL",
                "test_a_kept_snapshot_counts_no_owners",
            ),
        ),
    )
    yield from bodies(
        ISOLATION,
        (
            (
                "my_clinics are an active person's",
                "my_clinics",
                " AND p.active",
                "",
                "test_a_closed_account_reads_nothing[appointment]",
            ),
            (
                "my_person is an active one",
                "my_person",
                " AND active",
                "",
                "test_what_all_clinics_share_is_for_people_who_work_here[data_key]",
            ),
        ),
    )


def _decided() -> Iterator[tuple[str, str, str, str, str]]:
    elsewhere = f"{PEOPLE}::test_an_owner_decides_nothing_in_another_unit"
    require, reach = "PERFORM clinicdesk.require_clinics", "PERFORM clinicdesk.require_reach"
    for name, function, asked in (
        ("a new person there", "add_person", f"{require}(clinics)"),
        ("a code for somebody there", "reset_access", f"{require}(clinicdesk.clinics_of(reset))"),
        ("the role of somebody in both", "set_access", f"{require}(theirs || clinics)"),
        ("the end of somebody there", "close_person", f"{reach}(closed)"),
        ("the lock of somebody there", "unlock_person", f"{reach}(unlocked)"),
        ("the desk of somebody there", "end_connections", f"{reach}(somebody)"),
        ("the session of somebody there", "end_session", f"{reach}(ended.person_id)"),
        ("a key for somebody there", "keep_wrapped_key", f"{require}(clinicdesk.clinics_of(owner))"),
    ):
        yield f"not in another unit, {name}", function, asked, "NULL", f"{elsewhere}[{name}]"
    yield "own units", "require_clinics", "NOT asked <@ clinicdesk.my_clinics()", "false", f"{elsewhere}[own units]"
    for capability, function in (
        ("merge_patients", "merge_patients"),
        ("merge_patients", "undo_merge"),
        ("import", "undo_patient_import"),
        ("export_patients", "record_export"),
    ):
        asked = f"PERFORM clinicdesk.require_may('{capability}')"
        yield (
            f"profile in {function}",
            function,
            asked,
            "NULL",
            f"{PROFILES}::test_a_function_asks_the_profile[{function}]",
        )
    asked = "PERFORM clinicdesk.require_may('overbook')"
    overbook = f"{PROFILES}::test_nobody_overbooks_without_it_however_it_is_written[moved]"
    yield "profile in guard_appointment", "guard_appointment", asked, "NULL", overbook
    exists = "IF EXISTS (SELECT 1 FROM clinicdesk.wrapped_key w"
    theirs = f"{PEOPLE}::test_no_owner_takes_the_place_of_anothers_key"
    yield "another's key stays", "keep_wrapped_key", exists, exists.replace("IF", "IF false AND"), theirs
    own = "reset IS NOT DISTINCT FROM clinicdesk.my_person()"
    yield "no code for oneself", "reset_access", own, "false", f"{PEOPLE}::test_no_owner_gives_themselves_a_code"
    chosen = f"{PEOPLE}::test_a_choice_of_password_loses_no_key_and_takes_no_other"
    yield "no key is lost", "choose_password", "w.data_key_id <> ALL (keys)", "false", chosen
    yield "no other key is taken", "choose_password", "w.data_key_id = given.key", "true", chosen
    roles = "person_role NOT IN ('owner', 'manager', 'reception', 'professional')"
    yield (
        "logins are of people",
        "give_login",
        roles,
        "false",
        f"{PEOPLE}::test_a_login_is_given_to_people_alone[founder]",
    )
    ended = f"{PEOPLE}::test_a_founder_ends_with_the_first_person"
    yield "founders' connections end", "end_founding", "PERFORM clinicdesk.end_backends(each, '', '')", "NULL", ended
    yield "founders' rights end", "end_founding", "EXECUTE format('REVOKE cd_founder FROM %I', each)", "NULL", ended
    before = f"{PEOPLE}::test_who_was_at_work_before_a_reset_chooses_nothing_after_it"
    yield "a reset counts at once", "choose_password", "clinicdesk.signed_in_before(me.updated_at)", "false", before
    locked = f"{PEOPLE}::test_who_is_locked_chooses_no_password"
    yield "locked chooses nothing", "choose_password", " AND locked_at IS NULL", "", locked
    nobodys = f"{SERVER_UNIT}::test_a_name_of_no_database_is_nobodys"
    yield "a login is of its database", "count_refusal", "'@' || account", "account", nobodys
    held = f"{PROFILES}::test_who_may_neither_book_nor_move_holds_no_time"
    yield "profile in hold_slot", "hold_slot", "PERFORM clinicdesk.require_may('book')", "NULL", held
    over = f"{ACCESS}::test_a_code_is_over_after_its_days"
    yield "a code has its days", "my_invitation", "AND p.code_expires_at > clock_timestamp()", "", over
    locked = f"{PEOPLE}::test_whoever_is_locked_at_work_reads_nothing_more"
    yield "locked is nobody", "my_person", " AND locked_at IS NULL", "", locked
    yield "locked is nowhere", "my_clinics", " AND p.locked_at IS NULL", "", locked
    guest = f"{PEOPLE}::test_who_has_only_a_code_reads_nothing"
    yield "a code is nobody", "my_person", " AND password_set_at IS NOT NULL", "", f"{guest}[person]"
    yield "a code is nowhere", "my_clinics", "AND p.password_set_at IS NOT NULL", "", f"{guest}[appointment]"
    owners = f"{ACCESS}::test_there_is_always_an_owner_who_can_sign_in"
    yield "a locked owner is none", "keep_an_owner", " AND locked_at IS NULL", "", owners
    yield "an invited owner is none", "keep_an_owner", " AND password_set_at IS NOT NULL", "", owners
    session = f"{PEOPLE}::test_a_session_is_touched_and_ended_by_its_own_person_alone"
    yield "a session is one's own", "touch_session", "AND person_id = clinicdesk.my_person()", "", session
    other = "ended.person_id IS DISTINCT FROM clinicdesk.my_person()"
    yield "a session is ended by owners", "end_session", f"clinicdesk.my_person() IS NULL OR {other}", "false", session
