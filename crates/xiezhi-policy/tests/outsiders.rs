//! Who gets into a bucket, a project or a key from outside, by the official pages, each with its source.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::{OBJECT, OWNER, bucket as side_of, oss, outcome, policy, user};
use xiezhi_policy::ask::Truth;
use xiezhi_policy::exposure::{self, Exposure, Surroundings};
use xiezhi_policy::{
    Acl, Caller, Layer, Layers, ObjectAcl, Outcome, PolicyKind, PolicySet, Request, ResourceSide, Switch, Tri, judge,
};

#[test]
fn deny_of_public_network_access_relies_on_an_absent_vpc_key() {
    // OSS bucket policy examples: StringNotLike acs:SourceVpc vpc-* means "came over the public network" (R-1.43).
    let p = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Deny","Principal":["*"],"Action":"oss:*","Resource":"acs:oss:*:*:b/*","Condition":{"StringNotLike":{"acs:SourceVpc":["vpc-*"]}}}"#,
    );
    let all = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"oss:*","Resource":"*"}"#);
    let layers = oss(vec![&all], side_of(&p));
    let request = Request::new(user(OWNER), "oss:GetObject", OBJECT);
    assert_eq!(outcome(&layers, &request), (Outcome::Denied, Layer::ResourceBasedPolicy));
    assert_eq!(outcome(&layers, &request.clone().with_key("acs:SourceVpc", "vpc-1")).0, Outcome::Allowed);
    let verdict = judge(&request, &layers);
    assert!(verdict.depends_on.contains(&Switch::NegatedOnAbsent), "{:?}", verdict.depends_on);
}

#[test]
fn another_accounts_identity_policy_does_not_open_a_bucket() {
    // AlibabaCloudDocs/oss "Authentication": R-2.22.
    let all = policy(PolicyKind::Identity, r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#);
    let none = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["3003"],"Action":"oss:GetObject","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let layers = oss(vec![&all], side_of(&none));
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
        let mut side = side_of(&nothing);
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
    assert_eq!(outcome(&oss(vec![], side_of(&plain)), &root).0, Outcome::Allowed);
    assert_eq!(outcome(&oss(vec![], side_of(&conditional)), &root).0, Outcome::Denied);
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
    let mut side = side_of(&open);
    side.access_point = Some(PolicySet::of(vec![&point]));
    let layers = oss(vec![], side);
    let ask = |caller: Caller, action: &str| outcome(&layers, &Request::new(caller, action, OBJECT)).0;
    let root = || Caller::Root { account: "2002".into() };
    assert_eq!(
        (ask(root(), "oss:GetObject"), ask(root(), "oss:PutObject"), ask(Caller::Anonymous, "oss:GetObject")),
        (Outcome::Allowed, Outcome::Denied, Outcome::Denied)
    );
}

fn exposure(statements: &str, blocked: Tri) -> Exposure {
    let p = policy(PolicyKind::Bucket, statements);
    let mut side = side_of(&p);
    side.block_public_access = [blocked; 4];
    let organisation = [OWNER.to_owned(), "2002".to_owned()];
    let around = Surroundings { owner: OWNER, organisation: &organisation, own_user_ids: Some(&[]) };
    exposure::analyse(&oss(vec![], side), &around, &["*"], &["*"], &Default::default())
}

#[test]
fn what_is_asked_of_one_bucket_counts_what_the_policy_says_of_that_bucket_and_is_proven_in_it() {
    let p = policy(
        PolicyKind::Bucket,
        r#"{"Effect":"Allow","Principal":["*"],"Action":"oss:GetObject","Resource":"acs:oss:*:1001:b/*"}"#,
    );
    let around = Surroundings { owner: OWNER, ..Surroundings::default() };
    let of = |scope: &[&str], acl: Acl| {
        let mut side = side_of(&p);
        side.bucket_acl = Some(acl);
        exposure::analyse(&oss(vec![], side), &around, &["oss:*"], scope, &Default::default())
    };
    let (own, other) = (["acs:oss:*:*:b/*", "acs:oss:*:*:b"], ["acs:oss:*:*:c/*", "acs:oss:*:*:c"]);
    let truths = |e: &Exposure| (e.external.truth, e.anyone.truth, e.public);
    assert_eq!(truths(&of(&own, Acl::Private)), (Truth::Yes, Truth::Yes, Truth::Yes));
    assert_eq!(truths(&of(&other, Acl::Private)), (Truth::No, Truth::No, Truth::No));
    let by_acl = of(&["acs:oss:*:*:c/*"], Acl::PublicRead);
    assert_eq!(truths(&by_acl), (Truth::Yes, Truth::Yes, Truth::Yes));
    let witness = |finding: &xiezhi_policy::ask::Finding| finding.witness.clone().unwrap();
    let (anyone, external) = (witness(&by_acl.anyone), witness(&by_acl.external));
    assert!([&anyone, &external].iter().all(|request| request.resource().text().contains(":c/")));
    // Another account is what a principal of that account proves.
    assert_eq!(anyone.caller, Caller::Anonymous);
    assert!(external.caller.account().is_some_and(|account| account != OWNER));
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
    layers.resource = ResourceSide::Oss(Box::new(side_of(&bucket)));
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
    layers.resource = ResourceSide::Oss(Box::new(side_of(&named)));
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
    let layers = oss(vec![], side_of(&internet));
    let network = exposure::Network::read(&["vpc-a"]).unwrap();
    let around = Surroundings { owner: OWNER, ..Default::default() };
    let beyond = exposure::beyond(&layers, &around, &network, &["oss:*"], &["*"], &Default::default());
    assert_eq!(beyond.outsiders.truth, Truth::Yes);
    assert_eq!(beyond.outsiders.witness.unwrap().key("acs:sourcevpc"), None);
}
