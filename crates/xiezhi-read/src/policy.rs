//! Policy documents as sources hold them: as text, or as an object that is written out as JSON.
//!
//! Only what a document literally names is read here ([`statements`]); what it grants is a question for
//! `xiezhi-policy`. Source of the grammar: RAM, "policy structure and syntax".

use xiezhi_model::service::ram::Statement;
use xiezhi_model::{Fact, List, OWN_ACCOUNT, Reason, State, Text};

use crate::fields::Fields;
use crate::json::Raw;
use crate::tree::{Node, Tree};

/// The document at a path as JSON text: as it stands there, or written out when the source holds an object (ROS,
/// decoded answers). Missing is unknown; an object with an unresolved part is unknown as a whole.
pub(crate) fn document(f: &Fields<'_>, path: &str) -> Fact<Text> {
    match f.peek(path) {
        Some(node) if matches!(node.value, Tree::Map(..) | Tree::List(..)) => match json(node) {
            Ok(text) => f.known(text.into()),
            Err(reason) => f.unknown(reason),
        },
        // The own account's id stands in a document by its name, until somebody says whose it is.
        _ => f.open_text(path),
    }
}

/// The document at a path as [`document`] reads it; missing, null or empty is absent.
pub(crate) fn opt_document(f: &Fields<'_>, path: &str) -> Fact<Text> {
    match f.peek(path).map(|node| &node.value) {
        Some(Tree::Map(..) | Tree::List(..)) => document(f, path),
        _ => f.opt_open_text(path),
    }
}

/// A value written out as JSON.
pub(crate) fn json(node: &Node<'_>) -> Result<String, Reason> {
    let mut out = String::new();
    write(node, &mut out)?;
    Ok(out)
}

fn write(node: &Node<'_>, out: &mut String) -> Result<(), Reason> {
    match &node.value {
        Tree::Null => out.push_str("null"),
        Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Tree::Number(number) => out.push_str(number),
        Tree::Text(text) => quote(text, out),
        Tree::List(items, more) => {
            if let Some(reason) = more {
                return Err(reason.clone());
            }
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out)?;
            }
            out.push(']');
        }
        Tree::Map(entries, more) => {
            if let Some(reason) = more {
                return Err(reason.clone());
            }
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                quote(key, out);
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
        Tree::Reference { address, .. } if address == OWN_ACCOUNT => quote(OWN_ACCOUNT, out),
        Tree::Reference { address, attribute } => return Err(Reason::unresolved(format!("{address}.{attribute}"))),
        Tree::Unknown(reason) => return Err(reason.clone()),
    }
    Ok(())
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The elements of a document and of a statement; names compare with case. Source: RAM, "policy structure and syntax";
/// `Sid` is read past, since it changes nothing.
const DOCUMENT: &[&str] = &["Version", "Statement"];
const STATEMENT: &[&str] = &["Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Sid"];

/// The statements of a document, as written. A document that is no JSON, states a key twice, has another version than
/// "1", an element that the language does not have or no `Statement` is not understood: nobody can tell what the service
/// made of it.
pub(crate) fn statements(document: &Fact<Text>) -> Fact<List<Statement>> {
    let origin = document.origin.clone();
    match &document.state {
        State::Absent => Fact::absent(origin),
        State::Unknown(reason) => Fact::unknown(reason.clone(), origin),
        State::Known(text) => match Raw::whole(text).node() {
            Err(error) => {
                Fact::unknown(Reason::not_understood(format!("policy document, {}", error.reason().detail())), origin)
            }
            Ok(node) => {
                // Lines of the document mean nothing in the file that holds it.
                let node = without_lines(node);
                let f = Fields::new(&node, &origin, "");
                let versioned =
                    matches!(f.peek("Version"), Some(Node { value: Tree::Text(version), .. }) if version == "1");
                match (foreign(&f, DOCUMENT), versioned) {
                    (Some(key), _) => {
                        f.unknown(Reason::not_understood(format!("policy document, the element `{key}`")))
                    }
                    (None, false) => f.unknown(Reason::not_understood("policy document, the version is not \"1\"")),
                    (None, true) => f.records("Statement", statement),
                }
            }
        },
    }
}

