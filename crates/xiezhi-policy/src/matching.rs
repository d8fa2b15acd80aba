//! Whether one statement matches one request: the four elements, each in three values.
//!
//! Rule numbers are those of the reference; the source of each stands there and, in short, here.

use crate::glob::{Glob, wild};
use crate::policy::{
    ActionElement, Condition, Effect, PolicyKind, PrincipalElement, PrincipalEntry, PrincipalFamily, ResourceElement,
    ResourcePattern, Statement, Test,
};
use crate::request::{Arn, Caller, Request, ram_principal};
use crate::switches::{Reading, Switch, Tri};
use crate::values::{self, Decimal};

/// What a statement is matched under.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Where the policy stands.
    pub kind: PolicyKind,
    /// The account that owns the resource with the policy; matters for `*` in OSS and SLS.
    pub owner: &'a str,
    /// What the statement does; matters for a key that may be ignored.
    pub effect: Option<Effect>,
    /// The reading of the switches.
    pub reading: Reading,
}

/// A statement matches when action, resource, principal and every condition match; a doubted statement at most *maybe*.
/// Of an Allow in a Tablestore instance policy one condition may be enough (SW-13).
#[must_use]
pub fn statement(statement: &Statement, request: &Request, scope: &Scope<'_>) -> Tri {
    let mut verdict = action(&statement.action, request, &scope.reading);
    if verdict == Tri::No {
        return Tri::No;
    }
    verdict = verdict.and(resource(&statement.resource, request.resource(), &scope.reading));
    if verdict == Tri::No {
        return Tri::No;
    }
    if let Some(element) = &statement.principal {
        verdict = verdict.and(principal(element, &request.caller, statement.conditions.is_empty(), scope));
    }
    if verdict == Tri::No {
        return Tri::No;
    }
    let each = || statement.conditions.iter().map(|condition| self::condition(condition, request, scope));
    let every = || {
        let mut met = Tri::Yes;
        for one in each() {
            met = met.and(one);
            if met == Tri::No {
                break;
            }
        }
        met
    };
    verdict = verdict.and(if may_need_one(statement, scope.kind) {
        let one = || each().fold(Tri::No, Tri::or);
        Tri::under(scope.reading.of(Switch::InstanceConditionsTogether), every, one)
    } else {
        every()
    });
    if statement.doubts.is_empty() { verdict } else { verdict.doubted() }
}

/// Whether it is open if this statement needs all of its conditions or one of them (SW-13).
#[must_use]
pub(crate) fn may_need_one(statement: &Statement, kind: PolicyKind) -> bool {
    kind == PolicyKind::Instance && statement.may_allow() && statement.conditions.len() > 1
}

/// `Action` / `NotAction`.
#[must_use]
pub fn action(element: &ActionElement, request: &Request, reading: &Reading) -> Tri {
    let listed = Tri::under(
        reading.of(Switch::FoldCase),
        || element.patterns.iter().any(|p| p.glob.matches_folded(request.folded_action())).into(),
        || element.patterns.iter().any(|p| p.glob.matches(request.action())).into(),
    );
    if element.negated { listed.negate() } else { listed }
}

/// `Resource` / `NotResource`.
#[must_use]
pub fn resource(element: &ResourceElement, arn: &Arn, reading: &Reading) -> Tri {
    let listed = element.patterns.iter().fold(Tri::No, |so_far, pattern| {
        if so_far == Tri::Yes { so_far } else { so_far.or(resource_pattern(pattern, arn, reading)) }
    });
    if !element.negated {
        return listed;
    }
    Tri::under(reading.of(Switch::NotResourceHonoured), || listed.negate(), || Tri::No)
}

