"""SQL: SQLite without set-up, PostgreSQL for many processes."""

from engine.adapters.db.accounts import SqlAccounts
from engine.adapters.db.attempts import SqlAttempts
from engine.adapters.db.books import SqlCaseBook
from engine.adapters.db.counter import SqlTickets
from engine.adapters.db.deadlines import SqlDeadlines
from engine.adapters.db.drafts import SqlDrafts, SqlPageReports, SqlViewingCopies
from engine.adapters.db.drawers import SqlDrawers
from engine.adapters.db.figures import SqlFigures
from engine.adapters.db.following import SqlComplaints, SqlLooks, SqlParcels
from engine.adapters.db.handling import SqlSeenCases, SqlUnfinishedForms
from engine.adapters.db.inbox_choices import SqlColleagues, SqlInboxChoices
from engine.adapters.db.mandates import SqlMandates
from engine.adapters.db.mentions import SqlMentions
from engine.adapters.db.migrate import at_head, upgrade
from engine.adapters.db.notices import SqlNotices, SqlTokens
from engine.adapters.db.number_books import SqlNumberBooks
from engine.adapters.db.payments import SqlLedger
from engine.adapters.db.people import SqlPeople
from engine.adapters.db.read_models import SqlReadModels
from engine.adapters.db.reminders import SqlReminders
from engine.adapters.db.reports import SqlReports
from engine.adapters.db.results import SqlResults
from engine.adapters.db.routines import SqlRoutines
from engine.adapters.db.store import SqlStore, open_store

__all__ = [
    "SqlAccounts",
    "SqlAttempts",
    "SqlCaseBook",
    "SqlColleagues",
    "SqlComplaints",
    "SqlDeadlines",
    "SqlDrafts",
    "SqlDrawers",
    "SqlFigures",
    "SqlInboxChoices",
    "SqlLedger",
    "SqlLooks",
    "SqlMentions",
    "SqlMandates",
    "SqlNotices",
    "SqlNumberBooks",
    "SqlPageReports",
    "SqlParcels",
    "SqlPeople",
    "SqlReadModels",
    "SqlReminders",
    "SqlReports",
    "SqlResults",
    "SqlRoutines",
    "SqlSeenCases",
    "SqlStore",
    "SqlTickets",
    "SqlTokens",
    "SqlUnfinishedForms",
    "SqlViewingCopies",
    "at_head",
    "open_store",
    "upgrade",
]
