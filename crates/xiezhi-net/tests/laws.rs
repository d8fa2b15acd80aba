//! Properties that hold for every estate (reference, section 10), and close and changed.

#![allow(
    clippy::panic,
    clippy::unreachable,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::missing_docs_in_private_items
)]

mod common;

use common::small::*;
use common::{Dice, GENERATORS, Holes, net};
use xiezhi_net::assume::{Assumption, Readings, Truth};
use xiezhi_net::changed;
use xiezhi_net::close::{self, Edit, Goal};
use xiezhi_net::model::*;
use xiezhi_net::reach::{self, Report};
use xiezhi_net::set::{Addresses, PacketSet};

fn estates(count: u64) -> impl Iterator<Item = (Network, Dice)> {
    (0..count).flat_map(|seed| {
        GENERATORS.iter().map(move |(_, generator)| {
            let mut dice = Dice::new(seed * 31 + 7);
            (generator(&mut dice, Holes([0, 12][(seed % 2) as usize])), dice)
        })
    })
}

fn of(network: &Network) -> Report {
    reach::from_internet(network, &Readings::default())
}

fn sets(report: &Report) -> Vec<(String, PacketSet, PacketSet)> {
    report
        .exposures
        .iter()
        .map(|exposure| (format!("{:?}", exposure.key()), exposure.certain(), exposure.possible()))
        .collect()
}

fn possible(report: &Report) -> PacketSet {
    report.exposures.iter().fold(PacketSet::empty(), |all, exposure| all.union(&exposure.possible()))
}

fn certain(report: &Report) -> PacketSet {
    report.exposures.iter().fold(PacketSet::empty(), |all, exposure| all.union(&exposure.certain()))
}

fn rules(network: &mut Network) -> impl Iterator<Item = &mut Vec<Rule>> {
    network
        .groups
        .items
        .iter_mut()
        .filter_map(|group| if let Seen::Known(rules) = &mut group.rules { Some(rules) } else { None })
}

#[test]
fn the_order_of_rules_groups_and_interfaces_changes_nothing() {
    for (network, _) in estates(40) {
        let mut turned = network.clone();
        rules(&mut turned).for_each(|rules| rules.reverse());
        turned.groups.items.reverse();
        turned.eips.items.reverse();
        turned.vswitches.items.reverse();
        for eni in &mut turned.enis.items {
            if let Seen::Known(groups) = &mut eni.groups {
                groups.reverse();
            }
        }
        assert_eq!(sets(&of(&network)), sets(&of(&turned)));
    }
}

#[test]
fn looking_again_after_a_group_changed_finds_what_a_whole_run_finds() {
    let (mut differ, mut proofs) = (0, 0);
    for (network, mut dice) in estates(120).filter(|(network, _)| !network.groups.items.is_empty()) {
        let before = of(&network);
        let was = sets(&before);
        let mut after = network.clone();
        let at = dice.roll(after.groups.items.len() as u64) as usize;
        let group = &mut after.groups.items[at];
        match &mut group.rules {
            Seen::Known(rules) if !rules.is_empty() && !dice.once_in(4) => {
                let at = dice.roll(rules.len() as u64) as usize;
                rules[at].policy = Seen::Known(if dice.once_in(2) { Policy::Accept } else { Policy::Drop });
                rules[at].priority = Seen::Known(1);
                rules[at].peer = Peer::Nets(vec![net(dice.pick::<&str>(&["0.0.0.0/0", "8.0.0.0/8", "::/0"]))]);
            }
            rules if dice.once_in(2) => *rules = Seen::Missing("rules of a group".into()),
            _ => group.inner = Seen::Known(if dice.once_in(2) { Policy::Accept } else { Policy::Drop }),
        }
        let group = group.id.clone();
        let again = reach::again(before, &after, &Readings::default(), &std::collections::BTreeSet::from([group]));
        let whole = of(&after);
        assert_eq!(sets(&again), sets(&whole));
        for (one, other) in again.exposures.iter().zip(&whole.exposures) {
            assert_eq!((&one.verdict, &one.witness), (&other.verdict, &other.witness));
            proofs += 1;
        }
        assert_eq!(again.blind, whole.blind);
        differ += u32::from(sets(&whole) != was);
    }
    assert!(differ > 100 && proofs > 500, "{differ} {proofs}");
}

#[test]
fn a_rule_written_twice_or_split_in_two_changes_nothing() {
    for (network, _) in estates(40) {
        let mut twice = network.clone();
        for rules in rules(&mut twice) {
            let split: Vec<Rule> = rules
                .iter()
                .flat_map(|rule| match &rule.peer {
                    Peer::Nets(nets) => nets
                        .iter()
                        .flat_map(|net| match net.prefix_len() {
                            length if length < net.max_prefix_len() => net.subnets(length + 1).unwrap().collect(),
                            _ => vec![*net],
                        })
                        .map(|half| Rule { peer: Peer::Nets(vec![half]), ..rule.clone() })
                        .collect(),
                    _ => vec![rule.clone(), rule.clone()],
                })
                .collect();
            *rules = split;
        }
        assert_eq!(sets(&of(&network)), sets(&of(&twice)));
    }
}

