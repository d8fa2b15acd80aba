//! Evaluation examples of the official pages, each with its source, and the rules of the layers (R-2.x of the reference).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use xiezhi_policy::ask::{self, Safeguard, Target, Truth};
use xiezhi_policy::exposure::{self, Exposure, Surroundings};
use xiezhi_policy::{
    Acl, Caller, Gap, KeyNetwork, Layer, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Reading,
    Request, ResourceSide, Switch, Tri, decide, judge, values::IpRange,
};

const OWNER: &str = "1001";

fn policy(kind: PolicyKind, statements: &str) -> Policy {
    let policy = Policy::parse("p", kind, &format!(r#"{{"Version":"1","Statement":[{statements}]}}"#));
    assert!(policy.problems.iter().all(xiezhi_policy::Problem::is_note), "{:?}", policy.problems);
    policy
}

fn user(account: &str) -> Caller {
    Caller::User { account: account.into(), name: "ann".into(), id: Some(format!("2{account}")) }
}

fn role(account: &str, name: &str) -> Caller {
    Caller::Role { account: account.into(), name: name.into(), session: "s".into() }
}

fn outcome(layers: &Layers<'_>, request: &Request) -> (Outcome, Layer) {
    let decision = decide(request, layers, &Reading::standard());
    (decision.outcome, decision.layer)
}

fn bucket(policy: &Policy) -> OssSide<'_> {
    OssSide {
        bucket_policy: PolicySet::of(vec![policy]),
        bucket_acl: Some(Acl::Private),
        object_acl: ObjectAcl::Default,
        block_public_access: [Tri::No; 4],
        access_point: None,
    }
}

fn oss<'a>(identity: Vec<&'a Policy>, side: OssSide<'a>) -> Layers<'a> {
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(identity));
    layers.resource = ResourceSide::Oss(Box::new(side));
    layers
}

