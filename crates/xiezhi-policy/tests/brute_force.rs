//! The exact engine against brute force over the plain evaluator, on random policies and requests from their own boundaries.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod support;

use support::{Dice, policy, request};
use xiezhi_policy::ask::{self, Options, Truth};
use xiezhi_policy::{Budget, Choice, Outcome, Policy, PolicyKind, Reading, Switch, catalogue, check};

struct Tally {
    points: usize,
    allowed: usize,
    yes: usize,
    no: usize,
    hit_by_points: usize,
    undecided: usize,
}

/// Asks "does a add to b" for random pairs and holds every answer against points.
fn run(seed: u64, pairs: usize, points: usize, reading: Reading) -> Tally {
    let mut dice = Dice(seed);
    let mut tally = Tally { points: 0, allowed: 0, yes: 0, no: 0, hit_by_points: 0, undecided: 0 };
    let options = Options { reading, ..Default::default() };
    for pair in 0..pairs {
        let a = policy(&mut dice, "a", true);
        // Half of the pairs are near relatives, so that both answers are common.
        let b = if dice.chance(50) {
            let mut b = a.clone();
            b.name = "b".into();
            let other = policy(&mut dice, "b", true);
            if dice.chance(50) {
                b.statements.extend(other.statements);
            } else {
                b.statements.pop();
            }
            b
        } else {
            policy(&mut dice, "b", true)
        };
        let finding = ask::adds_by_engine(&[&a], &[&b], &options);
        let short = ask::adds(&[&a], &[&b], &options);
        if finding.truth != Truth::Undecided {
            assert_eq!(
                short.truth, finding.truth,
                "seed {seed} pair {pair}: the short way differs\n{a:#?}\n{b:#?}\n{short:#?}"
            );
        }
        let mut hit = None;
        for _ in 0..points {
            let request = request(&mut dice);
            let in_a = check(&[&a], &request, "", &reading);
            let in_b = check(&[&b], &request, "", &reading);
            tally.points += 1;
            tally.allowed += usize::from(in_a == Outcome::Allowed);
            if in_a == Outcome::Allowed && in_b == Outcome::Denied {
                hit = Some(request);
            }
        }
        tally.hit_by_points += usize::from(hit.is_some());
        match finding.truth {
            Truth::Yes => tally.yes += 1,
            Truth::No => {
                tally.no += 1;
                assert!(hit.is_none(), "seed {seed} pair {pair}: no, but {}\n{a:#?}\n{b:#?}", hit.unwrap());
            }
            Truth::Undecided => tally.undecided += 1,
            other => panic!("seed {seed} pair {pair}: {other:?} {:?}\n{a:#?}\n{b:#?}", finding.gaps),
        }
    }
    tally
}

#[test]
fn the_engine_agrees_with_brute_force_and_the_generator_is_not_degenerate() {
    let tally = run(0x5EED_0001, 600, 150, Reading::standard());
    assert!(tally.points >= 20_000);
    assert_eq!(tally.undecided, 0, "the default reading stays within the budget");
    let share = |part: usize, of: usize| part * 100 / of;
    assert!((10..=70).contains(&share(tally.allowed, tally.points)), "allowed {}", tally.allowed);
    assert!(tally.yes >= 150 && tally.no >= 100, "yes {} no {}", tally.yes, tally.no);
    // Most differences that exist are large enough to be met by chance: the points do attack the answers.
    assert!(share(tally.hit_by_points, tally.yes) >= 60, "hit {} of {}", tally.hit_by_points, tally.yes);
}

#[test]
fn the_engine_agrees_with_brute_force_under_the_other_reading_of_each_switch() {
    for (index, switch) in Switch::ALL.into_iter().enumerate() {
        let tally = run(0xABCD + index as u64, 60, 60, Reading::standard().with(switch, Choice::Second));
        // `*` across colons multiplies the combinations of whole-string ARNs: the one reading that may exceed the budget.
        let most = if switch == Switch::StarInSegment { 6 } else { 0 };
        assert!(tally.undecided <= most, "{switch}: {} undecided", tally.undecided);
    }
}

