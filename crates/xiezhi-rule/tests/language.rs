//! What predicates mean, above all where something is absent, unknown or incomplete.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod common;

use common::{explain, holds, paths};
use xiezhi_rule::Shown;

const REFUSED: &str = "unknown(refused, \"x:Get\")";

#[test]
fn an_unknown_is_decided_only_by_the_other_operand() {
    let one = "thing.flag = true\n";
    let none = "thing.flag = false\n";
    assert_eq!(holds("thing.flag || thing.other", one), Some(true));
    assert_eq!(holds("thing.other || thing.flag", one), Some(true));
    assert_eq!(holds("thing.flag || thing.other", none), None);
    assert_eq!(holds("thing.flag && thing.other", none), Some(false));
    assert_eq!(holds("thing.other && thing.flag", none), Some(false));
    assert_eq!(holds("thing.other && thing.flag", one), None);
    assert_eq!(holds("!thing.other", one), None);
    assert_eq!(holds("thing.other == thing.other", ""), None);
    assert_eq!(holds("thing.other ? thing.flag : thing.flag", one), None);
}

#[test]
fn an_absent_value_equals_nothing_and_a_condition_that_is_absent_does_not_hold() {
    let facts = "thing.mode = absent\nthing.label = absent\nthing.flag = absent\nthing.count = absent\n";
    assert_eq!(holds("thing.mode == \"x\"", facts), Some(false));
    assert_eq!(holds("thing.mode != \"x\"", facts), Some(true));
    assert_eq!(holds("thing.mode == thing.label", facts), Some(false));
    assert_eq!(holds("thing.mode in [\"x\"]", facts), Some(false));
    assert_eq!(holds("thing.flag", facts), Some(false));
    assert_eq!(holds("!thing.flag", facts), Some(true));
    assert_eq!(holds("thing.mode.startsWith(\"x\")", facts), Some(false));
    assert_eq!(holds("thing.count > 1", facts), None);
    assert_eq!(holds("has(thing.count) && thing.count > 1", facts), Some(false));
    assert_eq!(holds("thing.count + 1 == 2", facts), Some(false));
}

#[test]
fn has_tells_known_from_absent_and_neither_from_unknown() {
    assert_eq!(holds("has(thing.mode)", "thing.mode = \"x\""), Some(true));
    assert_eq!(holds("has(thing.mode)", "thing.mode = absent"), Some(false));
    assert_eq!(holds("has(thing.mode)", &format!("thing.mode = {REFUSED}")), None);
    assert_eq!(holds("has(thing.part.name)", "thing.part = absent"), Some(false));
    assert_eq!(holds("has(thing.part.name)", "thing.part = {name: \"x\"}"), Some(true));
    assert_eq!(holds("has(thing.part.name)", "thing.part = {on: true}"), None);
}

#[test]
fn an_open_list_proves_that_there_is_one_and_never_that_there_is_none() {
    let open = "thing.tags = [\"a\", more(throttled, \"x:List\")]";
    assert_eq!(holds("thing.tags.exists(t, t == \"a\")", open), Some(true));
    assert_eq!(holds("thing.tags.exists(t, t == \"b\")", open), None);
    assert_eq!(holds("thing.tags.all(t, t == \"a\")", open), None);
    assert_eq!(holds("thing.tags.all(t, t == \"b\")", open), Some(false));
    assert_eq!(holds("thing.tags.exists_one(t, t == \"a\")", open), None);
    assert_eq!(holds("\"a\" in thing.tags", open), Some(true));
    assert_eq!(holds("\"b\" in thing.tags", open), None);
    assert_eq!(holds("size(thing.tags) > 0", open), Some(true));
    assert_eq!(holds("size(thing.tags) > 1", open), None);
    assert_eq!(holds("size(thing.tags) == 0", open), Some(false));
    assert_eq!(holds("0 < size(thing.tags)", open), Some(true));
    assert_eq!(holds("thing.tags[0] == \"a\"", open), None);
    assert_eq!(holds("thing.tags == [\"a\"]", open), None);
    assert_eq!(holds("thing.tags == []", open), Some(false));
}

#[test]
fn an_absent_list_has_no_members() {
    let none = "thing.tags = absent";
    assert_eq!(holds("thing.tags.exists(t, true)", none), Some(false));
    assert_eq!(holds("thing.tags.all(t, false)", none), Some(true));
    assert_eq!(holds("thing.tags.filter(t, true).all(t, false)", none), Some(true));
    assert_eq!(holds("size(thing.tags) == 0", none), Some(true));
    assert_eq!(holds("\"a\" in thing.tags", none), Some(false));
}

