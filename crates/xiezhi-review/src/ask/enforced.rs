//! Is a safeguard enforced: does every call that is allowed come with MFA, over TLS or from a network?

use std::net::IpAddr;

use xiezhi_policy::Budget;
use xiezhi_policy::ask::{self, Safeguard};
use xiezhi_policy::estate::Index;

use super::calls::Parts;
use super::ground::{self, label_of, name_of};
use super::owner::whoever;
use super::plan::Plan;
use super::rights::{checked_action, finished, limits};
use super::side::spelt_out;
use super::{Answer, AskError, Detail, Entry, Ground, Question, Verdict};
use crate::analyse::ram::estate::Built;

/// What is asked about: calls of a principal.
#[derive(Debug, Clone, Copy)]
pub struct Calls<'q> {
    /// The principal.
    pub who: &'q str,
    /// The action, wildcards allowed.
    pub action: &'q str,
    /// The resource, `*` for any.
    pub resource: &'q str,
    /// Whether only calls signed with an AccessKey count.
    pub with_access_key: bool,
}

/// Does every allowed call come with the safeguard? *No* comes with a request that gets by.
///
/// # Errors
/// The principal is not in the evidence, the action is no action, or a range of addresses cannot be read.
pub fn enforced(
    ground: &Ground,
    account: Option<&str>,
    safeguard: &Safeguard,
    calls: Calls<'_>,
) -> Result<Answer, AskError> {
    checked_action(calls.action)?;
    if let Safeguard::Network(ranges) = safeguard {
        let unread = |text: &&String| text.parse::<ipnet::IpNet>().is_err() && text.parse::<IpAddr>().is_err();
        if let Some(text) = ranges.iter().find(unread) {
            return Err(AskError::new(
                format!("`{text}` is no range of addresses: write it as `203.0.113.0/24`"),
                format!("`{text}` 不是地址段：请写成 `203.0.113.0/24`"),
            ));
        }
    }
    whoever(ground, account, Some(calls.who), |built| enforced_of(ground, built, safeguard, &calls))
}

fn enforced_of(ground: &Ground, built: &Built, safeguard: &Safeguard, calls: &Calls<'_>) -> Result<Answer, AskError> {
    let index = Index::new(&built.estate);
    let principal = ground::principal(built, &index, calls.who)?;
    let name = name_of(built, principal);
    let arn = spelt_out(built, calls.action, calls.resource);
    let plan = Plan::new(built, calls.action, &arn, &[])?;
    let parts = Parts::of(&plan, ground, built, &index)?;
    let label = label_of(built, principal).weakest(parts.label());
    let caller = index.caller(principal);
    // The entries say whether a call gets by, until the end: that is what rights and their premises speak for.
    let mut entries: Vec<Entry> = Vec::new();
    let mut possible = Verdict::No;
    for group in std::iter::once(None).chain(limits(&index, principal, calls.action).into_iter().map(Some)) {
        let without = |safeguard: &Safeguard| {
            parts.escape(&index, principal, group.as_deref(), (&name, label), &|layers, target| {
                let keys = calls.with_access_key;
                ask::escapes_in_all_readings(layers, &caller, target, safeguard, keys, &Budget::default())
            })
        };
        // Every address lies outside of a network of none: any call that is allowed at all gets by.
        possible = possible.max(without(&Safeguard::Network(Vec::new())).verdict);
        let mut entry = without(safeguard);
        entry.resource_group.clone_from(&group);
        if entry.resource_group.is_none() || entries.iter().all(|whole| whole.verdict < entry.verdict) {
            entries.push(entry);
        }
    }
    let question = Question::Enforced {
        principal: name,
        action: calls.action.to_owned(),
        resource: arn.clone(),
        safeguard: safeguard.clone(),
        access_key_calls: calls.with_access_key,
    };
    let gets_by = Answer::of(question, entries, Vec::new(), label);
    let mut answer = finished(ground, built, (&plan, &parts), calls.action, gets_by);
    answer.verdict = opposite(answer.verdict);
    for entry in &mut answer.entries {
        entry.verdict = opposite(entry.verdict);
    }
    answer.detail = Detail::Enforced { possible };
    Ok(answer)
}

fn opposite(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Yes => Verdict::No,
        Verdict::No => Verdict::Yes,
        Verdict::Undecided => Verdict::Undecided,
    }
}
