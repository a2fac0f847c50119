"""How the embedded server is set: nothing acknowledged is lost, nothing of a patient is logged, little is used."""

from collections.abc import Mapping

SERVER_SETTINGS: Mapping[str, str] = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "jit": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    # Containers give shared memory 64 MB, and no question of a front desk needs a second process.
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "min_wal_size": "64MB",
    "max_wal_size": "512MB",
    "wal_level": "replica",
    "max_slot_wal_keep_size": "2GB",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",  # a size limit would append to the same day's file and keep nothing within bounds
    "log_line_prefix": "%m [%p] %a ",
    # No patient's data in a log: no DETAIL, no statement, no parameter.
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
