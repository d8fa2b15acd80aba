//! Every pattern of the list is used: an estate that has what the pattern needs shows it, and one without the right does not.

use std::collections::{BTreeMap, BTreeSet};

use super::super::rules::{Gives, Rule, rules};
use super::*;
use crate::estate::{Attachment, Carried, Group, Host, Listing, Role, StoredPolicy, User};
use crate::switches::Tri;

const ALL: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

fn identity(name: &str, text: &str) -> Policy {
    Policy::parse(name, PolicyKind::Identity, text)
}

fn role(name: &str, principal: &str, condition: &str) -> Role {
    let text = format!(
        r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{principal}{condition}}}]}}"#
    );
    Role {
        name: name.into(),
        trust: Some(Policy::parse("trust", PolicyKind::Trust, &text)),
        policies: Listing::complete(vec![Attachment::system("AdministratorAccess")]),
        service_linked: false,
    }
}

/// An account with something of every kind; the user eve has the statement `own`.
fn estate(own: &str) -> Estate {
    let stored = |name: &str, text: &str, others: Vec<Policy>| StoredPolicy {
        name: name.into(),
        system: name == "AdministratorAccess",
        default: Some(identity(name, text)),
        others: Listing::complete(others),
    };
    let mut eve = User::new("eve");
    eve.policies.items.push(Attachment::custom("mine"));
    eve.groups.items.push("staff".into());
    let mut bob = User::new("bob");
    bob.policies.items.push(Attachment::system("AdministratorAccess"));
    bob.console = Tri::Yes;
    let mut carl = User::new("carl");
    carl.policies.items.push(Attachment::system("AdministratorAccess"));
    let group =
        |name: &str, policies: Vec<Attachment>| Group { name: name.into(), policies: Listing::complete(policies) };
    let mut roles: Vec<Role> = ["ecs", "fc", "ros", "oos", "fnf"]
        .map(|code| role(code, &format!(r#"{{"Service":["{code}.aliyuncs.com"]}}"#), ""))
        .into();
    roles.push(role("root", r#"{"RAM":["acs:ram::1001:root"]}"#, ""));
    roles.push(role("saml", r#"{"Federated":["acs:ram::1001:saml-provider/idp"]}"#, ""));
    roles.push(role("oidc", r#"{"Federated":["acs:ram::1001:oidc-provider/ci"]}"#, ""));
    let host = |kind, id: &str, role: &str| Host {
        kind,
        id: id.into(),
        has_id: true,
        region: "cn-hangzhou".into(),
        role: Carried::Role(role.into()),
        internet: Tri::No,
        metadata_token: Tri::No,
    };
    Estate {
        account: "1001".into(),
        users: Listing::complete(vec![eve, bob, carl]),
        groups: Listing::complete(vec![
            group("staff", vec![]),
            group("admins", vec![Attachment::system("AdministratorAccess")]),
        ]),
        roles: Listing::complete(roles),
        policies: Listing::complete(vec![
            stored("mine", own, vec![identity("mine v1", ALL)]),
            stored("AdministratorAccess", ALL, vec![]),
        ]),
        hosts: Listing::complete(vec![
            host(HostKind::Instance, "i-1", "ecs"),
            host(HostKind::Function, "f", "fc"),
            host(HostKind::ContainerGroup, "eci-1", "ecs"),
        ]),
        ..Estate::default()
    }
}

/// The patterns that an estate shows for sure, as steps or as powers.
fn shown(estate: &Estate) -> BTreeSet<&'static str> {
    let index = Index::new(estate);
    let escalation = Escalation::build(&index, &Options::default());
    let steps = escalation.graph.edges.iter().filter(|edge| edge.sure).filter_map(|edge| edge.pattern);
    let powers =
        escalation.powers.values().flatten().filter(|power| power.truth == Truth::Yes).map(|power| power.pattern);
    steps.chain(powers).collect()
}

fn allow(actions: &[&str]) -> String {
    let list = actions.iter().map(|action| format!("\"{action}\"")).collect::<Vec<_>>().join(",");
    format!(r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Action":[{list}],"Resource":"*"}}]}}"#)
}

/// What a pattern asks for beside its own calls: a role to hand over, a foothold to start from.
fn beside(rule: &Rule) -> Vec<&'static str> {
    let mut more = Vec::new();
    if rule.passes().is_some() {
        more.push("ram:PassRole");
    }
    match rule.id {
        "A03" => more.push("sts:AssumeRole"),
        "D02" => more.extend(["ecs:RunCommand", "ecs:DetachInstanceRamRole"]),
        _ => {}
    }
    more
}

#[test]
fn each_of_the_101_patterns_is_used_and_none_is_idle() {
    let mut by: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let none = shown(&estate(&allow(&["oss:ListBuckets"])));
    for rule in rules() {
        let how = match rule.gives {
            Gives::Outside => "found in trust policies and at hosts",
            Gives::Shape => "said by the lint or the evaluator",
            _ => {
                let mut actions: Vec<&str> =
                    rule.needs.iter().filter_map(|need| need.actions.first().copied()).collect();
                actions.extend(beside(rule));
                let found = shown(&estate(&allow(&actions)));
                assert!(found.contains(rule.id), "{} is not shown by {actions:?}: {found:?}", rule.id);
                assert!(!none.contains(rule.id), "{} is shown to a user without the right", rule.id);
                "shown by rights"
            }
        };
        by.entry(how).or_default().insert(rule.id);
    }
    let counts: Vec<(&str, usize)> = by.iter().map(|(how, ids)| (*how, ids.len())).collect();
    assert_eq!(
        counts,
        [
            ("found in trust policies and at hosts", 5),
            ("said by the lint or the evaluator", 3),
            ("shown by rights", 93)
        ]
    );
}

#[test]
fn what_trust_policies_and_hosts_open_to_the_outside_is_shown_by_its_pattern() {
    let outside = |change: &dyn Fn(&mut Estate)| {
        let mut estate = estate(&allow(&["oss:ListBuckets"]));
        estate.roles.items.clear();
        estate.hosts.items.clear();
        change(&mut estate);
        shown(&estate)
    };
    let trusting = |principal: &'static str| outside(&move |estate| estate.roles.items.push(role("r", principal, "")));
    assert!(trusting(r#"{"RAM":["acs:ram::2002:root"]}"#).contains("C05"));
    assert!(trusting(r#"{"RAM":["*"]}"#).contains("C06"));
    // What stands beside `*` is not lost.
    let both = trusting(r#"{"RAM":["*"],"Federated":["acs:ram::1001:oidc-provider/ci"]}"#);
    assert!(both.contains("C06") && both.contains("C07"), "{both:?}");
    assert!(trusting(r#"{"Federated":["acs:ram::1001:oidc-provider/ci"]}"#).contains("C07"));
    assert!(trusting(r#"{"Service":["2002@log.aliyuncs.com"]}"#).contains("C09"));
    let reached = outside(&|estate| {
        estate.roles.items.push(role("ecs", r#"{"Service":["ecs.aliyuncs.com"]}"#, ""));
        estate.hosts.items.push(Host {
            kind: HostKind::Instance,
            id: "i-2".into(),
            has_id: true,
            region: "cn-hangzhou".into(),
            role: Carried::Role("ecs".into()),
            internet: Tri::Yes,
            metadata_token: Tri::No,
        });
    });
    assert!(reached.contains("D24") && !outside(&|_| {}).contains("D24"), "{reached:?}");
}

/// H01 and H02 are shapes of one statement; H03 is how resource groups combine (R-2.3), which every decision follows.
#[test]
fn the_risky_shapes_are_said_by_the_lint_and_followed_by_the_evaluator() {
    use crate::lint::{self, Lint};
    let said = |statement: &str| {
        let policy = identity("p", &format!(r#"{{"Version":"1","Statement":[{statement}]}}"#));
        lint::policy(&policy, &Options::default()).into_iter().map(|remark| remark.lint).collect::<Vec<_>>()
    };
    let not_action = r#"{"Effect":"Allow","NotAction":"ram:*","Resource":"*"}"#;
    assert!(said(not_action).contains(&Lint::AllowNotAction), "H01");
    let mfa = r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"},{"Effect":"Deny","Action":"ecs:*","Resource":"*",
        "Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#;
    assert!(said(mfa).contains(&Lint::MfaDenyMissesKeys), "H02");
    let deny = identity("d", r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#);
    let all = identity("a", ALL);
    let mut layers = crate::Layers::identity_only("1001", crate::PolicySet::of(vec![&all]));
    layers.group_identity = crate::PolicySet::of(vec![&deny]);
    let caller = Caller::User { account: "1001".into(), name: "ann".into(), id: None };
    let request = crate::Request::new(caller, "ecs:StopInstance", "acs:ecs:cn-hangzhou:1001:instance/i-1");
    assert_eq!(crate::judge(&request, &layers).decision.outcome, crate::Outcome::Allowed, "H03");
}
