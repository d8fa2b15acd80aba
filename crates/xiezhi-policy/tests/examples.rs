//! The layers of a request by the official pages, each with its source (R-2.x of the reference), and the questions over them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::{OBJECT, OWNER, outcome, policy, role, user};
use xiezhi_policy::ask::{self, Safeguard, Target, Truth};
use xiezhi_policy::{
    Caller, Gap, KeyNetwork, Layer, Layers, Outcome, Policy, PolicyKind, PolicySet, Reading, Request, ResourceSide,
    Switch, decide, judge, values::IpRange,
};

#[test]
fn deny_by_default_and_explicit_deny_wins() {
    // "How RAM evaluates policies" (93740): R-2.1, R-2.5.
    let allow = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"}"#);
    let deny = policy(PolicyKind::Identity, r#"{"Effect":"Deny","Action":"ecs:Delete*","Resource":"*"}"#);
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&allow, &deny]));
    let ask =
        |action: &str| outcome(&layers, &Request::new(user(OWNER), action, "acs:ecs:cn-hangzhou:1001:instance/i"));
    assert_eq!(ask("ecs:StartInstance").0, Outcome::Allowed);
    assert_eq!(ask("ecs:DeleteInstance"), (Outcome::Denied, Layer::AccountLevelIdentityBasedPolicy));
    assert_eq!(ask("rds:CreateAccount"), (Outcome::Denied, Layer::Default));
}

#[test]
fn the_deciding_statement_is_named_with_its_place() {
    let text = "{\"Version\":\"1\",\"Statement\":[\n{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},\n{\"Effect\":\"Deny\",\"Action\":\"ecs:*\",\"Resource\":\"*\"}]}";
    let policy = Policy::parse("guard", PolicyKind::Identity, text);
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&policy]));
    let decision = decide(&Request::new(user(OWNER), "ecs:RunInstances", "*"), &layers, &Reading::standard());
    let named = &decision.statements[0];
    assert_eq!((named.policy.as_str(), named.statement, named.at.line), ("guard", 1, 3));
}

#[test]
fn documented_date_and_address_example_of_the_element_page() {
    // AlibabaCloudDocs/ram "Policy elements" (2021): several operators and keys are ANDed, several values ORed (R-1.29).
    let p = policy(
        PolicyKind::Identity,
        r#"{"Effect":"Allow","Action":"oss:*","Resource":"*","Condition":{
            "DateLessThan":{"acs:CurrentTime":"2019-08-12T17:00:00+08:00"},
            "IpAddress":{"acs:SourceIp":["203.0.113.0/24","203.0.113.2"]}}}"#,
    );
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&p]));
    let ask = |time: &str, ip: &str| {
        outcome(
            &layers,
            &Request::new(user(OWNER), "oss:ListObjects", OBJECT)
                .with_key("acs:CurrentTime", time)
                .with_key("acs:SourceIp", ip),
        )
        .0
    };
    assert_eq!(ask("2019-08-12T08:59:59Z", "203.0.113.9"), Outcome::Allowed);
    assert_eq!(ask("2019-08-12T09:00:00Z", "203.0.113.9"), Outcome::Denied);
    assert_eq!(ask("2019-08-12T08:59:59Z", "198.51.100.1"), Outcome::Denied);
}

#[test]
fn every_control_level_must_allow_and_the_root_is_exempt() {
    // Resource Directory "Control policy overview": R-2.8, R-2.9.
    let identity = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let full = policy(PolicyKind::Control, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let only_ecs = policy(PolicyKind::Control, r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&identity]));
    layers.owner_control = vec![PolicySet::of(vec![&full]), PolicySet::of(vec![&only_ecs])];
    layers.caller_control = layers.owner_control.clone();
    let ask = |layers: &Layers<'_>, caller: Caller, action: &str| outcome(layers, &Request::new(caller, action, "*"));
    assert_eq!(ask(&layers, user(OWNER), "ecs:RunInstances").0, Outcome::Allowed);
    assert_eq!(ask(&layers, user(OWNER), "oss:ListBuckets"), (Outcome::Denied, Layer::ControlPolicy));
    assert_eq!(
        ask(&layers, Caller::Root { account: OWNER.into() }, "oss:ListBuckets"),
        (Outcome::Allowed, Layer::AccountRoot)
    );
    layers.control_exempt = true;
    assert_eq!(ask(&layers, role(OWNER, "linked"), "oss:ListBuckets").0, Outcome::Allowed);
}

