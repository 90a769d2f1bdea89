"""Pages about accounts: registration, single sign-on, forgotten passwords, the personal page, sessions."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
