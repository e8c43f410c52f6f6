"""One table of who may do what; views and services ask it, tests walk it."""

from collections.abc import Sequence
from enum import StrEnum

from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, Role, User


class Right(StrEnum):
    """One thing a role may do."""

    IMPORT_REGISTRY = "IMPORT_REGISTRY"
    LOAD_POPULATION = "LOAD_POPULATION"
    MATCH = "MATCH"
    IMPORT_ACCOUNTS = "IMPORT_ACCOUNTS"
    MANAGE_ACCOUNTS = "MANAGE_ACCOUNTS"
    MANAGE_PAYEES = "MANAGE_PAYEES"
    APPROVE_ACCOUNT_CHANGE = "APPROVE_ACCOUNT_CHANGE"
    REQUEST_ACCOUNTS = "REQUEST_ACCOUNTS"
    SEE_ACCOUNTS = "SEE_ACCOUNTS"
    TAKE_OVER = "TAKE_OVER"
    HAND_OVER = "HAND_OVER"
    DECIDE_CASE = "DECIDE_CASE"
    CONFIRM_CASE = "CONFIRM_CASE"
    CORRECT_RECORD = "CORRECT_RECORD"
    CONFIRM_CORRECTION = "CONFIRM_CORRECTION"
    OFFER_AGAIN = "OFFER_AGAIN"
    TRANSFER_WORK = "TRANSFER_WORK"
    ASSIGN_WORK = "ASSIGN_WORK"
    SEE_CASES = "SEE_CASES"
    SEE_PILES = "SEE_PILES"
    RECORD_DECISION = "RECORD_DECISION"
    ASK_IDENTITY = "ASK_IDENTITY"
    FIND_RESIDENTS = "FIND_RESIDENTS"
    SIGN_OFF_DATA = "SIGN_OFF_DATA"
    BUILD_LIST = "BUILD_LIST"
    SUBMIT = "SUBMIT"
    REVIEW = "REVIEW"
    APPROVE = "APPROVE"
    COSIGN = "COSIGN"
    RELEASE = "RELEASE"
    RETURN_FOR_REVISION = "RETURN_FOR_REVISION"
    STOP_PAYMENT = "STOP_PAYMENT"
    FREEZE = "FREEZE"
    UNFREEZE = "UNFREEZE"
    DELEGATE = "DELEGATE"
    ASSIGN_ROLES = "ASSIGN_ROLES"
    SET_SIGNING_RULES = "SET_SIGNING_RULES"
    KEEP_CALENDAR = "KEEP_CALENDAR"
    KEEP_FUNDING = "KEEP_FUNDING"
    RECORD_TOP_UP = "RECORD_TOP_UP"
    RECORD_ESTIMATE = "RECORD_ESTIMATE"
    KEEP_PAPERS = "KEEP_PAPERS"
    PAUSE_LIST = "PAUSE_LIST"
    SETTLE_UNKNOWN = "SETTLE_UNKNOWN"
    RECONCILE = "RECONCILE"
    SIGN_WRITE_OFF = "SIGN_WRITE_OFF"
    REOPEN_PERIOD = "REOPEN_PERIOD"
    SEE_RECONCILIATION = "SEE_RECONCILIATION"
    CLOSE_CYCLE = "CLOSE_CYCLE"
    REPORT_LIFE_EVENTS = "REPORT_LIFE_EVENTS"
    SEE_PERSONS = "SEE_PERSONS"
    SEE_LISTS = "SEE_LISTS"
    SEE_REPORTS = "SEE_REPORTS"
    ORDER_REPORT = "ORDER_REPORT"
    SIGN_REPORT = "SIGN_REPORT"
    SEE_HISTORY = "SEE_HISTORY"
    SEE_ANSWERS = "SEE_ANSWERS"
    DRAW_AUDIT = "DRAW_AUDIT"
    ANSWER_AUDIT = "ANSWER_AUDIT"
    KEEP_PROVIDERS = "KEEP_PROVIDERS"
    KEEP_RULES = "KEEP_RULES"
    ADOPT_RULES = "ADOPT_RULES"
    SET_SENDING = "SET_SENDING"
    TRAIN_MATCHING = "TRAIN_MATCHING"
    ADOPT_MATCHING = "ADOPT_MATCHING"
    ORDER_EXPORT = "ORDER_EXPORT"
    APPROVE_EXPORT = "APPROVE_EXPORT"
    ORDER_ERASURE = "ORDER_ERASURE"
    APPROVE_ERASURE = "APPROVE_ERASURE"


