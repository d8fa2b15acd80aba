//! Kinds made for the tests, and a short way to ask one predicate about facts.
#![allow(dead_code)]

use xiezhi_model::{Field, Schema, Scope, Type};
use xiezhi_rule::{Answer, CheckSet, Explanation};

const fn field(name: &'static str, ty: Type) -> Field {
    Field { name, doc: "A field of the tests.", ty, derived: false }
}

pub static THING: Schema = Schema {
    kind: "test.thing",
    doc: "A thing.",
    scope: Scope::Regional,
    blank: &[],
    fields: &[
        field("flag", Type::Bool),
        field("other", Type::Bool),
        field("count", Type::Int),
        field("limit", Type::Int),
        field("mode", Type::Text),
        field("label", Type::Text),
        field("tags", Type::List(&Type::Text)),
        field("numbers", Type::List(&Type::Int)),
        field("parts", Type::List(&Type::Record(|| &PART))),
        field("part", Type::Record(|| &PART)),
        field("friend", Type::Link(|| &THING)),
        field("friends", Type::List(&Type::Link(|| &THING))),
        field("ports", Type::List(&Type::Record(|| &PORTS))),
    ],
};

pub static PART: Schema = Schema {
    kind: "test.thing.part",
    doc: "A part.",
    scope: Scope::Inner,
    blank: &[],
    fields: &[field("on", Type::Bool), field("size", Type::Int), field("name", Type::Text)],
};

pub static PORTS: Schema = Schema {
    kind: "test.ports",
    doc: "A range of ports.",
    scope: Scope::Inner,
    blank: &[],
    fields: &[field("first", Type::Int), field("last", Type::Int)],
};

pub static ACCOUNT: Schema = Schema {
    kind: "account",
    doc: "An account.",
    scope: Scope::Account,
    blank: &[],
    fields: &[field("mfa", Type::Bool)],
};

pub const KINDS: &[&Schema] = &[&ACCOUNT, &THING];

/// The file of a check about a thing.
pub fn file(id: &str, fail: &str, examples: &str) -> String {
    format!(
        "+++\nid = \"{id}\"\nseverity = \"low\"\nsubject = \"test.thing\"\nfail = '''{fail}'''\n+++\n# Title\n# 标题\n\n\
         ## Examples\n{examples}"
    )
}

pub fn load(text: &str) -> CheckSet {
    CheckSet::load_for(KINDS, [("t.md", text)])
}

/// What a predicate says about facts.
pub fn explain(fail: &str, facts: &str) -> Explanation {
    let set = load(&file("t", fail, &format!("```facts => pass\n{facts}\n```\n")));
    let errors: Vec<String> = set.errors().iter().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{fail}\n{facts}\n{}", errors.join("\n"));
    let check = &set.checks()[0];
    let example = &check.examples[0];
    let explained = check.run_example(example).expect("facts");
    let facts = example.facts.as_ref().expect("facts");
    let quick = check.judge(&facts.context(), facts.subject().expect("subject"));
    assert_eq!((quick.answer, quick.label), (explained.answer, explained.label), "{fail}: judge and explain differ");
    explained
}

/// `Some(true)` when the predicate holds, `None` when it cannot be told.
pub fn holds(fail: &str, facts: &str) -> Option<bool> {
    match explain(fail, facts).answer {
        Answer::Fail => Some(true),
        Answer::Pass => Some(false),
        Answer::Unknown => None,
        Answer::NotApplicable => panic!("there is no `when`"),
    }
}

/// The paths of the facts that the answer rests on.
pub fn paths(fail: &str, facts: &str) -> Vec<String> {
    explain(fail, facts).premises.into_iter().map(|premise| premise.path).collect()
}