fn resource_pattern(pattern: &ResourcePattern, arn: &Arn, reading: &Reading) -> Tri {
    if pattern.whole.is_any() {
        return Tri::Yes;
    }
    let (Some(pattern_segments), Some(segments)) = (&pattern.segments, arn.segments()) else {
        // A pattern with fewer than five segments is one glob over the whole string.
        return pattern.whole.matches(arn.text()).into();
    };
    let by_segment = || {
        let ram = matches!(segments.first().map(String::as_str), Some("ram" | "sts"));
        let mut verdict = Tri::Yes;
        for (index, (glob, text)) in pattern_segments.iter().zip(segments.iter()).enumerate() {
            let fits = if index == 3 {
                relative(glob, arn, text, reading)
            } else if glob.text().is_empty() && ram && !text.is_empty() {
                // SW-10, R-1.16: an empty segment of a pattern means `*` for ram and sts.
                Tri::under(reading.of(Switch::EmptySegmentIsAny), || Tri::Yes, || Tri::No)
            } else {
                glob.matches(text).into()
            };
            verdict = verdict.and(fits);
            if verdict == Tri::No {
                break;
            }
        }
        verdict
    };
    let whole = || {
        let exact: Tri = pattern.whole.matches(arn.text()).into();
        match arn.role() {
            Some(_) => exact.or(Tri::under(
                reading.of(Switch::FoldCase),
                || wild(pattern.whole.folded(), &arn.text().to_ascii_lowercase()).into(),
                || exact,
            )),
            None => exact,
        }
        // The second reading of SW-1 lets `*` cross colons; what the segment reading matches stays matched.
        .or(by_segment())
    };
    Tri::under(reading.of(Switch::StarInSegment), by_segment, whole)
}

/// Relative ids compare with case, but for RAM role names (R-1.20, SW-2).
fn relative(glob: &Glob, arn: &Arn, text: &str, reading: &Reading) -> Tri {
    match arn.role() {
        Some(lower) => {
            Tri::under(reading.of(Switch::FoldCase), || glob.matches_folded(lower).into(), || glob.matches(text).into())
        }
        None => glob.matches(text).into(),
    }
}

/// `Principal`.
#[must_use]
pub fn principal(element: &PrincipalElement, caller: &Caller, unconditional: bool, scope: &Scope<'_>) -> Tri {
    let own = !scope.owner.is_empty() && caller.account() == Some(scope.owner);
    let resource_side = matches!(scope.kind, PolicyKind::Bucket | PolicyKind::Project);
    let listed = match element {
        // `*` without a condition is everyone but the owner; with one, everyone.
        PrincipalElement::Anyone => {
            Tri::from(!(resource_side && unconditional && own && matches!(caller, Caller::Root { .. })))
        }
        PrincipalElement::Listed(entries) => {
            entries.iter().fold(Tri::No, |so_far, entry| so_far.or(principal_entry(entry, caller, scope)))
        }
    };
    if scope.kind == PolicyKind::Bucket && own && !matches!(caller, Caller::Root { .. }) {
        // SW-6: whether a bucket policy binds users of the owner's own account.
        return listed.and(Tri::under(scope.reading.of(Switch::BucketPolicyBindsOwner), || Tri::Yes, || Tri::No));
    }
    listed
}

/// Whether one principal entry names the caller.
#[must_use]
pub fn principal_entry(entry: &PrincipalEntry, caller: &Caller, scope: &Scope<'_>) -> Tri {
    let text = entry.text.as_str();
    match (entry.family, caller) {
        (PrincipalFamily::Service, Caller::Service { domain, for_account }) => {
            match (text.split_once('@'), for_account) {
                (Some((account, service)), Some(acting)) => {
                    (account == acting && service.eq_ignore_ascii_case(domain)).into()
                }
                (None, None) => text.eq_ignore_ascii_case(domain).into(),
                _ => Tri::No,
            }
        }
        (PrincipalFamily::Federated, Caller::Federated { provider }) => text.eq_ignore_ascii_case(provider).into(),
        (PrincipalFamily::Ram, Caller::Root { .. } | Caller::User { .. } | Caller::Role { .. }) => {
            ram_entry(text, caller)
        }
        // `RAM` names accounts, users and roles; no page says whether its `*` lets services in as well.
        (PrincipalFamily::Ram, Caller::Service { .. } | Caller::Federated { .. }) if text == "*" => Tri::Maybe,
        (PrincipalFamily::Bare, Caller::Root { .. } | Caller::User { .. } | Caller::Role { .. }) => {
            if text.starts_with("acs:ram:") { ram_entry(text, caller) } else { bare_entry(text, caller, scope) }
        }
        _ => Tri::No,
    }
}

