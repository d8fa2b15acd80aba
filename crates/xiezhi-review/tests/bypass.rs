//! The catalogue of bypasses (network semantics §6.2), case by case: a pair of evidence, one with the bypass and one
//! where it is closed, through reading, `ask waf` and the checks. `bypass/base` is a shop behind WAF whose origin, a
//! classic load balancer, admits WAF's ranges only; a folder of a pair holds the answers that differ from it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use xiezhi_model::Batch;
use xiezhi_read::Input;
use xiezhi_review::ask_network::{Answer, Ground, waf};
use xiezhi_review::{CHECK_FILES, Outcome};
use xiezhi_rule::CheckSet;

fn answers(folder: &str, into: &mut BTreeMap<String, Vec<u8>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bypass").join(folder);
    for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let entry = entry.unwrap();
        into.insert(entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    }
}

fn evidence(folder: &str) -> Vec<Batch> {
    let mut files = BTreeMap::new();
    answers("base", &mut files);
    answers(folder, &mut files);
    let inputs: Vec<Input> = files.into_iter().map(|(name, bytes)| Input::Bytes { name, bytes, live: false }).collect();
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for batch in &reading.batches {
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    }
    reading.batches
}

/// The parts of an answer that name a case, as `no 3` or `undecided 3`, with what they concern.
fn cases(answer: &Answer, fact: &str) -> BTreeSet<String> {
    let of = |part: &xiezhi_review::ask_network::Part| {
        let case = part.facts.iter().find(|(name, value)| *name == fact && value != "none")?.1.clone();
        let case = case.split(' ').next().unwrap_or_default().to_owned();
        let verdict = serde_json::to_value(part.verdict).unwrap();
        Some(format!("{} {case}", verdict.as_str().unwrap()))
    };
    answer.parts.iter().filter_map(of).collect()
}

/// What a check says of every resource.
fn said(folder: &str, check: &str) -> BTreeSet<&'static str> {
    let set = CheckSet::load(CHECK_FILES.iter().copied());
    let review = xiezhi_review::review(evidence(folder), set, xiezhi_review::Options::default());
    let index = review.checks.checks().iter().position(|one| one.id == check).unwrap_or_else(|| panic!("no {check}"));
    let of = review.assessment.verdicts.iter().filter(|verdict| verdict.check == index);
    of.filter(|verdict| verdict.outcome != Outcome::NotApplicable).map(|verdict| verdict.outcome.as_str()).collect()
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The bypass is proven and nothing else is wrong; closed, nothing leads around the guard and the check passes.
fn pair(folder: &str, case: u8, check: &str) {
    let (open, closed) = (format!("{folder}/bypass"), format!("{folder}/closed"));
    let answer = waf(&Ground::new(evidence(&open)));
    assert_eq!(cases(&answer, "bypass"), set(&[&format!("no {case}")]), "{open}: {:#?}", answer.parts);
    assert_eq!(said(&open, check), BTreeSet::from(["fail"]), "{open} {check}");
    let answer = waf(&Ground::new(evidence(&closed)));
    assert_eq!(cases(&answer, "bypass"), set(&[]), "{closed}: {:#?}", answer.parts);
    assert_eq!(said(&closed, check), BTreeSet::from(["pass"]), "{closed} {check}");
}

/// What stays open beside the ways around: named on one side of a pair, not on the other.
fn beside(folder: &str, fact: &str, case: u8, check: &str) {
    let (open, closed) = (format!("{folder}/bypass"), format!("{folder}/closed"));
    let answer = waf(&Ground::new(evidence(&open)));
    // Undecided whether anything leads around the guard: peering and VPN are not in this evidence.
    assert_eq!(cases(&answer, fact), set(&[&format!("undecided {case}")]), "{open}: {:#?}", answer.parts);
    assert_eq!(cases(&answer, "bypass"), set(&[]), "{open}");
    assert_eq!(said(&open, check), BTreeSet::from(["fail"]), "{open} {check}");
    let answer = waf(&Ground::new(evidence(&closed)));
    assert_eq!(cases(&answer, fact), set(&[]), "{closed}: {:#?}", answer.parts);
    assert_eq!(said(&closed, check), BTreeSet::from(["pass"]), "{closed} {check}");
}

#[test]
fn case_1_an_origin_group_open_beyond_waf_s_ranges_is_a_bypass() {
    pair("01-origin-group", 1, "waf-domain-bypassed");
}

#[test]
fn case_2_a_listener_without_access_control_is_a_bypass() {
    pair("02-clb-access", 2, "waf-domain-bypassed");
}

#[test]
fn case_3_a_balancer_whose_groups_only_allow_is_a_bypass_until_a_rule_drops_the_rest() {
    pair("03-balancer-group", 3, "waf-domain-bypassed");
}

