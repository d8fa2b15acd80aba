//! Further examples of the official pages: elements, principals, conditions and the services with policies of their own, each with
//! its source. `examples.rs` holds those of the evaluation order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::{OWNER, identity, policy, user};
use xiezhi_policy::ask::Truth;
use xiezhi_policy::estate::{Attachment, Estate, Group, Index, Listing, Principal, StoredPolicy, User};
use xiezhi_policy::exposure::{self, Surroundings};
use xiezhi_policy::{
    Acl, Caller, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Reading, Request, ResourceSide,
    Switch, Tri, check, decide, judge,
};

fn ask(policy: &Policy, action: &str, resource: &str) -> Outcome {
    check(&[policy], &Request::new(user(OWNER), action, resource), "", &Reading::standard())
}

fn bucket<'a>(policies: Vec<&'a Policy>, blocked: Tri) -> Layers<'a> {
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Oss(Box::new(OssSide {
        bucket_policy: PolicySet::of(policies),
        bucket_acl: Some(Acl::Private),
        object_acl: ObjectAcl::Default,
        block_public_access: [blocked, Tri::No, Tri::No, Tri::No],
        access_point: None,
    }));
    layers
}

fn get(caller: Caller) -> Request {
    Request::new(caller, "oss:GetObject", "acs:oss:oss-cn-hangzhou:1001:b/k").with_key("acs:SourceIp", "203.0.113.9")
}

fn outcome(layers: &Layers<'_>, request: &Request) -> Outcome {
    decide(request, layers, &Reading::standard()).outcome
}

#[test]
fn a_bucket_and_its_objects_are_different_resources() {
    // "Permission policy elements" (93738) and OSS "Authorization syntax and elements": R-1.17.
    let of = |resource: &str| identity(&format!(r#"{{"Effect":"Allow","Action":"oss:*","Resource":"{resource}"}}"#));
    let (own, object, other) = ("acs:oss:*:1001:b", "acs:oss:*:1001:b/k", "acs:oss:*:1001:bb");
    let table = [
        ("acs:oss:*:*:b", [true, false, false]),
        ("acs:oss:*:*:b/*", [false, true, false]),
        ("acs:oss:*:*:b*", [true; 3]),
    ];
    for (pattern, expected) in table {
        let found =
            [own, object, other].map(|resource| ask(&of(pattern), "oss:GetObject", resource) == Outcome::Allowed);
        assert_eq!(found, expected, "{pattern}");
    }
}

#[test]
fn a_grant_on_the_accounts_own_policies_does_not_reach_system_policies() {
    // System policy page AliyunCloudSSOReadOnlyAccess: the account segment `system` (R-1.19).
    let own = identity(
        r#"{"Effect":"Allow","Action":"ram:AttachPolicyToUser","Resource":["acs:ram:*:1001:user/*","acs:ram:*:1001:policy/*"]}"#,
    );
    assert_eq!(ask(&own, "ram:AttachPolicyToUser", "acs:ram:*:1001:policy/ours"), Outcome::Allowed);
    assert_eq!(ask(&own, "ram:AttachPolicyToUser", "acs:ram:*:system:policy/AdministratorAccess"), Outcome::Denied);
}

#[test]
fn the_power_user_policy_leaves_service_roles_to_the_user_and_others_not() {
    // alibabacloud-automation/terraform-alicloud-ram-policy, modules/PowerUserAccess (Apache-2.0): R-1.33, SW-5.
    let power = identity(
        r#"{"Effect":"Allow","NotAction":["ram:*","ims:*","resourcemanager:*"],"Resource":"*"},
           {"Effect":"Allow","Action":"ram:CreateRole","Resource":"*","Condition":{"ForAllValues:StringEquals":{"ram:TrustedPrincipalTypes":["Service"]}}}"#,
    );
    let make = |types: &[&str]| {
        let request = Request::new(user(OWNER), "ram:CreateRole", "acs:ram:*:1001:role/r");
        if types.is_empty() { request } else { request.with_values("ram:TrustedPrincipalTypes", types) }
    };
    let ask = |request: &Request| check(&[&power], request, "", &Reading::standard());
    assert_eq!(ask(&make(&["Service"])), Outcome::Allowed);
    assert_eq!(ask(&make(&["Service", "RAM"])), Outcome::Denied);
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![&power]));
    let silent = judge(&make(&[]), &layers);
    assert_eq!((silent.decision.outcome, silent.depends_on), (Outcome::Allowed, vec![Switch::ForAllOnAbsent]));
    assert_eq!(ask(&Request::new(user(OWNER), "ecs:RunInstances", "*")), Outcome::Allowed);
    assert_eq!(ask(&Request::new(user(OWNER), "ims:CreateAccessKey", "*")), Outcome::Denied);
}