#[test]
fn shifting_every_priority_by_the_same_amount_changes_nothing() {
    for (network, _) in estates(40) {
        if !network.balancers.items.is_empty() {
            // The managed rules of a balancer have fixed priorities.
            continue;
        }
        let mut shifted = network.clone();
        for rule in rules(&mut shifted).flatten() {
            match &mut rule.priority {
                Seen::Known(priority) => *priority += 1_000,
                Seen::Absent => rule.priority = Seen::Known(1_001),
                Seen::Missing(_) => {}
            }
        }
        assert_eq!(sets(&of(&network)), sets(&of(&shifted)));
    }
}

#[test]
fn adding_an_accept_never_shrinks_and_adding_a_drop_never_grows() {
    for (network, mut dice) in estates(60) {
        let rule = common::rule(&mut dice, Holes(0), "new".into());
        let (now_certain, now_possible) = (certain(&of(&network)), possible(&of(&network)));
        for policy in [Policy::Accept, Policy::Drop] {
            let mut more = network.clone();
            rules(&mut more).take(1).for_each(|rules| {
                rules.push(Rule { policy: Seen::Known(policy), direction: Direction::Ingress, ..rule.clone() })
            });
            let (then_certain, then_possible) = (certain(&of(&more)), possible(&of(&more)));
            let platform = network.balancers.items.iter().any(|balancer| balancer.kind != BalancerKind::Gwlb);
            match policy {
                Policy::Accept => {
                    assert!(now_certain.is_subset(&then_certain) && now_possible.is_subset(&then_possible))
                }
                Policy::Drop => {
                    assert!(platform || then_certain.is_subset(&now_certain) && then_possible.is_subset(&now_possible))
                }
            }
        }
    }
}

#[test]
fn fixing_a_reading_or_learning_more_never_contradicts_what_was_certain() {
    for (network, mut dice) in estates(40) {
        let (known, maybe) = (certain(&of(&network)), possible(&of(&network)));
        let mut readings = Readings::default();
        // The documented default is taken until a reading says otherwise.
        for assumption in Assumption::ALL.into_iter().filter(|one| *one != Assumption::DefaultPort) {
            readings = readings.with(assumption, dice.once_in(2));
        }
        let report = reach::from_internet(&network, &readings);
        assert!(known.is_subset(&certain(&report)) && possible(&report).is_subset(&maybe));
    }
}

#[test]
fn taking_evidence_away_turns_verdicts_into_unknown_and_into_nothing_else() {
    let (mut less_certain, mut more_possible) = (0, 0);
    for (network, mut dice) in estates(60) {
        let (known, maybe) = (certain(&of(&network)), possible(&of(&network)));
        let mut poorer = network.clone();
        let gone: std::sync::Arc<str> = "refused".into();
        match dice.roll(6) {
            0 => dice_group(&mut poorer, &mut dice, |group| group.rules = Seen::Missing("refused".into())),
            1 => dice_group(&mut poorer, &mut dice, |group| group.kind = Seen::Missing("refused".into())),
            2 => poorer.prefix_lists.items.clear(),
            3 => poorer.acls.items.clear(),
            4 => poorer.enis.items[0].groups = Seen::Missing(gone),
            _ => poorer.vswitches.items.iter_mut().for_each(|vswitch| vswitch.table = Seen::Missing("refused".into())),
        }
        let report = of(&poorer);
        assert!(certain(&report).is_subset(&known) && maybe.is_subset(&possible(&report)));
        less_certain += u32::from(certain(&report) != known);
        more_possible += u32::from(possible(&report) != maybe);
    }
    assert!(less_certain > 20 && more_possible > 20, "{less_certain} {more_possible}");
}

fn dice_group(network: &mut Network, dice: &mut Dice, change: impl FnOnce(&mut SecurityGroup)) {
    let count = network.groups.items.len() as u64;
    if count > 0 {
        change(&mut network.groups.items[dice.roll(count) as usize]);
    }
}

