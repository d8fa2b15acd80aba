//! What authors of checks are told when something is wrong: where, what, and what to do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{KINDS, file, load};
use xiezhi_rule::{CheckError, CheckSet};

fn only(text: &str) -> CheckError {
    let set = load(text);
    assert_eq!(set.errors().len(), 1, "{:#?}", set.errors());
    assert!(set.checks().is_empty());
    set.errors()[0].clone()
}

/// The message and the remedy about a predicate.
fn about(fail: &str) -> String {
    let error = only(&file("t", fail, ""));
    format!("{} ({})", error.message, error.help.unwrap_or_default())
}

/// The message and the remedy about facts.
fn about_facts(facts: &str) -> String {
    let error = only(&file("t", "thing.flag", &format!("```facts => pass\n{facts}\n```\n")));
    format!("{} ({})", error.message, error.help.unwrap_or_default())
}

#[test]
fn an_error_points_into_the_markdown_and_proposes_the_field() {
    let error = only(&file("t", "\nthing.flag\n  && thing.mod == \"x\"\n", ""));
    assert_eq!(
        error.to_string(),
        "t.md:7:12: `test.thing` has no field `mod`\n\
         7 |   && thing.mod == \"x\"\n  |            ^^^\n  did you mean `mode`?"
    );
    let error = only(&file("t", "thing.flag", "```facts => pass\nthing.flag = true\nthing.cuont = 3\n```\n"));
    assert_eq!((error.line, error.column), (13, 7));
    assert_eq!(error.help.as_deref(), Some("did you mean `count`?"));
}

#[test]
fn names_that_do_not_exist_are_met_with_those_that_do() {
    assert_eq!(about("thin.flag"), "nothing is called `thin` here (did you mean `thing`?)");
    assert_eq!(
        about("bucket.acl == \"x\""),
        "nothing is called `bucket` here (the resource that is judged is called `thing`; texts stand in quotes)"
    );
    assert_eq!(about("has(thing.flags)"), "`test.thing` has no field `flags` (did you mean `flag`?)");
    assert_eq!(about("agedays(thing.mode) > 1"), "there is no function `agedays` (did you mean `age_days`?)");
    assert_eq!(about("thing.tags.exist(t, true)"), "there is no method `exist` (did you mean `exists`?)");
    assert_eq!(
        about("each(\"test.thin\").exists(t, t.flag)"),
        "there is no kind `test.thin` (did you mean `test.thing`?)"
    );
    assert_eq!(about("exists(thing.tags)"), "there is no function `exists` (write it after a value: `x.exists(…)`)");
    assert_eq!(
        about("thing.parts.exists(p, p.id == \"x\")"),
        "`test.thing.part` has no field `id` (it has: on, size, name)"
    );
}

#[test]
fn types_that_do_not_fit_are_refused() {
    assert_eq!(about("thing.mode"), "true or false is expected here, and this is text (compare it: `… == …`)");
    assert_eq!(
        about("thing.tags"),
        "true or false is expected here, and this is a list of texts (ask about its members: `.exists(x, …)`, or `size(…) > 0`)"
    );
    assert_eq!(about("thing.count == \"3\""), "a whole number is compared with text: they are never equal ()");
    assert_eq!(
        about("thing.friend == \"t-2\""),
        "`test.thing` is compared with text: they are never equal (compare its `.id`)"
    );
    assert_eq!(about("thing.mode > \"3\""), "a whole number is expected here, and this is text ()");
    assert_eq!(about("thing.count in thing.tags"), "this is a whole number, and the list holds texts ()");
    assert_eq!(
        about("thing.mode in [\"a\", 1]"),
        "the list starts with text, and this is a whole number (members of a list have one type)"
    );
    assert_eq!(
        about("thing.tags.name == \"x\""),
        "a list of texts has no fields (ask about its members: `.exists(x, …)`, `.all(x, …)`)"
    );
    assert_eq!(
        about("thing.part == thing.part"),
        "equality of `test.thing.part` is not defined (compare the fields that matter)"
    );
    assert_eq!(about("thing.tags.contains(\"x\")"), "`contains` asks about text (write `x in list`)");
    assert_eq!(
        about("thing.flag ? thing.count : thing.flag"),
        "a whole number is expected here, and this is true or false ()"
    );
    assert_eq!(about("thing.mode.matches(\"(\")").split(':').next(), Some("the pattern cannot be used"));
    assert_eq!(about("thing.mode.matches(thing.label)"), "the pattern must stand here as text ()");
    assert_eq!(about("1 == 1"), "the predicate reads no fact, so it proves nothing ()");
    assert_eq!(about("thing.tags.exists(thing, true)"), "`thing` already means something here (choose another name)");
}