/// `acs:ram::<uid>:root | user/… | role/… | *`; names compare without case.
fn ram_entry(text: &str, caller: &Caller) -> Tri {
    let Some(account) = caller.account() else {
        return Tri::No;
    };
    let Some((wanted, relative)) = ram_principal(text) else {
        // A bare account id under `RAM` is not a documented form.
        return Tri::from(text == account).doubted();
    };
    if !wild(wanted, account) {
        return Tri::No;
    }
    let relative = relative.to_ascii_lowercase();
    match caller {
        // `:root` trusts every user and every role of the account.
        _ if relative == "root" || relative == "*" => Tri::Yes,
        Caller::User { name, .. } => wild(&relative, &format!("user/{}", name.to_ascii_lowercase())).into(),
        Caller::Role { name, .. } => wild(&relative, &format!("role/{}", name.to_ascii_lowercase())).into(),
        _ => Tri::No,
    }
}

/// OSS and SLS forms: a bare id, or `arn:sts::<uid>:assumed-role/<role>/<session>`.
fn bare_entry(text: &str, caller: &Caller, scope: &Scope<'_>) -> Tri {
    if let Some(rest) = text.strip_prefix("arn:sts:") {
        let Caller::Role { account, name, session } = caller else {
            return Tri::No;
        };
        let mut parts = rest.splitn(3, ':');
        let (_, Some(wanted), Some(tail)) = (parts.next(), parts.next(), parts.next()) else {
            return Tri::No;
        };
        let Some(role_and_session) = tail.strip_prefix("assumed-role/") else {
            return Tri::No;
        };
        let (role, wanted_session) = role_and_session.split_once('/').unwrap_or((role_and_session, "*"));
        return (wild(wanted, account)
            && wild(&role.to_ascii_lowercase(), &name.to_ascii_lowercase())
            && wild(wanted_session, session))
        .into();
    }
    match caller {
        Caller::Root { account } => wild(text, account).into(),
        // Whether an account id covers the users and roles of that account is not stated; the owner's own are not meant by it.
        Caller::User { account, id, .. } => match id {
            Some(id) if wild(text, id) => Tri::Yes,
            None if account == scope.owner => Tri::Maybe,
            _ => Tri::from(wild(text, account)).doubted(),
        },
        Caller::Role { account, .. } => Tri::from(wild(text, account)).doubted(),
        _ => Tri::No,
    }
}

/// One operator over one key.
#[must_use]
pub fn condition(condition: &Condition, request: &Request, scope: &Scope<'_>) -> Tri {
    let given = request.find_key(&condition.folded);
    condition_on(condition, given.map(|key| (key.name(), key.values())), scope)
}

/// The same for a key given by its name and values, or absent.
#[must_use]
pub fn condition_on(condition: &Condition, given: Option<(&str, &[String])>, scope: &Scope<'_>) -> Tri {
    let reading = &scope.reading;
    if matches!(condition.test, Test::Unreadable) {
        return Tri::Maybe;
    }
    let by_arn = condition.folded == "acs:principalarn";
    let evaluate = || {
        let folded = || presence(condition, given.map(|(_, values)| values), reading, by_arn);
        if by_arn {
            return folded();
        }
        // key names without case.
        Tri::under(reading.of(Switch::FoldCase), folded, || {
            presence(
                condition,
                given.filter(|(name, _)| *name == condition.key).map(|(_, values)| values),
                reading,
                by_arn,
            )
        })
    };
    if by_arn && scope.kind == PolicyKind::Bucket && scope.effect != Some(Effect::Deny) {
        // SW-9, R-2.31: accepted but perhaps not enforced in a bucket policy, so it is no restriction of a grant.
        return Tri::under(reading.of(Switch::PrincipalArnInBucketPolicy), || Tri::Yes, evaluate);
    }
    evaluate()
}

