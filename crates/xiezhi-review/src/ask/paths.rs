//! Who can become administrator and by which steps, and what one foothold leads to.

use xiezhi_model::Label;
use xiezhi_policy::Budget;
use xiezhi_policy::ask::Truth;
use xiezhi_policy::escalate::{Basis, Foothold, Path, Readings, Start};
use xiezhi_policy::estate::{Index, Principal};
use xiezhi_policy::exposure::STAND_IN;

use super::ground::{host_word, label_of, name_of, start};
use super::owner::whoever;
use super::rights::{of_account, unseen};
use super::{Answer, AskError, Assumption, Detail, Entry, Ground, Power, Question, Verdict};
use crate::analyse::ram::estate::Built;
use crate::analyse::ram::labels::Labels;

/// A foothold as answers write it.
fn written(foothold: &Foothold) -> String {
    match foothold {
        Foothold::Administrator => "administrator".to_owned(),
        Foothold::Outside => "outside".to_owned(),
        Foothold::User(name) => format!("user/{name}"),
        Foothold::AccessKey(name) => format!("key/{name}"),
        Foothold::Role(name) => format!("role/{name}"),
        Foothold::Group(name) => format!("group/{name}"),
        Foothold::Host(kind, name) => format!("{}/{name}", host_word(*kind)),
        Foothold::Unseen => "unseen".to_owned(),
    }
}

/// The path as an entry; a step that was reasoned and not executed, or that hangs on a reading, makes it an inference.
fn entry(
    subject: &str,
    readings: &Readings<'_>,
    labels: &Labels<'_>,
    start: Start,
    mut path: Path,
    label: Label,
) -> Entry {
    let label = labels.along(&path, label);
    for step in path.steps.iter_mut().filter(|step| step.from.contains(&Foothold::Outside)) {
        step.grants.retain(|statement| statement.policy != STAND_IN);
    }
    let mut depends_on = readings.deciding(start, path.truth);
    depends_on.extend(path.steps.iter().flat_map(|step| step.depends_on.iter().copied()));
    depends_on.sort();
    depends_on.dedup();
    let weak = path.steps.iter().any(|step| step.basis == Some(Basis::Derived));
    let label = if weak || !depends_on.is_empty() { label.weakest(Label::Inference) } else { label };
    let mut entry = Entry::new(subject, path.truth.into(), label);
    entry.statements = path.steps.iter().flat_map(|step| step.grants.iter().cloned()).collect();
    entry.statements.sort();
    entry.statements.dedup();
    entry.witness = path.steps.iter().find_map(|step| step.witness.clone());
    entry.depends_on = depends_on;
    entry.steps = path.steps;
    entry.gaps = path.gaps;
    entry
}

fn derived(entries: &[Entry]) -> Option<Assumption> {
    let mut steps = entries.iter().flat_map(|entry| &entry.steps);
    steps.any(|step| step.basis == Some(Basis::Derived)).then_some(Assumption::DerivedPattern)
}

/// Who is, or can become, administrator, by which shortest path; of one foothold when `from` names it.
///
/// # Errors
/// The foothold is not in the evidence.
pub fn escalate(ground: &Ground, account: Option<&str>, from: Option<&str>) -> Result<Answer, AskError> {
    whoever(ground, account, from, |built| escalate_of(ground, built, from))
}

fn escalate_of(ground: &Ground, built: &Built, from: Option<&str>) -> Result<Answer, AskError> {
    let index = Index::new(&built.estate);
    let readings = Readings::build(&index, &Budget::default());
    let escalation = readings.standard();
    let labels = Labels::of(built);
    let (entries, named, gaps, label) = match from {
        Some(text) => {
            let (at, name, label) = start(ground, built, &index, text)?;
            (
                vec![entry(&name, &readings, &labels, at, escalation.administrator(at), label)],
                Some(name),
                Vec::new(),
                label,
            )
        }
        None => {
            let mut entries: Vec<Entry> = escalation
                .administrators()
                .into_iter()
                .map(|(principal, path)| {
                    let start = match principal {
                        Principal::User(at) => Start::User(at),
                        Principal::Role(at) => Start::Role(at),
                    };
                    entry(&name_of(built, principal), &readings, &labels, start, path, label_of(built, principal))
                })
                .collect();
            entries.extend(others(built, &readings, &labels));
            entries.sort_by_key(|entry| (std::cmp::Reverse(entry.verdict), entry.steps.len()));
            (entries, None, unseen(built), of_account(built))
        }
    };
    let weak = derived(&entries);
    let answer = Answer::of(Question::Escalate { from: named }, entries, gaps, label);
    Ok(ground.explained(built, answer.assuming(Ground::assumptions(built)).assuming(weak)))
}

/// Hosts and the outside, where they lead to administrator or may.
fn others(built: &Built, readings: &Readings<'_>, labels: &Labels<'_>) -> Vec<Entry> {
    let escalation = readings.standard();
    let mut entries = Vec::new();
    for (at, host) in built.estate.hosts.items.iter().enumerate() {
        let path = escalation.administrator(Start::Host(at));
        if path.truth != Truth::No {
            let label = built.host_premises.get(at).map_or(Label::UserProvided, |premises| premises.label);
            let name = written(&Foothold::Host(host.kind, host.id.clone()));
            entries.push(entry(&name, readings, labels, Start::Host(at), path, label));
        }
    }
    let path = escalation.administrator(Start::Outside);
    if path.truth != Truth::No {
        entries.push(entry("outside", readings, labels, Start::Outside, path, of_account(built)));
    }
    entries
}

/// What does the foothold lead to: other identities, hosts, data, administrator?
///
/// # Errors
/// The foothold is not in the evidence.
pub fn blast(ground: &Ground, account: Option<&str>, from: &str) -> Result<Answer, AskError> {
    whoever(ground, account, Some(from), |built| blast_of(ground, built, from))
}

fn blast_of(ground: &Ground, built: &Built, from: &str) -> Result<Answer, AskError> {
    let index = Index::new(&built.estate);
    let (at, name, label) = start(ground, built, &index, from)?;
    let readings = Readings::build(&index, &Budget::default());
    let escalation = readings.standard();
    let labels = Labels::of(built);
    let radius = escalation.blast_radius(at);
    let mut powers: Vec<Power> = radius
        .powers
        .iter()
        .map(|(whose, power)| Power {
            whose: if *whose == radius.start { name.clone() } else { written(whose) },
            pattern: power.pattern,
            reach: power.reach,
            verdict: power.truth.into(),
            statements: power.grants.clone(),
        })
        .collect();
    powers.sort();
    powers.dedup();
    let entries = vec![entry(&name, &readings, &labels, at, radius.administrator, label)];
    let weak = derived(&entries);
    let mut answer = Answer::of(Question::Blast { start: name }, entries, Vec::new(), label)
        .assuming(Ground::assumptions(built))
        .assuming(weak);
    // The question is what is reached: administrator is one of the places, the answer *yes* as soon as there is any.
    let more = !radius.reached.is_empty() || powers.iter().any(|power| power.verdict == Verdict::Yes);
    if more {
        answer.verdict = Verdict::Yes;
    } else if !radius.perhaps.is_empty() || !powers.is_empty() {
        answer.verdict = answer.verdict.max(Verdict::Undecided);
    }
    answer.detail = Detail::Blast {
        reached: radius.reached.iter().map(|(foothold, cost)| (written(foothold), *cost)).collect(),
        perhaps: radius.perhaps.iter().map(written).collect(),
        powers,
    };
    Ok(ground.explained(built, answer))
}