#[test]
fn slips_of_syntax_are_named() {
    assert_eq!(about("thing.flag = true"), "`=` means nothing here (write `==` to compare)");
    assert_eq!(about("thing.flag & thing.other"), "`&` means nothing here (write `&&`)");
    assert_eq!(about("thing.mode == “x”"), "`“` means nothing here (write straight quotes: `\"`)");
    assert_eq!(about("thing.mode == \"x"), "this text does not end on its line (close it with \")");
    assert_eq!(about("(thing.flag"), "`)` is expected here, not the end ()");
    assert_eq!(
        about("thing.mode == null"),
        "`null` is not a value of predicates (write `has(x)` to ask whether there is a value; what is unknown stays unknown)"
    );
    assert_eq!(about("thing.count > 1.5"), "only whole decimal numbers exist here ()");
    assert_eq!(about("has(thing)"), "`has` asks about one field: `has(a.b)` ()");
    assert_eq!(about(""), "a value is expected here, not the end ()");
}

#[test]
fn facts_are_typed_too() {
    assert_eq!(
        about_facts("thing.flag = \"yes\""),
        "`true` or `false` is expected here, not `\"yes\"` (`absent` and `unknown(…)` stand where a whole fact stands)"
    );
    assert_eq!(
        about_facts("thing.flag = unknown(refsued, \"x\")"),
        "there is no reason `refsued` (did you mean `refused`?)"
    );
    assert_eq!(
        about_facts("thing.flag = unknown(refused)"),
        "`refused` needs the call (write `unknown(refused, \"…\")`)"
    );
    assert_eq!(about_facts("thing.parts = [{onn: true}]"), "`test.thing.part` has no field `onn` (did you mean `on`?)");
    assert_eq!(
        about_facts("bucket.acl = \"x\""),
        "nothing is called `bucket` here (facts are about `thing`, `thing.account` or `other(\"kind\", \"id\")`)"
    );
    assert_eq!(
        about_facts("other(\"test.thin\", \"x\").flag = true"),
        "there is no kind `test.thin` (did you mean `test.thing`?)"
    );
    assert_eq!(about_facts("thing.flag = true\nthing.flag = false"), "`thing.flag` is stated twice (keep one of them)");
}

#[test]
fn the_front_matter_allows_only_what_it_knows() {
    let text = file("t", "thing.flag", "");
    let with = |line: &str| {
        let error = only(&text.replacen("severity", &format!("{line}\nseverity"), 1));
        (error.line, format!("{} ({})", error.message, error.help.unwrap_or_default()))
    };
    assert_eq!(with("control = []"), (3, "there is no key `control` (did you mean `controls`?)".into()));
    assert_eq!(
        with("controls = [\"review4\"]"),
        (3, "a control is written `framework:control` (for example `review:4`)".into())
    );
    assert_eq!(with("refs = [\"www.example.com\"]"), (3, "a reference is an `https://` address ()".into()));
    assert_eq!(with("assumptions = [\"B\"]"), (3, "an assumption is named `A-…` ()".into()));
    assert_eq!(
        with("kind = \"attest\""),
        (3, "there is no kind of check `attest` (known are: predicate, attested)".into())
    );
    assert_eq!(
        with("question = \"q\""),
        (3, "only an attested check has a question (write `kind = \"attested\"`)".into())
    );
    assert_eq!(only(&text.replace("low", "lowish")).message, "there is no severity `lowish`");
    let late = only(&text.replacen("severity", "phase = \"later\"\nseverity", 1));
    assert_eq!(late.message, "there is no phase `later`");
    assert_eq!(late.help.as_deref(), Some("known are: observe, restrict, close, migrate"));
    assert_eq!(only(&text.replace("test.thing", "test.things")).help.as_deref(), Some("did you mean `test.thing`?"));
    assert_eq!(only(&text.replace("id = \"t\"", "id = \"u\"")).help.as_deref(), Some("name the file `u.md`"));
    assert_eq!(only(&text.replace("severity = \"low\"\n", "")).message, "the key `severity` is missing");
    assert_eq!(only("# x").message, "a check starts with `+++`, its TOML front matter and `+++`");
    assert_eq!(only("+++\nid = \"t\"\n").message, "the front matter does not end");
}

