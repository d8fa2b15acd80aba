//! Policy documents as sources hold them: as text, or as an object that is written out as JSON.
//!
//! Only what a document literally names is read here ([`statements`]); what it grants is a question for
//! `xiezhi-policy`. Source of the grammar: RAM, "policy structure and syntax".

use xiezhi_model::service::ram::Statement;
use xiezhi_model::{Fact, List, Reason, State, Text};

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
        _ => f.text(path),
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

/// The statements of a document, as written. A document that is no JSON, states a key twice or has no `Statement` is
/// not understood.
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
                Fields::new(&node, &origin, "").records("Statement", statement)
            }
        },
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

/// One statement, from a document or from the `statement` block of the older Terraform resource.
fn statement(f: Fields<'_>) -> Statement {
    let effect = f.text("Effect").try_map(|word| match word.to_ascii_lowercase().as_str() {
        "allow" => Ok(Text::from("allow")),
        "deny" => Ok(Text::from("deny")),
        _ => Err(Reason::not_understood(format!("the effect `{word}`"))),
    });
    let (actions, not_actions) = (f.opt_texts("Action"), f.opt_texts("NotAction"));
    let resources = if f.has("NotResource") {
        f.unknown(Reason::not_understood("`NotResource`, which the documentation no longer knows"))
    } else {
        f.texts("Resource")
    };
    let conditions = f.peek("Condition").is_some_and(|node| match &node.value {
        Tree::Map(entries, more) => !entries.is_empty() || more.is_some(),
        Tree::Null => false,
        _ => true,
    });
    Statement {
        all_actions: any(&actions, |action| matches!(action, "*" | "*:*")),
        all_resources: any(&resources, is_everything),
        narrowed: if conditions {
            f.unknown(Reason::not_understood("whether the condition narrows the statement"))
        } else {
            f.known(false)
        },
        effect,
        actions,
        not_actions,
        resources,
    }
}

/// Whether a resource pattern is `*` or an ARN of wildcards alone (`acs:*:*:*:*`).
fn is_everything(resource: &str) -> bool {
    let rest = resource.strip_prefix("acs:").unwrap_or(resource);
    rest.contains('*') && rest.bytes().all(|byte| matches!(byte, b'*' | b':'))
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
            let text =
                format!("{{\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":{action},\"Resource\":{resource}}}]}}");
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
            r#"{"Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"acs:oss:*:*:b"},
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
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}]}"#,
        );
        assert!(list.value().unwrap().items[0].narrowed.reason().is_some());
        assert!(read("{").reason().is_some());
        assert!(read(r#"{"Statement":[],"Statement":[{"Effect":"Deny"}]}"#).reason().is_some());
        assert!(read(r#"{"Version":"1"}"#).reason().is_some());
    }
}
