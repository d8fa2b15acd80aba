use std::sync::Arc;

use super::*;
use xiezhi_model::{Label, Source, SourceKind};

fn origin() -> Origin {
    Origin::new(Arc::new(Source::new(SourceKind::Api, "answer.json")), 0, Label::UserProvided)
}

fn list(entries: &[&str]) -> Fact<List<Text>> {
    Fact::known(List::complete(entries.iter().map(|entry| Text::from(*entry)).collect()), origin())
}

#[test]
fn every_spelling_of_everyone_admits_everyone() {
    for entry in ["0.0.0.0/0", "::/0", "%", "1.2.3.4/0"] {
        assert_eq!(open(&list(&["10.0.0.1", entry])).value(), Some(&true), "{entry}");
    }
}

#[test]
fn whom_the_zero_address_without_a_prefix_admits_stays_open_unless_the_other_entries_decide() {
    for entry in ["0.0.0.0", "::"] {
        assert!(open(&list(&["10.0.0.1", entry])).reason().is_some(), "{entry}");
        assert!(internal_only(&list(&["10.0.0.1", entry])).reason().is_some(), "{entry}");
        assert_eq!(open(&list(&["0.0.0.0/0", entry])).value(), Some(&true), "{entry}");
        assert_eq!(internal_only(&list(&["8.8.8.8", entry])).value(), Some(&false), "{entry}");
    }
}

#[test]
fn two_halves_of_the_internet_admit_everyone() {
    assert_eq!(open(&list(&["128.0.0.0/1", "0.0.0.0/1"])).value(), Some(&true));
    assert_eq!(open(&list(&["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"])).value(), Some(&true));
    assert_eq!(open(&list(&["8000::/1", "::/1"])).value(), Some(&true));
    assert_eq!(open(&list(&["0.0.0.0/1", "192.0.0.0/2"])).value(), Some(&false));
    assert_eq!(open(&list(&["0.0.0.0/1", "8000::/1"])).value(), Some(&false));
}

#[test]
fn a_list_that_may_have_more_members_is_closed_only_when_read_to_its_end() {
    let mut fact = list(&["10.0.0.0/8"]);
    if let State::Known(list) = &mut fact.state {
        list.more = Some(Reason::NotCollected);
    }
    assert_eq!(open(&fact).reason(), Some(&Reason::NotCollected));
    if let State::Known(list) = &mut fact.state {
        list.items.push("0.0.0.0/0".into());
    }
    assert_eq!(open(&fact).value(), Some(&true));
}

#[test]
fn an_entry_that_is_not_understood_leaves_the_question_open() {
    assert!(open(&list(&["office"])).reason().is_some());
    assert_eq!(open(&list(&["office", "0.0.0.0/0"])).value(), Some(&true));
}

#[test]
fn internal_space_is_told_from_public_addresses() {
    assert_eq!(
        internal_only(&list(&["127.0.0.1", "10.1.0.0/16", "172.31.255.255", "100.100.0.0/16"])).value(),
        Some(&true)
    );
    assert_eq!(internal_only(&list(&["10.0.0.0/8", "114.237.9.78"])).value(), Some(&false));
    assert_eq!(internal_only(&list(&["10.0.0.0/7"])).value(), Some(&false));
}

#[test]
fn the_widest_entry_sets_the_prefix() {
    assert_eq!(widest_prefix(&list(&["10.0.0.0/8", "1.2.3.4"])).value(), Some(&8));
    assert_eq!(widest_prefix(&list(&["0.0.0.0/0"])).value(), Some(&0));
    assert_eq!(widest_prefix(&list(&["1.2.3.4"])).value(), Some(&32));
    assert!(widest_prefix(&list(&[])).is_absent());
}

#[test]
fn hidden_groups_count_only_when_they_admit_everyone() {
    let groups = |hidden: &[&str]| vec![(false, list(&["10.0.0.1"])), (true, list(hidden))];
    assert_eq!(union(groups(&["47.96.0.0/16"]), &origin()).value().unwrap().items, ["10.0.0.1"]);
    assert_eq!(union(groups(&["0.0.0.0/0"]), &origin()).value().unwrap().items, ["10.0.0.1", "0.0.0.0/0"]);
}

#[test]
fn one_text_may_hold_several_entries() {
    assert_eq!(open(&list(&["10.0.0.1,0.0.0.0/0"])).value(), Some(&true));
    assert_eq!(internal_only(&list(&["10.0.0.1, 192.168.0.0/16"])).value(), Some(&true));
    assert_eq!(widest_prefix(&list(&["10.0.0.0/8,1.2.3.4"])).value(), Some(&8));
}
