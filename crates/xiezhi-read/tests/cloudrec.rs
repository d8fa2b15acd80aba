//! Asset documents of CloudRec's collector, one for each group of products, read as a user hands them over.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use xiezhi_model::service::{ecs, kms, oss, ram, slb};
use xiezhi_model::{Inventory, Resource};
use xiezhi_read::{Input, Options, read};

fn inventory(name: &str, bytes: &[u8]) -> Inventory {
    let input = Input::Bytes { name: name.into(), bytes: bytes.to_vec(), live: false };
    let reading = read(&[input], &Options::default());
    assert!(reading.batches.iter().all(|batch| batch.problems.is_empty()), "{name}");
    Inventory::join(reading.batches)
}

/// The one resource of its kind; the kind is not listed.
fn only<R: Resource>(inventory: &Inventory) -> &R {
    let [one] = inventory.all::<R>() else { panic!("one {}", R::SCHEMA.kind) };
    assert!(!inventory.gaps(R::SCHEMA).is_empty(), "one {} is not all there is", R::SCHEMA.kind);
    one
}

#[test]
fn a_user_with_policies_and_access_keys() {
    let inventory = inventory("identity.json", include_bytes!("cloudrec/identity.json"));
    let user: &ram::User = only(&inventory);
    let keys = &user.access_keys.value().unwrap().items;
    assert_eq!(keys[0].last_used.value().map(ToString::to_string).as_deref(), Some("2024-06-01T08:00:00Z"));
    assert_eq!(user.console_login.value(), Some(&true));
}

#[test]
fn a_server_with_its_disk_and_the_rules_of_its_group() {
    let inventory = inventory("compute.json", include_bytes!("cloudrec/compute.json"));
    let disk: &ecs::Disk = only(&inventory);
    assert_eq!(disk.instance.value().map(|link| link.target.as_str()), Some("i-bp1"), "the document says whose it is");
    let group: &ecs::SecurityGroup = only(&inventory);
    assert_eq!(group.rules.value().unwrap().items.len(), 1);
    let server: &ecs::Instance = only(&inventory);
    assert!(server.ram_role.reason().is_some(), "a structure that nobody filled in says nothing");
}

#[test]
fn a_balancer_without_an_id_keeps_its_listeners() {
    let inventory = inventory("network.json", include_bytes!("cloudrec/network.json"));
    let balancer: &slb::LoadBalancer = only(&inventory);
    let id = balancer.head.id.value().unwrap();
    assert!(id.starts_with("unnamed-"));
    let listeners = inventory.all::<slb::Listener>();
    assert_eq!(listeners.len(), 2);
    assert!(listeners.iter().all(|one| one.load_balancer.value().is_some_and(|link| link.target == *id)));
}

#[test]
fn a_bucket_with_what_the_collector_names_otherwise() {
    let inventory = inventory("data.json", include_bytes!("cloudrec/data.json"));
    let bucket: &oss::Bucket = only(&inventory);
    assert_eq!(bucket.versioning.value().map(|word| word.as_str()), Some("Enabled"));
    assert_eq!(bucket.block_public_access.value(), Some(&false));
    assert_eq!(bucket.referers.value().unwrap().items.len(), 1);
    let rule = &bucket.cors_rules.value().unwrap().items[0];
    assert_eq!(rule.allowed_origins.value().unwrap().items[0].as_str(), "*");
    assert!(bucket.policy.reason().is_some(), "null is a policy that nobody saw, not none");
}

#[test]
fn the_keys_and_secrets_of_a_region() {
    let inventory = inventory("security.json", include_bytes!("cloudrec/security.json"));
    let key: &kms::Key = only(&inventory);
    assert_eq!(key.head.id.value().map(|id| id.as_str()), Some("k-1"));
    let secret: &kms::Secret = only(&inventory);
    assert_eq!(secret.head.id.value().map(|id| id.as_str()), Some("db"));
}
