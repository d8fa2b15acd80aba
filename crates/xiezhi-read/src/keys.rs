//! How a value that names a KMS key is read, whatever the product and the source.
//!
//! Vocabulary of who holds a key, weakest first: `none`, `provider-key` (the product's own, nobody sees it),
//! `service-key` (made by the product in the tenant's KMS, alias `acs/<product>`: free, not to be disabled, rotated or
//! deleted by the tenant), `kms-key` (a key of KMS named by its id, whose own facts say the rest). Source: Alibaba Cloud
//! help, "Overview of key management".

use xiezhi_model::service::kms::Key;
use xiezhi_model::{Fact, Link, Reason, State, Text};

use crate::fields::{Fields, assumed};
use crate::sink::Sink;
use crate::words::target;

/// Whether a product's switch, rather than a key, stands where a key id may stand. Source:
/// terraform-provider-alicloud r/db_instance `encryption_key` (`ServiceKey`, `disabled`).
fn is_service(name: &str) -> bool {
    name.eq_ignore_ascii_case("ServiceKey") || name.starts_with("alias/acs/")
}

/// The key that a value names by its id or ARN; absent when it names none, or the product's own key.
pub fn key(f: &Fields<'_>, path: &str) -> Fact<Link<Key>> {
    let mut fact: Fact<Link<Key>> = f.link(path);
    if let State::Known(link) = &mut fact.state {
        if is_service(&link.target) || link.target.eq_ignore_ascii_case("disabled") {
            fact.state = State::Absent;
        } else if let Some((_, id)) = link.target.split_once(":key/") {
            // acs:kms:<region>:<account>:key/<id>
            *link = Link::id(id);
        }
    }
    fact
}

/// The key that a value names as it stands there: id, alias, or the address of a key of the same configuration; absent when
/// it names none. A masked id is still the id of a key.
pub(crate) fn named(f: &Fields<'_>, path: &str) -> Fact<Text> {
    let key = target(f.link::<Key>(path));
    match (key.reason(), f.plain(path)) {
        (Some(Reason::Redacted), Some(id)) if !id.starts_with("alias") && id.contains('-') => f.known(id.into()),
        _ => key,
    }
}

/// Who holds the key that a value names: `missing` (`none` or `service-key`) when it names none.
pub fn holder(f: &Fields<'_>, path: &str, missing: &str) -> Fact<Text> {
    let fact: Fact<Link<Key>> = f.link(path);
    let state = match fact.state {
        State::Known(link) if is_service(&link.target) => State::Known("service-key".into()),
        State::Known(link) if link.target.eq_ignore_ascii_case("disabled") => State::Known("none".into()),
        State::Known(_) => State::Known("kms-key".into()),
        State::Absent => State::Known(missing.into()),
        // A masked id is still the id of a key.
        State::Unknown(Reason::Redacted) if f.plain(path).is_some_and(|id| !id.starts_with("alias")) => {
            State::Known("kms-key".into())
        }
        State::Unknown(reason) => State::Unknown(reason),
    };
    Fact { state, origin: fact.origin }
}

/// A configuration that names a key by its id is taken to mean a usable key of the customer's own, until somebody looks
/// at that key: an inference, since the id alone does not say so.
pub fn assume_customer_key(sink: &mut Sink<'_>, key: &Fact<Link<Key>>) {
    let Some(link) = key.value() else { return };
    if link.target.contains('#') || link.target.starts_with("alias/") {
        return;
    }
    let assumed = assumed("a configuration names a key of the customer's own by its id");
    sink.on(key, |key: &mut Key| {
        key.service_key = assumed.known(false);
        key.state = assumed.known("enabled".into());
    });
}

/// The holder and the key of an encryption that a switch turns on: none when it is off, the product's service key when
/// it is on and names no key.
pub fn under(switch: &Fact<bool>, f: &Fields<'_>, path: &str) -> (Fact<Text>, Fact<Link<Key>>) {
    match &switch.state {
        State::Known(true) => (holder(f, path, "service-key"), key(f, path)),
        State::Known(false) | State::Absent => {
            let origin = &switch.origin;
            (Fact::known("none".into(), origin.clone()), Fact::absent(origin.clone()))
        }
        State::Unknown(reason) => {
            (Fact::unknown(reason.clone(), switch.origin.clone()), Fact::unknown(reason.clone(), switch.origin.clone()))
        }
    }
}

/// Whether the answer that names a key also says who made it (`Creator`: an account id, or a product): said of the key.
pub fn creator(sink: &mut Sink<'_>, f: &Fields<'_>, key: &Fact<Link<Key>>) {
    let service = made_by_product(f.text("Creator"));
    if service.reason().is_none() {
        sink.on(key, |key: &mut Key| key.service_key = service);
    }
}

/// Whether a key's creator is a product: people's keys carry an account id. Source: KMS DescribeKey `Creator`.
pub fn made_by_product(creator: Fact<Text>) -> Fact<bool> {
    creator.try_map(|creator| {
        if creator.is_empty() {
            Err(Reason::NotInEvidence)
        } else {
            Ok(!creator.chars().all(|letter| letter.is_ascii_digit()))
        }
    })
}
