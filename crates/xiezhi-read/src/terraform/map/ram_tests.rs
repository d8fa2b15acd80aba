use std::sync::Arc;

use xiezhi_model::{Batch, Label, Origin, Source, SourceKind};

use super::*;
use crate::sink::Around;

/// A block: type, name, arguments. An argument that begins with `@` is a reference to a block's id.
fn read(blocks: &[(&str, &str, Tree<'_>)]) -> Batch {
    let mut batch = Batch::new();
    let origin = Origin::new(Arc::new(Source::new(SourceKind::TerraformConfig, "m")), 1, Label::UserProvided);
    for (kind, name, value) in blocks {
        let node = Node::new(value.clone(), 3);
        let mut around = Around::nothing(origin.clone());
        around.set = "m".into();
        around.address = format!("{kind}.{name}").into();
        let block = crate::terraform::block(kind).unwrap();
        (block.read)(&Fields::new(&node, &origin, "m"), &mut Sink { batch: &mut batch, around });
    }
    batch.finish();
    batch
}

fn args<'t>(entries: &[(&'t str, Tree<'t>)]) -> Tree<'t> {
    map(entries.to_vec())
}

fn reference(address: &str) -> Tree<'_> {
    Tree::Reference { address: address.into(), attribute: "name".into() }
}

fn user(batch: &mut Batch) -> User {
    let users = batch.resources::<User>();
    assert_eq!(users.len(), 1);
    users[0].clone()
}

#[test]
fn a_user_with_companions_by_reference_and_by_name_is_one_user() {
    let mut batch = read(&[
        ("alicloud_ram_user", "u", args(&[("name", text("ann"))])),
        ("alicloud_ram_login_profile", "l", args(&[("user_name", reference("alicloud_ram_user.u"))])),
        ("alicloud_ram_access_key", "k", args(&[("user_name", text("ann"))])),
        (
            "alicloud_ram_user_policy_attachment",
            "p",
            args(&[
                ("user_name", reference("alicloud_ram_user.u")),
                ("policy_name", text("AdministratorAccess")),
                ("policy_type", text("System")),
            ]),
        ),
    ]);
    let user = user(&mut batch);
    assert_eq!(user.console_login.value(), Some(&true));
    assert!(user.mfa_required.reason().is_some(), "the default depends on the provider's version");
    assert_eq!(user.access_keys.value().unwrap().items[0].active.value(), Some(&true));
    let grant = &user.policies.value().unwrap().items[0];
    assert_eq!(grant.policy.value().unwrap().target, "acs:ram:*:system:policy/AdministratorAccess");
    assert_eq!(user.groups.value().map(|groups| groups.items.len()), Some(0));
}

#[test]
fn a_companion_whose_user_is_unresolved_makes_every_user_doubtful() {
    let open = Tree::Unknown(Reason::unresolved("var.user"));
    let mut batch = read(&[
        ("alicloud_ram_user", "u", args(&[("name", text("ann"))])),
        ("alicloud_ram_access_key", "k", args(&[("user_name", open.clone())])),
        ("alicloud_ram_login_profile", "l", args(&[("user_name", open)])),
    ]);
    let user = user(&mut batch);
    assert!(user.console_login.reason().is_some());
    assert!(user.access_keys.value().unwrap().more.is_some());
    assert_eq!(user.policies.value().map(|list| list.more.is_none()), Some(true));
}

#[test]
fn membership_is_seen_from_both_ends() {
    let names = Tree::List(vec![Node::new(reference("alicloud_ram_user.u"), 3)], None);
    let mut batch = read(&[
        ("alicloud_ram_user", "u", args(&[("name", text("ann"))])),
        ("alicloud_ram_group", "g", args(&[("group_name", text("dev"))])),
        ("alicloud_ram_group_membership", "m", args(&[("group_name", text("dev")), ("user_names", names)])),
    ]);
    assert_eq!(user(&mut batch).groups.value().unwrap().items[0].target, "dev");
    let groups = batch.resources::<Group>();
    assert_eq!(groups[0].members.value().unwrap().items[0].target, "m#alicloud_ram_user.u");
}

#[test]
fn omitted_password_rules_take_the_documented_defaults() {
    let mut batch =
        read(&[("alicloud_ram_account_password_policy", "p", args(&[("require_symbols", Tree::Bool(false))]))]);
    let policies = batch.resources::<PasswordPolicy>();
    let policy = policies[0];
    assert_eq!(policy.symbol_required.value(), Some(&false));
    assert_eq!((policy.min_length.value(), policy.min_length.origin.label), (Some(&12), Label::Documentation));
    assert_eq!((policy.max_age_days.value(), policy.max_login_attempts.value()), (Some(&0), Some(&5)));
}

#[test]
fn older_role_and_policy_arguments_become_documents() {
    let services = Tree::List(vec![Node::new(text("ecs.aliyuncs.com"), 3)], None);
    let all = || Tree::List(vec![Node::new(text("*"), 3)], None);
    let statement = args(&[("effect", text("Allow")), ("action", all()), ("resource", all())]);
    let mut batch = read(&[
        ("alicloud_ram_role", "r", args(&[("name", text("r")), ("services", services)])),
        (
            "alicloud_ram_policy",
            "p",
            args(&[("name", text("p")), ("statement", Tree::List(vec![Node::new(statement, 3)], None))]),
        ),
    ]);
    let trust = batch.resources::<Role>()[0].trust_policy.value().cloned().unwrap();
    assert_eq!(
        trust,
        r#"{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":["ecs.aliyuncs.com"]}}],"Version":"1"}"#
    );
    let statements = batch.resources::<Policy>()[0].statements.value().cloned().unwrap();
    assert_eq!(statements.items[0].all_actions.value(), Some(&true));
}

#[test]
fn a_policy_is_attached_where_the_configuration_grants_it() {
    let attachment = |policy: Tree<'static>| {
        args(&[("policy_name", policy), ("policy_type", text("Custom")), ("user_name", text("alice"))])
    };
    let count = |attachments: Vec<Tree<'static>>| {
        let mut found = vec![("alicloud_ram_policy", "p", args(&[("policy_name", text("p"))]))];
        found.extend(attachments.into_iter().map(|one| ("alicloud_ram_user_policy_attachment", "a", one)));
        let mut batch = read(&found);
        batch.finish();
        batch.resources::<Policy>()[0].attachments.value().copied()
    };
    assert_eq!(count(vec![]), Some(0));
    assert_eq!(count(vec![attachment(text("p"))]), Some(1));
    assert_eq!(count(vec![attachment(text("p")), attachment(text("p"))]), Some(1));
    assert_eq!(count(vec![attachment(text("other"))]), Some(0));
    let unresolved = || Tree::Unknown(Reason::unresolved("var.policy"));
    assert_eq!(count(vec![attachment(unresolved())]), None);
    assert_eq!(count(vec![attachment(unresolved()), attachment(text("p"))]), Some(1));
}