#[test]
fn a_control_policy_may_exempt_a_role_by_its_arn() {
    // Documented control-policy example with StringNotLike acs:PrincipalARN (R-2.10).
    let identity = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let guard = policy(
        PolicyKind::Control,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","Resource":"*",
           "Condition":{"StringNotLike":{"acs:PrincipalARN":"acs:ram:*:*:role/resourcedirectoryaccountaccessrole"}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&identity]));
    layers.owner_control = vec![PolicySet::of(vec![&guard])];
    let ask = |caller: Caller| outcome(&layers, &Request::new(caller, "ram:CreateUser", "*")).0;
    assert_eq!(ask(role(OWNER, "ResourceDirectoryAccountAccessRole")), Outcome::Allowed);
    assert_eq!(ask(role(OWNER, "other")), Outcome::Denied);
}

#[test]
fn a_session_policy_only_narrows() {
    // R-2.13; STS AssumeRole page.
    let identity = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}"#);
    let session =
        policy(PolicyKind::Session, r#"{"Effect":"Allow","Action":["oss:GetObject","ecs:*"],"Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&identity]));
    layers.session = Some(PolicySet::of(vec![&session]));
    let ask = |action: &str| outcome(&layers, &Request::new(role(OWNER, "r"), action, "*"));
    assert_eq!(ask("oss:GetObject").0, Outcome::Allowed);
    assert_eq!(ask("oss:GetBucketAcl"), (Outcome::Denied, Layer::SessionPolicy));
    assert_eq!(ask("ecs:RunInstances"), (Outcome::Denied, Layer::Default));
}

#[test]
fn a_resource_group_deny_does_not_take_back_an_account_level_allow() {
    // "Policy evaluation process" (2021): R-2.3; unconfirmed for 2026, so the verdict names SW-4.
    let allow = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"}"#);
    let deny = policy(PolicyKind::Identity, r#"{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&allow]));
    layers.group_identity = PolicySet::of(vec![&deny]);
    let request = Request::new(user(OWNER), "ecs:StopInstance", "acs:ecs:cn-hangzhou:1001:instance/i");
    let verdict = judge(&request, &layers);
    assert_eq!((verdict.decision.outcome, verdict.depends_on), (Outcome::Allowed, vec![Switch::GroupDenyIgnored]));
    layers.identity = PolicySet::default();
    assert_eq!(outcome(&layers, &request), (Outcome::Denied, Layer::ResourceGroupLevelIdentityBasedPolicy));
    layers.group_identity = PolicySet::of(vec![&allow]);
    assert_eq!(outcome(&layers, &request).0, Outcome::Allowed);
}

#[test]
fn assume_role_needs_both_sides_and_never_works_for_the_root() {
    // "How RAM evaluates policies when a role is assumed": R-2.2, R-1.24.
    let identity = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#);
    let trust = policy(
        PolicyKind::Trust,
        r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1001:root"],"Service":["ecs.aliyuncs.com"]}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&identity]));
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![&trust]));
    let ask = |layers: &Layers<'_>, caller: Caller| {
        outcome(layers, &Request::new(caller, "sts:AssumeRole", "acs:ram::1001:role/r")).0
    };
    assert_eq!(ask(&layers, user(OWNER)), Outcome::Allowed);
    assert_eq!(ask(&layers, role(OWNER, "other")), Outcome::Allowed);
    assert_eq!(ask(&layers, user("3003")), Outcome::Denied);
    assert_eq!(ask(&layers, Caller::Root { account: OWNER.into() }), Outcome::Denied);
    assert_eq!(
        ask(&layers, Caller::Service { domain: "ecs.aliyuncs.com".into(), for_account: None }),
        Outcome::Allowed
    );
    assert_eq!(ask(&layers, Caller::Service { domain: "fc.aliyuncs.com".into(), for_account: None }), Outcome::Denied);
    layers.identity = PolicySet::default();
    assert_eq!(ask(&layers, user(OWNER)), Outcome::Denied);
}

#[test]
fn a_trust_policy_has_no_word_on_other_actions_of_the_role() {
    // "Permission policy elements": a trust policy holds `sts:AssumeRole` (R-1.23).
    let identity = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":["ram:*","sts:*"],"Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&identity]));
    layers.resource = ResourceSide::Trust(PolicySet::default());
    let ask = |caller: Caller, action: &str| {
        let request = Request::new(caller, action, "acs:ram::1001:role/r");
        let target = xiezhi_policy::ask::Target::new(&[action], &["acs:ram::1001:role/r"]);
        let found = xiezhi_policy::ask::can(&layers, &request.caller.clone(), &target, &Default::default());
        let plain = outcome(&layers, &request).0;
        assert_eq!(found.finding.truth == xiezhi_policy::ask::Truth::Yes, plain == Outcome::Allowed, "{request}");
        plain
    };
    assert_eq!(ask(user(OWNER), "ram:GetRole"), Outcome::Allowed);
    assert_eq!(ask(Caller::Root { account: OWNER.into() }, "ram:GetRole"), Outcome::Allowed);
    assert_eq!(ask(user(OWNER), "sts:AssumeRole"), Outcome::Denied);
    assert_eq!(ask(user(OWNER), "sts:AssumeRoleWithOIDC"), Outcome::Denied);
    assert_eq!(ask(user("3003"), "ram:GetRole"), Outcome::Denied);
    assert_eq!(ask(Caller::Anonymous, "ram:GetRole"), Outcome::Denied);
}