#[test]
fn a_user_has_its_own_policies_and_those_of_its_groups() {
    // "How RAM evaluates policies" (93740), step "identity-based policies": R-2.12.
    let stored = |name: &str, effect: &str, action: &str| StoredPolicy {
        name: name.into(),
        system: false,
        default: Some(identity(&format!(r#"{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}"#))),
        others: Listing::default(),
    };
    let mut ann = User::new("ann");
    ann.policies.items.push(Attachment::custom("own"));
    ann.groups.items.push("ops".into());
    let estate = Estate {
        account: OWNER.into(),
        users: Listing::complete(vec![ann]),
        groups: Listing::complete(vec![Group {
            name: "ops".into(),
            policies: Listing::complete(vec![Attachment::custom("group"), Attachment::custom("stop")]),
        }]),
        policies: Listing::complete(vec![
            stored("own", "Allow", "ecs:*"),
            stored("group", "Allow", "rds:*"),
            stored("stop", "Deny", "ecs:Delete*"),
        ]),
        ..Default::default()
    };
    let index = Index::new(&estate);
    let layers = index.layers(Principal::User(0), None);
    let ask = |action: &str| outcome(&layers, &Request::new(index.caller(Principal::User(0)), action, "*"));
    assert_eq!([ask("ecs:StopInstance"), ask("rds:CreateAccount")], [Outcome::Allowed; 2]);
    assert_eq!([ask("ecs:DeleteInstance"), ask("oss:GetObject")], [Outcome::Denied; 2]);
}

#[test]
fn an_external_id_keeps_a_confused_deputy_out() {
    // RAM "Use ExternalId to prevent the confused deputy problem" (2361741): R-2.16; the key is absent when it is not passed.
    let trust = policy(
        PolicyKind::Trust,
        r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::2002:root"]},"Condition":{"StringEquals":{"sts:ExternalId":["agreed"]}}}"#,
    );
    let vendor = identity(r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&vendor]));
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![&trust]));
    let request = Request::new(user("2002"), "sts:AssumeRole", "acs:ram::1001:role/r");
    assert_eq!(outcome(&layers, &request.clone().with_key("sts:ExternalId", "agreed")), Outcome::Allowed);
    assert_eq!(outcome(&layers, &request.clone().with_key("sts:ExternalId", "Agreed")), Outcome::Denied);
    assert_eq!(outcome(&layers, &request), Outcome::Denied);
}

