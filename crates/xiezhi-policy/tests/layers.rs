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
use support::layered::{aimed, callers, layers, stock};
use xiezhi_policy::ask::{self, Options, Target, Truth};
use xiezhi_policy::{Choice, Outcome, Reading, ResourceSide, Switch, decide};

fn run(seed: u64, rounds: usize, reading: Reading, gaps: bool) -> [usize; 3] {
    let mut dice = Dice(seed);
    let options = Options { reading, ..Default::default() };
    let everything = Target::new(&["*"], &["*"]);
    let mut seen = [0; 3];
    for round in 0..rounds {
        let stock = stock(&mut dice);
        let layers = layers(&mut dice, &stock, gaps);
        for caller in callers() {
            let ability = ask::can(&layers, &caller, &everything, &options);
            let (mut allowed, mut denied, mut open) = (None, None, None);
            for _ in 0..40 {
                let request = aimed(&mut dice, &caller);
                match decide(&request, &layers, &reading).outcome {
                    Outcome::Allowed => allowed = Some(request),
                    Outcome::Denied => denied = Some(request),
                    Outcome::Unknown => open = Some(request),
                }
            }
            let at = format!("seed {seed} round {round} {caller}: {:?}", ability.finding);
            match ability.finding.truth {
                Truth::No => {
                    assert!(allowed.is_none() && open.is_none(), "{at}\n{allowed:?}{open:?}\n{layers:#?}");
                    seen[0] += 1;
                }
                Truth::Yes => seen[1] += 1,
                Truth::Unknown => {
                    // A bare account id leaves open whether it covers that account's users.
                    let bare = matches!(layers.resource, ResourceSide::Oss(_) | ResourceSide::Default(_));
                    assert!((gaps || bare) && allowed.is_none(), "{at}\n{allowed:?}\n{layers:#?}");
                    seen[2] += 1;
                }
                Truth::Undecided => panic!("{at}"),
            }
            if ability.always == Truth::Yes {
                assert!(denied.is_none() && open.is_none(), "always, but {denied:?} {open:?}\n{layers:#?}");
            }
        }
    }
    seen
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
