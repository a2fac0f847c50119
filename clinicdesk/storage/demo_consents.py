"""The demo's consents as rows: most people said yes when they registered, a few took it back, some were never asked."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, text

# Who said what follows from the name, so that it is the same in every demo.
_GIVEN = """
    INSERT INTO clinicdesk.consent (id, patient_id, purpose, channel, words, source, proof, created_at, created_by,
        updated_at, updated_by, revoked_at, revoked_source)
    SELECT gen_random_uuid(), p.id, asked.purpose, asked.channel, asked.words,
           CASE WHEN luck.n % 3 = 0 THEN 'form' ELSE 'desk' END, CASE WHEN luck.n % 3 = 0 THEN :proof ELSE '' END,
           p.created_at, :author, coalesce(over.at, p.created_at), :author, over.at,
           CASE WHEN over.at IS NULL THEN '' ELSE 'desk' END
      FROM clinicdesk.patient p
     CROSS JOIN LATERAL (SELECT abs(hashtext(p.sort_name)) % 100 AS n) AS luck
     CROSS JOIN (VALUES ('care', 'whatsapp', :care), ('care', 'sms', :care), ('care', 'email', :care),
                        ('marketing', 'whatsapp', :marketing), ('marketing', 'email', :marketing))
                AS asked (purpose, channel, words)
     CROSS JOIN LATERAL (SELECT CASE WHEN luck.n >= 84 OR luck.n = 40
                                     THEN p.created_at + interval '9 days' END AS at) AS over
     WHERE luck.n < 88 AND (asked.purpose = 'care' OR luck.n < 24 OR luck.n >= 84) AND p.created_at < now()
       AND CASE asked.channel WHEN 'email' THEN p.email ELSE p.phone END <> ''
"""


def load_consents(connection: Connection, author: UUID, proof: str, words: Mapping[str, str]) -> None:
    """Write the consents of everybody on the register, written down by `author`; `words` are those of each purpose."""
    asked = {"author": author, "proof": proof, "care": words["care"], "marketing": words["marketing"]}
    connection.execute(text("ALTER TABLE clinicdesk.consent DISABLE TRIGGER USER"))
    connection.execute(text(_GIVEN), asked)
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("ALTER TABLE clinicdesk.consent ENABLE TRIGGER USER"))
