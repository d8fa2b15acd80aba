use std::sync::Arc;

use crate::service::account::Account;
use crate::service::oss::{Bucket, CorsRule};
use crate::*;

fn origin(name: &str) -> Origin {
    Origin::new(Arc::new(Source::new(SourceKind::Api, name)), 1, Label::UserProvided)
}

fn bucket(id: &str, place: &str) -> Bucket {
    let mut head = Head::new(origin(place));
    head.id = Fact::known(id.into(), origin(place));
    Bucket::new(head)
}

fn listing(kind: &'static str, region: Option<&str>, gap: Option<Reason>) -> Listing {
    let scope = ListingScope::Account { account: None, region: region.map(Into::into) };
    Listing { kind, scope, gap, about: None, origin: origin("l") }
}

#[test]
fn several_calls_about_one_bucket_are_one_bucket() {
    let mut batch = Batch::new();
    batch.add(&Key::id("b"), bucket("b", "list"));
    batch.edit::<Bucket>(&Key::id("b"), &origin("acl"), |b| {
        b.acl.merge(Fact::known("private".into(), origin("acl")));
    });
    let inventory = Inventory::join(vec![batch]);
    let buckets = inventory.all::<Bucket>();
    assert_eq!(buckets.len(), 1);
    assert_eq!(buckets[0].acl.value().map(Text::as_str), Some("private"));
    assert_eq!(buckets[0].versioning.reason(), Some(&Reason::NotCollected));
}

#[test]
fn a_companion_by_address_and_one_by_name_join_the_bucket_that_has_both() {
    let mut batch = Batch::new();
    batch.edit::<Bucket>(&Key::address("m", "alicloud_oss_bucket.b"), &origin("x"), |b| {
        b.acl = Fact::known("private".into(), origin("x"));
    });
    batch.edit::<Bucket>(&Key::id("data"), &origin("y"), |b| {
        b.versioning = Fact::known("Enabled".into(), origin("y"));
    });
    let mut both = bucket("data", "main");
    both.head.address = "alicloud_oss_bucket.b".into();
    both.head.set = "m".into();
    let key = Key { id: Some("data".into()), address: Some("m#alicloud_oss_bucket.b".into()) };
    batch.add(&key, both);
    let inventory = Inventory::join(vec![batch]);
    assert_eq!(inventory.all::<Bucket>().len(), 1);
    let joined = &inventory.all::<Bucket>()[0];
    assert!(joined.acl.value().is_some() && joined.versioning.value().is_some());
    assert!(inventory.follow(None, Bucket::SCHEMA, "m#alicloud_oss_bucket.b").is_some());
    assert!(inventory.follow(None, Bucket::SCHEMA, "data").is_some());
}

#[test]
fn two_evidence_sets_that_differ_about_a_fact_make_it_unknown() {
    let batch = |acl: &str, place: &str| {
        let mut batch = Batch::new();
        let mut b = bucket("b", place);
        b.acl = Fact::known(acl.into(), origin(place));
        batch.add(&Key::id("b"), b);
        batch
    };
    for order in [["private", "public-read"], ["public-read", "private"]] {
        let inventory = Inventory::join(vec![batch(order[0], order[0]), batch(order[1], order[1])]);
        assert_eq!(inventory.all::<Bucket>()[0].acl.reason().map(Reason::code), Some("sources-disagree"));
    }
}

#[test]
fn pages_of_a_list_add_up_and_a_missing_page_is_remembered() {
    let mut batch = Batch::new();
    let rule = CorsRule::unknown(&origin("p1"));
    batch.append(&Key::id("b"), &origin("p1"), |b: &mut Bucket| &mut b.cors_rules, vec![rule.clone()], None);
    let throttled = Reason::Throttled("oss:GetBucketCors".into());
    batch.append(&Key::id("b"), &origin("p2"), |b: &mut Bucket| &mut b.cors_rules, vec![rule], Some(throttled.clone()));
    let rules = batch.resources::<Bucket>()[0].cors_rules.value().cloned().unwrap();
    assert_eq!((rules.items.len(), rules.more), (2, Some(throttled)));
}