#[test]
fn an_identity_provider_lets_in_the_subjects_that_the_conditions_name() {
    // STS AssumeRoleWithOIDC and the RAM page on OIDC roles: `oidc:iss`, `oidc:aud`, `oidc:sub` (R-2.16).
    let provider = "acs:ram::1001:oidc-provider/cluster";
    let trust = policy(
        PolicyKind::Trust,
        r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":["acs:ram::1001:oidc-provider/cluster"]},"Condition":{"StringEquals":{"oidc:aud":["sts.aliyuncs.com"],"oidc:sub":["system:serviceaccount:shop:pay"]}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![&trust]));
    let ask = |provider: &str, subject: &str| {
        let caller = Caller::Federated { provider: provider.into() };
        let request = Request::new(caller, "sts:AssumeRole", "acs:ram::1001:role/r")
            .with_key("oidc:aud", "sts.aliyuncs.com")
            .with_key("oidc:sub", subject);
        outcome(&layers, &request)
    };
    assert_eq!(ask(provider, "system:serviceaccount:shop:pay"), Outcome::Allowed);
    assert_eq!(ask(provider, "system:serviceaccount:shop:web"), Outcome::Denied);
    assert_eq!(ask("acs:ram::1001:oidc-provider/other", "system:serviceaccount:shop:pay"), Outcome::Denied);
}

#[test]
fn an_empty_list_of_principals_means_everyone() {
    // OSS "Authorization syntax and elements": an empty Principal list means the same as `["*"]` (R-1.25).
    let around = Surroundings { owner: OWNER, ..Default::default() };
    for principal in ["[]", r#"["*"]"#] {
        let open = policy(
            PolicyKind::Bucket,
            &format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:b/*"]}}"#
            ),
        );
        let layers = bucket(vec![&open], Tri::No);
        assert_eq!(outcome(&layers, &get(Caller::Anonymous)), Outcome::Allowed, "{principal}");
        assert_eq!(exposure::analyse(&layers, &around, &["*"], &["*"], &Default::default()).public, Truth::Yes);
    }
}

#[test]
fn an_assumed_role_is_named_by_role_and_session() {
    // OSS "Bucket Policy": `arn:sts::<uid>:assumed-role/<role>/<session or *>` (R-1.25).
    let named = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["arn:sts::2002:assumed-role/reader/*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:b/*"]}"#,
    );
    let layers = bucket(vec![&named], Tri::No);
    let role =
        |account: &str, name: &str| Caller::Role { account: account.into(), name: name.into(), session: "s".into() };
    assert_eq!(outcome(&layers, &get(role("2002", "reader"))), Outcome::Allowed);
    assert_eq!(outcome(&layers, &get(role("2002", "writer"))), Outcome::Denied);
    assert_eq!(outcome(&layers, &get(role("3003", "reader"))), Outcome::Denied);
}

#[test]
fn a_fixed_vpc_or_fixed_principals_are_not_public_and_block_public_access_leaves_them() {
    // OSS "Block public access" (2672878): R-2.25, R-2.26.
    let around = Surroundings { owner: OWNER, ..Default::default() };
    let of = |principal: &str, condition: &str| {
        policy(
            PolicyKind::Bucket,
            &format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:b/*"]{condition}}}"#
            ),
        )
    };
    let vpc = r#","Condition":{"StringEquals":{"acs:SourceVpc":["vpc-a"]}}"#;
    let any_vpc = r#","Condition":{"StringLike":{"acs:SourceVpc":["vpc-*"]}}"#;
    let public = |policy: &Policy| xiezhi_policy::decide::is_public_statement(&policy.statements[0]);
    let (fixed, wild, named, open) =
        (of(r#"["*"]"#, vpc), of(r#"["*"]"#, any_vpc), of(r#"["2002"]"#, ""), of(r#"["*"]"#, ""));
    assert_eq!([public(&fixed), public(&wild), public(&named), public(&open)], [false, true, false, true]);
    // From the internet no VPC key is there: neither VPC form lets strangers in.
    for policy in [&fixed, &wild, &named] {
        let layers = bucket(vec![policy], Tri::No);
        assert_eq!(exposure::analyse(&layers, &around, &["*"], &["*"], &Default::default()).public, Truth::No);
    }
    let inside = get(Caller::Anonymous).with_key("acs:SourceVpc", "vpc-a");
    assert_eq!(outcome(&bucket(vec![&fixed], Tri::Yes), &inside), Outcome::Allowed);
    assert_eq!(outcome(&bucket(vec![&wild], Tri::Yes), &inside), Outcome::Denied);
    assert_eq!(
        outcome(&bucket(vec![&named], Tri::Yes), &get(Caller::Root { account: "2002".into() })),
        Outcome::Allowed
    );
}

#[test]
fn the_default_key_policy_gives_the_owner_everything_and_nobody_else() {
    // KMS "Overview of key policies": the default policy names `acs:ram::<owner>:*` with `kms:*` (R-1.22, R-1.27, R-2.33).
    let default = policy(
        PolicyKind::Key,
        r#"{"Effect":"Allow","Action":["kms:*"],"Principal":{"RAM":["acs:ram::1001:*"]},"Resource":["*"]}"#,
    );
    let ram = identity(r#"{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Key(PolicySet::of(vec![&default]));
    let decrypt = |caller: Caller| Request::new(caller, "kms:Decrypt", "acs:kms:cn-hangzhou:1001:key/k");
    assert_eq!(outcome(&layers, &decrypt(user(OWNER))), Outcome::Allowed);
    layers.identity = PolicySet::of(vec![&ram]);
    assert_eq!(outcome(&layers, &decrypt(user("2002"))), Outcome::Denied, "another account needs the key policy too");
}

#[test]
fn a_log_project_merges_its_policy_with_those_of_ram() {
    // SLS PutProjectPolicy: R-2.35; Tablestore instance policies combine alike (R-2.36).
    let project = policy(
        PolicyKind::Project,
        r#"{"Effect":"Allow","Principal":["2002"],"Action":["log:PostLogStoreLogs"],"Resource":"acs:log:*:1001:project/p/*"},
           {"Effect":"Deny","Principal":["*"],"Action":["log:Delete*"],"Resource":"acs:log:*:1001:project/p*","Condition":{"StringNotLike":{"acs:SourceVpc":["vpc-*"]}}}"#,
    );
    let all = identity(r#"{"Effect":"Allow","Action":"log:*","Resource":"*"}"#);
    let mut layers = Layers::identity_only(OWNER, PolicySet::of(vec![&all]));
    layers.resource = ResourceSide::Default(PolicySet::of(vec![&project]));
    let ask = |caller: Caller, action: &str| {
        outcome(&layers, &Request::new(caller, action, "acs:log:cn-hangzhou:1001:project/p/logstore/l"))
    };
    assert_eq!(ask(Caller::Root { account: "2002".into() }, "log:PostLogStoreLogs"), Outcome::Allowed);
    assert_eq!(ask(Caller::Root { account: "2002".into() }, "log:GetLogStoreLogs"), Outcome::Denied);
    assert_eq!(ask(user(OWNER), "log:GetLogStoreLogs"), Outcome::Allowed);
    assert_eq!(ask(user(OWNER), "log:DeleteLogStore"), Outcome::Denied, "from the internet, the project refuses");
}

#[test]
fn old_tls_is_refused_by_number() {
    // aliyun/infraguard policy test data: NumericLessThan acs:TLSVersion 1.2 (R-1.37).
    let refuses = identity(
        r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"},
           {"Effect":"Deny","Action":"oss:*","Resource":"*","Condition":{"NumericLessThan":{"acs:TLSVersion":"1.2"}}}"#,
    );
    let over = |version: Option<&str>| {
        let request = get(user(OWNER));
        let request = version.map_or(request.clone(), |version| request.with_key("acs:TLSVersion", version));
        check(&[&refuses], &request, "", &Reading::standard())
    };
    assert_eq!(
        [over(Some("1.1")), over(Some("1.2")), over(Some("1.3"))],
        [Outcome::Denied, Outcome::Allowed, Outcome::Allowed]
    );
    assert_eq!(
        over(None),
        Outcome::Allowed,
        "a positive operator on an absent key is false: plain HTTP needs its own Deny"
    );
}

#[test]
fn a_principal_arn_in_a_bucket_policy_is_no_restriction_to_rely_on() {
    // Field test behind R-2.31: accepted, but not enforced (SW-9).
    let fence = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:b/*"],"Condition":{"StringLike":{"acs:PrincipalArn":["acs:ram::2002:role/*"]}}}"#,
    );
    let layers = bucket(vec![&fence], Tri::No);
    let verdict = judge(&get(user("3003")), &layers);
    assert!(verdict.depends_on.contains(&Switch::PrincipalArnInBucketPolicy), "{verdict:?}");
}

#[test]
fn an_endpoint_policy_filters_what_leaves_the_vpc() {
    // OSS "dual access control with VPC and bucket policy": R-2.29.
    let all = identity(r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"}"#);
    let endpoint = policy(
        PolicyKind::Endpoint,
        r#"{"Effect":"Allow","Principal":["*"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:b/*"]}"#,
    );
    let mut layers = bucket(vec![], Tri::No);
    layers.identity = PolicySet::of(vec![&all]);
    layers.endpoint = Some(PolicySet::of(vec![&endpoint]));
    assert_eq!(outcome(&layers, &get(user(OWNER))), Outcome::Allowed);
    let elsewhere = Request::new(user(OWNER), "oss:GetObject", "acs:oss:oss-cn-hangzhou:1001:other/k");
    assert_eq!(outcome(&layers, &elsewhere), Outcome::Denied);
}

#[test]
fn whether_one_condition_of_an_instance_policy_is_enough_is_left_open() {
    // Tablestore "Use instance policies to restrict the access sources of an instance" against "Instance policy" (SW-13).
    let instance = policy(
        PolicyKind::Instance,
        r#"{"Effect":"Allow","Principal":["*"],"Action":["ots:*"],"Resource":["acs:ots:*:*:instance/orders*"],
            "Condition":{"StringEquals":{"acs:SourceVpc":["vpc-a"]},"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Default(PolicySet::of(vec![&instance]));
    let from = |vpc: &str, address: &str| {
        let stranger = Caller::Root { account: "2002".into() };
        let request = Request::new(stranger, "ots:GetRow", "acs:ots:cn-hangzhou:1001:instance/orders/table/t");
        let verdict = judge(&request.with_key("acs:SourceVpc", vpc).with_key("acs:SourceIp", address), &layers);
        (verdict.decision.outcome, verdict.depends_on)
    };
    assert_eq!(from("vpc-a", "10.1.1.1"), (Outcome::Allowed, vec![]));
    assert_eq!(from("vpc-b", "192.168.1.1"), (Outcome::Denied, vec![]));
    let open = vec![Switch::InstanceConditionsTogether];
    assert_eq!(from("vpc-b", "10.1.1.1"), (Outcome::Denied, open.clone()));
    assert_eq!(from("vpc-a", "192.168.1.1"), (Outcome::Denied, open));
    // A Deny needs all of its conditions, as everywhere.
    let denies = policy(
        PolicyKind::Instance,
        r#"{"Effect":"Allow","Principal":["*"],"Action":["ots:*"],"Resource":["acs:ots:*:*:*"]},
           {"Effect":"Deny","Principal":["*"],"Action":["ots:*"],"Resource":["acs:ots:*:*:*"],
            "Condition":{"StringEquals":{"acs:SourceVpc":["vpc-a"]},"IpAddress":{"acs:SourceIp":["10.0.0.0/8"]}}}"#,
    );
    layers.resource = ResourceSide::Default(PolicySet::of(vec![&denies]));
    let request = Request::new(Caller::Root { account: "2002".into() }, "ots:GetRow", "acs:ots:cn-hangzhou:1001:x")
        .with_key("acs:SourceVpc", "vpc-a")
        .with_key("acs:SourceIp", "192.168.1.1");
    let verdict = judge(&request, &layers);
    assert_eq!((verdict.decision.outcome, verdict.depends_on), (Outcome::Allowed, vec![]));
}
