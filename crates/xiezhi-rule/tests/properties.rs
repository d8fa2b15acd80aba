//! Laws of the evaluator, over predicates and facts made at random:
//! where everything is known it says what CEL says; taking a fact away turns an answer into unknown or leaves it;
//! the facts of a trace are enough for its answer; nothing that is written makes it panic.
#![allow(
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod common;

use common::{KINDS, explain, file, load};
use proptest::prelude::*;
use serde::Serialize;
use xiezhi_rule::{Answer, CheckSet};

/// A small generator of numbers, so that one seed makes one case.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % sides
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.roll(from.len())]
    }
}

/// Predicates: variables of quantifiers are passed down as (texts, numbers, parts).
#[derive(Clone, Default)]
struct Bound {
    texts: Vec<String>,
    numbers: Vec<String>,
    parts: Vec<String>,
    next: usize,
}

struct Maker {
    dice: Dice,
    /// Links, `each` and helpers that CEL lacks are made too.
    ours: bool,
}

const WORDS: &[&str] = &["\"a\"", "\"b\"", "\"ab\"", "\"\""];

impl Maker {
    fn bool(&mut self, depth: usize, bound: &Bound) -> String {
        if depth == 0 {
            return match self.dice.roll(5) {
                0 => "true".into(),
                1 | 2 => format!("{}.flag", self.thing()),
                3 if !bound.parts.is_empty() => format!("{}.on", bound.parts[self.dice.roll(bound.parts.len())]),
                _ => "thing.other".into(),
            };
        }
        let d = depth - 1;
        match self.dice.roll(if self.ours { 17 } else { 14 }) {
            0 | 1 => format!("({} && {})", self.bool(d, bound), self.bool(d, bound)),
            2 | 3 => format!("({} || {})", self.bool(d, bound), self.bool(d, bound)),
            4 => format!("!({})", self.bool(d, bound)),
            5 => format!("({} ? {} : {})", self.bool(d, bound), self.bool(d, bound), self.bool(d, bound)),
            6 => {
                let op = self.dice.pick(&["==", "!=", "<", "<=", ">", ">="]);
                format!("({} {op} {})", self.int(d, bound), self.int(d, bound))
            }
            7 => {
                let op = self.dice.pick(&["==", "!="]);
                format!("({} {op} {})", self.text(d, bound), self.text(d, bound))
            }
            8 => format!("({} in {})", self.text(d, bound), self.texts(d, bound)),
            9 => format!("({} in {})", self.int(d, bound), self.numbers(d, bound)),
            10 => {
                let method = self.dice.pick(&["startsWith", "endsWith", "contains"]);
                format!("{}.{method}({})", self.text(d, bound), self.text(d, bound))
            }
            11 | 12 => {
                let quantifier = self.dice.pick(&["all", "exists", "exists_one"]);
                let (list, name, inner) = self.over(d, bound);
                format!("{list}.{quantifier}({name}, {})", self.bool(d, &inner))
            }
            13 => format!("has({}.{})", self.thing(), self.dice.pick(&["flag", "count", "mode", "tags", "part"])),
            14 => "thing.account.mfa".into(),
            15 => {
                let mut inner = bound.clone();
                let name = fresh(&mut inner);
                format!("each(\"test.thing\").{}({name}, {name}.flag)", self.dice.pick(&["all", "exists"]))
            }
            _ => match self.dice.roll(3) {
                0 => format!("({} == {})", self.texts(d, bound), self.texts(d, bound)),
                1 => format!("covers_internet({})", self.texts(d, bound)),
                _ => "ports_overlap(thing.ports, [22, 80])".into(),
            },
        }
    }