const OBJECT: &str = "acs:oss:oss-cn-hangzhou:1001:b/k";

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
fn deny_of_public_network_access_relies_on_an_absent_vpc_key() {
    // OSS bucket policy examples: StringNotLike acs:SourceVpc vpc-* means "came over the public network" (R-1.43).
    let p = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:*:b/*","Condition":{"StringNotLike":{"acs:SourceVpc":["vpc-*"]}}}"#,
    );
    let all = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"}"#);
    let layers = oss(vec![&all], bucket(&p));
    let request = Request::new(user(OWNER), "oss:GetObject", OBJECT);
    assert_eq!(outcome(&layers, &request), (Outcome::Denied, Layer::ResourceBasedPolicy));
    assert_eq!(outcome(&layers, &request.clone().with_key("acs:SourceVpc", "vpc-1")).0, Outcome::Allowed);
    let verdict = judge(&request, &layers);
    assert!(verdict.depends_on.contains(&Switch::NegatedOnAbsent), "{:?}", verdict.depends_on);
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
fn another_accounts_identity_policy_does_not_open_a_bucket() {
    // AlibabaCloudDocs/oss "Authentication": R-2.22.
    let all = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let none = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["3003"],"Action":"oss:GetObject","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let layers = oss(vec![&all], bucket(&none));
    assert_eq!(outcome(&layers, &Request::new(user("2002"), "oss:GetObject", OBJECT)).0, Outcome::Denied);
    assert_eq!(
        outcome(&layers, &Request::new(Caller::Root { account: "3003".into() }, "oss:GetObject", OBJECT)).0,
        Outcome::Allowed
    );
}

#[test]
fn acls_open_objects_to_anyone_but_not_listing_and_block_public_access_stops_them() {
    // R-2.21, R-2.23, R-2.25.
    let nothing = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["4004"],"Action":"oss:*","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let ask = |acl: Option<Acl>, object: ObjectAcl, blocked: Tri, action: &str| {
        let mut side = bucket(&nothing);
        side.bucket_acl = acl;
        side.object_acl = object;
        side.block_public_access = [Tri::No, blocked, Tri::No, Tri::No];
        outcome(&oss(vec![], side), &Request::new(Caller::Anonymous, action, OBJECT)).0
    };
    use ObjectAcl::{Default, Own};
    assert_eq!(ask(Some(Acl::PublicRead), Default, Tri::No, "oss:GetObject"), Outcome::Allowed);
    assert_eq!(ask(Some(Acl::PublicRead), Default, Tri::No, "oss:PutObject"), Outcome::Denied);
    assert_eq!(ask(Some(Acl::PublicReadWrite), Default, Tri::No, "oss:DeleteObject"), Outcome::Allowed);
    assert_eq!(ask(Some(Acl::PublicReadWrite), Default, Tri::No, "oss:ListObjects"), Outcome::Denied);
    assert_eq!(ask(Some(Acl::PublicRead), Own(Acl::Private), Tri::No, "oss:GetObject"), Outcome::Denied);
    assert_eq!(ask(Some(Acl::Private), Own(Acl::PublicRead), Tri::No, "oss:GetObject"), Outcome::Allowed);
    assert_eq!(ask(Some(Acl::PublicRead), Default, Tri::Yes, "oss:GetObject"), Outcome::Denied);
    assert_eq!(ask(Some(Acl::PublicRead), Default, Tri::Maybe, "oss:GetObject"), Outcome::Unknown);
    assert_eq!(ask(None, Default, Tri::No, "oss:GetObject"), Outcome::Unknown);
}

#[test]
fn star_without_condition_excludes_the_owner_and_with_one_includes_it() {
    // OSS "Authorization syntax and elements": R-1.26; SLS the same (R-1.28).
    let plain = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let conditional = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:1001:b/*","Condition":{"Bool":{"acs:SecureTransport":"false"}}}"#,
    );
    let root = Request::new(Caller::Root { account: OWNER.into() }, "oss:GetObject", OBJECT)
        .with_key("acs:SecureTransport", "false");
    assert_eq!(outcome(&oss(vec![], bucket(&plain)), &root).0, Outcome::Allowed);
    assert_eq!(outcome(&oss(vec![], bucket(&conditional)), &root).0, Outcome::Denied);
}

#[test]
fn an_access_point_must_allow_too_and_never_anonymously() {
    // OSS access points: R-2.28.
    let open = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let point = policy(
        PolicyKind::AccessPoint,
        r#"{"Effect":"Allow","Principal":["2002"],"Action":"oss:GetObject","Resource":"*"}"#,
    );
    let mut side = bucket(&open);
    side.access_point = Some(PolicySet::of(vec![&point]));
    let layers = oss(vec![], side);
    let ask = |caller: Caller, action: &str| outcome(&layers, &Request::new(caller, action, OBJECT)).0;
    let root = || Caller::Root { account: "2002".into() };
    assert_eq!(
        (ask(root(), "oss:GetObject"), ask(root(), "oss:PutObject"), ask(Caller::Anonymous, "oss:GetObject")),
        (Outcome::Allowed, Outcome::Denied, Outcome::Denied)
    );
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

fn exposure(statements: &str, blocked: Tri) -> Exposure {
    let p = policy(PolicyKind::Bucket, statements);
    let mut side = bucket(&p);
    side.block_public_access = [blocked; 4];
    let organisation = [OWNER.to_owned(), "2002".to_owned()];
    let around = Surroundings { owner: OWNER, organisation: &organisation, own_user_ids: Some(&[]) };
    exposure::analyse(&oss(vec![], side), &around, &["*"], &["*"], &Default::default())
}

#[test]
fn public_external_and_outside_the_organisation_are_told_apart() {
    let get = |principal: &str, condition: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"oss:GetObject","Resource":"acs:oss:*:1001:b/*"{condition}}}"#
        )
    };
    // (principal, condition, external, outside the organisation, public)
    for (principal, condition, external, foreign, public) in [
        (r#"["*"]"#, "", Truth::Yes, Truth::Yes, Truth::Yes),
        ("[]", "", Truth::Yes, Truth::Yes, Truth::Yes),
        (r#"["2002"]"#, "", Truth::Yes, Truth::No, Truth::No),
        (r#"["3003"]"#, "", Truth::Yes, Truth::Yes, Truth::No),
        (r#"["1001"]"#, "", Truth::No, Truth::No, Truth::No),
        (r#"["arn:sts::3003:assumed-role/r/*"]"#, "", Truth::Yes, Truth::Yes, Truth::No),
        (
            r#"["*"]"#,
            r#","Condition":{"IpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}"#,
            Truth::Yes,
            Truth::Yes,
            Truth::No,
        ),
        (
            r#"["*"]"#,
            r#","Condition":{"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}"#,
            Truth::Yes,
            Truth::Yes,
            Truth::No,
        ),
        (
            r#"["*"]"#,
            r#","Condition":{"NotIpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}"#,
            Truth::Yes,
            Truth::Yes,
            Truth::Yes,
        ),
        (r#"["*"]"#, r#","Condition":{"StringEquals":{"acs:SourceVpc":["vpc-1"]}}"#, Truth::Yes, Truth::Yes, Truth::No),
        (r#"["*"]"#, r#","Condition":{"Bool":{"acs:SecureTransport":["true"]}}"#, Truth::Yes, Truth::Yes, Truth::Yes),
    ] {
        let found = exposure(&get(principal, condition), Tri::No);
        assert_eq!(
            (found.external.truth, found.outside_organisation.truth, found.public),
            (external, foreign, public),
            "{principal} {condition}"
        );
    }
    // Block Public Access stops the star, not a named outsider (F01).
    assert_eq!(exposure(&get(r#"["*"]"#, ""), Tri::Yes).external.truth, Truth::No);
    assert_eq!(exposure(&get(r#"["3003"]"#, ""), Tri::Yes).external.truth, Truth::Yes);
    assert_eq!(exposure(&get(r#"["*"]"#, ""), Tri::Maybe).public, Truth::Unknown);
    // A Deny takes the public grant back where it covers it.
    let denied = format!(
        "{},{}",
        get(r#"["*"]"#, ""),
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:*:b/*"}"#
    );
    assert_eq!(exposure(&denied, Tri::No).public, Truth::No);
    let part = exposure(&get(r#"["*"]"#, r#","Condition":{"IpAddress":{"acs:SourceIp":["203.0.113.0/24"]}}"#), Tri::No);
    assert_eq!(part.ipv4_addresses, Some(256));
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
fn a_policy_that_only_nobody_in_particular_fits_is_public() {
    // An anonymous request carries no `acs:PrincipalArn`; a negated operator is true then (R-1.43).
    let project = policy(
        PolicyKind::Project,
        r#"{"Effect":"Allow","Principal":["*"],"Action":"log:PostLogStoreLogs","Resource":"*","Condition":{"StringNotLike":{"acs:PrincipalArn":["acs:*"]}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Default(PolicySet::of(vec![&project]));
    let around = Surroundings { owner: OWNER, ..Default::default() };
    let found = exposure::analyse(&layers, &around, &["*"], &["*"], &Default::default());
    assert_eq!((found.public, found.anyone.witness.unwrap().caller), (Truth::Yes, Caller::Anonymous));
}

#[test]
fn a_bucket_policy_that_admits_one_vpc_lets_nobody_in_from_elsewhere() {
    // OSS "Bucket Policy" and dual access control with a VPC: `acs:SourceVpc` is absent on the public network (R-2.29, section 3).
    use xiezhi_policy::exposure::Network;
    let bucket = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["2002"],"Action":"oss:GetObject","Resource":"acs:oss:*:1001:b/*","Condition":{"StringEquals":{"acs:SourceVpc":["vpc-a"]}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Oss(Box::new(OssSide {
        bucket_policy: PolicySet::of(vec![&bucket]),
        bucket_acl: Some(Acl::Private),
        object_acl: ObjectAcl::Default,
        block_public_access: [Tri::No; 4],
        access_point: None,
    }));
    let around = Surroundings { owner: OWNER, ..Default::default() };
    let beyond = |layers: &Layers<'_>, network: &str| {
        let network = Network::read(&[network]).unwrap();
        let found = exposure::beyond(layers, &around, &network, &["oss:*"], &["*"], &Default::default());
        (found.outsiders.truth, found.own.truth)
    };
    assert_eq!(beyond(&layers, "vpc-a"), (Truth::No, Truth::Yes));
    assert_eq!(beyond(&layers, "vpc-b"), (Truth::Yes, Truth::Yes));
    let fence = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"*","Condition":{"StringNotEquals":{"acs:SourceVpc":["vpc-a"]}}}"#,
    );
    if let ResourceSide::Oss(side) = &mut layers.resource {
        side.bucket_policy = PolicySet::of(vec![&bucket, &fence]);
    }
    assert_eq!(beyond(&layers, "vpc-a"), (Truth::No, Truth::No));
    assert!(Network::read(&["office"]).is_err() && Network::read(&["vpc-*"]).is_err());
}

#[test]
fn without_the_owners_id_nobody_is_taken_for_the_owner() {
    // R-2.22: an outsider's own policies open nothing, whoever the owner is.
    let named = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["2002"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:b/*"]}"#,
    );
    let mut layers = Layers::identity_only("", PolicySet::default());
    layers.resource = ResourceSide::Oss(Box::new(bucket(&named)));
    let found = exposure::analyse(&layers, &Surroundings::default(), &["*"], &["*"], &Default::default());
    assert_eq!((found.anyone.truth, found.public), (Truth::No, Truth::No), "{:?}", found.anyone.witness);
    assert_eq!(found.external.truth, Truth::Yes);
    assert!(found.external.grants.iter().all(|grant| grant.policy == "p"), "{:?}", found.external.grants);
}

#[test]
fn a_request_from_no_vpc_is_outside_every_vpc() {
    // R-1.43: a negated operator is true when the key is absent, as it is over the internet.
    let internet = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:b/*"],"Condition":{"StringNotLike":{"acs:SourceVpc":["*"]}}}"#,
    );
    let layers = oss(vec![], bucket(&internet));
    let network = exposure::Network::read(&["vpc-a"]).unwrap();
    let around = Surroundings { owner: OWNER, ..Default::default() };
    let beyond = exposure::beyond(&layers, &around, &network, &["oss:*"], &["*"], &Default::default());
    assert_eq!(beyond.outsiders.truth, Truth::Yes);
    assert_eq!(beyond.outsiders.witness.unwrap().key("acs:sourcevpc"), None);
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
