"""Pages of citizens: procedures, filing, their cases, public look-up."""

from flask import Blueprint

blueprint = Blueprint("citizen", __name__)