    /// The subject, or what a link of it leads to.
    fn thing(&mut self) -> &'static str {
        if self.ours && self.dice.roll(4) == 0 { "thing.friend" } else { "thing" }
    }

    fn int(&mut self, depth: usize, bound: &Bound) -> String {
        match self.dice.roll(if depth == 0 { 4 } else { 8 }) {
            0 => self.dice.roll(4).to_string(),
            1 => "thing.count".into(),
            2 if !bound.numbers.is_empty() => bound.numbers[self.dice.roll(bound.numbers.len())].clone(),
            3 if !bound.parts.is_empty() => format!("{}.size", bound.parts[self.dice.roll(bound.parts.len())]),
            2 | 3 => "thing.limit".into(),
            4 => format!("size({})", self.texts(depth - 1, bound)),
            5 => format!("({}).size()", self.numbers(depth - 1, bound)),
            6 => format!(
                "({} ? {} : {})",
                self.bool(depth - 1, bound),
                self.int(depth - 1, bound),
                self.int(depth - 1, bound)
            ),
            _ => {
                let op = self.dice.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {op} {})", self.int(depth - 1, bound), self.int(depth - 1, bound))
            }
        }
    }

    fn text(&mut self, depth: usize, bound: &Bound) -> String {
        match self.dice.roll(5) {
            0 => self.dice.pick(WORDS).into(),
            1 if !bound.texts.is_empty() => bound.texts[self.dice.roll(bound.texts.len())].clone(),
            2 if !bound.parts.is_empty() => format!("{}.name", bound.parts[self.dice.roll(bound.parts.len())]),
            3 => "thing.label".into(),
            4 if depth > 0 => "thing.part.name".into(),
            _ => "thing.mode".into(),
        }
    }

    fn texts(&mut self, depth: usize, bound: &Bound) -> String {
        match self.dice.roll(if depth == 0 { 2 } else { 4 }) {
            0 => "thing.tags".into(),
            1 => format!("[{}, {}]", self.text(0, bound), self.text(0, bound)),
            2 => {
                let mut inner = bound.clone();
                let name = fresh(&mut inner);
                inner.texts.push(name.clone());
                format!("thing.tags.filter({name}, {})", self.bool(depth - 1, &inner))
            }
            _ => {
                let mut inner = bound.clone();
                let name = fresh(&mut inner);
                inner.parts.push(name.clone());
                format!("thing.parts.map({name}, {})", self.text(depth - 1, &inner))
            }
        }
    }

    fn numbers(&mut self, depth: usize, bound: &Bound) -> String {
        match self.dice.roll(if depth == 0 { 2 } else { 3 }) {
            0 => "thing.numbers".into(),
            1 => format!("[{}, {}]", self.int(0, bound), self.int(0, bound)),
            _ => {
                let mut inner = bound.clone();
                let name = fresh(&mut inner);
                inner.numbers.push(name.clone());
                format!("thing.numbers.map({name}, {})", self.int(depth - 1, &inner))
            }
        }
    }

    fn over(&mut self, depth: usize, bound: &Bound) -> (String, String, Bound) {
        let mut inner = bound.clone();
        let name = fresh(&mut inner);
        let list = match self.dice.roll(3) {
            0 => {
                inner.texts.push(name.clone());
                self.texts(depth, bound)
            }
            1 => {
                inner.numbers.push(name.clone());
                self.numbers(depth, bound)
            }
            _ => {
                inner.parts.push(name.clone());
                "thing.parts".into()
            }
        };
        (list, name, inner)
    }
}

fn fresh(bound: &mut Bound) -> String {
    bound.next += 1;
    format!("v{}", bound.next)
}

#[derive(Serialize, Clone)]
struct Part {
    on: bool,
    size: i64,
    name: String,
}

/// A thing of which everything is known, as CEL sees it.
#[derive(Serialize, Clone)]
struct Thing {
    flag: bool,
    other: bool,
    count: i64,
    limit: i64,
    mode: String,
    label: String,
    tags: Vec<String>,
    numbers: Vec<i64>,
    parts: Vec<Part>,
    part: Part,
}

fn thing(dice: &mut Dice) -> Thing {
    let text = |dice: &mut Dice| dice.pick(WORDS).trim_matches('"').to_owned();
    let int = |dice: &mut Dice| i64::try_from(dice.roll(4)).unwrap();
    let part = |dice: &mut Dice| Part { on: dice.roll(2) == 0, size: int(dice), name: text(dice) };
    Thing {
        flag: dice.roll(2) == 0,
        other: dice.roll(2) == 0,
        count: int(dice),
        limit: int(dice),
        mode: text(dice),
        label: text(dice),
        tags: (0..dice.roll(4)).map(|_| text(dice)).collect(),
        numbers: (0..dice.roll(4)).map(|_| int(dice)).collect(),
        parts: (0..dice.roll(3)).map(|_| part(dice)).collect(),
        part: part(dice),
    }
}

