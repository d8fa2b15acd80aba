//! The layers as formulas against the layers as written: random layers, requests from their boundaries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use support::Dice;
use support::layered::{aimed, callers, layers, stock, with_principal};
use xiezhi_policy::ask::{self, Options, Target, Truth};
use xiezhi_policy::catalogue;
use xiezhi_policy::{
    Choice, Effect, Layers, Outcome, Policy, PolicyKind, PolicySet, Reading, Request, ResourceSide, Statement, Switch,
    decide,
};

fn run(seed: u64, rounds: usize, reading: Reading, gaps: bool) -> [usize; 3] {
    let mut dice = Dice(seed);
    let mut seen = [0; 3];
    for round in 0..rounds {
        let stock = stock(&mut dice);
        let layers = layers(&mut dice, &stock, gaps);
        examine(&mut dice, &layers, reading, gaps, &format!("seed {seed} round {round}"), &mut seen);
    }
    seen
}

/// The engine's answer for each caller against the plain evaluator's for requests from the boundaries.
fn examine(dice: &mut Dice, layers: &Layers<'_>, reading: Reading, open_ended: bool, at: &str, seen: &mut [usize; 3]) {
    let options = Options { reading, ..Default::default() };
    let everything = Target::new(&["*"], &["*"]);
    for caller in callers() {
        let ability = ask::can(layers, &caller, &everything, &options);
        let (mut allowed, mut denied, mut open) = (None, None, None);
        for _ in 0..40 {
            let request = aimed(dice, &caller);
            match decide(&request, layers, &reading).outcome {
                Outcome::Allowed => allowed = Some(request),
                Outcome::Denied => denied = Some(request),
                Outcome::Unknown => open = Some(request),
            }
        }
        let at = format!("{at} {caller}: {:?}", ability.finding);
        match ability.finding.truth {
            Truth::No => {
                assert!(allowed.is_none() && open.is_none(), "{at}\n{allowed:?}{open:?}\n{layers:#?}");
                seen[0] += 1;
            }
            Truth::Yes => seen[1] += 1,
            Truth::Unknown => {
                // A bare account id leaves open whether it covers that account's users.
                let bare = matches!(layers.resource, ResourceSide::Oss(_) | ResourceSide::Default(_));
                assert!((open_ended || bare) && allowed.is_none(), "{at}\n{allowed:?}\n{layers:#?}");
                seen[2] += 1;
            }
            Truth::Undecided => panic!("{at}"),
        }
        if ability.always == Truth::Yes {
            assert!(denied.is_none() && open.is_none(), "always, but {denied:?} {open:?}\n{layers:#?}");
        }
        // A question that names its action looks at that one alone, and must say the same of it.
        // Of actions that the catalogue has, it asks on resources of their own service only.
        let unlisted = |request: &&Request| catalogue::find(request.action()).is_none();
        for request in allowed.iter().chain(&denied).chain(&open).filter(unlisted) {
            let named = ask::can(layers, &caller, &Target::new(&[request.action()], &["*"]), &options).finding;
            match (named.truth, decide(request, layers, &reading).outcome) {
                (Truth::No, outcome) => assert_eq!(outcome, Outcome::Denied, "{at} {request} {named:?}"),
                (Truth::Yes, _) => {
                    let witness = named.witness.as_ref().expect("a yes has a witness");
                    assert_eq!(witness.folded_action(), request.folded_action(), "{at} {request}");
                    assert_eq!(decide(witness, layers, &reading).outcome, Outcome::Allowed, "{at} {witness}");
                }
                (Truth::Unknown, _) => assert_ne!(ability.finding.truth, Truth::No, "{at} {request}"),
                (Truth::Undecided, _) => panic!("{at} {request}"),
            }
        }
    }
}

#[test]
fn formulas_and_the_plain_evaluator_agree_through_all_layers() {
    let [no, yes, _] = run(0x1A1E, 60, Reading::standard(), false);
    assert!(no > 100 && yes > 100, "no {no} yes {yes}");
}

#[test]
fn they_agree_under_the_other_reading_of_the_switches_of_layers() {
    for switch in [
        Switch::GroupDenyIgnored,
        Switch::ControlOfOwner,
        Switch::BucketPolicyBindsOwner,
        Switch::PrincipalArnInBucketPolicy,
    ] {
        run(0x77 + switch as u64, 15, Reading::standard().with(switch, Choice::Second), false);
    }
}

#[test]
fn with_gaps_a_known_answer_is_never_contradicted() {
    let [no, yes, unknown] = run(0x6A9, 60, Reading::standard(), true);
    assert!(no > 20 && yes > 20 && unknown > 20, "no {no} yes {yes} unknown {unknown}");
}

/// The same policy with an Allow of several conditions written as one Allow for each.
fn one_condition_each(policy: &Policy) -> Policy {
    let mut split = policy.clone();
    split.statements = (policy.statements.iter())
        .flat_map(|statement| {
            let parts = if statement.effect == Some(Effect::Allow) { statement.conditions.len() } else { 0 };
            match parts {
                0 | 1 => vec![statement.clone()],
                _ => (statement.conditions.iter())
                    .map(|condition| Statement { conditions: vec![condition.clone()], ..statement.clone() })
                    .collect(),
            }
        })
        .collect();
    split
}

#[test]
fn where_one_condition_of_an_instance_policy_is_enough_the_allow_is_as_many_as_it_has_conditions() {
    let together = Switch::InstanceConditionsTogether;
    let [first, second, either] =
        [Choice::First, Choice::Second, Choice::Either].map(|choice| Reading::standard().with(together, choice));
    let mut dice = Dice(0x7AB1E);
    let (mut seen, mut differing, mut same) = ([0; 3], 0, 0);
    for round in 0..80 {
        let policy = with_principal(&mut dice, PolicyKind::Instance);
        let split = one_condition_each(&policy);
        let of = |policy| {
            let mut layers = Layers::identity_only("1", PolicySet::default());
            layers.resource = ResourceSide::Default(PolicySet::of(vec![policy]));
            layers
        };
        let (whole, parts) = (of(&policy), of(&split));
        for (reading, open_ended) in [(first, false), (second, false), (either, true)] {
            examine(&mut dice, &whole, reading, open_ended, &format!("round {round} {reading:?}"), &mut seen);
        }
        for caller in callers() {
            for _ in 0..20 {
                let request = aimed(&mut dice, &caller);
                let all = decide(&request, &whole, &first).outcome;
                let one = decide(&request, &whole, &second).outcome;
                assert_eq!(one, decide(&request, &parts, &first).outcome, "{request:?}\n{policy:#?}");
                let open = decide(&request, &whole, &either).outcome;
                assert_eq!(open, if all == one { all } else { Outcome::Unknown }, "{request:?}\n{policy:#?}");
                differing += usize::from(all != one);
            }
        }
        // A bare account id leaves it open whom it covers, and so what is added; nothing is proven to be.
        let options = Options { reading: second, ..Default::default() };
        for (new, old) in [(&policy, &split), (&split, &policy)] {
            let added = ask::adds(&[new], &[old], &options).truth;
            assert_ne!(added, Truth::Yes, "{policy:#?}");
            same += usize::from(added == Truth::No);
        }
    }
    assert!(differing > 50 && same > 50 && seen.iter().all(|count| *count > 20), "{differing} {same} {seen:?}");
}
