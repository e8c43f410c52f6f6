"""Who is who: `link(registry, population, model)` says for every registry row which resident it is, may be, or that nobody fits.

The steps, each a module: `names` (keys of unique names), `crowd` (how common every value is), `proven` (number and name and birth year
and sex), `blocking` (which pairs are compared), `levels` (how far a pair agrees), `points` (what that is worth), `deciding` (bands), `evidence`
(the words a clerk reads). No ORM, nothing is written, and no identification number is seen: numbers are opaque ids that are equal or not.
"""

from beneficiaries.linkage.engine.linking import link
from beneficiaries.linkage.engine.model import Model, load_model
from beneficiaries.linkage.engine.tables import Band, Links, Population, Registry

__all__ = ["Band", "Links", "Model", "Population", "Registry", "link", "load_model"]
