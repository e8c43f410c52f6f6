"""What the matcher stands on, for manifests: the rule of proof, the keys of names and the model of points."""

from beneficiaries.linkage.engine.model import Model
from beneficiaries.linkage.names import NORMALISER_VERSION

PROOF_VERSION = "number-name-year-sex/3"


def versions(model: Model) -> dict[str, str]:
    """What a run must name so that it can be repeated."""
    return {"rule": PROOF_VERSION, "normaliser": f"names/{NORMALISER_VERSION}", "model": model.version}
