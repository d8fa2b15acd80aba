//! The same question under every reading of the documentation.
//!
//! A request that is allowed stays allowed under another reading when the plain evaluator says so: that costs nothing, and most
//! answers are a *yes* with such a request. Only where it is not, and for every *no*, the engine is asked again: first with all
//! switches open, which settles what no switch decides, then with one after another.

use super::{Ability, Finding, Options, Safeguard, Target, Truth, can, escapes};
use crate::decide::{Layers, Outcome, decide, switches_that_matter};
use crate::request::{Caller, Request};
use crate::switches::{Choice, Reading, Switch};
use crate::symbolic::Budget;

/// The switches that speak of how policies are read. Where `ram:PassRole` is checked (SW-7) is a question of escalation alone.
fn each() -> impl Iterator<Item = (Switch, Reading)> {
    let base = Reading::standard();
    Switch::ALL
        .into_iter()
        .filter(|switch| *switch != Switch::PassRoleProvenOnly)
        .map(move |switch| (switch, base.with(switch, Choice::Second)))
}

/// Asks under the default reading, and names the switches whose other reading changes the answer.
pub fn over_switches(ask: impl Fn(&Reading) -> Finding) -> Finding {
    let mut finding = ask(&Reading::standard());
    let truth = finding.truth;
    finding.depends_on = each().filter(|(_, reading)| ask(reading).truth != truth).map(|(switch, _)| switch).collect();
    finding
}

/// The switches on which an answer with this example depends; `holds` is what the plain evaluator says of the example.
fn deciding(
    truth: Truth,
    example: Option<&Request>,
    holds: impl Fn(&Request, &Reading) -> bool,
    ask: impl Fn(&Reading) -> Truth,
) -> Vec<Switch> {
    match (truth, example) {
        (Truth::Unknown | Truth::Undecided, _) => Vec::new(),
        (Truth::Yes, Some(example)) => each()
            .filter(|(_, reading)| !holds(example, reading) && ask(reading) != Truth::Yes)
            .map(|(switch, _)| switch)
            .collect(),
        _ => switches_that_matter(truth, |reading| ask(&reading.with(Switch::PassRoleProvenOnly, Choice::First))),
    }
}

/// As [`can`], with the switches on which the two answers depend.
///
/// ```
/// use xiezhi_policy::{Caller, Layers, Policy, PolicyKind, PolicySet, Switch, ask::{self, Target, Truth}};
/// let policy = Policy::parse("p", PolicyKind::Identity, r#"{"Version":"1","Statement":[{"Effect":"Allow",
///   "Action":"ecs:*","NotResource":"acs:ecs:*:*:instance/i-1"}]}"#);
/// let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
/// let ann = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
/// let target = Target::new(&["ecs:StopInstance"], &["*"]);
/// let ability = ask::can_in_all_readings(&layers, &ann, &target, &Default::default());
/// assert_eq!((ability.finding.truth, ability.finding.depends_on), (Truth::Yes, vec![Switch::NotResourceHonoured]));
/// ```
#[must_use]
pub fn can_in_all_readings(layers: &Layers<'_>, caller: &Caller, target: &Target, budget: &Budget) -> Ability {
    let ask = |reading: &Reading| can(layers, caller, target, &Options { reading: *reading, budget: *budget });
    let mut ability = ask(&Reading::standard());
    let is = |wanted: Outcome| {
        move |request: &Request, reading: &Reading| decide(request, layers, reading).outcome == wanted
    };
    ability.finding.depends_on =
        deciding(ability.finding.truth, ability.finding.witness.as_ref(), is(Outcome::Allowed), |reading| {
            ask(reading).finding.truth
        });
    // Whether all are allowed is its own question: a request that is refused is its example.
    let refused = match ability.always {
        Truth::No => Truth::Yes,
        Truth::Yes => Truth::No,
        open => open,
    };
    if ability.finding.truth == Truth::Yes {
        let other = |reading: &Reading| match ask(reading).always {
            Truth::No => Truth::Yes,
            Truth::Yes => Truth::No,
            open => open,
        };
        ability.always_depends_on = deciding(refused, ability.denied.as_ref(), is(Outcome::Denied), other);
    } else {
        ability.always_depends_on.clone_from(&ability.finding.depends_on);
    }
    ability
}

/// As [`escapes`], with the switches on which the answer depends.
#[must_use]
pub fn escapes_in_all_readings(
    layers: &Layers<'_>,
    caller: &Caller,
    target: &Target,
    safeguard: &Safeguard,
    access_key_calls: bool,
    budget: &Budget,
) -> Finding {
    let ask = |reading: &Reading| {
        escapes(layers, caller, target, safeguard, access_key_calls, &Options { reading: *reading, budget: *budget })
    };
    let mut finding = ask(&Reading::standard());
    finding.depends_on = deciding(
        finding.truth,
        finding.witness.as_ref(),
        |request, reading| decide(request, layers, reading).outcome == Outcome::Allowed,
        |reading| ask(reading).truth,
    );
    finding
}
