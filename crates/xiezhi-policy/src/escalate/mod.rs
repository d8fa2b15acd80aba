//! Privilege escalation: who can become administrator, by which steps, and what one foothold leads to.
//!
//! Nodes are users, groups, roles, hosts, the outside and "administrator". Edges are instances of the patterns of
//! `data/escalation.tsv`; each is a question to the engine on real names, and carries the statements that grant it. An edge that missing
//! evidence leaves open is kept apart: a path over it makes the answer *unknown*, never *yes*.

mod build;
mod graph;
mod probe;
mod readings;
mod rules;

pub use build::{Escalation, loose_oidc};
pub use readings::Readings;
pub use rules::{Basis, Rule, pattern, rules};

use crate::ask::Truth;
use crate::decide::{Gap, StatementRef};
use crate::estate::HostKind;
use crate::request::Request;
use crate::switches::Switch;
use serde::Serialize;

/// A foothold by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "name")]
pub enum Foothold {
    /// Unrestricted control of the account.
    Administrator,
    /// Someone outside the account.
    Outside,
    /// A user.
    User(String),
    /// The AccessKey of a user.
    AccessKey(String),
    /// A role.
    Role(String),
    /// Membership in a group.
    Group(String),
    /// Code on a host.
    Host(HostKind, String),
    /// Something that was not collected.
    Unseen,
}

/// An edge; `needs` are one or two footholds.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub needs: [Option<u32>; 2],
    pub to: u32,
    /// `None` for bookkeeping edges that are no step of anybody.
    pub pattern: Option<&'static str>,
    pub sure: bool,
    /// Weight of the step; 0 for bookkeeping.
    pub costs: u8,
    pub proof: std::rc::Rc<Proof>,
}

/// What an edge rests on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proof {
    pub grants: Vec<StatementRef>,
    pub conditions: Vec<(String, String)>,
    pub witness: Option<Request>,
    pub depends_on: Vec<Switch>,
    pub by_twin: Option<String>,
    pub gaps: Vec<Gap>,
    /// How strong the evidence of the rule is; of a pattern's rules, some may be documented and others derived.
    pub basis: Option<Basis>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Id of the pattern; `carries` for the role of a host, `is` for rights that a foothold has by itself.
    pub pattern: &'static str,
    /// What the attacker must have before.
    pub from: Vec<Foothold>,
    /// What the attacker has afterwards.
    pub to: Foothold,
    /// The statements that grant the step.
    pub grants: Vec<StatementRef>,
    /// Conditions (operator, key) under which those statements hold.
    pub conditions: Vec<(String, String)>,
    /// One request of the step, confirmed by the plain evaluator, where one was made.
    pub witness: Option<Request>,
    /// Switches on which the step depends: then it is an inference.
    pub depends_on: Vec<Switch>,
    /// The twin spelling that alone is granted.
    pub by_twin: Option<String>,
    /// How strong the evidence of the pattern is.
    pub basis: Option<Basis>,
}

/// Whether a foothold leads to administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Path {
    /// *Yes* with the steps; *unknown* with steps of which some rest on missing evidence; *no*.
    pub truth: Truth,
    /// The steps, each after those it needs. Empty steps with *yes*: the foothold is administrator itself.
    pub steps: Vec<Step>,
    /// What is missing.
    pub gaps: Vec<Gap>,
}

/// A right that is no foothold but matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Power {
    /// Id of the pattern.
    pub pattern: &'static str,
    /// What it reaches: `data`, `public`, `blind`, `unguarded`, `persist`, `org` …
    pub reach: &'static str,
    /// *Yes* or *unknown*.
    pub truth: Truth,
    /// The statements that grant it.
    pub grants: Vec<StatementRef>,
}

/// Everything that one foothold leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlastRadius {
    /// Where it starts.
    pub start: Foothold,
    /// Footholds that are surely reached, nearest first, with the weight of the way: 2 per proven step, 5 per inferred one.
    pub reached: Vec<(Foothold, u32)>,
    /// Footholds that missing evidence may open.
    pub perhaps: Vec<Foothold>,
    /// Powers of everything surely reached, by pattern.
    pub powers: Vec<(Foothold, Power)>,
    /// The path to administrator.
    pub administrator: Path,
}

/// Where an attack starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Start {
    /// A user, with its console and its keys.
    User(usize),
    /// The AccessKey of a user: no console, no MFA.
    AccessKey(usize),
    /// A session of a role.
    Role(usize),
    /// Code on a host.
    Host(usize),
    /// Anyone outside the account.
    Outside,
}