#[test]
fn a_filter_that_cannot_tell_leaves_the_list_open() {
    let facts = "thing.parts = [{on: true, size: 1}, {size: 2}]";
    assert_eq!(holds("thing.parts.filter(p, p.on).exists(p, p.size == 1)", facts), Some(true));
    assert_eq!(holds("thing.parts.filter(p, p.on).exists(p, p.size == 9)", facts), None);
    assert_eq!(holds("thing.parts.filter(p, p.on).all(p, p.size == 1)", facts), None);
    assert_eq!(holds("size(thing.parts.filter(p, p.on)) >= 1", facts), Some(true));
    assert_eq!(holds("thing.parts.filter(p, p.size > 1).all(p, p.size == 2)", facts), Some(true));
}

#[test]
fn unknown_members_leave_lists_undecided_unless_the_known_ones_decide() {
    let facts = "thing.mode = \"a\"";
    assert_eq!(holds("\"a\" in [thing.mode, thing.label]", facts), Some(true));
    assert_eq!(holds("\"b\" in [thing.mode, thing.label]", facts), None);
    assert_eq!(holds("[thing.mode, thing.label] == [\"b\", \"c\"]", facts), Some(false));
    assert_eq!(holds("[thing.mode, thing.label] == [\"c\", \"a\"]", facts), None);
    assert_eq!(holds("[thing.mode, \"b\"] == [\"b\", \"a\"]", facts), Some(true));
    assert_eq!(holds("[thing.label] == []", facts), Some(false));
}

#[test]
fn a_link_leads_to_its_target_and_to_nothing_only_when_the_kind_was_listed() {
    let link = "thing.friend = \"t-2\"\n";
    assert_eq!(holds("thing.friend.flag", &format!("{link}other(\"test.thing\", \"t-2\").flag = true")), Some(true));
    assert_eq!(holds("thing.friend.flag", link), None);
    assert_eq!(holds("thing.friend.flag", &format!("{link}listing(\"test.thing\") = complete")), Some(false));
    assert_eq!(holds("has(thing.friend.flag)", &format!("{link}listing(\"test.thing\") = complete")), Some(false));
    assert_eq!(holds("has(thing.friend)", link), Some(true));
    assert_eq!(holds("thing.friend.id == \"t-2\"", link), Some(true));
    assert_eq!(holds("thing.friend == thing.friend", link), Some(true));
}

#[test]
fn links_are_equal_when_they_lead_to_one_resource() {
    let facts = "thing.friend = \"t-2\"\nthing.friends = [\"t-3\", \"t-2\"]\nother(\"test.thing\", \"t-2\")\n";
    assert_eq!(holds("thing.friend in thing.friends", &format!("{facts}other(\"test.thing\", \"t-3\")")), Some(true));
    assert_eq!(holds("thing.friend in thing.friends", "thing.friend = \"a\"\nthing.friends = [\"b\"]"), Some(false));
}

#[test]
fn each_is_open_until_the_kind_was_listed() {
    let two = "thing.flag = false\nother(\"test.thing\", \"t-2\").flag = true\n";
    let listed = format!("{two}listing(\"test.thing\") = complete");
    assert_eq!(holds("each(\"test.thing\").exists(t, t.flag)", two), Some(true));
    assert_eq!(holds("each(\"test.thing\").exists(t, t.id == \"t-9\")", two), None);
    assert_eq!(holds("each(\"test.thing\").all(t, t.flag)", &listed), Some(false));
    assert_eq!(holds("size(each(\"test.thing\")) == 2", &listed), Some(true));
    assert_eq!(holds("size(each(\"test.thing\")) == 2", two), None);
    let refused = format!("{two}listing(\"test.thing\") = unknown(refused, \"x:List\")");
    let explained = explain("each(\"test.thing\").exists(t, t.count == 1)", &refused);
    let codes: Vec<&str> = explained.reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!(codes, ["not-collected", "refused"]);
}

#[test]
fn the_account_is_reached_from_every_resource() {
    assert_eq!(holds("thing.account.mfa", "thing.account.mfa = true"), Some(true));
    assert_eq!(holds("thing.account.mfa", ""), None);
    let friend = "thing.friend = \"t-2\"\nother(\"test.thing\", \"t-2\").flag = true\nthing.account.mfa = true";
    assert_eq!(holds("thing.friend.account.mfa", friend), Some(true));
}

#[test]
fn arithmetic_that_has_no_result_is_unknown() {
    let facts = "thing.count = 7\nthing.limit = 0";
    assert_eq!(holds("thing.count / 2 == 3 && thing.count % 4 == 3 && -thing.count + 8 == 1", facts), Some(true));
    assert_eq!(holds("thing.count / thing.limit == 1", facts), None);
    assert_eq!(holds("thing.count * 9223372036854775807 == 1", facts), None);
    assert_eq!(holds("1 + 2 * 3 == thing.count && (1 + 2) * 3 != thing.count", facts), Some(true));
}

