//! Which API calls and Terraform resource types fill which facts: found out by asking the adapters, so that nobody writes it down twice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use xiezhi_model::{Batch, Fact, Label, Origin, Reason, Source, SourceKind, service};

use crate::api::CALLS;
use crate::fields::Fields;
use crate::sink::{Around, Sink};
use crate::terraform::Block;
use crate::terraform::map::BLOCKS;
use crate::tree::{Node, Tree};

type Fills = BTreeMap<(&'static str, &'static str), BTreeSet<String>>;

/// The calls, `product:Action`, that fill a field of a kind; of the field `id`, those that list the kind.
pub fn calls_for(kind: &str, field: &str) -> impl Iterator<Item = &'static str> {
    fills().iter().filter(move |((k, f), _)| *k == kind && *f == field).flat_map(|(_, calls)| calls).map(String::as_str)
}

/// The Terraform resource types that fill a field of a kind.
pub fn templates_for(kind: &str, field: &str) -> impl Iterator<Item = &'static str> {
    static FILLS: OnceLock<Fills> = OnceLock::new();
    let fills = FILLS.get_or_init(|| filled_by(BLOCKS));
    fills.iter().filter(move |((k, f), _)| *k == kind && *f == field).flat_map(|(_, names)| names).map(String::as_str)
}

/// The ROS resource types that fill a field of a kind.
pub fn ros_types_for(kind: &str, field: &str) -> impl Iterator<Item = &'static str> {
    static FILLS: OnceLock<Fills> = OnceLock::new();
    FILLS
        .get_or_init(|| filled_by(crate::ros::map::BLOCKS))
        .iter()
        .filter(move |((k, f), _)| *k == kind && *f == field)
        .flat_map(|(_, names)| names)
        .map(String::as_str)
}

fn filled_by(blocks: &[&[Block]]) -> Fills {
    let mut fills = Fills::new();
    for block in blocks.iter().flat_map(|blocks| blocks.iter()) {
        for field in touched(block.read) {
            fills.entry(field).or_default().insert(block.name.to_owned());
        }
    }
    fills
}

fn fills() -> &'static Fills {
    static FILLS: OnceLock<Fills> = OnceLock::new();
    FILLS.get_or_init(|| {
        let mut fills = Fills::new();
        for call in CALLS.iter().flat_map(|calls| calls.iter()) {
            let name = format!("{}:{}", call.product, call.action);
            if let Some(schema) = call.lists {
                fills.entry((schema.kind, "id")).or_default().insert(name.clone());
            }
            for field in touched(call.read) {
                fills.entry(field).or_default().insert(name.clone());
            }
        }
        fills
    })
}

/// Lets the adapter read an answer of which every value is unknown, over one blank resource of every kind, and looks
/// which facts it speaks of: those that do not stay "not collected".
fn touched(read: fn(&Fields<'_>, &mut Sink<'_>)) -> BTreeSet<(&'static str, &'static str)> {
    let origin = Origin::new(Arc::new(Source::new(SourceKind::Api, "")), 0, Label::Inference);
    let mut batch = Batch::new();
    for schema in service::KINDS {
        schema.blank.iter().for_each(|add| add(&mut batch, &origin));
    }
    let node = Node::new(Tree::Unknown(Reason::refused("probe", None)), 0);
    let mut around = Around::nothing(origin.clone());
    around.region = Fact::unknown(Reason::refused("probe", None), origin.clone());
    let mut sink = Sink { batch: &mut batch, around };
    read(&Fields::new(&node, &origin, ""), &mut sink);
    batch.finish();
    let mut found = BTreeSet::new();
    for record in batch.records() {
        let schema = record.schema();
        for (index, field) in schema.fields.iter().enumerate() {
            let untouched = record
                .fact(index)
                .is_some_and(|fact| matches!(fact.state, xiezhi_model::State::Unknown(Reason::NotCollected)));
            if !untouched {
                found.insert((schema.kind, field.name));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_that_an_adapter_reads_a_fact_from_is_found() {
        let calls: Vec<&str> = calls_for("oss.bucket", "acl").collect();
        assert!(calls.contains(&"oss:GetBucketAcl"), "{calls:?}");
        assert_eq!(calls_for("oss.bucket", "id").collect::<Vec<_>>(), ["oss:ListBuckets"]);
        assert_eq!(calls_for("oss.bucket", "no-such-field").count(), 0);
    }
}
