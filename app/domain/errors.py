"""Errors that end as one plain sentence at the edge (exit code 1, a banner), never a traceback."""


class ForecourtError(Exception):
    """What a user can mend. Its text is one plain sentence that says what to do."""


class UsageError(ForecourtError):
    """Wrong usage of the command line (exit code 2)."""


class DataDirectoryBusy(ForecourtError):
    """Another instance has the data directory open."""


class DatabaseDamaged(ForecourtError):
    """The database file is damaged; the sentence names it and the last backup."""


class DatabaseTooNew(ForecourtError):
    """The database was written by a newer Forecourt."""


class CannotRecord(ForecourtError):
    """Nothing can be kept just now (disk full, read-only, I/O error): nothing is acknowledged."""


class PortTaken(ForecourtError):
    """The listening address is in use or not of this machine."""