#[test]
fn a_service_acting_for_another_account_is_a_cross_account_trust() {
    // AlibabaCloudDocs/sls: `<uid>@log.aliyuncs.com` (R-1.23).
    let trust = policy(
        PolicyKind::Trust,
        r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["2002@log.aliyuncs.com"]}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![&trust]));
    let ask = |account: Option<&str>| {
        let caller = Caller::Service { domain: "log.aliyuncs.com".into(), for_account: account.map(str::to_owned) };
        outcome(&layers, &Request::new(caller, "sts:AssumeRole", "acs:ram::1001:role/r")).0
    };
    assert_eq!((ask(Some("2002")), ask(Some("3003")), ask(None)), (Outcome::Allowed, Outcome::Denied, Outcome::Denied));
}

#[test]
fn kms_needs_one_side_inside_the_account_and_both_across() {
    // KMS "Overview of key policies": R-2.33.
    let key = policy(
        PolicyKind::Key,
        r#"{"Effect":"Allow","Principal":{"RAM":["acs:ram::1001:user/ann","acs:ram::2002:user/ann"]},"Action":"kms:Decrypt","Resource":"*"}"#,
    );
    let ram = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}"#);
    let ask = |caller: Caller, identity: Vec<&Policy>| {
        let mut layers = Layers::identity_only(OWNER, PolicySet::of(identity));
        layers.resource = ResourceSide::Key(PolicySet::of(vec![&key]));
        outcome(&layers, &Request::new(caller, "kms:Decrypt", "acs:kms:cn-hangzhou:1001:key/k")).0
    };
    assert_eq!(ask(user(OWNER), vec![]), Outcome::Allowed);
    assert_eq!(ask(role(OWNER, "x"), vec![&ram]), Outcome::Allowed);
    assert_eq!(ask(user("2002"), vec![]), Outcome::Denied);
    assert_eq!(ask(user("2002"), vec![&ram]), Outcome::Allowed);
    assert_eq!(ask(user("3003"), vec![&ram]), Outcome::Denied);
}

#[test]
fn the_network_rule_of_a_key_comes_first() {
    // IMS SetAccessKeyPolicy: R-2.20.
    let all = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let network = KeyNetwork { ranges: vec![IpRange::read("203.0.113.0/24").unwrap()], vpcs: vec!["vpc-1".into()] };
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&all]));
    layers.key_network = Some(&network);
    let request = Request::new(user(OWNER), "ecs:RunInstances", "*");
    let from = |ip: &str| outcome(&layers, &request.clone().with_key("acs:SourceIp", ip));
    assert_eq!(from("203.0.113.9").0, Outcome::Allowed);
    assert_eq!(from("198.51.100.1"), (Outcome::Denied, Layer::AccessKeyNetwork));
    assert_eq!(outcome(&layers, &request.clone().with_key("acs:SourceVpc", "vpc-1")).0, Outcome::Allowed);
    assert_eq!(outcome(&layers, &request).0, Outcome::Unknown);
}

#[test]
fn missing_policies_make_unknown_never_allowed_or_denied() {
    let deny = policy(PolicyKind::Identity, r#"{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#);
    let mut layers = Layers::identity_only(
        OWNER,
        PolicySet { policies: vec![&deny], gaps: vec![Gap::new("groups of ann", "call refused")] },
    );
    let ask = |layers: &Layers<'_>, action: &str| {
        decide(&Request::new(user(OWNER), action, "*"), layers, &Reading::standard())
    };
    let open = ask(&layers, "oss:ListBuckets");
    assert_eq!((open.outcome, open.gaps[0].what.as_str()), (Outcome::Unknown, "groups of ann"));
    // An explicit Deny that was seen decides whatever is missing.
    assert_eq!(ask(&layers, "ecs:RunInstances").outcome, Outcome::Denied);
    layers.identity.gaps.clear();
    assert_eq!(ask(&layers, "oss:ListBuckets").outcome, Outcome::Denied);
}

