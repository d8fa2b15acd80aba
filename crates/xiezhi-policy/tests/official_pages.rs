//! Tables and worked examples of the official pages, row by row; each with its page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod said;

use said::{OWNER, identity, policy};
use xiezhi_policy::{
    Acl, Caller, Layers, ObjectAcl, OssSide, Outcome, Policy, PolicyKind, PolicySet, Reading, Request, ResourceSide,
    Tri, decide,
};

fn ann() -> Caller {
    Caller::User { account: OWNER.into(), name: "ann".into(), id: Some("200000000000000001".into()) }
}

fn allowed(layers: &Layers<'_>, request: &Request) -> bool {
    match decide(request, layers, &Reading::standard()).outcome {
        Outcome::Allowed => true,
        Outcome::Denied => false,
        Outcome::Unknown => panic!("unknown: {request}"),
    }
}

fn has(policy: &Policy, action: &str, resource: &str) -> bool {
    let layers = Layers::identity_only(OWNER, PolicySet::of(vec![policy]));
    allowed(&layers, &Request::new(ann(), action, resource))
}

#[test]
fn the_operations_tables_of_the_oss_page_on_ram_policies() {
    // OSS "RAM Policy" (100680): the table under each policy. The rows are: list all buckets, upload and download without a
    // prefix, upload and download with one, list without and with one. Of the write-only policy for all objects the page
    // marks the last three rows as successful against its own words ("can upload"); they are left out.
    let rows = |actions: &str, resources: &str| {
        let p = identity(&format!(r#"{{"Action":[{actions}],"Effect":"Allow","Resource":[{resources}]}}"#));
        let bucket = "acs:oss:oss-cn-hangzhou:1001:app-base-oss";
        let (plain, prefixed) = (format!("{bucket}/text.txt"), format!("{bucket}/user1/test.txt"));
        [
            has(&p, "oss:ListBuckets", "acs:oss:oss-cn-hangzhou:1001:*"),
            has(&p, "oss:PutObject", &plain),
            has(&p, "oss:GetObject", &plain),
            has(&p, "oss:PutObject", &prefixed),
            has(&p, "oss:GetObject", &prefixed),
            has(&p, "oss:ListObjects", bucket),
            has(&p, "oss:ListObjects", bucket),
        ]
    };
    let all = r#""acs:oss:*:*:app-base-oss/*","acs:oss:*:*:app-base-oss""#;
    let part = r#""acs:oss:*:*:app-base-oss/user1/*","acs:oss:*:*:app-base-oss""#;
    let read = r#""oss:GetObject","oss:ListObjects""#;
    let both = r#""oss:GetObject","oss:PutObject","oss:DeleteObject","oss:ListParts","oss:AbortMultipartUpload","oss:ListObjects""#;
    assert_eq!(rows(r#""oss:*""#, r#""acs:oss:*:*:*""#), [true; 7]);
    assert_eq!(rows(read, all), [false, false, true, false, true, true, true]);
    assert_eq!(rows(read, part), [false, false, false, false, true, true, true]);
    assert_eq!(rows(r#""oss:PutObject""#, all)[..4], [false, true, false, true]);
    assert_eq!(rows(r#""oss:PutObject""#, part), [false, false, false, true, false, false, false]);
    assert_eq!(rows(both, all), [false, true, true, true, true, true, true]);
    assert_eq!(rows(both, part), [false, false, false, true, true, true, true]);
}

#[test]
fn the_merge_table_of_the_oss_page_on_access_points() {
    // OSS "Relationships among the access point policy, bucket policy, and RAM policy": the result of RAM and bucket policy,
    // that of the access point policy, the output. Ignore is the implicit deny.
    let say = |kind: PolicyKind, word: &str| {
        let principal = if kind == PolicyKind::Identity { "" } else { r#""Principal":["1001","200000000000000001"],"# };
        let statement = |effect: &str| {
            format!(r#"{{"Effect":"{effect}",{principal}"Action":["oss:GetObject"],"Resource":["acs:oss:*:1001:*"]}}"#)
        };
        match word {
            "Ignore" => vec![],
            word => vec![policy(kind, &statement(word))],
        }
    };
    let table = [
        ("Allow", "Allow", "Allow"),
        ("Allow", "Deny", "Deny"),
        ("Allow", "Ignore", "Ignore"),
        ("Deny", "Allow", "Deny"),
        ("Deny", "Deny", "Deny"),
        ("Deny", "Ignore", "Deny"),
        ("Ignore", "Allow", "Ignore"),
        ("Ignore", "Deny", "Deny"),
        ("Ignore", "Ignore", "Ignore"),
    ];
    for (merged, point, output) in table {
        // The merged result may come from either of the two.
        for kind in [PolicyKind::Identity, PolicyKind::Bucket] {
            let (first, point_policy) = (say(kind, merged), say(PolicyKind::AccessPoint, point));
            let all: Vec<&Policy> = first.iter().collect();
            let (ram, bucket) = if kind == PolicyKind::Identity { (all, vec![]) } else { (vec![], all) };
            let mut layers = Layers::identity_only(OWNER, PolicySet::of(ram));
            layers.resource = ResourceSide::Oss(Box::new(OssSide {
                bucket_policy: PolicySet::of(bucket),
                bucket_acl: Some(Acl::Private),
                object_acl: ObjectAcl::Default,
                block_public_access: [Tri::No; 4],
                access_point: Some(PolicySet::of(point_policy.iter().collect())),
            }));
            let request = Request::new(ann(), "oss:GetObject", "acs:oss:oss-cn-hangzhou:1001:b/k");
            let decision = decide(&request, &layers, &Reading::standard());
            let at = format!("{merged} by {kind:?}, {point}: {decision:?}");
            assert_eq!(decision.outcome == Outcome::Allowed, output == "Allow", "{at}");
            assert_eq!(decision.outcome == Outcome::Denied, output != "Allow", "{at}");
            // An explicit deny names the statement, an implicit one has none to name.
            assert_eq!(
                decision.outcome == Outcome::Denied && !decision.statements.is_empty(),
                output == "Deny",
                "{at}"
            );
        }
    }
}

#[test]
fn the_three_decisions_of_the_basic_process() {
    // "How RAM evaluates policies" (93740), table of decisions: Allow, Explicit Deny (also when allowed at once), Implicit Deny.
    let decision = |statements: &[&str]| {
        let all: Vec<Policy> = statements.iter().map(|s| identity(s)).collect();
        let layers = Layers::identity_only(OWNER, PolicySet::of(all.iter().collect()));
        let found = decide(&Request::new(ann(), "ecs:StopInstance", "*"), &layers, &Reading::standard());
        (found.outcome, found.statements.first().and_then(|s| s.effect).is_some())
    };
    let (allow, deny) = (
        r#"{"Effect":"Allow","Action":"ecs:*","Resource":"*"}"#,
        r#"{"Effect":"Deny","Action":"ecs:*","Resource":"*"}"#,
    );
    assert_eq!(decision(&[allow]), (Outcome::Allowed, true));
    assert_eq!(decision(&[deny]), (Outcome::Denied, true));
    assert_eq!(decision(&[allow, deny]), (Outcome::Denied, true));
    assert_eq!(decision(&[]), (Outcome::Denied, false));
}

#[test]
fn a_federated_subject_is_judged_by_the_trust_policy_alone() {
    // "How RAM evaluates policies when a role is assumed": with role SSO there is no identity-based policy and no session policy.
    let trust = policy(
        PolicyKind::Trust,
        r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Federated":["acs:ram::1001:saml-provider/idp"]},
            "Condition":{"StringEquals":{"saml:recipient":"https://signin.aliyun.com/saml-role/sso"}}}"#,
    );
    let mut layers = Layers::identity_only(OWNER, PolicySet::default());
    layers.resource = ResourceSide::Trust(PolicySet::of(vec![&trust]));
    let ask = |provider: &str, recipient: &str| {
        let caller = Caller::Federated { provider: format!("acs:ram::1001:saml-provider/{provider}") };
        let request = Request::new(caller, "sts:AssumeRole", "acs:ram:*:1001:role/sso");
        allowed(&layers, &request.with_key("saml:recipient", recipient))
    };
    let portal = "https://signin.aliyun.com/saml-role/sso";
    assert_eq!([ask("idp", portal), ask("other", portal), ask("idp", "https://example.com")], [true, false, false]);
}
