use std::sync::Arc;

use super::*;

fn origin(kind: SourceKind, name: &str, label: Label) -> Origin {
    Origin::new(Arc::new(Source::new(kind, name)), 1, label)
}

fn stated(value: &str, place: &str) -> Fact<Text> {
    Fact::known(value.into(), origin(SourceKind::Api, place, Label::UserProvided))
}

fn default(value: &str) -> Fact<Text> {
    Fact::known(value.into(), origin(SourceKind::Documentation, "doc", Label::Documentation))
}

fn merged(facts: &[Fact<Text>]) -> Fact<Text> {
    let mut facts = facts.iter().cloned();
    let mut first = facts.next().expect("at least one");
    facts.for_each(|fact| first.merge(fact));
    first
}

fn every_order(facts: &[Fact<Text>]) -> Vec<Fact<Text>> {
    if facts.len() <= 1 {
        return vec![merged(facts)];
    }
    let mut orders = vec![];
    permute(&mut facts.to_vec(), 0, &mut orders);
    orders.iter().map(|order| merged(order)).collect()
}

fn permute(facts: &mut Vec<Fact<Text>>, from: usize, out: &mut Vec<Vec<Fact<Text>>>) {
    if from == facts.len() {
        out.push(facts.clone());
        return;
    }
    for i in from..facts.len() {
        facts.swap(from, i);
        permute(facts, from + 1, out);
        facts.swap(from, i);
    }
}

#[test]
fn a_statement_beats_a_default_and_a_failed_look_beats_a_default() {
    let refused =
        Fact::unknown(Reason::refused("oss:GetBucketAcl", None), origin(SourceKind::Api, "a", Label::UserProvided));
    for fact in every_order(&[default("private"), stated("public-read", "a")]) {
        assert_eq!(fact.value().map(Text::as_str), Some("public-read"));
    }
    for fact in every_order(&[default("private"), refused]) {
        assert_eq!(fact.reason().map(Reason::code), Some("refused"));
    }
}

#[test]
fn two_statements_that_differ_are_unknown_in_every_order() {
    let silent = Fact::unknown(Reason::NotCollected, origin(SourceKind::Api, "z", Label::UserProvided));
    let facts = [stated("x", "a"), stated("y", "b"), stated("x", "c"), default("x"), silent];
    let results = every_order(&facts);
    assert_eq!(results.len(), 120);
    assert!(results.iter().all(|fact| fact.reason().map(Reason::code) == Some("sources-disagree")));
}

#[test]
fn the_stronger_label_speaks_when_sources_agree() {
    let live = Fact::known(Text::from("x"), origin(SourceKind::Api, "live", Label::Live));
    for fact in every_order(&[stated("x", "a"), live]) {
        assert_eq!(fact.origin.label, Label::Live);
    }
}

#[test]
fn the_weakest_label_wins_a_conclusion() {
    assert_eq!(Label::Live.weakest(Label::Documentation), Label::Documentation);
    assert_eq!(Label::Inference.weakest(Label::UserProvided), Label::Inference);
}

#[test]
fn a_fact_takes_little_more_than_its_value_and_its_place() {
    assert_eq!(size_of::<Reason>(), 16, "a reason is a word and a pointer");
    assert_eq!(size_of::<Fact<bool>>(), 32);
    assert_eq!(size_of::<Fact<i64>>(), 32);
    assert_eq!(size_of::<Fact<Text>>(), 40, "a reason hides inside the text's own bytes");
}

#[test]
fn what_many_facts_rest_on_is_in_memory_once_and_never_mixed_up() {
    let page = |name: &str| Source::shared(SourceKind::Documentation, name, "");
    assert!(std::sync::Arc::ptr_eq(&page("oss.md"), &page("oss.md")));
    for at in 0..5_000 {
        let name = format!("page {at}");
        assert_eq!(page(&name).name, name);
        assert_eq!(Source::shared(SourceKind::Derived, &name, "页").chinese, "页");
    }
}