#[test]
fn a_deny_on_false_mfa_enforces_it_for_sessions_but_not_for_keys() {
    // Field note behind R-1.42 and pattern H02.
    let guarded = policy(
        PolicyKind::Identity,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"ram:*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#,
    );
    let strict = policy(
        PolicyKind::Identity,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"true"}}}"#,
    );
    let target = Target::new(&["ram:CreateUser"], &["*"]);
    let ask = |p: &Policy, keys: bool| {
        let layers = Layers::identity_only(OWNER, PolicySet::of(vec![p]));
        ask::escapes(&layers, &user(OWNER), &target, &Safeguard::Mfa, keys, &Default::default())
    };
    let escape = ask(&guarded, true);
    assert_eq!(escape.truth, Truth::Yes);
    assert_eq!(escape.witness.unwrap().key("acs:mfapresent"), None);
    assert_eq!((ask(&strict, true).truth, ask(&strict, false).truth), (Truth::No, Truth::No));
    let tls = policy(
        PolicyKind::Identity,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":"false"}}}"#,
    );
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&tls]));
    assert_eq!(
        ask::escapes(&layers, &user(OWNER), &target, &Safeguard::Tls, false, &Default::default()).truth,
        Truth::No
    );
    let network = Safeguard::Network(vec!["203.0.113.0/24".into()]);
    assert_eq!(ask::escapes(&layers, &user(OWNER), &target, &network, false, &Default::default()).truth, Truth::Yes);
}

#[test]
fn a_twin_spelling_is_read_as_granting_both_and_is_named() {
    let p = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"ims:CreateAccessKey","Resource":"*"}"#);
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&p]));
    let ability = ask::can(&layers, &user(OWNER), &Target::new(&["ram:CreateAccessKey"], &["*"]), &Default::default());
    assert_eq!((ability.finding.truth, ability.finding.by_twin.as_deref()), (Truth::Yes, Some("ims:CreateAccessKey")));
}

#[test]
fn only_calls_that_ims_has_are_spelt_in_two_ways() {
    // API metadata ims/2019-08-15: the codes ram and ims share the operations of IMS, and no others.
    use xiezhi_policy::catalogue::twin;
    assert_eq!(twin("ims:CreateAccessKey").as_deref(), Some("ram:CreateAccessKey"));
    assert_eq!((twin("ims:AttachPolicyToUser"), twin("ram:AttachPolicyToUser")), (None, None));
}

#[test]
fn an_action_without_resource_level_support_needs_a_statement_on_everything() {
    // RAM authorization page of ActionTrail: CreateServiceTrail is checked against `*` (R-1.21).
    let ann = user(OWNER);
    let can = |resource: &str| {
        let allow = policy(
            PolicyKind::Identity,
            &format!(r#"{{"Effect":"Allow","Action":"actiontrail:*","Resource":"{resource}"}}"#),
        );
        let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&allow]));
        let target = Target::new(&["actiontrail:CreateServiceTrail"], &["acs:actiontrail:*:1001:trail/t"]);
        ask::can(&layers, &ann, &target, &Default::default()).finding.truth
    };
    assert_eq!((can("acs:actiontrail:*:*:*"), can("*")), (Truth::No, Truth::Yes));
}

#[test]
fn what_hangs_on_a_reading_names_it_in_a_yes_in_a_no_and_in_always() {
    let depends = |statements: &str, action: &str| {
        let all = policy(PolicyKind::Identity, statements);
        let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&all]));
        let found =
            ask::can_in_all_readings(&layers, &user(OWNER), &Target::new(&[action], &["*"]), &Default::default());
        (found.finding.truth, found.finding.depends_on, found.always, found.always_depends_on)
    };
    // A Deny on an absent key: whether any call is left depends on SW-3.
    let negated = r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*","Condition":{"StringEquals":{"acs:SourceVpc":"v"}}},
        {"Effect":"Allow","Action":"oss:*","Resource":"*","Condition":{"StringNotLike":{"acs:SourceVpc":["*"]}}}"#;
    assert_eq!(depends(negated, "oss:GetObject").1, [Switch::NegatedOnAbsent]);
    assert_eq!(depends(negated, "ecs:StopInstance").1, []);
    let cut = r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"},{"Effect":"Deny","NotResource":"acs:no:*:*:*","Action":"ecs:*"}"#;
    let (truth, switches, ..) = depends(cut, "ecs:StopInstance");
    assert_eq!((truth, switches), (Truth::No, vec![Switch::NotResourceHonoured]), "what is left is of no such service");
    let always = r#"{"Effect":"Allow","Action":"ecs:stopinstance","Resource":"*"}"#;
    let (truth, yes, always, whole) = depends(always, "ecs:StopInstance");
    assert_eq!((truth, always), (Truth::Yes, Truth::Yes));
    assert_eq!((yes, whole), (vec![Switch::FoldCase], vec![Switch::FoldCase]));
    let no = r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"},{"Effect":"Deny","Action":"ecs:stopinstance","Resource":"*"}"#;
    assert_eq!(depends(no, "ecs:StopInstance").1, [Switch::FoldCase]);
}
