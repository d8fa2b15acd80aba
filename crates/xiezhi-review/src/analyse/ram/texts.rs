//! Every policy text of the inventory that people write, and what is wrong with it.

use xiezhi_model::service::kms::{Key, Secret};
use xiezhi_model::service::oss::{AccessPoint, Bucket};
use xiezhi_model::service::ots::Instance;
use xiezhi_model::service::ram::{Policy as Stored, Role};
use xiezhi_model::service::resourcedirectory::ControlPolicy;
use xiezhi_model::service::sls::Project;
use xiezhi_model::service::vpc::GatewayEndpoint;
use xiezhi_model::{Fact, Head, Inventory, Problem, ProblemKind, Resource, State, Text};
use xiezhi_policy::{Policy, PolicyKind};

use super::super::Analysis;

/// A policy text, and what it stands at.
pub(crate) struct Written<'a> {
    /// What answers call it: the policy's own name, or what it guards.
    pub name: String,
    /// Where it stands.
    pub kind: PolicyKind,
    /// The policy, or what it guards.
    pub head: &'a Head,
    /// The text.
    pub text: &'a Fact<Text>,
}

/// The policies of the inventory that people write; those of the system are kept by the service.
pub(crate) fn written(inventory: &Inventory) -> Vec<Written<'_>> {
    fn of<'a, R: Resource>(
        inventory: &'a Inventory,
        prefix: &str,
        kind: PolicyKind,
        text: impl Fn(&'a R) -> Option<&'a Fact<Text>>,
        all: &mut Vec<Written<'a>>,
    ) {
        for one in inventory.all::<R>() {
            let head = one.head();
            let name = head.id.value().or_else(|| head.name.value()).unwrap_or(&head.address);
            if let Some(text) = text(one) {
                all.push(Written { name: format!("{prefix}{name}"), kind, head, text });
            }
        }
    }
    let ours = |kind: &Fact<Text>| kind.value().is_none_or(|kind| kind != "system");
    let mut all = Vec::new();
    of(inventory, "", PolicyKind::Identity, |p: &Stored| ours(&p.kind).then_some(&p.document), &mut all);
    of(inventory, "role/", PolicyKind::Trust, |r: &Role| Some(&r.trust_policy), &mut all);
    of(inventory, "bucket/", PolicyKind::Bucket, |b: &Bucket| Some(&b.policy), &mut all);
    of(inventory, "key/", PolicyKind::Key, |k: &Key| Some(&k.policy), &mut all);
    of(inventory, "secret/", PolicyKind::Key, |s: &Secret| Some(&s.policy), &mut all);
    of(inventory, "access-point/", PolicyKind::AccessPoint, |p: &AccessPoint| Some(&p.policy), &mut all);
    of(inventory, "tablestore/", PolicyKind::Instance, |i: &Instance| Some(&i.policy), &mut all);
    of(inventory, "project/", PolicyKind::Project, |p: &Project| Some(&p.policy), &mut all);
    of(inventory, "endpoint/", PolicyKind::Endpoint, |e: &GatewayEndpoint| Some(&e.policy), &mut all);
    of(inventory, "", PolicyKind::Control, |p: &ControlPolicy| ours(&p.kind).then_some(&p.document), &mut all);
    all
}

/// Names every policy that the service refuses or may read otherwise, with its line, column and remedy: what such a policy
/// grants is unknown, and whoever reads the verdicts must learn why.
pub(crate) struct PolicyTexts;

impl Analysis for PolicyTexts {
    fn name(&self) -> &'static str {
        "policy texts"
    }

    fn run(&self, inventory: &mut Inventory) {
        let mut problems = Vec::new();
        for one in written(inventory) {
            let State::Known(text) = &one.text.state else { continue };
            let policy = Policy::parse(&one.name, one.kind, text);
            for problem in policy.problems.iter().filter(|problem| !problem.is_note()) {
                let word = if problem.word.is_empty() { String::new() } else { format!(" `{}`", problem.word) };
                problems.push(Problem {
                    file: one.text.origin.source.name.clone(),
                    line: one.text.origin.line,
                    kind: ProblemKind::Policy(problem.fault.texts()),
                    detail: format!("{} {}{word}", one.name, problem.at),
                });
            }
        }
        inventory.problems.extend(problems);
        inventory.problems.sort();
        inventory.problems.dedup();
    }
}