/// The thing as facts: (place, value), one each.
fn facts(thing: &Thing) -> Vec<(&'static str, String)> {
    let part = |part: &Part| format!("{{on: {}, size: {}, name: {:?}}}", part.on, part.size, part.name);
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    vec![
        ("thing.flag", thing.flag.to_string()),
        ("thing.other", thing.other.to_string()),
        ("thing.count", thing.count.to_string()),
        ("thing.limit", thing.limit.to_string()),
        ("thing.mode", format!("{:?}", thing.mode)),
        ("thing.label", format!("{:?}", thing.label)),
        ("thing.tags", list(thing.tags.iter().map(|t| format!("{t:?}")).collect())),
        ("thing.numbers", list(thing.numbers.iter().map(ToString::to_string).collect())),
        ("thing.parts", list(thing.parts.iter().map(part).collect())),
        ("thing.part", part(&thing.part)),
    ]
}

fn text(facts: &[(&'static str, String)]) -> String {
    facts.iter().map(|(place, value)| format!("{place} = {value}\n")).collect()
}

fn predicate(dice: &mut Dice, ours: bool) -> String {
    let depth = 1 + dice.roll(4);
    let mut maker = Maker { dice: Dice(dice.roll(usize::MAX).max(1) as u64), ours };
    let made = maker.bool(depth, &Bound::default());
    // A predicate must read a fact.
    format!("({made}) || (thing.flag && !thing.flag)")
}

fn oracle(predicate: &str, thing: &Thing) -> Option<bool> {
    let program = cel::Program::compile(predicate).expect("CEL reads what we make");
    let mut context = cel::Context::default();
    context.add_variable("thing", thing.clone()).unwrap();
    match program.execute(&context) {
        Ok(cel::Value::Bool(answer)) => Some(answer),
        _ => None,
    }
}

fn answer(predicate: &str, facts: &str) -> Answer {
    explain(predicate, facts).answer
}

#[test]
fn where_everything_is_known_the_answer_is_that_of_cel() {
    let (mut agreed, mut errors, mut yes) = (0, 0, 0);
    for seed in 1..=3000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (predicate, thing) = (predicate(&mut dice, false), thing(&mut dice));
        let facts = text(&facts(&thing));
        let ours = answer(&predicate, &facts);
        match oracle(&predicate, &thing) {
            Some(expected) => {
                let expected = if expected { Answer::Fail } else { Answer::Pass };
                assert_eq!(ours, expected, "seed {seed}: {predicate}\n{facts}");
                agreed += 1;
                yes += usize::from(expected == Answer::Fail);
            }
            // CEL may give up on an error (a division by zero) that another operand makes irrelevant.
            None => errors += 1,
        }
    }
    assert!(agreed > 2700 && errors > 0 && yes > 700 && yes < agreed - 700, "{agreed} {errors} {yes}");
}

/// What can be said of a thing, worse and worse.
fn weaker(dice: &mut Dice, place: &str, value: &str) -> Option<String> {
    let reason = dice.pick(&["unknown", "unknown(refused, \"x:Get\")", "unknown(redacted)"]);
    if value.starts_with("unknown") {
        return None;
    }
    if place.starts_with("listing") || !value.starts_with('[') || dice.roll(2) == 0 {
        return Some(reason.to_owned());
    }
    // A list loses its last member, and nobody can tell whether there are more.
    let inner = value.trim_matches(['[', ']']);
    if inner.contains("more") {
        return Some(reason.to_owned());
    }
    let cut = if inner.ends_with('}') { inner.rfind('{') } else { inner.rfind(',').map(|at| at + 1) };
    let kept = cut.map_or("", |at| inner[..at].trim_end());
    let separator = if kept.is_empty() || kept.ends_with(',') { "" } else { "," };
    Some(format!("[{kept}{separator} more(throttled, \"x:List\")]"))
}

fn world(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let mut all = facts(&thing(dice));
    all.push(("thing.ports", "[{first: 20, last: 25}, {first: 443, last: 443}]".into()));
    all.push(("thing.friend", dice.pick(&["\"t-2\"", "\"t-3\"", "absent"]).into()));
    all.push(("other(\"test.thing\", \"t-2\").flag", dice.pick(&["true", "false"]).into()));
    all.push(("other(\"test.thing\", \"t-2\").mode", "\"a\"".into()));
    all.push(("thing.account.mfa", dice.pick(&["true", "false"]).into()));
    all.push(("listing(\"test.thing\")", "complete".into()));
    for (place, value) in &mut all {
        match dice.roll(6) {
            0 if !place.starts_with("listing") => *value = "absent".into(),
            1 => *value = "unknown".into(),
            _ => {}
        }
    }
    all
}

#[test]
fn taking_a_fact_away_turns_the_answer_into_unknown_or_leaves_it() {
    let (mut kept, mut lost) = (0, 0);
    for seed in 1..=3000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let (predicate, mut all) = (predicate(&mut dice, true), world(&mut dice));
        let mut before = answer(&predicate, &text(&all));
        for _ in 0..4 {
            let at = dice.roll(all.len());
            let had = text(&all);
            if all[at].0.starts_with("other") && dice.roll(2) == 0 {
                // The call that lists the kind is gone, and with it the other resource.
                all.retain(|(place, _)| !place.starts_with("other") && !place.starts_with("listing"));
            } else {
                let Some(value) = weaker(&mut dice, all[at].0, &all[at].1) else { continue };
                all[at].1 = value;
            }
            let after = answer(&predicate, &text(&all));
            assert!(
                after == before || after == Answer::Unknown,
                "seed {seed}: {predicate}\n{had}\n{before} became {after} by\n{}",
                text(&all)
            );
            kept += usize::from(after == before && after != Answer::Unknown);
            lost += usize::from(after != before);
            before = after;
        }
    }
    assert!(kept > 1000 && lost > 300, "{kept} {lost}");
}