RIGHTS: dict[str, frozenset[Right]] = {
    Role.COMMUNE_OFFICER: frozenset(
        {
            Right.IMPORT_REGISTRY,
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_PAYEES,
            Right.SEE_ACCOUNTS,
            Right.REPORT_LIFE_EVENTS,
            Right.DECIDE_CASE,
            Right.ANSWER_AUDIT,
            Right.CONFIRM_CASE,
            Right.CORRECT_RECORD,
            Right.CONFIRM_CORRECTION,
            Right.TRANSFER_WORK,
            Right.SEE_CASES,
            Right.SEE_PILES,
            Right.RECORD_DECISION,
            Right.ASK_IDENTITY,
            Right.FIND_RESIDENTS,
            Right.SIGN_OFF_DATA,
            Right.REPORT_LIFE_EVENTS,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
        }
    ),
    Role.MAKER: frozenset(
        {
            Right.IMPORT_REGISTRY,
            Right.LOAD_POPULATION,
            Right.MATCH,
            Right.IMPORT_ACCOUNTS,
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_PAYEES,
            Right.REQUEST_ACCOUNTS,
            Right.SEE_ACCOUNTS,
            Right.TAKE_OVER,
            Right.ANSWER_AUDIT,
            Right.HAND_OVER,
            Right.KEEP_PROVIDERS,
            Right.REPORT_LIFE_EVENTS,
            Right.DECIDE_CASE,
            Right.CONFIRM_CASE,
            Right.CORRECT_RECORD,
            Right.CONFIRM_CORRECTION,
            Right.TRANSFER_WORK,
            Right.ASSIGN_WORK,
            Right.SEE_CASES,
            Right.SEE_PILES,
            Right.RECORD_DECISION,
            Right.ASK_IDENTITY,
            Right.FIND_RESIDENTS,
            Right.SIGN_OFF_DATA,
            Right.BUILD_LIST,
            Right.SUBMIT,
            Right.STOP_PAYMENT,
            Right.FREEZE,
            Right.KEEP_PAPERS,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
            Right.ORDER_REPORT,
        }
    ),
    Role.CHECKER: frozenset(
        {
            Right.APPROVE,
            Right.APPROVE_EXPORT,
            Right.APPROVE_ERASURE,
            Right.KEEP_PROVIDERS,
            Right.KEEP_RULES,
            Right.DRAW_AUDIT,
            Right.TRAIN_MATCHING,
            Right.OFFER_AGAIN,
            Right.CONFIRM_CASE,
            Right.CONFIRM_CORRECTION,
            Right.TRANSFER_WORK,
            Right.SEE_CASES,
            Right.SEE_PILES,
            Right.APPROVE_ACCOUNT_CHANGE,
            Right.SEE_ACCOUNTS,
            Right.HAND_OVER,
            Right.RETURN_FOR_REVISION,
            Right.STOP_PAYMENT,
            Right.FREEZE,
            Right.DELEGATE,
            Right.KEEP_PAPERS,
            Right.PAUSE_LIST,
            Right.SETTLE_UNKNOWN,
            Right.RECORD_TOP_UP,
            Right.RECORD_ESTIMATE,
            Right.KEEP_FUNDING,
            Right.SET_SIGNING_RULES,
            Right.RECONCILE,
            Right.SIGN_WRITE_OFF,
            Right.SEE_RECONCILIATION,
            Right.CLOSE_CYCLE,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
            Right.ORDER_REPORT,
            Right.SEE_ANSWERS,
        }
    ),
    Role.RELEASER: frozenset(
        {
            Right.ADOPT_MATCHING,
            Right.ADOPT_RULES,
            Right.ORDER_EXPORT,
            Right.ORDER_ERASURE,
            Right.RELEASE,
            Right.SET_SENDING,
            Right.SIGN_WRITE_OFF,
            Right.REOPEN_PERIOD,
            Right.SEE_RECONCILIATION,
            Right.SEE_CASES,
            Right.SEE_PILES,
            Right.RETURN_FOR_REVISION,
            Right.STOP_PAYMENT,
            Right.FREEZE,
            Right.UNFREEZE,
            Right.PAUSE_LIST,
            Right.SETTLE_UNKNOWN,
            Right.DELEGATE,
            Right.ASSIGN_ROLES,
            Right.SET_SIGNING_RULES,
            Right.KEEP_CALENDAR,
            Right.KEEP_FUNDING,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
            Right.ORDER_REPORT,
            Right.SIGN_REPORT,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Right.REVIEW,
            Right.RETURN_FOR_REVISION,
            Right.DELEGATE,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
        }
    ),
    Role.COSIGNER: frozenset(
        {
            Right.COSIGN,
            Right.RETURN_FOR_REVISION,
            Right.DELEGATE,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
        }
    ),
    Role.LEADER: frozenset({Right.SEE_REPORTS, Right.ORDER_REPORT, Right.SEE_PILES}),
    Role.AUDITOR: frozenset(
        {
            Right.SEE_ACCOUNTS,
            Right.SEE_CASES,
            Right.SEE_PILES,
            Right.SEE_RECONCILIATION,
            Right.SEE_PERSONS,
            Right.SEE_LISTS,
            Right.SEE_REPORTS,
            Right.SEE_HISTORY,
            Right.SEE_ANSWERS,
        }
    ),
    # A program of another office: it tells, and reads nothing.
    Role.CIVIL_REGISTRY: frozenset({Right.REPORT_LIFE_EVENTS}),
}