#[test]
fn ages_are_counted_to_the_given_time_and_unknown_without_it() {
    let facts = "thing.mode = \"2026-01-01T00:00:00+08:00\"\n";
    let dated = format!("as_of = \"2026-04-01T00:00:00Z\"\n{facts}");
    assert_eq!(holds("age_days(thing.mode) == 90", &dated), Some(true));
    assert_eq!(holds("age_days(thing.mode) > 0", facts), None);
    assert_eq!(
        holds("age_days(thing.mode) < 0", "as_of = \"2025-01-01\"\nthing.mode = \"2026-01-01T00:00Z\""),
        Some(true)
    );
    assert_eq!(holds("age_days(thing.mode) > 0", "as_of = \"2025-01-01\"\nthing.mode = \"soon\""), None);
}

#[test]
fn sources_that_cover_the_internet_are_seen_through_prefix_unions() {
    let whole = |tags: &str| holds("covers_internet(thing.tags)", &format!("thing.tags = [{tags}]"));
    assert_eq!(whole("\"10.0.0.0/8\", \"0.0.0.0/0\""), Some(true));
    assert_eq!(whole("\"::/0\""), Some(true));
    assert_eq!(whole("\"0.0.0.0/1\", \"128.0.0.0/1\""), Some(true));
    assert_eq!(whole("\"0.0.0.0/1\", \"128.0.0.0/2\", \"192.0.0.0/3\""), Some(true), "what is left is multicast");
    assert_eq!(whole("\"::/1\", \"8000::/1\""), Some(true));
    assert_eq!(whole("\"2000::/3\""), Some(true));
    assert_eq!(whole("\"0.0.0.0/1\""), Some(false));
    assert_eq!(whole("\"10.0.0.0/8\", \"192.168.0.0/16\""), Some(false));
    assert_eq!(whole("\"203.0.113.7\""), Some(false));
    assert_eq!(whole(""), Some(false));
    assert_eq!(whole("\"office\""), None);
    assert_eq!(whole("\"office\", \"0.0.0.0/0\""), Some(true));
    assert_eq!(whole("\"10.0.0.0/8\", more"), None);
    assert_eq!(
        holds("covers_internet([thing.mode, thing.label])", "thing.mode = absent\nthing.label = \"::/0\""),
        Some(true)
    );
    assert_eq!(holds("covers_internet([thing.mode, thing.label])", "thing.mode = \"10.0.0.0/8\""), None);
}

#[test]
fn public_ranges_are_those_with_an_address_that_the_internet_reaches() {
    let public = |range: &str| holds("is_public_range(thing.mode)", &format!("thing.mode = \"{range}\""));
    for range in ["0.0.0.0/0", "8.8.8.8", "9.0.0.0/8", "10.0.0.0/7", "172.0.0.0/8", "2001:db8::/32", "::/0"] {
        assert_eq!(public(range), Some(true), "{range}");
    }
    for range in ["10.1.2.3", "10.0.0.0/8", "172.16.0.0/12", "192.168.4.0/24", "100.64.0.0/10", "127.0.0.1", "fd00::/8"]
    {
        assert_eq!(public(range), Some(false), "{range}");
    }
    assert_eq!(public("everywhere"), None);
    assert_eq!(
        holds("cidr_contains_any(thing.mode, [\"10.1.2.3\", \"8.8.8.8\"])", "thing.mode = \"10.0.0.0/8\""),
        Some(true)
    );
    assert_eq!(holds("cidr_contains_any(thing.mode, [\"8.8.8.8\"])", "thing.mode = \"10.0.0.0/8\""), Some(false));
}

#[test]
fn ports_are_read_from_texts_and_from_ranges_and_missing_ports_are_not_no_ports() {
    let text = |range: &str| holds("ports_overlap(thing.mode, [22, 3389])", &format!("thing.mode = {range}"));
    assert_eq!(text("\"22/22\""), Some(true));
    assert_eq!(text("\"1/65535\""), Some(true));
    assert_eq!(text("\"-1/-1\""), Some(true));
    assert_eq!(text("\"443/443\""), Some(false));
    assert_eq!(text("\"3389\""), Some(true));
    assert_eq!(text("\"90/80\""), None);
    assert_eq!(text("\"ssh\""), None);
    assert_eq!(text("absent"), None);
    assert_eq!(holds("port_in(thing.mode, 22)", "thing.mode = \"20/25\""), Some(true));
    let ranges = |ports: &str| holds("ports_overlap(thing.ports, [22, 3389])", &format!("thing.ports = {ports}"));
    assert_eq!(ranges("[{first: 1, last: 21}, {first: 3000, last: 4000}]"), Some(true));
    assert_eq!(ranges("[{first: 80, last: 443}]"), Some(false));
    assert_eq!(ranges("[{first: 1, last: 65535}]"), Some(true));
    assert_eq!(ranges("[{first: 80}]"), None, "3389 may be in it");
    assert_eq!(ranges("[{first: 4000}]"), Some(false));
    assert_eq!(ranges("absent"), None, "a port list may name them");
}