/// The first key that is none of the elements.
fn foreign<'t>(f: &Fields<'t>, elements: &[&str]) -> Option<&'t str> {
    match &f.node().value {
        Tree::Map(entries, _) => entries.iter().map(|(key, _)| key.as_ref()).find(|key| !elements.contains(key)),
        _ => None,
    }
}

fn without_lines(node: Node<'_>) -> Node<'_> {
    let value = match node.value {
        Tree::List(items, more) => Tree::List(items.into_iter().map(without_lines).collect(), more),
        Tree::Map(entries, more) => {
            Tree::Map(entries.into_iter().map(|(key, value)| (key, without_lines(value))).collect(), more)
        }
        other => other,
    };
    Node::new(value, 0)
}

/// One statement. What of it cannot be read as the language has it is unknown: `allow` is not `Allow`, and a statement
/// with an element that does not exist may have been kept, refused or read otherwise by the service.
fn statement(f: Fields<'_>) -> Statement {
    if let Some(reason) = strange(&f) {
        return Statement {
            effect: f.unknown(reason.clone()),
            actions: f.unknown(reason.clone()),
            not_actions: f.unknown(reason.clone()),
            resources: f.unknown(reason.clone()),
            all_actions: f.unknown(reason.clone()),
            all_resources: f.unknown(reason.clone()),
            narrowed: f.unknown(reason),
        };
    }
    let effect = f.text("Effect").try_map(|word| match word.as_str() {
        "Allow" => Ok(Text::from("allow")),
        "Deny" => Ok(Text::from("deny")),
        _ => Err(Reason::not_understood(format!("the effect `{word}`"))),
    });
    let none = || f.known(List::complete(vec![]));
    let (actions, not_actions) = match f.has("NotAction") {
        true => (none(), strings(&f, "NotAction")),
        false => (strings(&f, "Action"), none()),
    };
    let resources = if f.has("NotResource") {
        f.unknown(Reason::not_understood("`NotResource`, which the documentation no longer knows"))
    } else {
        strings(&f, "Resource")
    };
    let narrowed = match f.peek("Condition").map(|node| &node.value) {
        Some(Tree::Map(entries, None)) if entries.is_empty() => f.known(false),
        None if !f.has("Condition") => f.known(false),
        _ => f.unknown(Reason::not_understood("whether the condition narrows the statement")),
    };
    Statement {
        all_actions: any(&actions, is_every_action),
        all_resources: any(&resources, is_everything),
        narrowed,
        effect,
        actions,
        not_actions,
        resources,
    }
}

/// Why a statement as a whole is not understood.
fn strange(f: &Fields<'_>) -> Option<Reason> {
    if !matches!(f.node().value, Tree::Map(..)) {
        return Some(Reason::not_understood("a statement that is no object"));
    }
    if let Some(key) = foreign(f, STATEMENT) {
        return Some(Reason::not_understood(format!("the element `{key}` of a statement")));
    }
    let both = |one: &str, other: &str| f.has(one) && f.has(other);
    (both("Action", "NotAction") || both("Resource", "NotResource"))
        .then(|| Reason::not_understood("a statement that says what it means and what it does not"))
}

/// A string or a list of strings with at least one entry; a comma separates nothing.
fn strings(f: &Fields<'_>, key: &str) -> Fact<List<Text>> {
    match f.peek(key).map(|node| &node.value) {
        Some(Tree::Text(_)) => f.text(key).map(|text| List::complete(vec![text])),
        Some(Tree::List(items, _)) if !items.is_empty() => f.texts(key),
        _ => f.unknown(Reason::not_understood(format!("`{key}` of a statement"))),
    }
}

/// Whether a pattern of actions is `*` or `*:*`.
fn is_every_action(action: &str) -> bool {
    let parts: Vec<&str> = action.split(':').collect();
    parts.len() <= 2 && parts.iter().all(|part| is_stars(part))
}

fn is_stars(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// Whether a resource pattern is `*` or an ARN of wildcards alone (`acs:*:*:*:*`).
fn is_everything(resource: &str) -> bool {
    resource.strip_prefix("acs:").unwrap_or(resource).split(':').all(is_stars)
}

fn any(list: &Fact<List<Text>>, test: impl Fn(&str) -> bool) -> Fact<bool> {
    list.clone().try_map(|list| {
        if list.items.iter().any(|item| test(item)) { Ok(true) } else { list.more.map_or(Ok(false), Err) }
    })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use std::sync::Arc;

    use xiezhi_model::{Label, Origin, Source, SourceKind};

    use super::*;

    fn read(text: &str) -> Fact<List<Statement>> {
        let origin = Origin::new(Arc::new(Source::new(SourceKind::Api, "t")), 7, Label::UserProvided);
        statements(&Fact::known(text.into(), origin))
    }

    #[test]
    fn everything_on_everything_is_seen_in_each_spelling() {
        for (action, resource) in [("\"*\"", "\"*\""), ("[\"ecs:Get\",\"*:*\"]", "[\"acs:*:*:*:*\"]")] {
            let text = format!(
                "{{\"Version\":\"1\",\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":{action},\"Resource\":{resource}}}]}}"
            );
            let list = read(&text).value().cloned().unwrap();
            let first = &list.items[0];
            assert_eq!(first.effect.value().map(Text::as_str), Some("allow"));
            assert_eq!((first.all_actions.value(), first.all_resources.value()), (Some(&true), Some(&true)));
            assert_eq!(first.narrowed.value(), Some(&false));
            assert_eq!(first.effect.origin.line, 7, "the place is that of the document");
        }
    }

    #[test]
    fn a_product_or_a_bucket_is_not_everything() {
        let list = read(
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"acs:oss:*:*:b"},
                {"Effect":"Allow","NotAction":"ram:*","Resource":"*"}]}"#,
        );
        let items = &list.value().unwrap().items;
        assert_eq!(items[0].all_actions.value(), Some(&false));
        assert_eq!(items[0].all_resources.value(), Some(&false));
        assert_eq!(items[1].all_actions.value(), Some(&false));
    }

    #[test]
    fn a_condition_or_a_broken_document_is_unknown_never_no() {
        let list = read(
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}]}"#,
        );
        assert!(list.value().unwrap().items[0].narrowed.reason().is_some());
        assert!(read("{").reason().is_some());
        assert!(read(r#"{"Version":"1","Statement":[],"Statement":[{"Effect":"Deny"}]}"#).reason().is_some());
        assert!(read(r#"{"Version":"1"}"#).reason().is_some());
    }

    #[test]
    fn what_the_service_may_have_read_otherwise_is_unknown_and_never_an_allow_of_everything_or_its_absence() {
        let one = |body: &str| {
            let list = read(&format!("{{\"Version\":\"1\",\"Statement\":[{{{body}}}]}}")).value().cloned().unwrap();
            let first = list.items[0].clone();
            (
                first.effect.reason().is_some(),
                first.all_actions.reason().is_some(),
                first.all_resources.reason().is_some(),
            )
        };
        assert_eq!(one(r#""Effect":"allow","Action":"*","Resource":"*""#), (true, false, false));
        assert_eq!(one(r#""Effect":"DENY","Action":"*","Resource":"*""#), (true, false, false));
        assert_eq!(one(r#""Effect":"Allow","Resource":"*""#), (false, true, false));
        assert_eq!(one(r#""Effect":"Allow","Action":[],"Resource":"*""#), (false, true, false));
        assert_eq!(one(r#""Effect":"Allow","Action":"*""#), (false, false, true));
        // An element in the wrong case is one that the language does not have.
        for odd in [
            r#""Effect":"Allow","action":"*","Resource":"*""#,
            r#""Effect":"Allow","Action":"*","resource":"*""#,
            r#""effect":"Allow","Action":"*","Resource":"*""#,
            r#""Effect":"Allow","Action":"ecs:Get*","NotAction":"ram:*","Resource":"*""#,
            r#""Effect":"Allow","Action":"*","Resource":"*","Principal":"*""#,
        ] {
            assert_eq!(one(odd), (true, true, true), "{odd}");
        }
        for document in [
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
            r#"{"version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
            r#"{"Version":"1","statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        ] {
            assert!(read(document).reason().is_some(), "{document}");
        }
    }

    #[test]
    fn a_comma_separates_no_actions_and_an_empty_segment_is_not_everything() {
        let list =
            read(r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*,ecs:Get","Resource":"acs:*::*:*"}]}"#);
        let first = &list.value().unwrap().items[0];
        assert_eq!(first.actions.value().unwrap().items.len(), 1);
        assert_eq!((first.all_actions.value(), first.all_resources.value()), (Some(&false), Some(&false)));
    }
}
