use super::*;
use crate::catalogue;
use crate::decide::PolicySet;
use crate::policy::{Policy, PolicyKind};
use crate::request::Caller;

#[test]
fn every_line_is_read_and_names_known_actions_and_a_source() {
    let lines = include_str!("../../data/calls.tsv").lines().count();
    assert_eq!((calls().len(), lines), (61, 61));
    for call in calls() {
        assert!(catalogue::find(call.name).is_some(), "{}", call.name);
        assert!(!call.checks.is_empty() && call.source.len() > 20, "{}", call.name);
        assert_eq!(call.checks[0].need, Need::Always, "{}", call.name);
        for check in &call.checks {
            assert!(catalogue::find(check.action).is_some(), "{}: {}", call.name, check.action);
            assert!(Arn::new(check.resource).segments().is_some(), "{}: {}", call.name, check.resource);
        }
    }
    let written: usize = include_str!("../../data/calls.tsv").lines().map(|line| line.matches(" & ").count() + 1).sum();
    assert_eq!(calls().iter().map(|call| call.checks.len()).sum::<usize>(), written);
}

#[test]
fn a_role_in_the_request_is_passed_to_the_service_of_the_call() {
    let run = find("ECS:runinstances").unwrap();
    let pass = run.checks.iter().find(|check| check.action == "ram:PassRole").unwrap();
    assert_eq!(
        (pass.need, pass.keys.as_slice()),
        (Need::Given("RamRoleName"), &[("acs:Service", "ecs.aliyuncs.com")][..])
    );
    assert_eq!(pass.pattern("1001"), "acs:ram:*:1001:role/*");
    assert_eq!(pass.pattern(""), "acs:ram:*:*:role/*");
}

#[test]
fn a_copy_reads_one_object_and_writes_another() {
    let copy = find("oss:CopyObject").unwrap();
    assert_eq!(copy.checks.iter().map(|check| check.action).collect::<Vec<_>>(), ["oss:PutObject", "oss:GetObject"]);
    let target = &copy.checks[0];
    assert_eq!(target.on(&Arn::new("acs:oss:*:1001:b/k"), "1001").as_deref(), Some("acs:oss:*:1001:b/k"));
    assert_eq!(target.on(&Arn::new("acs:oss:*:1001:b"), "1001"), None, "a bucket is no object");
}

fn ann() -> Caller {
    Caller::User { account: "1001".into(), name: "ann".into(), id: None }
}

fn policy(statements: &str) -> Policy {
    Policy::parse("p", PolicyKind::Identity, &format!(r#"{{"Version":"1","Statement":[{statements}]}}"#))
}

fn shown(statements: &str, parts: &[Request]) -> Option<Vec<Request>> {
    let policy = policy(statements);
    let layers = Layers::identity_only("1001", PolicySet::of(vec![&policy]));
    let parts: Vec<(&Layers<'_>, &Request)> = parts.iter().map(|request| (&layers, request)).collect();
    together(&parts, &Reading::standard())
}

#[test]
fn checks_whose_conditions_exclude_each_other_are_not_shown_to_pass_in_one_call() {
    let statement = |kind: &str, range: &str| {
        format!(
            r#"{{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"acs:ecs:*:*:{kind}/*","Condition":{{"IpAddress":{{"acs:SourceIp":"{range}"}}}}}}"#
        )
    };
    let request = |kind: &str, address: &str| {
        Request::new(ann(), "ecs:RunInstances", &format!("acs:ecs:cn-hangzhou:1001:{kind}/x"))
            .with_key("acs:SourceIp", address)
    };
    let parts = [request("instance", "203.0.113.7"), request("image", "203.0.113.200")];
    let apart = format!("{},{}", statement("instance", "203.0.113.0/25"), statement("image", "203.0.113.128/25"));
    assert_eq!(shown(&apart, &parts), None);
    let nested = format!("{},{}", statement("instance", "203.0.113.0/25"), statement("image", "203.0.113.0/24"));
    let requests = shown(&nested, &parts).unwrap();
    assert!(requests.iter().all(|request| request.key("acs:sourceip").unwrap() == ["203.0.113.7"]), "{requests:?}");
}

#[test]
fn resources_of_one_call_lie_in_one_region() {
    let all = r#"{"Effect":"Allow","Action":"ecs:RunInstances","Resource":"*"}"#;
    let request =
        |region: &str, kind: &str| Request::new(ann(), "ecs:RunInstances", &format!("acs:ecs:{region}:1001:{kind}/x"));
    assert!(shown(all, &[request("cn-hangzhou", "instance"), request("cn-hangzhou", "image")]).is_some());
    assert_eq!(shown(all, &[request("cn-hangzhou", "instance"), request("cn-beijing", "image")]), None);
}