#[test]
fn the_lowest_tls_version_of_a_setting_is_found() {
    let lowest = |text: &str, version: i64| {
        holds(&format!("min_tls(thing.mode) == {version}"), &format!("thing.mode = \"{text}\""))
    };
    for (text, version) in [
        ("TLSv1.2", 12),
        ("TLSv1", 10),
        ("TLS1.3", 13),
        ("tls_cipher_policy_1_0", 10),
        ("tls_cipher_policy_1_2_strict_with_1_3", 12),
        ("TLSv1,TLSv1.2", 10),
        ("TLSv1.1 TLSv1.2", 11),
        ("tlsv1_2", 12),
        ("SSLv3", 3),
    ] {
        assert_eq!(lowest(text, version), Some(true), "{text}");
    }
    assert_eq!(lowest("tls-bp1abcdef", 10), None);
    assert_eq!(lowest("modern", 12), None);
}

#[test]
fn texts_are_tested_by_parts_and_patterns() {
    let facts = "thing.mode = \"Prod-Web-01\"";
    let all = "thing.mode.startsWith(\"Prod\") && thing.mode.endsWith(\"01\") && thing.mode.contains(\"Web\") \
               && thing.mode.matches(r\"^Prod-\\w+-\\d{2}$\") && thing.mode.lower() == \"prod-web-01\" \
               && !lower(thing.mode).matches(\"[A-Z]\")";
    assert_eq!(holds(all, facts), Some(true));
}

#[test]
fn the_trace_holds_what_decided_and_no_more() {
    let facts = "thing.flag = false\nthing.other = true\nthing.mode = \"x\"";
    assert_eq!(paths("thing.other && thing.mode == \"x\" && thing.flag", facts), ["thing.flag"]);
    assert_eq!(paths("thing.other && thing.mode == \"x\"", facts), ["thing.other", "thing.mode"]);
    assert_eq!(paths("thing.other && thing.count == 1", facts), ["thing.count"]);
    let parts = "thing.parts = [{on: false}, {on: true, name: \"b\"}]";
    assert_eq!(
        paths("thing.parts.exists(p, p.on && p.name == \"b\")", parts),
        ["thing.parts[1].on", "thing.parts[1].name"]
    );
    assert_eq!(paths("thing.parts.exists(p, p.name == \"c\")", "thing.parts = []"), ["thing.parts"]);
    let kept = "thing.parts.filter(p, p.on).exists(p, p.name == \"b\")";
    assert_eq!(paths(kept, parts), ["thing.parts[1].on", "thing.parts[1].name"], "what the filter kept it for counts");
    let friend = "thing.friend = \"t-2\"\nother(\"test.thing\", \"t-2\").flag = true";
    assert_eq!(paths("thing.friend.flag", friend), ["thing.friend.flag"]);
    assert_eq!(paths("each(\"test.thing\").exists(t, t.flag)", friend), ["thing(t-2).flag"]);
}

#[test]
fn the_trace_shows_values_as_predicates_write_them() {
    let shown = |fail: &str, facts: &str| explain(fail, facts).premises[0].shown.clone();
    assert_eq!(shown("thing.mode == \"x\"", "thing.mode = \"a\\\"b\""), Shown::Known("\"a\\\"b\"".into()));
    assert_eq!(shown("size(thing.numbers) == 2", "thing.numbers = [1, -2]"), Shown::Known("[1, -2]".into()));
    assert_eq!(shown("thing.mode == \"x\"", "thing.mode = absent"), Shown::Absent);
    assert!(
        matches!(shown("thing.flag", &format!("thing.flag = {REFUSED}")), Shown::Unknown(r) if r.code() == "refused")
    );
}

#[test]
fn a_predicate_that_asks_too_much_ends_and_is_unknown() {
    let members = "0, ".repeat(400);
    let facts = format!("thing.numbers = [{members}]");
    let deep = "thing.numbers.all(a, thing.numbers.all(b, thing.numbers.all(c, a + b + c == 0)))";
    let explained = explain(deep, &facts);
    assert_eq!(explained.answer, xiezhi_rule::Answer::Unknown);
    assert!(explained.reasons().iter().any(|reason| reason.detail().contains("budget")));
}
