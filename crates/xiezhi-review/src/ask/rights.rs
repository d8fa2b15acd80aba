//! Can this principal do that, who can, and what can one do.

use std::collections::{BTreeMap, BTreeSet};

use xiezhi_model::Label;
use xiezhi_policy::ask::{self, Options, Truth};
use xiezhi_policy::catalogue::{self, Level};
use xiezhi_policy::decide::Gap;
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::{Choice, Policy, Reading, Switch};

use super::calls::Parts;
use super::ground::{self, label_of, name_of};
use super::owner::whoever;
use super::plan::Plan;
use super::side::spelt_out;
use super::{Answer, AskError, Assumption, Detail, Entry, Ground, Question, Verdict};
use crate::analyse::ram::estate::Built;

/// An action as the question writes it: `code:Name`, wildcards allowed; a name that nobody knows is a mistake.
pub(super) fn checked_action(text: &str) -> Result<(), AskError> {
    if text == "*" || text.contains(['*', '?']) && text.contains(':') {
        return Ok(());
    }
    if !text.contains(':') {
        return Err(AskError::new(
            format!("`{text}` is no action: write it as `oss:GetObject`, or `oss:*` for any"),
            format!("`{text}` 不是操作：请写成 `oss:GetObject`，任意操作写成 `oss:*`"),
        ));
    }
    if catalogue::find(text).is_some() || !catalogue::knows_code(text.split(':').next().unwrap_or_default()) {
        return Ok(());
    }
    let near = catalogue::nearest(text);
    let mean = |words: &str, end: &str| near.map(|name| format!("{words}`{name}`{end}")).unwrap_or_default();
    Err(AskError::new(
        format!(
            "no action `{text}` is known{}; use a wildcard to ask about actions by pattern",
            mean(": did you mean ", "")
        ),
        format!("没有已知的操作 `{text}`{}；按模式询问操作请用通配符", mean("（是否指 ", "？）")),
    ))
}

fn each_switch() -> impl Iterator<Item = (Switch, Reading)> {
    let base = Reading::standard();
    Switch::ALL
        .into_iter()
        .filter(|switch| *switch != Switch::PassRoleProvenOnly)
        .map(move |switch| (switch, base.with(switch, Choice::Second)))
}

/// One call that a principal may make.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'q> {
    /// The principal.
    pub who: &'q str,
    /// The action, wildcards allowed.
    pub action: &'q str,
    /// The resource, `*` for any.
    pub resource: &'q str,
    /// Further resources of the same call, where it checks several.
    pub others: &'q [String],
    /// The policy that was passed with `AssumeRole`; it only narrows.
    pub session: Option<&'q Policy>,
}

/// Can the principal make the call, and under which conditions? Where one call checks several actions or resources, all of
/// them must pass.
///
/// # Errors
/// The principal is not in the evidence, the action is no action, the call checks nothing on such a resource, or a session policy is
/// given for a user.
pub fn can(ground: &Ground, account: Option<&str>, wish: Wish<'_>) -> Result<Answer, AskError> {
    checked_action(wish.action)?;
    whoever(ground, account, Some(wish.who), |built| can_of(ground, built, wish))
}

fn can_of(ground: &Ground, built: &Built, wish: Wish<'_>) -> Result<Answer, AskError> {
    let Wish { who, action, resource, others, session } = wish;
    let index = Index::new(&built.estate);
    let principal = ground::principal(built, &index, who)?;
    if let (Some(_), Principal::User(_)) = (session, principal) {
        // users have none.
        let name = name_of(built, principal);
        return Err(AskError::new(
            format!("a session policy is passed with `AssumeRole` and narrows a role's session; `{name}` is a user"),
            format!("会话策略随 `AssumeRole` 传入，只收窄角色的会话；`{name}` 是用户"),
        ));
    }
    let arn = spelt_out(built, action, resource);
    let plan = Plan::new(built, action, &arn, others)?;
    let parts = Parts::of(&plan, ground, built, &index)?.in_session(session);
    let of_session = session.map_or(Label::Live, |_| Label::UserProvided);
    let label = label_of(built, principal).weakest(parts.label()).weakest(of_session);
    let name = name_of(built, principal);
    let mut entries: Vec<Entry> = Vec::new();
    for group in std::iter::once(None).chain(limits(&index, principal, action).into_iter().map(Some)) {
        let entry = parts.entry(&index, principal, group.as_deref(), &name, label);
        // What holds for the whole account needs no word about single resource groups.
        if entry.resource_group.is_none() || entries.iter().all(|whole| whole.verdict < entry.verdict) {
            entries.push(entry);
        }
    }
    let question = Question::Can {
        principal: name,
        action: action.to_owned(),
        resource: arn.clone(),
        session: session.map(|policy| policy.name.clone()),
    };
    Ok(finished(ground, built, (&plan, &parts), action, Answer::of(question, entries, Vec::new(), label)))
}