#[test]
fn two_equal_snapshots_do_not_differ_and_swapping_swaps_gains_and_losses() {
    let mut differ = 0;
    for (network, mut dice) in estates(30) {
        assert!(changed::between(&network, &network, &Readings::default()).is_empty());
        let mut after = network.clone();
        let rule = common::rule(&mut dice, Holes(0), "new".into());
        rules(&mut after).take(1).for_each(|rules| {
            rules.push(Rule { direction: Direction::Ingress, priority: Seen::Known(1), ..rule.clone() })
        });
        after.eips.items.truncate(1);
        let forth = changed::between(&network, &after, &Readings::default());
        let back = changed::between(&after, &network, &Readings::default());
        let pick = |changes: &[changed::Change], gains: bool| -> Vec<(String, PacketSet)> {
            changes
                .iter()
                .map(|c| {
                    (format!("{:?} {:?}", c.entry, c.target), if gains { c.gained.clone() } else { c.lost.clone() })
                })
                .collect()
        };
        assert_eq!(pick(&forth, true), pick(&back, false));
        assert_eq!(pick(&forth, false), pick(&back, true));
        for change in forth.iter().chain(&back) {
            assert_eq!(change.witness.is_some(), !change.gained.is_empty());
        }
        differ += usize::from(!forth.is_empty());
    }
    assert!(differ > 20, "{differ}");
}

#[test]
fn a_gain_names_the_prefix_list_that_grew() {
    let mut before = estate(vec![group("sg-1", &["accept tcp 22/22 pl-1 @1"])]);
    before.prefix_lists.items.push(PrefixList { id: "pl-1".into(), entries: Seen::Known(vec![net("8.8.8.0/24")]) });
    let mut after = before.clone();
    after.prefix_lists.items[0].entries = Seen::Known(vec![net("8.8.0.0/16")]);
    let changes = changed::between(&before, &after, &Readings::default());
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].causes, [Id::from("pl-1")]);
    assert_eq!(
        changes[0].gained.sources(),
        Addresses::parse(&["8.8.0.0/16"]).unwrap().subtract(&Addresses::parse(&["8.8.8.0/24"]).unwrap())
    );
}

#[test]
fn every_plan_closes_its_goal_and_at_least_one_plan_exists_for_a_direct_exposure() {
    let mut planned = 0;
    for (network, _) in estates(12) {
        let report = of(&network);
        for exposure in report.exposures.iter().take(4) {
            let goal = Goal::everything(exposure, Addresses::empty());
            let plans = close::plans(&network, &Readings::default(), &report, &goal);
            assert!(!plans.is_empty(), "{:?}", exposure.key());
            for plan in &plans {
                let again = of(&close::edited(&network, &plan.edits));
                let rest = again.exposures.iter().filter(|other| other.key() == exposure.key());
                assert!(
                    rest.map(|other| other.possible()).all(|open| open.intersect(&goal.packets).is_empty()),
                    "{:?}",
                    plan.edits
                );
                planned += 1;
            }
        }
    }
    assert!(planned > 100, "{planned}");
}

#[test]
fn removing_the_first_accept_is_not_enough_when_another_lies_beneath() {
    let network = estate(vec![group(
        "sg-1",
        &["accept tcp 22/22 0.0.0.0/0 @1", "accept tcp 1/100 0.0.0.0/0 @50", "accept tcp 443/443 0.0.0.0/0 @50"],
    )]);
    let report = of(&network);
    let goal = Goal::ports(&report.exposures[0], &[22], Addresses::empty());
    let plans = close::plans(&network, &Readings::default(), &report, &goal);
    let rules = plans.iter().find(|plan| matches!(plan.edits[0], Edit::RemoveRule { .. })).unwrap();
    assert_eq!(rules.edits.len(), 2);
    assert_eq!(rules.also_cut[0].packets.ports(6).iter().collect::<Vec<_>>(), [(1, 21), (23, 100)]);
    let above = plans.iter().find(|plan| matches!(plan.edits[0], Edit::AddRule { .. })).unwrap();
    assert!(above.edits.len() == 1 && above.also_cut.is_empty());
}

#[test]
fn a_plan_that_keeps_some_sources_narrows_the_rule_and_says_what_is_cut_inside() {
    let mut network = estate(vec![group("sg-1", &["accept tcp 22/22 0.0.0.0/0 @1"])]);
    network.groups.items.push(group("sg-2", &[]));
    network.enis.items.push(eni(2, &["sg-2"]));
    let report = of(&network);
    let keep = Addresses::parse(&["8.8.8.0/24"]).unwrap();
    let goal = Goal::ports(&report.exposures[0], &[22], keep.clone());
    let plans = close::plans(&network, &Readings::default(), &report, &goal);
    assert_eq!(
        plans[0].edits,
        [Edit::NarrowRule { group: "sg-1".into(), rule: "sg-1/1".into(), to: vec![net("8.8.8.0/24")] }]
    );
    assert!(plans[0].also_cut.is_empty());
    assert_eq!(plans[0].cut_inside.sources(), Addresses::parse(&["10.0.1.2"]).unwrap());
    let after = of(&close::edited(&network, &plans[0].edits));
    assert_eq!(after.exposures[0].verdict, Truth::Yes);
    assert_eq!(after.exposures[0].certain().sources(), keep);
}