#[test]
fn the_facts_of_a_trace_are_enough_for_its_answer() {
    let mut decided = 0;
    for seed in 1..=3000_u64 {
        let mut dice = Dice(seed.wrapping_mul(0xA24B_AED4_963E_E407));
        let (predicate, all) = (predicate(&mut dice, true), world(&mut dice));
        let whole = explain(&predicate, &text(&all));
        if whole.answer == Answer::Unknown {
            assert!(!whole.reasons().is_empty(), "seed {seed}: {predicate}\n{}", text(&all));
            continue;
        }
        decided += 1;
        let read = |place: &str| {
            // A resource that was reached by a link and one that was reached by `each` have different names.
            let field = place.rsplit('.').next().unwrap();
            whole.premises.iter().any(|premise| {
                premise.path.starts_with(place)
                    || (place.starts_with("other") && premise.path.ends_with(field))
                    || (place == "thing.friend" && premise.path.starts_with("listing"))
            })
        };
        let only: Vec<_> = all.iter().filter(|(place, _)| read(place)).cloned().collect();
        // The other resource exists, whatever is known of it.
        let kept = format!("other(\"test.thing\", \"t-2\")\n{}", text(&only));
        let again = explain(&predicate, &kept);
        assert_eq!(
            again.answer,
            whole.answer,
            "seed {seed}: {predicate}\n{}\nby {:#?}\nof {kept}",
            text(&all),
            whole.premises
        );
    }
    assert!(decided > 1500, "{decided}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_predicate_panic(text in "\\PC{0,80}") {
        let _ = load(&file("t", &text.replace("'''", ""), ""));
    }

    #[test]
    fn no_order_of_tokens_makes_a_predicate_panic(tokens in prop::collection::vec(prop::sample::select(vec![
        "thing", ".", "flag", "(", ")", "[", "]", "&&", "||", "!", "==", "in", "exists", "x", ",", "\"a\"", "1", "-",
        "?", ":", "size", "has", "each", "\"test.thing\"", "all", "parts", "friend", "age_days", "{", "}", "'", "+",
    ]), 0..40)) {
        let _ = load(&file("t", &tokens.join(" "), ""));
    }

    #[test]
    fn no_text_makes_a_file_panic(text in "(\\+\\+\\+\n)?(id|fail|`{3}|#{1,2} |=|\"|'|\n|[a-z\u{4e00}\u{1f600} ]){0,60}") {
        let _ = CheckSet::load_for(KINDS, [("t.md", &text)]);
    }

    #[test]
    fn no_facts_panic(text in "(thing|other|listing|\\.|=|\\[|\\]|\\{|\\}|more|unknown|absent|flag|tags|parts|\\(|\\)|,|\"a\"|1|-|\n| ){0,40}") {
        let _ = load(&file("t", "thing.flag", &format!("```facts => pass\n{text}\n```\n")));
    }
}