/// The answer with what it takes for granted.
pub(super) fn finished(
    ground: &Ground,
    built: &Built,
    (plan, parts): (&Plan, &Parts<'_>),
    action: &str,
    answer: Answer,
) -> Answer {
    let grouped = answer.entries.iter().any(|entry| entry.resource_group.is_some());
    // What cannot pass its own check cannot be saved by others.
    let further = plan.assumption(action).filter(|_| answer.verdict != Verdict::No);
    let mut answer = answer
        .assuming(Ground::assumptions(built))
        .assuming(parts.assumption())
        .assuming(further)
        .assuming(grouped.then_some(Assumption::InResourceGroup));
    if parts.assumption().is_some() {
        weaken(&mut answer);
    }
    answer.call = plan.call();
    ground.explained(built, answer)
}

/// The resource groups at which the principal has rights that may concern the action. RAM and STS do not know resource groups:
/// there such rights are void.
pub(super) fn limits(index: &Index<'_>, principal: Principal, action: &str) -> BTreeSet<String> {
    let code = action.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let attachments = index.attachments(principal).items.into_iter();
    let groups = attachments.filter_map(|attachment| attachment.resource_group.clone());
    groups.filter(|_| !matches!(code.as_str(), "ram" | "ims" | "sts")).collect()
}

/// An answer that leaves policies out is an inference.
fn weaken(answer: &mut Answer) {
    answer.label = answer.label.weakest(Label::Inference);
    for entry in &mut answer.entries {
        entry.label = entry.label.weakest(Label::Inference);
    }
}

/// Who can do the action on the resource?
///
/// # Errors
/// The action is no action, or the evidence has several accounts and none was chosen.
pub fn who(ground: &Ground, account: Option<&str>, action: &str, resource: &str) -> Result<Answer, AskError> {
    checked_action(action)?;
    whoever(ground, account, None, |built| who_of(ground, built, action, resource))
}

fn who_of(ground: &Ground, built: &Built, action: &str, resource: &str) -> Result<Answer, AskError> {
    let index = Index::new(&built.estate);
    let arn = spelt_out(built, action, resource);
    let plan = Plan::new(built, action, &arn, &[])?;
    let parts = Parts::of(&plan, ground, built, &index)?;
    let table = |reading: Reading| parts.table(&index, reading);
    let base = table(Reading::standard());
    let mut depends: BTreeMap<Principal, Vec<Switch>> = BTreeMap::new();
    let truth = |found: Option<&ask::Finding>| found.map_or(Truth::No, |finding| finding.truth);
    let truths = |table: &BTreeMap<Principal, ask::Finding>| -> BTreeMap<Principal, Truth> {
        table.iter().map(|(principal, finding)| (*principal, finding.truth)).collect()
    };
    // What all readings agree on together needs no word of any single one.
    let open = table(Reading::either().with(Switch::PassRoleProvenOnly, Choice::First));
    let readings = each_switch().filter(|_| truths(&open) != truths(&base));
    for (switch, reading) in readings {
        let other = table(reading);
        let all: BTreeSet<Principal> = base.keys().chain(other.keys()).copied().collect();
        for principal in all {
            if truth(base.get(&principal)) != truth(other.get(&principal)) {
                depends.entry(principal).or_default().push(switch);
            }
        }
    }
    let mut entries = Vec::new();
    let of_side = parts.label();
    for principal in index.principals() {
        let switches = depends.remove(&principal).unwrap_or_default();
        let label = label_of(built, principal).weakest(of_side);
        match base.get(&principal) {
            Some(finding) => {
                let finding = ask::Finding { depends_on: switches, ..finding.clone() };
                entries.push(Entry::of(&name_of(built, principal), finding, label));
            }
            None if !switches.is_empty() => {
                let mut entry = Entry::new(&name_of(built, principal), Verdict::No, label.weakest(Label::Inference));
                entry.depends_on = switches;
                entries.push(entry);
            }
            None => {}
        }
    }
    for principal in
        index.principals().filter(|principal| base.get(principal).is_none_or(|finding| finding.truth != Truth::Yes))
    {
        for group in limits(&index, principal, action) {
            let label = label_of(built, principal).weakest(of_side);
            let entry = parts.entry(&index, principal, Some(&group), &name_of(built, principal), label);
            let whole = base.get(&principal).map_or(Verdict::No, |finding| finding.truth.into());
            if entry.verdict > whole {
                entries.push(entry);
            }
        }
    }
    entries.extend(super::public::outsiders(built, &index, &parts));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.verdict));
    let question = Question::Who { action: action.to_owned(), resource: arn.clone() };
    let answer = Answer::of(question, entries, unseen(built), of_account(built).weakest(of_side));
    Ok(finished(ground, built, (&plan, &parts), action, answer))
}