#[test]
fn case_4_a_second_public_address_of_the_server_is_a_bypass_when_its_group_admits_strangers() {
    pair("04-other-address", 4, "waf-domain-bypassed");
}

#[test]
fn case_5_a_dnat_entry_to_the_server_s_port_is_a_bypass() {
    pair("05-dnat-entry", 5, "waf-domain-bypassed");
}

#[test]
fn case_6_a_public_ipv6_address_of_a_transparently_guarded_instance_is_a_bypass() {
    pair("06-ipv6", 6, "waf-object-bypassed");
}

#[test]
fn case_7_a_listener_on_a_port_that_is_not_redirected_is_a_bypass() {
    pair("07-unredirected-port", 7, "waf-object-bypassed");
}

#[test]
fn case_8_a_second_listener_without_access_control_is_a_bypass() {
    pair("08-other-listener", 8, "waf-domain-bypassed");
}

#[test]
fn case_8_a_second_listener_that_only_redirects_forwards_nothing() {
    pair("08-redirect", 8, "waf-domain-bypassed");
}

#[test]
fn case_9_dns_that_points_elsewhere_leaves_waf_aside() {
    pair("09-dns", 9, "waf-domain-bypassed");
}

#[test]
fn case_9_a_record_of_the_zone_that_leads_to_the_origin_leaves_waf_aside() {
    pair("09-record", 9, "waf-domain-bypassed");
}

#[test]
fn case_10_a_waf_that_expired_does_not_act() {
    pair("10-paused", 10, "waf-domain-bypassed");
}

#[test]
fn case_10_a_waf_that_somebody_paused_does_not_act() {
    pair("10-switched-off", 10, "waf-domain-bypassed");
}

#[test]
fn case_11_rules_that_only_observe_do_not_act() {
    pair("11-not-enforcing", 11, "waf-domain-bypassed");
}

#[test]
fn case_12_a_second_name_that_points_at_the_origin_is_a_bypass() {
    pair("12-sibling-name", 12, "waf-domain-bypassed");
}

#[test]
fn case_13_an_allow_list_wider_than_waf_s_ranges_is_a_hole() {
    pair("13-drift", 13, "waf-domain-bypassed");
}

#[test]
fn case_13_an_allow_list_narrower_than_waf_s_ranges_loses_requests() {
    beside("13-refused", "outage", 13, "waf-domain-refused");
}

#[test]
fn case_14_an_origin_that_only_knows_shared_ranges_lets_other_tenants_in_until_requests_are_marked() {
    beside("14-shared-ranges", "residual", 14, "waf-domain-shared-ranges");
}

#[test]
fn case_15_a_waf_behind_anti_ddos_takes_anyone_until_a_rule_blocks_other_sources() {
    pair("15-chain", 15, "ddos-domain-bypassed");
}

#[test]
fn case_16_servers_behind_a_covered_balancer_need_cover_of_their_own() {
    pair("16-ddos-backends", 16, "slb-load-balancer-backend-outside-ddos");
}

#[test]
fn case_17_a_default_domain_beside_the_guarded_one_is_a_bypass() {
    pair("17-default-domain", 17, "waf-domain-bypassed");
}

/// The source ranges of content delivery are not published (EDGE-7): an open origin is proven, a locked one is not.
#[test]
fn an_origin_behind_cdn_dcdn_or_esa_that_anyone_reaches_is_a_bypass_and_a_locked_one_stays_open() {
    for (folder, check) in
        [("cdn", "cdn-domain-origin-open"), ("dcdn", "dcdn-domain-origin-open"), ("esa", "esa-record-origin-open")]
    {
        let answer = waf(&Ground::new(evidence(&format!("{folder}/bypass"))));
        assert_eq!(cases(&answer, "bypass"), set(&["no 2"]), "{folder}: {:#?}", answer.parts);
        assert_eq!(said(&format!("{folder}/bypass"), check), BTreeSet::from(["fail"]), "{check}");
        let answer = waf(&Ground::new(evidence(&format!("{folder}/closed"))));
        assert_eq!(cases(&answer, "bypass"), set(&["undecided 2"]), "{folder}: {:#?}", answer.parts);
        assert_eq!(said(&format!("{folder}/closed"), check), BTreeSet::from(["unknown"]), "{check}");
    }
}

#[test]
fn every_folder_of_the_catalogue_has_its_pair_and_every_case_a_folder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bypass");
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(&root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "base" {
            continue;
        }
        for side in ["bypass", "closed"] {
            assert!(root.join(&name).join(side).is_dir(), "{name}/{side}");
        }
        numbers.extend(name.split('-').next().and_then(|number| number.parse::<u8>().ok()));
    }
    assert_eq!(numbers, (1..=17).collect());
}