#[test]
fn hostile_predicates_are_refused_in_time() {
    let deep = 100_000;
    let cases = [
        "(".repeat(deep),
        "[".repeat(deep),
        "!".repeat(deep) + "thing.flag",
        "-".repeat(deep) + "1 == 1",
        "thing".to_owned() + &".friend".repeat(deep) + ".flag",
        "thing.numbers".to_owned() + &"[0]".repeat(deep),
        "1".to_owned() + &" + 1".repeat(deep) + " == 1",
        "thing.flag ? ".repeat(deep) + "true",
        "x".repeat(deep),
        "9".repeat(deep),
        "\"".to_owned() + &"a".repeat(deep),
        "thing.tags.all(x, ".repeat(5_000),
        "thing.flag ? thing.flag : ".repeat(2_000) + "thing.flag",
        "has(".repeat(5_000),
    ];
    for case in cases {
        let set = load(&file("t", &case, ""));
        assert!(!set.errors().is_empty(), "{}", &case[..40]);
    }
    let wide = "thing.flag".to_owned() + &" && thing.flag".repeat(1_000);
    assert!(load(&file("t", &wide, "")).errors().is_empty(), "a long chain is not a deep one");
    for facts in ["[".repeat(deep), "{on: ".repeat(20_000), "thing.parts = ".to_owned() + &"[".repeat(50_000)] {
        let set = load(&file("t", "thing.flag", &format!("```facts => pass\n{facts}\n```\n")));
        assert!(!set.errors().is_empty());
    }
}

#[test]
fn the_deepest_predicates_that_are_allowed_are_evaluated() {
    let facts = "thing.flag = true\nthing.tags = [\"a\"]\nthing.friend = \"t-2\"\nother(\"test.thing\", \"t-2\").friend = \"t-2\"\n\
                 other(\"test.thing\", \"t-2\").flag = true";
    let nested = (0..25).fold("thing.flag".to_owned(), |inner, at| format!("thing.tags.exists(v{at}, {inner})"));
    for case in [
        "!".repeat(60) + "thing.flag",
        "(".repeat(60) + "thing.flag" + &")".repeat(60),
        "thing".to_owned() + &".friend".repeat(60) + ".flag",
        (0..15).fold("thing.flag".to_owned(), |inner, _| format!("(thing.flag && (!thing.flag || {inner}))")),
        nested,
    ] {
        assert_eq!(answer(&case, facts), Answer::Fail, "{case}");
    }
}

#[test]
fn hostile_front_matter_is_refused_in_time() {
    let text = file("t", "thing.flag", "");
    for line in [
        "controls = ".to_owned() + &"[".repeat(100_000),
        "controls = ".to_owned() + &"{a=".repeat(100_000),
        "a.".repeat(100_000) + "b = 1",
        "when = \"".to_owned() + &"\\u0041".repeat(20_000),
    ] {
        assert!(!load(&text.replacen("severity", &format!("{line}\nseverity"), 1)).errors().is_empty());
    }
    assert_eq!(load(&" ".repeat(2_000_000)).errors()[0].message, "longer than 1048576 bytes");
}