fn presence(condition: &Condition, values: Option<&[String]>, reading: &Reading, by_arn: bool) -> Tri {
    let verdict = match values {
        // assumed as in other clouds, SW-5 flips it.
        None if condition.for_all => Tri::under(reading.of(Switch::ForAllOnAbsent), || Tri::Yes, || Tri::No),
        // SW-3.
        None if condition.negated => Tri::under(reading.of(Switch::NegatedOnAbsent), || Tri::Yes, || Tri::No),
        //
        None => Tri::No,
        Some(values) if condition.for_all => values.iter().fold(Tri::Yes, |so_far, value| {
            let fits = positive(&condition.test, value, reading, by_arn);
            so_far.and(if condition.negated { fits.negate() } else { fits })
        }),
        //
        Some(values) => {
            let any = values
                .iter()
                .fold(Tri::No, |so_far, value| so_far.or(positive(&condition.test, value, reading, by_arn)));
            if condition.negated { any.negate() } else { any }
        }
    };
    if condition.malformed.is_empty() {
        return verdict;
    }
    // SW-12.
    Tri::under(reading.of(Switch::MalformedUnknown), || Tri::Maybe, || verdict)
}

/// Whether one value of the request meets the positive form of the operator. A value that has not the
/// operator's type decides nothing.
fn positive(test: &Test, value: &str, reading: &Reading, by_arn: bool) -> Tri {
    let role_fold = |exact: bool, folded: bool| -> Tri {
        if by_arn { Tri::under(reading.of(Switch::FoldCase), || folded.into(), || exact.into()) } else { exact.into() }
    };
    match test {
        Test::Equals(list) => or_wild(list, reading, |same| {
            role_fold(list.iter().any(|v| same(v, value, false)), by_arn && list.iter().any(|v| same(v, value, true)))
        }),
        Test::EqualsFolded(list) => or_wild(list, reading, |same| list.iter().any(|v| same(v, value, true)).into()),
        Test::Like(list) => {
            let lower = if by_arn { value.to_ascii_lowercase() } else { String::new() };
            role_fold(list.iter().any(|g| g.matches(value)), by_arn && list.iter().any(|g| g.matches_folded(&lower)))
        }
        Test::Number(comparison, list) => typed(Decimal::read(value), |v| list.iter().any(|w| comparison.holds(&v, w))),
        Test::Date(comparison, list) => typed(values::instant(value), |v| list.iter().any(|w| comparison.holds(&v, w))),
        Test::Bool(list) => typed(values::boolean(value), |v| list.contains(&v)),
        Test::Ip(list) => {
            typed(values::address(value), |(v6, number)| list.iter().any(|range| range.holds(v6, number)))
        }
        Test::Unreadable => Tri::Maybe,
    }
}

/// Whether a value equals one of the list: to the letter, or with `*` and `?` as wildcards (SW-14).
fn or_wild(list: &[String], reading: &Reading, holds: impl Fn(fn(&str, &str, bool) -> bool) -> Tri) -> Tri {
    let literal =
        || holds(|wanted, given, fold| if fold { wanted.eq_ignore_ascii_case(given) } else { wanted == given });
    if !list.iter().any(|v| v.contains(['*', '?'])) {
        return literal();
    }
    let pattern =
        || {
            holds(|wanted, given, fold| {
                if fold { wild(&wanted.to_ascii_lowercase(), &given.to_ascii_lowercase()) } else { wild(wanted, given) }
            })
        };
    Tri::under(reading.of(Switch::EqualsLiteral), literal, pattern)
}

fn typed<T>(value: Option<T>, test: impl FnOnce(T) -> bool) -> Tri {
    match value {
        Some(value) => test(value).into(),
        None => Tri::Maybe,
    }
}
