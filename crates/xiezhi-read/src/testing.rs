//! For the adapters' own tests: compact inputs in, batch out, without files or drivers.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use xiezhi_model::{Batch, Fact, Inventory, Label, Origin, Reason, Source, SourceKind};

use crate::fields::Fields;
use crate::sink::{Around, Sink};
use crate::tree::{Node, Tree};

/// `{"$ref": "alicloud_kms_key.k.id"}` is a reference, `{"$unknown": "var.x"}` an expression that nobody can resolve.
fn node(value: &Value) -> Node<'_> {
    let tree = match value {
        Value::Null => Tree::Null,
        Value::Bool(value) => Tree::Bool(*value),
        Value::Number(number) => Tree::Number(Cow::Owned(number.to_string())),
        Value::String(text) => Tree::Text(Cow::Borrowed(text)),
        Value::Array(items) => Tree::List(items.iter().map(node).collect(), None),
        Value::Object(map) => match (map.get("$ref"), map.get("$unknown")) {
            (Some(Value::String(reference)), _) => {
                let (address, attribute) = reference.rsplit_once('.').unwrap();
                Tree::Reference { address: Cow::Borrowed(address), attribute: Cow::Borrowed(attribute) }
            }
            (_, Some(Value::String(expression))) => Tree::Unknown(Reason::unresolved(expression)),
            _ => Tree::Map(map.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), node(value))).collect(), None),
        },
    };
    Node::new(tree, 0)
}

/// Reads answers: call as `product:Action`, parameters as `Name=value,…`, the answer as JSON.
pub(crate) fn answers(answers: &[(&str, &str, &str)]) -> Inventory {
    let mut batch = Batch::new();
    for (call, params, answer) in answers {
        let value: Value = serde_json::from_str(answer).unwrap();
        let root = node(&value);
        let source = Source::new(SourceKind::Api, *call);
        let origin = Origin::new(Arc::new(source), 0, Label::UserProvided);
        let mut around = Around::nothing(origin.clone());
        around.account = Fact::known("1000".into(), origin.clone());
        around.params = params
            .split(',')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let (product, action) = call.split_once(':').unwrap();
        let call = crate::api::calls(product, action).next().expect("a known call");
        let mut sink = Sink { batch: &mut batch, around };
        let fields = Fields::new(&root, &origin, "");
        if call.list.is_empty() {
            (call.read)(&fields, &mut sink);
        } else {
            fields.each(call.list).iter().for_each(|member| (call.read)(member, &mut sink));
        }
    }
    batch.finish();
    Inventory::join(vec![batch])
}

/// Reads blocks of one configuration: address, body as JSON.
pub(crate) fn blocks(blocks: &[(&str, &str)]) -> Inventory {
    let mut batch = Batch::new();
    for (address, body) in blocks {
        let value: Value = serde_json::from_str(body).unwrap();
        let root = node(&value);
        let origin = Origin::new(
            Arc::new(Source::new(SourceKind::TerraformConfig, format!("main.tf {address}"))),
            1,
            Label::UserProvided,
        );
        let mut around = Around::nothing(origin.clone());
        around.address = (*address).into();
        around.set = "main".into();
        let block = crate::terraform::block(address.split('.').next().unwrap()).expect("a known type");
        (block.read)(&Fields::new(&root, &origin, "main"), &mut Sink { batch: &mut batch, around });
    }
    batch.finish();
    Inventory::join(vec![batch])
}

/// The one resource of a kind that an inventory has.
pub(crate) fn only<R: xiezhi_model::Resource>(inventory: &Inventory) -> &R {
    let all = inventory.all::<R>();
    assert_eq!(all.len(), 1, "exactly one {}", R::SCHEMA.kind);
    &all[0]
}

/// A known text, or the empty text for an absent fact; panics on an unknown one.
pub(crate) fn text(fact: &Fact<xiezhi_model::Text>) -> &str {
    assert!(fact.reason().is_none(), "known or absent, not {:?}", fact.reason());
    fact.value().map_or("", |text| text.as_str())
}