#[test]
fn with_every_switch_open_no_answer_contradicts_a_closed_reading() {
    let mut dice = Dice(0xF00D);
    for _ in 0..150 {
        let (a, b) = (policy(&mut dice, "a", true), policy(&mut dice, "b", true));
        let open = ask::adds(&[&a], &[&b], &Options { reading: Reading::either(), ..Default::default() });
        for switch in [
            Switch::StarInSegment,
            Switch::FoldCase,
            Switch::NegatedOnAbsent,
            Switch::NotResourceHonoured,
            Switch::EqualsLiteral,
        ] {
            for choice in [Choice::First, Choice::Second] {
                let closed = ask::adds(
                    &[&a],
                    &[&b],
                    &Options { reading: Reading::standard().with(switch, choice), ..Default::default() },
                );
                if open.truth == Truth::No {
                    assert_eq!(closed.truth, Truth::No);
                }
                if open.truth == Truth::Yes {
                    assert_eq!(closed.truth, Truth::Yes);
                }
            }
        }
    }
}

#[test]
fn a_value_that_only_an_equality_with_a_wildcard_lets_in_is_found_and_under_the_literal_reading_is_not() {
    // No other test of the key cuts its values here: what tells `vpc-ab` from the two written values is SW-14 alone.
    let of = |operator: &str, value: &str| {
        let condition = format!(r#""Condition":{{"{operator}":{{"acs:SourceVpc":"{value}"}}}}"#);
        let text = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"oss:GetObject","Resource":"*",{condition}}}]}}"#
        );
        Policy::parse(operator, PolicyKind::Identity, &text)
    };
    for operator in ["StringEquals", "StringEqualsIgnoreCase"] {
        let (narrow, wide) = (of(operator, "vpc-?"), of(operator, "vpc-*"));
        let under = |reading| ask::adds(&[&wide], &[&narrow], &Options { reading, ..Default::default() });
        let pattern = under(Reading::standard().with(Switch::EqualsLiteral, Choice::Second));
        assert_eq!(pattern.truth, Truth::Yes, "{operator}");
        assert!(pattern.witness.is_some(), "{operator}: a yes names a request");
        let back = ask::adds(
            &[&narrow],
            &[&wide],
            &Options { reading: Reading::standard().with(Switch::EqualsLiteral, Choice::Second), ..Default::default() },
        );
        assert_eq!(back.truth, Truth::No, "{operator}");
        // Taken as written the two name different values, so each lets in what the other does not.
        assert_eq!(under(Reading::standard().with(Switch::EqualsLiteral, Choice::First)).truth, Truth::Yes);
    }
}

#[test]
fn laws_hold_order_splitting_denies_allows_and_case() {
    let mut dice = Dice(0x1A35);
    for _ in 0..150 {
        let a = policy(&mut dice, "a", true);
        let extra = policy(&mut dice, "x", true);
        let options = Options::default();
        let same = |b: &xiezhi_policy::Policy| {
            ask::adds(&[&a], &[b], &options).truth == Truth::No && ask::adds(&[b], &[&a], &options).truth == Truth::No
        };
        let mut turned = a.clone();
        turned.statements.reverse();
        turned.statements.iter_mut().for_each(|s| s.action.patterns.reverse());
        assert!(same(&turned), "order changes nothing");
        let mut split = a.clone();
        split.statements = a
            .statements
            .iter()
            .flat_map(|s| {
                if s.action.negated {
                    return vec![s.clone()];
                }
                s.action
                    .patterns
                    .iter()
                    .map(|p| {
                        let mut one = s.clone();
                        one.action.patterns = vec![p.clone()];
                        one
                    })
                    .collect()
            })
            .collect();
        assert!(same(&split), "a statement per action changes nothing");
        let (mut more_deny, mut more_allow) = (a.clone(), a.clone());
        for statement in &extra.statements {
            if statement.effect == Some(xiezhi_policy::Effect::Deny) {
                more_deny.statements.push(statement.clone());
            } else {
                more_allow.statements.push(statement.clone());
            }
        }
        assert_eq!(ask::adds(&[&more_deny], &[&a], &options).truth, Truth::No, "a Deny never adds");
        assert_eq!(ask::adds(&[&a], &[&more_allow], &options).truth, Truth::No, "an Allow never removes");
    }
}