_PEOPLE = frozenset(RIGHTS) - {Role.CIVIL_REGISTRY}
_NAMED, _MOST_ASKED = 2, 100
OUTSIDE = "Việc này thuộc nơi ngoài địa bàn của bạn."


def may(actor: User, right: Right) -> bool:
    """Whether the actor's role has the right; a user switched off has none."""
    return actor.is_active and right in RIGHTS.get(actor.role, frozenset())


def require(actor: User, right: Right, *, unit: AdministrativeUnit) -> None:
    """Raise `NotAllowed`, saying who can, unless the actor's role has `right` and the scope reaches `unit`."""
    if not may(actor, right):
        raise no_right(actor, right)
    if not actor.reaches(unit):
        raise out_of_reach(actor, right)


def no_right(actor: User, *rights: Right) -> NotAllowed:
    """The refusal that says who has one of `rights`: the roles, with the names of those who look after the actor's place; no names to a program."""
    roles = _roles_with(rights)
    if not roles:
        return NotAllowed()
    names = _who_is_at(_places_of(actor), roles) if actor.role in _PEOPLE else {}
    return NotAllowed(f"{NotAllowed.sentence} Việc này do {_told(roles, names)} làm.")


def out_of_reach(actor: User, *rights: Right) -> NotAllowed:
    """The refusal of somebody whose place ends before what they asked about: the roles, of that place or above it; of people only those above the
    actor's own place are named, so that nobody learns where something lies or who works there."""
    roles = _roles_with(rights)
    if not roles:
        return NotAllowed(OUTSIDE)
    names = _who_is_at(_places_of(actor)[:-1], roles) if actor.role in _PEOPLE else {}
    above = "; ".join(f"{role.label} ({', '.join(names[role])})" for role in roles if role in names)
    asked = f" Cấp trên làm được việc này: {above}." if above else ""
    return NotAllowed(f"{OUTSIDE} Việc này do {_told(roles, {})} của nơi ấy hoặc cấp trên của nơi ấy làm.{asked}")


def who_may(unit: AdministrativeUnit, *rights: Right) -> str:
    """Who of this unit or above it has one of `rights`, as a sentence names them: for who already reaches the unit."""
    roles = _roles_with(rights)
    return _told(roles, _who_is_at(_above(unit), roles))


def _roles_with(rights: Sequence[Right]) -> list[Role]:
    return [role for role in Role if role in _PEOPLE and RIGHTS[role] & frozenset(rights)]


def _told(roles: Sequence[Role], names: dict[str, list[str]]) -> str:
    return "; ".join(f"{role.label} ({', '.join(names[role])})" if role in names else str(role.label) for role in roles)


def _places_of(actor: User) -> list[str]:
    return _above(actor.unit) if actor.unit else []


def _above(unit: AdministrativeUnit) -> list[str]:
    """Paths of the unit and all above it, the unit's own last."""
    codes = unit.path.strip("/").split("/")
    return ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]


def _who_is_at(paths: Sequence[str], roles: Sequence[Role]) -> dict[str, list[str]]:
    if not paths:
        return {}
    staff = User.objects.filter(is_active=True, role__in=roles, unit__path__in=paths)
    names: dict[str, list[str]] = {}
    # Who is nearest to the place is named first.
    for role, name in staff.order_by("-unit__path", "full_name").values_list("role", "full_name")[:_MOST_ASKED]:
        if name and len(names.setdefault(role, [])) < _NAMED:
            names[role].append(name)
    return {role: named for role, named in names.items() if named}