#[test]
fn fields_read_by_name_say_the_same_as_the_struct() {
    let mut b = bucket("b", "x");
    b.acl = Fact::known("private".into(), origin("acl"));
    let (index, field) = Bucket::SCHEMA.field("acl").unwrap();
    assert!(matches!(field.ty, Type::Text));
    let view = b.fact(index).unwrap();
    assert!(matches!(view.state, State::Known(Value::Text("private"))));
    assert_eq!(view.origin.source.name, "acl");
    assert!(b.fact(Bucket::SCHEMA.fields.len()).is_none());
    assert_eq!(b.resource_head().and_then(|head| head.id.value()).map(Text::as_str), Some("b"));
}

#[test]
fn every_kind_has_its_own_name_and_documented_fields() {
    let mut names: Vec<_> = service::KINDS.iter().map(|schema| schema.kind).collect();
    let sorted = {
        let mut s = names.clone();
        s.sort_unstable();
        s
    };
    assert_eq!(names, sorted, "KINDS is in order of name");
    names.dedup();
    assert_eq!(names.len(), service::KINDS.len());
    for schema in service::KINDS {
        for field in schema.fields {
            assert!(field.doc.trim().len() > 10, "{}.{} has no documentation", schema.kind, field.name);
        }
    }
}

#[test]
fn a_listing_is_complete_only_for_what_was_asked() {
    let mut batch = Batch::new();
    batch.listing(listing("oss.bucket", None, None));
    let inventory = Inventory::join(vec![batch]);
    assert!(inventory.gaps(Bucket::SCHEMA).is_empty());
    assert_eq!(inventory.gaps(Account::SCHEMA)[0].reason, Reason::NotCollected);
    let nothing = Inventory::join(vec![]);
    assert_eq!(nothing.gaps(Bucket::SCHEMA)[0].reason, Reason::NotCollected);
    let mut partial = Batch::new();
    partial.listing(listing("oss.bucket", None, Some(Reason::Throttled("oss:ListBuckets".into()))));
    assert_eq!(Inventory::join(vec![partial]).gaps(Bucket::SCHEMA)[0].reason.code(), "throttled");
}

#[test]
fn what_an_account_has_one_of_is_joined_across_evidence_that_names_the_account_and_evidence_that_does_not() {
    use crate::service::ram::PasswordPolicy;
    let batch = |account: Option<&str>, place: &str| {
        let mut head = Head::new(origin(place));
        if let Some(account) = account {
            head.account = Fact::known(account.into(), origin(place));
        }
        let mut policy = PasswordPolicy::new(head);
        policy.min_length = Fact::known(if account.is_some() { 14 } else { 8 }, origin(place));
        let mut batch = Batch::new();
        batch.add(&Key::address("ram.password-policy", ""), policy);
        batch
    };
    let inventory = Inventory::join(vec![batch(Some("1"), "a"), batch(None, "b")]);
    assert_eq!(inventory.all::<PasswordPolicy>().len(), 1);
    let differs = inventory.all::<PasswordPolicy>()[0].min_length.reason().map(Reason::code);
    assert_eq!(differs, Some("sources-disagree"));
    let two = Inventory::join(vec![batch(Some("1"), "a"), batch(Some("2"), "b")]);
    assert_eq!(two.all::<PasswordPolicy>().len(), 2);
}

#[test]
fn two_blocks_that_declare_one_thing_of_the_account_are_judged_each_for_itself() {
    use crate::service::ram::PasswordPolicy;
    let mut batch = Batch::new();
    for (name, length) in [("a", 8), ("b", 14)] {
        let mut head = Head::new(origin(name));
        head.set = "m".into();
        head.address = format!("alicloud_ram_account_password_policy.{name}").into();
        let mut policy = PasswordPolicy::new(head);
        policy.min_length = Fact::known(length, origin(name));
        batch.add(&Key::address("m", &format!("alicloud_ram_account_password_policy.{name}")), policy);
    }
    let mut account = Account::new(Head::new(origin("x")));
    account.head.set = "m".into();
    account.head.address = "alicloud_ram_security_preference.p".into();
    batch.add(&Key::address("m", "alicloud_ram_security_preference.p"), account);
    let mut other = Account::new(Head::new(origin("y")));
    other.head.set = "m".into();
    other.head.address = "alicloud_oss_account_public_access_block.p".into();
    batch.add(&Key::address("m", "alicloud_oss_account_public_access_block.p"), other);
    let inventory = Inventory::join(vec![batch]);
    let lengths: Vec<_> = inventory.all::<PasswordPolicy>().iter().map(|p| p.min_length.value().copied()).collect();
    assert_eq!(lengths, [Some(8), Some(14)]);
    assert_eq!(inventory.all::<Account>().len(), 1, "different blocks speak of one account");
}
