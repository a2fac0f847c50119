"""ClinicDesk: the front desk of a clinic over its own PostgreSQL."""

__version__ = "0.1.0"