#[test]
fn headings_titles_and_fences_have_one_shape() {
    let text = file("t", "thing.flag", "");
    let message = |text: String| {
        let error = only(&text);
        format!("{}: {} ({})", error.line, error.message, error.help.unwrap_or_default())
    };
    assert_eq!(
        message(text.replace("# 标题", "")),
        "7: two titles are expected, one in each language (write `# English title` and `# 中文标题`)"
    );
    assert_eq!(message(text.replace("# 标题", "# Again")), "8: the first title is English and the second Chinese ()");
    assert_eq!(message(text.replace("## Examples", "## Whyy")), "10: there is no section `Whyy` (did you mean `Why`?)");
    assert_eq!(message(text.clone() + "## Examples\n"), "11: the section `Examples` is there twice ()");
    assert_eq!(
        message(text.clone() + "```facts => fail\nthing.flag = true\n"),
        "11: this block does not end (close it with its fence)"
    );
    assert_eq!(
        message(text.clone() + "```facts\n```\n"),
        "11: an example says what is expected (write `facts => fail`, or pass, unknown, not-applicable)"
    );
    assert_eq!(
        message(text.clone() + "```facts => failed\n```\n"),
        "11: there is no answer `failed` (known are: fail, pass, unknown, not-applicable)"
    );
    assert_eq!(
        message(text.clone() + "```\n```\n"),
        "11: an example says what it is and what is expected (write for example `facts => fail` behind the fence)"
    );
}

#[test]
fn a_file_with_windows_line_ends_and_a_byte_order_mark_is_read() {
    let text =
        file("t", "\nthing.flag\n&& thing.other", "```facts => fail\nthing.flag = true\nthing.other = true\n```\n");
    let set = load(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
    assert!(set.errors().is_empty(), "{}", set.errors()[0]);
    let check = &set.checks()[0];
    assert_eq!(check.run_example(&check.examples[0]).unwrap().answer.as_str(), "fail");
}

#[test]
fn every_error_of_a_file_is_told_at_once_and_the_other_files_load() {
    let bad = file("bad", "thing.flagg", "```facts => pass\nthing.modd = \"x\"\n```\n").replace("low", "lowish");
    let good = file("good", "thing.flag", "");
    let set = CheckSet::load_for(KINDS, [("c/bad.md", bad), ("c/good.md", good.clone()), ("d/good.md", good)]);
    let places: Vec<(&str, u32)> = set.errors().iter().map(|error| (error.path.as_str(), error.line)).collect();
    assert_eq!(places, [("c/bad.md", 3), ("c/bad.md", 5), ("c/bad.md", 12), ("d/good.md", 1)]);
    assert_eq!(set.errors()[3].message, "`good` is also the id of c/good.md");
    assert_eq!(set.checks().len(), 1);
    assert!(set.get("good").is_some() && set.get("bad").is_none());
}

#[test]
fn what_a_check_lacks_to_be_shipped_is_listed() {
    let set = CheckSet::load_for(KINDS, [("checks/test/t.md", file("t", "thing.flag", ""))]);
    let lacks: Vec<String> = set.checks()[0].shortcomings().into_iter().map(|error| error.message).collect();
    assert_eq!(
        lacks,
        [
            "there is no example of `fail`",
            "there is no example of `pass`",
            "there is no example of `unknown`",
            "the section `Why` is missing or empty",
            "the section `原因` is missing, empty or not Chinese",
            "the section `Fix` is missing or empty",
            "the section `修复` is missing, empty or not Chinese",
            "there is no reference",
            "the id does not start with the folder `test`",
        ]
    );
}

#[test]
fn a_check_applies_where_its_condition_holds_and_names_what_it_reads() {
    let examples = "```facts => not-applicable\nthing.mode = \"b\"\nthing.flag = true\n```\n\
                    ```facts => unknown\nthing.flag = false\n```\n\
                    ```facts => fail\nthing.mode = \"a\"\nthing.flag = true\n```\n";
    let text =
        file("t", "thing.flag && thing.parts.all(p, p.on) || each(\"test.thing\").exists(t, t.friend.other)", examples);
    let set = load(
        &text
            .replacen("fail =", "when = 'thing.mode == \"a\"'\nfail =", 1)
            .replace("thing.parts.all(p, p.on)", "thing.parts.all(p, p.on) && thing.other || thing.flag"),
    );
    assert!(set.errors().is_empty(), "{}", set.errors()[0]);
    let check = &set.checks()[0];
    for example in &check.examples {
        assert_eq!(check.run_example(example).unwrap().answer, example.expected, "line {}", example.line);
    }
    let reads: Vec<String> = check.reads().iter().map(|(kind, field)| format!("{kind}.{field}")).collect();
    let expected =
        ["flag", "friend", "id", "mode", "other", "parts", "part.on"].map(|field| format!("test.thing.{field}"));
    assert_eq!(reads, expected);
}

#[test]
fn a_check_that_stands_on_an_assumption_claims_no_more_than_inference() {
    let text = file("t", "thing.flag", "```facts => fail\nthing.flag = true\n```\n```facts => unknown\n```\n");
    let plain = load(&text);
    let assumed = load(&text.replacen("severity", "assumptions = [\"A-7\"]\nseverity", 1));
    let label = |set: &CheckSet| {
        let check = &set.checks()[0];
        check.run_example(&check.examples[0]).unwrap().label.as_str()
    };
    assert_eq!(label(&plain), "user-provided sanitized evidence");
    assert_eq!(label(&assumed), "inference");
}
