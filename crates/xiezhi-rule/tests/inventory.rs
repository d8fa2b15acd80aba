//! Predicates over an inventory: links, accounts, listings with gaps, labels.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use xiezhi_model::service::account::Account;
use xiezhi_model::service::ecs::{Instance, SecurityGroup};
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{
    Batch, Fact, Head, Inventory, Key, Label, Link, List, Listing, ListingScope, Origin, Reason, Resource, Source,
    SourceKind, Text,
};
use xiezhi_rule::{Answer, Check, CheckSet, Context, Explanation};

fn origin(label: Label) -> Origin {
    Origin::new(Arc::new(Source::new(SourceKind::Api, "dump.json")), 1, label)
}

fn head(account: Option<&str>, id: &str) -> Head {
    let from = origin(Label::UserProvided);
    let mut head = Head::new(from.clone());
    head.id = Fact::known(id.into(), from.clone());
    if let Some(account) = account {
        head.account = Fact::known(account.into(), from);
    }
    head
}

fn known<T>(value: T) -> Fact<T> {
    Fact::known(value, origin(Label::UserProvided))
}

fn add<R: Resource>(batch: &mut Batch, account: Option<&str>, id: &str, change: impl FnOnce(&mut R)) {
    let mut row = R::new(head(account, id));
    change(&mut row);
    batch.add(&Key::id(id), row);
}

fn listed(batch: &mut Batch, kind: &'static str, gap: Option<Reason>) {
    let scope = ListingScope::Account { account: None, region: None };
    batch.listing(Listing { kind, scope, gap, about: None, origin: origin(Label::UserProvided) });
}

fn check(subject: &str, fail: &str) -> Check {
    let text = format!(
        "+++\nid = \"t\"\nseverity = \"low\"\nsubject = \"{subject}\"\nfail = '{fail}'\n+++\n# Title\n# 标题\n"
    );
    let set = CheckSet::load([("t.md", text)]);
    assert!(set.errors().is_empty(), "{}", set.errors()[0]);
    set.into_checks().remove(0)
}

/// What a predicate says of the first resource of a kind.
fn ask(inventory: &Inventory, subject: &str, fail: &str) -> Explanation {
    let check = check(subject, fail);
    let context = Context::new(inventory, None);
    let record = inventory.table(subject).unwrap().record(0).unwrap();
    let explained = check.explain(&context, record);
    let quick = check.judge(&context, record);
    assert_eq!((quick.answer, quick.label), (explained.answer, explained.label));
    explained
}

const VPC: &str = "instance.security_groups.exists(g, g.group_type == \"normal\")";

#[test]
fn a_list_of_links_is_followed_and_a_target_that_was_not_listed_is_unknown() {
    let build = |groups: &[&str], gap: Option<Option<Reason>>| {
        let mut batch = Batch::new();
        add::<Instance>(&mut batch, Some("1"), "i-1", |instance| {
            instance.security_groups = known(List::complete(vec![Link::id("sg-1"), Link::id("sg-2")]));
        });
        for id in groups {
            add::<SecurityGroup>(&mut batch, Some("1"), id, |group| {
                group.group_type = known(if *id == "sg-2" { "normal" } else { "enterprise" }.into());
            });
        }
        if let Some(gap) = gap {
            listed(&mut batch, "ecs.security-group", gap);
        }
        ask(&Inventory::join(vec![batch]), "ecs.instance", VPC)
    };
    assert_eq!(build(&["sg-1", "sg-2"], None).answer, Answer::Fail);
    assert_eq!(build(&["sg-1"], Some(None)).answer, Answer::Pass);
    let refused = build(&["sg-1"], Some(Some(Reason::refused("ecs:DescribeSecurityGroups", None))));
    assert_eq!(refused.answer, Answer::Unknown);
    assert_eq!(refused.reasons().iter().map(|reason| reason.code()).collect::<Vec<_>>(), ["refused"]);
    assert_eq!(build(&["sg-1", "sg-2"], None).premises[0].path, "instance.security_groups[1].group_type");
}

#[test]
fn each_speaks_of_the_subjects_account_only() {
    let mut batch = Batch::new();
    add::<Bucket>(&mut batch, Some("1"), "a", |bucket| bucket.acl = known("private".into()));
    add::<Instance>(&mut batch, Some("1"), "i-1", |_| {});
    add::<Bucket>(&mut batch, Some("2"), "b", |bucket| bucket.acl = known("public-read".into()));
    listed(&mut batch, "oss.bucket", None);
    let inventory = Inventory::join(vec![batch]);
    let open = "each(\"oss.bucket\").exists(b, b.acl == \"public-read\")";
    assert_eq!(ask(&inventory, "ecs.instance", open).answer, Answer::Pass);
    assert_eq!(
        ask(&inventory, "ecs.instance", "each(\"oss.bucket\").exists(b, b.acl == \"private\")").answer,
        Answer::Fail
    );
}

#[test]
fn a_resource_of_no_stated_account_leaves_each_open_when_there_are_several() {
    let mut batch = Batch::new();
    add::<Instance>(&mut batch, Some("1"), "i-1", |_| {});
    add::<Instance>(&mut batch, Some("2"), "i-2", |_| {});
    add::<Bucket>(&mut batch, None, "b", |bucket| bucket.acl = known("public-read".into()));
    listed(&mut batch, "oss.bucket", None);
    let inventory = Inventory::join(vec![batch]);
    let open = "each(\"oss.bucket\").exists(b, b.acl == \"public-read\")";
    assert_eq!(ask(&inventory, "ecs.instance", open).answer, Answer::Unknown);
}

