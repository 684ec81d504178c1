"""One listing while it is read: what its records show, with people as the account calls them.

What a state lists is the same however often it is listed; only activity is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar, assert_never

from scanner.accounts.directory import says_where
from scanner.accounts.joining import (
    joined_app,
    joined_asset,
    joined_entry,
    joined_setting,
    larger,
)
from scanner.accounts.reach import reach_of
from scanner.model import (
    Access,
    AccessKey,
    Action,
    Activity,
    App,
    Asset,
    Assignment,
    Channel,
    Claim,
    Consent,
    Entry,
    Evidence,
    EvidenceKey,
    Grant,
    Holding,
    Install,
    Level,
    Owner,
    OwnerClaim,
    Person,
    Plan,
    PlanKey,
    PlanUse,
    Record,
    Seat,
    Setting,
    Shape,
    Sign,
    Signature,
    SignKey,
    Spend,
    SpendKey,
    SpendSum,
)
from scanner.model.evidence import earlier, later
from scanner.privacy import Pseudonyms

_EPOCH_DAY = date(1970, 1, 1).toordinal()
_GRANTED = "consented for everyone"
_GRANTED_SOME = "consented as administrator"
_REGISTERED = "named in the organisation's own register"
_PAID = "paid most of it in expenses"
_CENTS = 4  # decimals of an amount: sums of more would depend on the order

_Key = TypeVar("_Key")
Looks = Sequence[tuple[SignKey, Shape]]


class Granted(NamedTuple):
    """One scope that one person, or everybody, granted to an application; or took back."""

    app: str
    person: str
    scope: str  # "" of what was taken back is all of it


class _Licences(NamedTuple):
    """How many of one subscription are bought and handed out, as far as that is known."""

    bought: int | None
    assigned: int | None


class Draft:
    """One listing. ``people`` are those whom it shows something of, ``revoked`` what was taken back."""

    def __init__(
        self,
        apps: Mapping[str, Signature | None],
        looks: Mapping[str, Looks],
        is_state: bool = True,
    ) -> None:
        self._apps = apps
        self._looks = looks
        self._is_state = is_state
        self._held = Holding()
        self._evidence: dict[tuple[str, str, int | None, Channel, Action], Evidence] = {}
        self._claims: set[tuple[str, str, str, float]] = set()
        self._grants: dict[tuple[AccessKey, str], tuple[datetime | None, datetime | None]] = {}
        self._counted: dict[AccessKey, int] = {}
        self._paid: dict[tuple[str, str], dict[str, float]] = {}  # by detection and currency
        self._seen: set[tuple[SignKey, str]] = set()
        self._bought: dict[PlanKey, dict[str, _Licences]] = {}  # by the subscription's key
        self.people: set[str] = set()
        self.is_directory = False
        self.revoked: dict[Granted, datetime] = {}
        self.seats: dict[str, set[str]] = {}  # people with a seat, by detection
        self.users: dict[str, set[str]] = {}  # people who used it, by detection

    @property
    def signatures(self) -> Mapping[str, Signature]:
        """What is in the listing, by detection."""
        return self._held.signatures

    def add(self, record: Record) -> None:
        """Add one record; one of an application that is no AI is counted alone."""
        self._held.read += 1
        if isinstance(record, Person):
            self._held.ignored["person"] += 1
            self.is_directory = self.is_directory or says_where(record)
            return
        key = record.key if isinstance(record, App) else record.app
        signature = self._apps.get(key)
        if signature is None:
            self._held.ignored[_not_ai(record, key in self._apps)] += 1
            for sign, shape in self._looks.get(key, ()):
                self._sign(key, sign, shape, record)
            return
        self._held.signatures[signature.detection.id] = signature
        self._add(record, signature.detection.id)

    def _add(self, record: Record, detection: str) -> None:
        match record:
            case App():
                self._app(record, detection)
            case Grant():
                self._grant(record, detection)
            case Assignment():
                self._see(detection, Channel.SSO, Level.LISTED, record.person, record.assigned)
            case Activity():
                self._activity(record, detection)
            case Seat():
                self._seat(record, detection)
            case Plan():
                self._subscription(record, detection)
            case Install():
                self._see(detection, Channel.DEVICE, Level.LISTED, record.person, record.seen)
            case Asset():
                self._asset(record, detection)
            case Setting():
                self._setting(record, detection)
            case Spend():
                self._spend(record, detection)
            case Entry():
                self._entry(record, detection)
            case Owner():
                self._claim(detection, record.person, record.reason, 0.7)
            case Person():
                pass
            case _:
                assert_never(record)

    def _app(self, app: App, detection: str) -> None:
        known = self._held.apps.get(app.key)
        self._held.apps[app.key] = joined_app(known[0], app) if known else app, detection
        if not app.is_wanted_only:
            self._see(detection, Channel.APP, Level.LISTED, when=app.created)

    def _grant(self, grant: Grant, detection: str) -> None:
        if grant.is_revoked:
            self._held.ignored["revoked grant"] += 1
            self._revoke(grant)
            return
        is_own = grant.consent is Consent.USER
        level = Level.CONNECTED if is_own and grant.person else Level.LISTED
        self._see(detection, Channel.GRANT, level, grant.person, grant.granted)
        if grant.last_used:
            self._see(detection, Channel.GRANT, Level.USED, grant.person, grant.last_used, 1)
        for scope in grant.scopes or ("",):
            self._access(grant, scope)
        if grant.granted_by and grant.consent is Consent.ADMIN:
            reason = _GRANTED_SOME if grant.person else _GRANTED
            self._claim(detection, grant.granted_by, reason, 0.6)

    def _access(self, grant: Grant, scope: str) -> None:
        key = AccessKey(grant.app, scope, grant.resource, grant.way, grant.consent)
        first, last = self._grants.get((key, grant.person), (None, None))
        times = earlier(first, grant.granted), later(last, grant.granted)
        self._grants[key, grant.person] = times
        if grant.people:
            self._counted[key] = max(grant.people, self._counted.get(key, 0))

    def _revoke(self, grant: Grant) -> None:
        """Remember when something was taken back; a state says that by not listing it."""
        if self._is_state or grant.granted is None:
            return
        for scope in grant.scopes or ("",):
            what = Granted(grant.app, grant.person, scope)
            self.revoked[what] = max(grant.granted, self.revoked.get(what, grant.granted))

    def _activity(self, activity: Activity, detection: str) -> None:
        level = Level.ATTEMPT if activity.is_blocked else Level.USED
        action = Action.BLOCKED if activity.is_blocked else Action.ALLOWED
        if activity.person and not activity.is_blocked:
            self.users.setdefault(detection, set()).add(activity.person)
        self._see(
            detection, Channel.ACTIVITY, level, activity.person, activity.when,
            activity.events, activity.bytes_up, action,
        )  # fmt: skip

    def _seat(self, seat: Seat, detection: str) -> None:
        use = self._plan(detection, seat.plan)
        use.people.add(seat.person)
        use.tells_use |= seat.may_tell_use
        self.seats.setdefault(detection, set()).add(seat.person)
        self._see(detection, Channel.SEAT, Level.LISTED, seat.person, seat.assigned)
        if seat.last_used:
            use.used.add(seat.person)
            self._see(detection, Channel.SEAT, Level.USED, seat.person, seat.last_used, 1)

    def _subscription(self, plan: Plan, detection: str) -> None:
        """Add a subscription: listed twice it is one, and two of one plan add up."""
        use = self._plan(detection, plan.plan)
        several = self._bought.setdefault(PlanKey(detection, plan.plan), {})
        known = several.get(plan.key, _Licences(None, None))
        several[plan.key] = _Licences(
            larger(known.bought, plan.bought), larger(known.assigned, plan.assigned)
        )
        use.bought = _total(one.bought for one in several.values())
        use.assigned = _total(one.assigned for one in several.values())
        self._see(detection, Channel.SEAT, Level.LISTED)

    def _plan(self, detection: str, plan: str) -> PlanUse:
        return self._held.plans.setdefault(PlanKey(detection, plan), PlanUse())

    def _asset(self, asset: Asset, detection: str) -> None:
        key = (detection, asset.kind, asset.key)
        known = self._held.assets.get(key)
        self._held.assets[key] = joined_asset(known[0], asset) if known else asset, detection
        self._see(detection, Channel.ASSET, Level.LISTED, asset.owner, asset.created)
        if asset.last_used:
            self._see(detection, Channel.ASSET, Level.USED, "", asset.last_used, 1)

    def _setting(self, setting: Setting, detection: str) -> None:
        key = (detection, setting.name, setting.unit)
        known = self._held.settings.get(key)
        joined = joined_setting(known[0], setting) if known else setting
        self._held.settings[key] = joined, detection
        if setting.is_on:
            self._see(detection, Channel.SETTING, Level.LISTED)

    def _spend(self, spend: Spend, detection: str) -> None:
        month = f"{spend.when:%Y-%m}" if spend.when else ""
        total = self._held.spends.setdefault(SpendKey(detection, month, spend.currency), SpendSum())
        total.amount = round(total.amount + spend.amount, _CENTS)
        total.lines += 1
        if spend.person:
            total.people.add(spend.person)
            paid = self._paid.setdefault((detection, spend.currency), {})
            paid[spend.person] = round(paid.get(spend.person, 0.0) + spend.amount, _CENTS)
        if spend.unit:
            total.units.add(spend.unit)
        self._see(detection, Channel.EXPENSE, Level.LISTED, spend.person, spend.when)

    def _entry(self, entry: Entry, detection: str) -> None:
        known = self._held.entries.get(entry.app)
        self._held.entries[entry.app] = joined_entry(known[0], entry) if known else entry, detection
        self._see(detection, Channel.REGISTER, Level.LISTED, when=entry.since)
        if entry.owner:
            self._claim(detection, entry.owner, _REGISTERED, 0.8)

    def _claim(self, detection: str, person: str, reason: str, confidence: float) -> None:
        if person:
            self._claims.add((detection, person, reason, confidence))
            self.people.add(person)

    def _see(
        self,
        detection: str,
        channel: Channel,
        level: Level,
        person: str = "",
        when: datetime | None = None,
        events: int = 0,
        bytes_up: int = 0,
        action: Action = Action.ALLOWED,
    ) -> None:
        """Add a sight of a product; what only lists it counts no event."""
        if person:
            self.people.add(person)
        day = None if when is None else when.toordinal() - _EPOCH_DAY
        key = (detection, person, day, channel, action)
        seen = Evidence(level, events, bytes_up=bytes_up, first=when, last=when)
        _put(self._evidence, key, seen, channel)
        self._held.first = earlier(self._held.first, when)
        self._held.last = later(self._held.last, when)

    def _sign(self, app: str, key: SignKey, shape: Shape, record: Record) -> None:
        """Add what a record shows of an application that only looks like AI."""
        self._held.shapes[shape.id] = shape
        sign = self._held.signs.setdefault(key, Sign(level=Level.LISTED))
        if (key, app) not in self._seen:
            self._seen.add((key, app))
            sign.records += 1
        level, when = _shown(record)
        sign.records += record.events if isinstance(record, Activity) else 0
        sign.level = max(sign.level, level)
        sign.first, sign.last = earlier(sign.first, when), later(sign.last, when)

    def finished(
        self,
        people: Mapping[str, Person],
        pseudonyms: Pseudonyms,
        revoked: Mapping[Granted, datetime],
    ) -> Holding:
        """Return the listing with people as they are stored."""
        held = self._held
        self._claim_buyers()

        def actor(key: str) -> tuple[str, str]:
            person = people.get(key)
            return pseudonyms.actor((person and person.login) or key or None, None)

        def codes(keys: set[str]) -> set[str]:
            return {actor(key)[0] for key in keys if key}

        for (detection, person, day, channel, action), evidence in self._evidence.items():
            code, kind = actor(person)
            full = EvidenceKey(detection, code, kind, day, channel, action)
            _put(held.evidence, full, evidence, channel)
        self._finish_access(revoked)
        for access in held.access.values():
            access.people = codes(access.people)
        for use in held.plans.values():
            use.people, use.used = codes(use.people), codes(use.used)
        for spend in held.spends.values():
            spend.people = codes(spend.people)
        held.assets = {
            key: (asset._replace(owner=actor(asset.owner)[0] if asset.owner else ""), detection)
            for key, (asset, detection) in held.assets.items()
        }
        held.claims = {
            Claim(detection, OwnerClaim(name, reason, confidence), _is_here(owner, people))
            for detection, owner, reason, confidence in self._claims
            # Who pays is no officer of anything: a code, as of anybody who uses it.
            for name in [actor(owner)[0] if reason == _PAID else _called(owner, people)]
        }
        held.units = {
            actor(key)[0]: people[key].unit
            for key in sorted(self.people)
            if key in people and people[key].unit
        }
        held.logins = {
            code: login
            for key in sorted(self.people)
            if (code := pseudonyms.actor(key, None)[0]) != (login := actor(key)[0])
        }
        return held

    def _claim_buyers(self) -> None:
        """Propose who paid more than half of what went to a product; of many payers none is named."""
        for (detection, _), paid in sorted(self._paid.items()):
            person = max(sorted(paid), key=lambda one: paid[one])
            if paid[person] * 2 > sum(one for one in paid.values() if one > 0):
                self._claim(detection, person, _PAID, 0.4)

    def _finish_access(self, revoked: Mapping[Granted, datetime]) -> None:
        """Add the grants up, but for those that events say were taken back later."""
        for (key, person), (first, last) in self._grants.items():
            if not self._is_state and _is_taken_back(key, person, last, revoked):
                continue
            access = self._held.access.get(key)
            if access is None:
                signature = self._apps[key.app]
                assert signature is not None, "only grants of AI are kept"  # noqa: S101
                reach = reach_of(key.scope, key.resource, key.way)
                access = self._held.access[key] = Access(signature.detection.id, reach)
            access.counted = self._counted.get(key, 0)
            if person:
                access.people.add(person)
            elif not access.counted:
                access.is_for_all = True
            access.first, access.last = earlier(access.first, first), later(access.last, last)


def _total(numbers: Iterable[int | None]) -> int | None:
    """Return the sum of what is known; None if nothing is."""
    known = [one for one in numbers if one is not None]
    return sum(known) if known else None


def _is_taken_back(
    key: AccessKey, person: str, last: datetime | None, revoked: Mapping[Granted, datetime]
) -> bool:
    for scope in (key.scope, ""):
        when = revoked.get(Granted(key.app, person, scope))
        if when is not None and (last is None or last <= when):
            return True
    return False


def _put(into: dict[_Key, Evidence], key: _Key, seen: Evidence, channel: Channel) -> None:
    """Add evidence; of what is no activity the same sight twice is one sight."""
    known = into.get(key)
    if known is None:
        into[key] = seen
        return
    events = known.plain if channel is Channel.ACTIVITY else max(known.plain, seen.plain)
    added = seen.plain if channel is Channel.ACTIVITY else 0
    known.add(seen)
    known.plain = events + added


def _shown(record: Record) -> tuple[Level, datetime | None]:
    """Return how far a record shows that an application got, and when."""
    match record:
        case Activity():
            return (Level.ATTEMPT if record.is_blocked else Level.USED), record.when
        case Grant() if not record.is_revoked:
            is_own = record.consent is Consent.USER and record.person
            level = Level.CONNECTED if is_own else Level.LISTED
            return (Level.USED if record.last_used else level), record.last_used or record.granted
        case Seat() if record.last_used:
            return Level.USED, record.last_used
        case Install():
            return Level.LISTED, record.seen
        case App():
            return Level.LISTED, record.created
        case _:
            return Level.LISTED, None


def _called(key: str, people: Mapping[str, Person]) -> str:
    """Return what a person is called who is asked to own something; who has left is said to have."""
    person = people.get(key)
    name = (person.login if person else "") or key
    return f"{name} (has left)" if person and person.is_active is False else name


def _is_here(key: str, people: Mapping[str, Person]) -> bool:
    person = people.get(key)
    return person is not None and person.is_active is True


def _not_ai(record: Record, is_listed: bool) -> str:
    """Return what a record is counted as whose application is no AI, or is not in the account."""
    kind = type(record).__name__.lower()
    if is_listed:
        return f"{kind} of no AI" if kind != "app" else "application that is no AI"
    return f"{kind} of an application that is not listed"