/// The long run: 10^8 points (seven minutes of one core), and how far it got. `cargo test --release -p xiezhi-policy --test brute_force -- --ignored
/// --nocapture a_hundred`
#[test]
#[ignore = "10^8 points: minutes in release, a night without"]
#[allow(clippy::print_stderr)]
fn a_hundred_million_points_agree() {
    for block in 0..1_000_u64 {
        run(0xBEEF_0000 + block, 400, 250, Reading::standard());
        if (block + 1) % 10 == 0 {
            eprintln!("{} points agree", (block + 1) * 100_000);
        }
    }
}

#[test]
fn what_an_old_statement_plainly_covers_or_a_new_one_plainly_adds_needs_no_engine() {
    let one = |statement: &str| {
        let policy =
            Policy::parse("p", PolicyKind::Identity, &format!(r#"{{"Version":"1","Statement":[{statement}]}}"#));
        assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{:?}", policy.problems);
        policy
    };
    // A budget of nothing: whatever the engine is asked ends undecided.
    let options = Options { budget: Budget { steps: 0, ..Default::default() }, ..Default::default() };
    let nothing = r#"{"Effect":"Allow","Action":"oss:PutObject","Resource":"acs:oss:*:*:other"}"#;
    let wide =
        r#"{"Effect":"Allow","Action":["oss:Get*","oss:*Object"],"Resource":["acs:oss:*:*:b*","acs:ram:*:*:role/*"]}"#;
    let conditional =
        r#"{"Effect":"Allow","Action":"oss:*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"}}}"#;
    for (narrow, wide) in [
        (r#"{"Effect":"Allow","Action":"oss:Get*Object","Resource":"acs:oss:cn-hangzhou:*:b/x?"}"#, wide),
        (
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"true"}}}"#,
            conditional,
        ),
        (r#"{"Effect":"Deny","Action":"oss:*","Resource":"*"}"#, nothing),
    ] {
        let finding = ask::adds(&[&one(narrow)], &[&one(wide)], &options);
        assert_eq!(finding.truth, Truth::No, "{narrow}");
    }
    for (new, old) in [
        (r#"{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}"#, wide),
        (
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"acs:oss:*:*:b/x","Condition":{"IpAddress":{"acs:SourceIp":"198.51.100.0/24"}}}"#,
            nothing,
        ),
        (
            r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*","Condition":{"StringNotEquals":{"acs:ResourceTag/a":"b"}}}"#,
            conditional,
        ),
    ] {
        let finding = ask::adds(&[&one(new)], &[&one(old)], &options);
        assert_eq!(finding.truth, Truth::Yes, "{new}");
        assert!(catalogue::find(finding.witness.unwrap().action()).is_some());
    }
    // Not plain: the engine is asked, and has no budget.
    for (new, old) in [
        (
            r#"{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"oss:Get?*","Resource":"*"},{"Effect":"Allow","Action":"oss:Get","Resource":"*"}"#,
        ),
        (
            r#"{"Effect":"Allow","Action":"oss:GetObject","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"},{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#,
        ),
    ] {
        assert_eq!(ask::adds(&[&one(new)], &[&one(old)], &options).truth, Truth::Undecided, "{new}");
    }
    // The same right for somebody else is no cover.
    let of = |account: &str| {
        let text = format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":["{account}"],"Action":"oss:GetObject","Resource":"acs:oss:*:1:b/*"}}]}}"#
        );
        Policy::parse("b", PolicyKind::Bucket, &text)
    };
    assert_eq!(ask::adds(&[&of("2002")], &[&of("3003")], &Default::default()).truth, Truth::Yes);
    assert_eq!(ask::adds(&[&of("2002")], &[&of("2002")], &options).truth, Truth::No);
    // Over plain HTTP the old policy grants nothing; the usual request goes over TLS, so the engine finds it.
    let open = one(r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"}"#);
    let finding = ask::adds(&[&open], &[&one(conditional)], &Default::default());
    assert_eq!(finding.witness.unwrap().key("acs:securetransport").unwrap(), ["false"]);
}
