use super::*;

fn read(text: &str) -> Result<Node<'_>, JsonError> {
    let raw = Raw::whole(text);
    let mut cursor = raw.cursor();
    let node = cursor.value()?;
    cursor.space();
    assert!(cursor.peek().is_none(), "text left over in {text}");
    Ok(node)
}

fn plain(node: &Tree<'_>) -> serde_json::Value {
    match node {
        Tree::Null => serde_json::Value::Null,
        Tree::Bool(value) => (*value).into(),
        Tree::Number(text) => serde_json::from_str(text).unwrap(),
        Tree::Text(text) => text.as_ref().into(),
        Tree::List(items, _) => items.iter().map(|item| plain(&item.value)).collect(),
        Tree::Map(entries, _) => {
            serde_json::Value::Object(entries.iter().map(|(k, v)| (k.to_string(), plain(&v.value))).collect())
        }
        Tree::Reference { .. } | Tree::Unknown(_) => panic!("not JSON"),
    }
}

#[test]
fn valid_json_reads_as_serde_json_reads_it() {
    for text in [
        "{}",
        "[]",
        " [1, -2.5e+3, true, false, null, \"\"] ",
        r#"{"a":{"b":[{"c":"\u00e9\ud83d\ude00\n\/\\\""}]}}"#,
        "\"x\"",
        "[[[]],[{}]]",
        "{\"中文\":\"键\"}",
        "0",
        "-0.0",
        "123456789012345678",
    ] {
        assert_eq!(plain(&read(text).unwrap().value), serde_json::from_str::<serde_json::Value>(text).unwrap());
    }
}

#[test]
fn what_serde_json_refuses_is_refused_unless_it_is_a_mask() {
    let seeds = [r#"{"a": [1, 2.5, {"b": "cé\n"}], "d": null, "e": true}"#, r#"[{"x":"\ud83d\ude00"},-1e5,""]"#];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let alphabet = b"{}[]\",:\\u0x1e-. \ntfn";
    let (mut refused, mut taken) = (0, 0);
    for round in 0..40_000_usize {
        let mut bytes = seeds[round % seeds.len()].as_bytes().to_vec();
        for _ in 0..=(next() % 3) {
            let at = (next() as usize) % bytes.len();
            match next() % 3 {
                0 => bytes[at] = alphabet[(next() as usize) % alphabet.len()],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, alphabet[(next() as usize) % alphabet.len()]),
            }
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let raw = Raw::whole(&text);
        let mut cursor = raw.cursor();
        let ours = cursor.value().and_then(|node| {
            cursor.space();
            if cursor.peek().is_some() { cursor.broken("left over") } else { Ok(node) }
        });
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => {
                taken += 1;
                let ours = ours.unwrap_or_else(|error| panic!("{text}: {error:?}"));
                if cursor.twice.is_empty() {
                    assert_eq!(plain(&ours.value), theirs, "{text}");
                }
            }
            // A number that does not fit a float is a number all the same.
            Err(error) if error.to_string().contains("out of range") => {}
            Err(_) => {
                refused += 1;
                assert!(ours.is_err(), "{text}");
            }
        }
    }
    assert!(refused > 10_000 && taken > 1_000, "{refused} refused, {taken} taken");
}

#[test]
fn every_value_keeps_its_line() {
    let node = read("{\n \"a\": 1,\n \"b\": [\n  {\"c\":\n 2}]}").unwrap();
    assert_eq!((node.line, node.key("a").unwrap().line, node.key("b").unwrap().line), (1, 2, 3));
    let Tree::List(items, _) = &node.key("b").unwrap().value else { panic!() };
    assert_eq!((items[0].line, items[0].key("c").unwrap().line), (4, 5));
}

#[test]
fn an_unquoted_mask_is_redacted_and_not_an_error() {
    let node = read(r#"{"OwnerId": 1754****, "b": ****, "c": <redacted>, "d": 1}"#).unwrap();
    for key in ["OwnerId", "b", "c"] {
        assert_eq!(node.key(key).unwrap().value, Tree::Unknown(Reason::Redacted), "{key}");
    }
    assert_eq!(node.key("d").unwrap().value, Tree::Number("1".into()));
}

#[test]
fn a_twenty_digit_account_id_stays_exact() {
    let node = read(r#"{"id": 12345678901234567891}"#).unwrap();
    assert_eq!(node.key("id").unwrap().value, Tree::Number("12345678901234567891".into()));
}

#[test]
fn a_key_stated_twice_is_reported_and_unknown_when_the_values_differ() {
    let raw = Raw::whole("{\"a\": 1,\n\"a\": 2, \"b\": [3], \"b\": [3]}");
    let mut cursor = raw.cursor();
    let node = cursor.value().unwrap();
    assert!(matches!(node.key("a").unwrap().value, Tree::Unknown(Reason::Unreadable(_))));
    assert!(matches!(node.key("b").unwrap().value, Tree::List(..)));
    assert_eq!(cursor.twice.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn nesting_of_ten_thousand_levels_is_an_error_with_its_line() {
    let deep = format!("\n{}", "[".repeat(10_000));
    for error in [read(&deep).unwrap_err(), Raw::whole(&deep).cursor().skip().unwrap_err()] {
        assert_eq!((error.kind, error.line), (ProblemKind::TooDeep, 2));
    }
    let fits = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(read(&fits).is_ok() && Raw::whole(&fits).cursor().skip().is_ok());
}

#[test]
fn a_list_that_ends_too_early_hands_out_its_complete_members() {
    let raw = Raw::whole("{\"L\": {\"M\": [{\"a\": 1}, {\"a\": 2}, {\"a\":");
    let mut seen = 0;
    let (found, error) = walk(raw, "L.M", &mut |_| seen += 1, &mut vec![]);
    assert_eq!((found, seen, error.unwrap().kind), (true, 2, ProblemKind::Truncated));
}

#[test]
fn the_envelope_is_seen_even_when_the_list_behind_it_breaks() {
    let entries = Raw::whole("{\"RequestId\": \"r\", \"L\": [1, 2").entries();
    assert_eq!(entries.plain("RequestId").unwrap(), "r");
    assert_eq!(entries.get("L").unwrap().text, "[1, 2");
    assert_eq!(entries.error.unwrap().kind, ProblemKind::Truncated);
}

#[test]
fn documents_of_ndjson_come_one_by_one_with_their_lines() {
    let (docs, error) = Raw::whole("{\"a\":1}\n{\"b\":2}\n\n[3]\n").documents();
    assert!(error.is_none());
    assert_eq!(docs.iter().map(|raw| raw.line).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn skipping_reports_mixed_up_brackets() {
    assert_eq!(Raw::whole("[{]}").cursor().skip().unwrap_err().kind, ProblemKind::BrokenJson);
}