/// Principals that may exist beside those that were seen.
pub(super) fn unseen(built: &Built) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = built.estate.users.gaps.iter().chain(&built.estate.roles.gaps).cloned().collect();
    gaps.sort();
    gaps.dedup();
    gaps
}

/// The weakest evidence about any principal of the account.
pub(super) fn of_account(built: &Built) -> Label {
    let all = built.user_premises.iter().chain(&built.role_premises);
    all.map(|premises| premises.label).max().unwrap_or(Label::UserProvided)
}

/// What can the principal do, by service and access level?
///
/// # Errors
/// The principal is not in the evidence.
pub fn what(ground: &Ground, account: Option<&str>, who: &str) -> Result<Answer, AskError> {
    whoever(ground, account, Some(who), |built| what_of(ground, built, who))
}

fn what_of(ground: &Ground, built: &Built, who: &str) -> Result<Answer, AskError> {
    let index = Index::new(&built.estate);
    let principal = ground::principal(built, &index, who)?;
    let name = name_of(built, principal);
    let layers = index.layers(principal, None);
    let rights = ask::rights(&layers, &index.caller(principal), &Options::default());
    let count = |list: &[(&'static str, Level)]| {
        let mut by_service: BTreeMap<String, BTreeMap<Level, usize>> = BTreeMap::new();
        for (action, level) in list {
            let code = action.split(':').next().unwrap_or_default().to_owned();
            let slot = by_service.entry(code).or_default().entry(*level).or_default();
            *slot = slot.saturating_add(1);
        }
        by_service
    };
    let powerful = rights
        .surely
        .iter()
        .filter(|(action, level)| {
            *level == Level::Permissions || catalogue::find(action).is_some_and(|action| action.returns_credential)
        })
        .map(|(action, _)| *action)
        .collect();
    let verdict = if !rights.surely.is_empty() {
        Verdict::Yes
    } else if rights.perhaps.is_empty() {
        Verdict::No
    } else {
        Verdict::Undecided
    };
    let label = label_of(built, principal);
    let mut entry = Entry::new(&name, verdict, label);
    entry.gaps.clone_from(&rights.gaps);
    let grouped = index.attachments(principal).items.iter().any(|attachment| attachment.resource_group.is_some());
    let mut answer = Answer::of(Question::What { principal: name }, vec![entry], Vec::new(), label)
        .assuming(Ground::assumptions(built))
        .assuming([Assumption::NoResourcePolicy, Assumption::OneCheck])
        .assuming(grouped.then_some(Assumption::InResourceGroup));
    answer.detail = Detail::Rights {
        surely: count(&rights.surely),
        perhaps: count(&rights.perhaps),
        future_actions: rights.future_actions.into(),
        powerful,
    };
    Ok(ground.explained(built, answer))
}
