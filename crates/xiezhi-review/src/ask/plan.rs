//! A question about one call, laid out as the checks that it makes.

use xiezhi_policy::Arn;
use xiezhi_policy::call::{self, Check, Need};
use xiezhi_policy::catalogue::{self, Level};

use super::calls::{CallCheck, CallChecks};
use super::side::spelt_out;
use super::{AskError, Assumption};
use crate::analyse::ram::estate::Built;

/// One check with what is needed to decide it.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub action: String,
    pub resource: String,
    pub need: Need,
    pub keys: Vec<(&'static str, &'static str)>,
}

/// A question about one call, laid out as checks.
#[derive(Debug)]
pub(super) struct Plan {
    /// The checks, each with its resource.
    pub checks: Vec<(Planned, Arn)>,
    /// Where it is documented that the call makes several.
    pub source: Option<&'static str>,
}

impl Plan {
    /// Lays out `action` on `arn`; `others` are further resources of the same call. What is not known to make several checks is one.
    ///
    /// # Errors
    /// The call checks nothing on such a resource.
    pub fn new(built: &Built, action: &str, arn: &str, others: &[String]) -> Result<Self, AskError> {
        let account = built.estate.account.as_str();
        let twin = || catalogue::twin(action).and_then(|twin| call::find(&twin));
        let asked = Arn::new(arn);
        let Some(call) = call::find(action).or_else(twin) else {
            return match others.first() {
                None => Ok(Plan::single(action, arn)),
                Some(_) => Err(AskError::new(
                    format!("`{action}` is not known to check several resources; ask about each of them with --on"),
                    format!("`{action}` 不是已知会检查多个资源的操作；请用 --on 逐个询问"),
                )),
            };
        };
        if let Some(check) = call.own_check().filter(|_| others.is_empty()) {
            // Without a resource in the question, those that the action can have: nobody reads a bucket as an object.
            let resource = if arn == "*" { check.pattern(account) } else { arn.to_owned() };
            return Ok(Plan::single(action, &resource));
        }
        let spelt = |check: &Check| {
            let own = check.action == call.name;
            if own { action.to_owned() } else { check.action.to_owned() }
        };
        let whole = arn == "*" || asked.segments().is_some_and(|[.., relative]| relative == "*");
        let mut checks: Vec<(Planned, bool)> = Vec::new();
        let mut taken = false;
        for check in &call.checks {
            let named = check.on(&asked, account).filter(|_| whole || !taken);
            taken |= named.is_some();
            let planned = Planned {
                action: spelt(check),
                resource: named.clone().unwrap_or_else(|| check.pattern(account)),
                need: check.need,
                keys: check.keys.clone(),
            };
            checks.push((planned, named.is_some() && !whole));
        }
        if !taken {
            if others.is_empty() && call.checks.iter().any(|check| check.action == call.name) {
                return Ok(Plan::single(action, arn));
            }
            let mut kinds: Vec<String> = call.checks.iter().map(|check| check.pattern(account)).collect();
            kinds.dedup();
            let kinds = kinds.join("`, `");
            return Err(AskError::new(
                format!("`{action}` checks nothing on `{arn}`, but on `{kinds}`"),
                format!("`{action}` 不检查 `{arn}`，而检查 `{kinds}`"),
            ));
        }
        for other in others {
            let spelt = spelt_out(built, action, other);
            let asked = Arn::new(&spelt);
            let slot = call.checks.iter().zip(&mut checks).find_map(|(check, (planned, named))| {
                check.on(&asked, account).filter(|_| !*named).map(|resource| (resource, planned, named))
            });
            let Some((resource, planned, named)) = slot else {
                return Err(AskError::new(
                    format!("`{action}` makes no further check on `{other}`"),
                    format!("`{action}` 不会再检查 `{other}`"),
                ));
            };
            *named = true;
            planned.resource = resource;
        }
        for (planned, named) in &mut checks {
            if *named {
                planned.need = Need::Always;
            }
        }
        let checks = checks.into_iter().map(|(planned, _)| {
            let arn = Arn::new(&planned.resource);
            (planned, arn)
        });
        Ok(Plan { checks: checks.collect(), source: Some(call.source) })
    }

    fn single(action: &str, arn: &str) -> Self {
        let planned =
            Planned { action: action.to_owned(), resource: arn.to_owned(), need: Need::Always, keys: Vec::new() };
        Plan { checks: vec![(planned, Arn::new(arn))], source: None }
    }

    /// The checks of the call; nothing when the question is a single check.
    pub fn call(&self) -> Option<CallChecks> {
        let checks = self.checks.iter().map(|(planned, _)| planned.shown()).collect();
        self.source.map(|source| CallChecks { checks, source })
    }

    /// What a *yes* takes for granted about further checks.
    pub fn assumption(&self, action: &str) -> Option<Assumption> {
        let reads = catalogue::find(action).is_some_and(|known| matches!(known.level, Level::List | Level::Read));
        match self.source {
            Some(_) => Some(Assumption::DocumentedChecks),
            None if reads => None,
            None => Some(Assumption::OneCheck),
        }
    }
}

impl Planned {
    /// As the answer shows it.
    pub fn shown(&self) -> CallCheck {
        CallCheck { action: self.action.clone(), resource: self.resource.clone(), need: self.need }
    }
}