#[test]
fn the_account_is_that_of_the_resource() {
    let mut batch = Batch::new();
    for (id, blocked) in [("1", true), ("2", false)] {
        add::<Account>(&mut batch, Some(id), id, |account| account.oss_block_public_access = known(blocked));
    }
    add::<Bucket>(&mut batch, Some("2"), "b", |_| {});
    let inventory = Inventory::join(vec![batch]);
    assert_eq!(ask(&inventory, "oss.bucket", "bucket.account.oss_block_public_access").answer, Answer::Pass);
    assert_eq!(ask(&inventory, "oss.bucket", "bucket.account.id == \"2\" && bucket.id == \"b\"").answer, Answer::Fail);
}

#[test]
fn the_label_is_the_weakest_of_what_decides_and_the_strongest_of_several_proofs() {
    let mut batch = Batch::new();
    add::<Bucket>(&mut batch, Some("1"), "b", |bucket| {
        bucket.acl = Fact::known("private".into(), origin(Label::Live));
        bucket.versioning = Fact::known("Enabled".into(), origin(Label::Documentation));
        bucket.encryption = Fact::known("KMS".into(), origin(Label::UserProvided));
    });
    let inventory = Inventory::join(vec![batch]);
    let label = |fail: &str| ask(&inventory, "oss.bucket", fail).label;
    let (live, documented, given) =
        ("bucket.acl == \"private\"", "bucket.versioning == \"Enabled\"", "bucket.encryption == \"KMS\"");
    assert_eq!(label(&format!("{live} && {documented} && {given}")), Label::Documentation);
    assert_eq!(label(&format!("{documented} || {given} || {live}")), Label::Live);
    assert_eq!(label(&format!("!({documented}) && !({given})")), Label::UserProvided);
    assert_eq!(label(&format!("{given} && !({documented})")), Label::Documentation);
    assert_eq!(label(&format!("bucket.acl in [bucket.versioning, \"private\"] && {given}")), Label::UserProvided);
}

#[test]
fn a_claim_that_there_is_none_rests_on_the_listing() {
    let mut batch = Batch::new();
    add::<Instance>(&mut batch, Some("1"), "i-1", |_| {});
    listed(&mut batch, "oss.bucket", None);
    let inventory = Inventory::join(vec![batch]);
    let explained = ask(&inventory, "ecs.instance", "each(\"oss.bucket\").exists(b, b.acl == \"private\")");
    assert_eq!((explained.answer, explained.label), (Answer::Pass, Label::UserProvided));
    assert_eq!(explained.premises[0].path, "listing(\"oss.bucket\")");
    let text: Text = "dump.json".into();
    assert_eq!(explained.premises[0].origin.as_ref().unwrap().source.name, text);
}

#[test]
fn what_another_account_refuses_does_not_matter() {
    let build = |refuser: &str| {
        let mut batch = Batch::new();
        add::<Instance>(&mut batch, Some("1"), "i-1", |_| {});
        add::<Instance>(&mut batch, Some("2"), "i-2", |_| {});
        for account in ["1", "2"] {
            let scope = ListingScope::Account { account: Some(account.into()), region: None };
            let gap = (account == refuser).then(|| Reason::refused("oss:ListBuckets", None));
            batch.listing(Listing { kind: "oss.bucket", scope, gap, about: None, origin: origin(Label::UserProvided) });
        }
        let inventory = Inventory::join(vec![batch]);
        ask(&inventory, "ecs.instance", "each(\"oss.bucket\").exists(b, b.acl == \"private\")").answer
    };
    assert_eq!(build("2"), Answer::Pass);
    assert_eq!(build("1"), Answer::Unknown);
}

#[test]
fn a_configuration_never_says_what_the_whole_account_lacks() {
    let build = |trail: bool, whole: bool| {
        let mut batch = Batch::new();
        add::<Account>(&mut batch, None, "1", |_| {});
        add::<Instance>(&mut batch, None, "i-1", |_| {});
        if trail {
            add::<Bucket>(&mut batch, None, "b", |bucket| bucket.acl = known("private".into()));
        }
        let scope = if whole {
            ListingScope::Account { account: None, region: None }
        } else {
            ListingScope::Set("main".into())
        };
        batch.listing(Listing {
            kind: "oss.bucket",
            scope,
            gap: None,
            about: None,
            origin: origin(Label::UserProvided),
        });
        Inventory::join(vec![batch])
    };
    const LACKS: &str = "!each(\"oss.bucket\").exists(b, b.acl == \"private\")";
    assert_eq!(ask(&build(true, false), "account", LACKS).answer, Answer::Pass);
    assert_eq!(ask(&build(false, false), "account", LACKS).answer, Answer::Unknown);
    assert_eq!(ask(&build(false, true), "account", LACKS).answer, Answer::Fail);
    assert_eq!(ask(&build(false, false), "ecs.instance", LACKS).answer, Answer::Fail, "of what the set declares");
}
