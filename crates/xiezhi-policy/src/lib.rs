//! RAM policies: parse, decide, effective rights, public access, escalation, least policy.
//!
//! The crate stands alone: no I/O, no clock, no other crate of this program. Policies come in as text, answers go out as plain data
//! with their proof: a *yes* carries a witness request that the plain evaluator ([`decide()`]) confirms, a *no* the statements that
//! cover the question, and over a stated budget the answer is *undecided*. What was not looked at is *unknown*, with the reason.
//!
//! RAM is not another cloud's policy language: there is no permission boundary and there are no policy variables, a key that a
//! request does not carry makes negated operators true, ARNs match segment by segment, and `ims:` and `resourcemanager:` twins of
//! `ram:` calls grant too. Where the documentation is silent both readings are evaluated ([`Switch`]).

pub mod access_point;
pub mod ask;
pub mod call;
pub mod catalogue;
pub mod decide;
pub mod escalate;
pub mod estate;
pub mod exposure;
pub mod glob;
pub mod json;
pub mod keys;
pub mod lint;
pub mod matching;
pub mod minimise;
mod parse;
pub mod policy;
pub mod request;
pub mod switches;
mod symbolic;
pub mod values;
pub mod who;
pub mod words;

pub use decide::{
    Acl, Decision, Gap, KeyNetwork, Layer, Layers, ObjectAcl, OssSide, Outcome, PolicySet, ResourceSide, StatementRef,
    Verdict, check, decide, judge,
};
pub use json::Position;
pub use policy::{Effect, Fault, Policy, PolicyKind, Problem, Statement};
pub use request::{Arn, Caller, Key, Request};
pub use switches::{Choice, Reading, Switch, Tri};
pub use symbolic::Budget;
