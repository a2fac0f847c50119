"""What a professional can do with alerts for the desk: write one, withdraw it, let it stand again."""

from uuid import UUID

from clinicdesk.domain.alerts import WriteAlert, clean_alert
from clinicdesk.domain.patients import Alert
from clinicdesk.errors import NotFound
from clinicdesk.storage import alerts as rows
from clinicdesk.storage import ledger
from clinicdesk.usecases.clinic import Clinic, new_id


def write(clinic: Clinic, command: WriteAlert) -> Alert:
    """Write an alert. Raises InvalidField, NotFound, or NotAllowed for who is no professional."""
    text = clean_alert(command.text)
    alert_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "alert", alert_id)
        if not done:
            rows.insert_alert(tx, alert_id, command.patient_id, command.severity, text)
    return Alert(done or alert_id, command.severity, text)


def set_standing(clinic: Clinic, alert_id: UUID, stands: bool) -> None:
    """Withdraw an alert, or let it stand again. Raises NotFound, or NotAllowed for who is no professional."""
    with clinic.transaction() as tx:
        if not rows.set_standing(tx, alert_id, stands):
            raise NotFound("patient_alert", str(alert_id))
