"""`clinicdesk doctor`: every check with ok, warning or failed, and what to do."""

import json
from argparse import Namespace

from clinicdesk import settings
from clinicdesk.desk.wording_doctor import advice_sentence, check_name, facts_line, state_word, summary
from clinicdesk.usecases import doctor

MARKS = {doctor.State.OK: "✓", doctor.State.WARNING: "!", doctor.State.FAILED: "✗"}


def examine(given: Namespace) -> int:
    """Print the checks; 1 when one of them failed."""
    checks = doctor.examine(given.data_dir, settings.load(given.data_dir).postgres_binaries)
    if given.json:
        print(json.dumps(doctor.as_json(checks), ensure_ascii=False, indent=2))
    else:
        for check in checks:
            print(f"{MARKS[check.state]} {check_name(check.name)}: {state_word(check.state)}")
            for line in (facts_line(check), advice_sentence(check)):
                if line:
                    print(f"    {line}")
        print(f"\n{summary(checks)}")
    return int(doctor.worst(checks) is doctor.State.FAILED)
