//! The policy language: what is read, what is doubted, and where a problem is reported (rules R-1.x of the reference).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use xiezhi_policy::{Caller, Choice, Fault, Outcome, Policy, PolicyKind, Reading, Request, Switch, check};

fn identity(statements: &str) -> Policy {
    Policy::parse("p", PolicyKind::Identity, &format!(r#"{{"Version":"1","Statement":[{statements}]}}"#))
}

fn ann() -> Caller {
    Caller::User { account: "1001".into(), name: "ann".into(), id: Some("2002".into()) }
}

fn ask(policy: &Policy, request: &Request) -> Outcome {
    check(&[policy], request, "1001", &Reading::standard())
}

fn plain(action: &str, resource: &str) -> Request {
    Request::new(ann(), action, resource)
}

const BUCKET: &str = "acs:oss:oss-cn-hangzhou:1001:b";

#[test]
fn every_documented_malformation_is_a_problem_with_its_place_and_makes_the_statement_unknown() {
    let good = r#""Effect":"Allow","Action":"oss:*","Resource":"*""#;
    // (statement, fault, the text at which the problem must point)
    for (text, fault, place) in [
        (format!(r#"{{{good},"Extra":1}}"#), Fault::UnknownElement, "\"Extra"),
        (format!(r#"{{{good},"Sid":"x","Sid":"y"}}"#), Fault::RepeatedKey, "\"Sid\":\"y"),
        (r#"{"Effect":"allow","Action":"oss:*","Resource":"*"}"#.into(), Fault::Effect, "\"allow"),
        (r#"{"Effect":"Allow","Resource":"*"}"#.into(), Fault::ActionCount, "{\"Effect"),
        (
            r#"{"Effect":"Allow","Action":"oss:*","NotAction":"ecs:*","Resource":"*"}"#.into(),
            Fault::ActionCount,
            "{\"Effect",
        ),
        (r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#.into(), Fault::Strings, "[]"),
        (r#"{"Effect":"Allow","Action":["oss:*",1],"Resource":"*"}"#.into(), Fault::Strings, "[\"oss"),
        (r#"{"Effect":"Allow","Action":"oss:*"}"#.into(), Fault::ResourceCount, "{\"Effect"),
        (format!(r#"{{{good},"Principal":"*"}}"#), Fault::PrincipalNotHere, "\"Principal"),
        (format!(r#"{{{good},"Condition":[]}}"#), Fault::ConditionForm, "[]"),
        (
            format!(r#"{{{good},"Condition":{{"StringEqualsIfExists":{{"k":"v"}}}}}}"#),
            Fault::UnknownOperator,
            "\"StringEqualsIf",
        ),
        (format!(r#"{{{good},"Condition":{{"Null":{{"k":"true"}}}}}}"#), Fault::UnknownOperator, "\"Null"),
        (format!(r#"{{{good},"Condition":{{"Bool":{{"k":"yes"}}}}}}"#), Fault::MalformedValue, "\"yes"),
        (
            format!(r#"{{{good},"Condition":{{"IpAddress":{{"acs:SourceIp":"10.0.0.0/99"}}}}}}"#),
            Fault::MalformedValue,
            "\"10.0",
        ),
    ] {
        let whole = format!("{{\"Version\":\"1\",\n\"Statement\":[{text}]}}");
        let policy = Policy::parse("p", PolicyKind::Identity, &whole);
        let line = whole.lines().nth(1).unwrap();
        let column = u32::try_from(line.find(place).unwrap() + 1).unwrap();
        let problem = policy
            .problems
            .iter()
            .find(|p| p.fault == fault)
            .unwrap_or_else(|| panic!("{text}: {:?}", policy.problems));
        assert_eq!((problem.at.line, problem.at.column), (2, column), "{text}");
        assert!(!problem.remedy().is_empty());
        let request =
            plain("oss:GetObject", "acs:oss:*:1001:b/k").with_key("k", "true").with_key("acs:SourceIp", "10.0.0.1");
        assert_eq!(ask(&policy, &request), Outcome::Unknown, "{text}");
    }
}

#[test]
fn a_doubted_deny_may_not_deny_and_a_doubted_allow_may_allow() {
    let deny = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"oss:*","Resource":"*","Odd":1}"#,
    );
    assert_eq!(ask(&deny, &plain("oss:GetObject", BUCKET)), Outcome::Unknown);
    assert_eq!(ask(&deny, &plain("ecs:RunInstances", BUCKET)), Outcome::Allowed);
    let text = r#"{"Version":"1","Statement":[{"Effect":"Allow""#;
    let broken = Policy::parse("p", PolicyKind::Identity, text);
    assert_eq!(ask(&broken, &plain("oss:GetObject", BUCKET)), Outcome::Unknown);
}

#[test]
fn document_level_faults_doubt_every_statement() {
    for text in [
        r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        r#"{"Version":"1","Id":"x","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        r#"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        r#"{"Version":"1"}"#,
        r#"{"Version":"1","Statement":[]}"#,
        r#"[]"#,
    ] {
        let policy = Policy::parse("p", PolicyKind::Identity, text);
        assert!(!policy.problems.is_empty(), "{text}");
        assert_eq!(ask(&policy, &plain("oss:GetObject", BUCKET)), Outcome::Unknown, "{text}");
    }
}

#[test]
fn notes_leave_the_statement_certain() {
    let sid = identity(r#"{"Sid":"x","Effect":"Allow","Action":"oss:*","Resource":"*"}"#);
    assert_eq!(sid.problems[0].fault, Fault::SidIgnored);
    assert_eq!(ask(&sid, &plain("oss:GetObject", BUCKET)), Outcome::Allowed);
    let bare = identity(
        r#"{"Effect":"Allow","Action":"oss:*","Resource":"*","Condition":{"Bool":{"acs:SecureTransport":true}}}"#,
    );
    assert_eq!(bare.problems[0].fault, Fault::BareScalar);
    assert_eq!(ask(&bare, &plain("oss:GetObject", BUCKET).with_key("acs:SecureTransport", "true")), Outcome::Allowed);
}

#[test]
fn actions_compare_without_case_and_a_lone_star_crosses_the_colon() {
    for (pattern, action, want) in [
        ("oss:getobject", "oss:GetObject", true),
        ("*", "oss:GetObject", true),
        ("*:Describe*", "ecs:DescribeInstances", true),
        ("*:Describe*", "ecs:RunInstances", false),
        ("oss:Get?bject", "oss:GetObject", true),
        ("ecs*", "ecs:RunInstances", true),
        ("oss", "oss:GetObject", false),
    ] {
        let policy = identity(&format!(r#"{{"Effect":"Allow","Action":"{pattern}","Resource":"*"}}"#));
        assert_eq!(ask(&policy, &plain(action, BUCKET)) == Outcome::Allowed, want, "{pattern} {action}");
    }
}

#[test]
fn arns_match_segment_by_segment() {
    for (pattern, resource, want) in [
        ("acs:oss:*:*:b", "acs:oss:oss-cn-hangzhou:1001:b", true),
        ("acs:oss:*:*:b", "acs:oss:oss-cn-hangzhou:1001:b/key", false),
        ("acs:oss:*:*:b/*", "acs:oss:oss-cn-hangzhou:1001:b", false),
        ("acs:oss:*:*:b*", "acs:oss:oss-cn-hangzhou:1001:b/key", true),
        ("acs:oss:*:*:b*", "acs:oss:oss-cn-hangzhou:1001:backup", true),
        ("acs:ram::1001:role/x", "acs:ram:*:1001:role/x", true),
        ("acs:ram:*:1001:role/Admin", "acs:ram::1001:role/admin", true),
        ("acs:ram:*:1001:user/Ann", "acs:ram::1001:user/ann", false),
        ("acs:ecs::1001:instance/i", "acs:ecs:cn-hangzhou:1001:instance/i", false),
        ("acs:ram:*:*:policy/*", "acs:ram:*:system:policy/AdministratorAccess", true),
        ("acs:ram:*:1001:policy/*", "acs:ram:*:system:policy/AdministratorAccess", false),
        ("acs:oss:*", "acs:oss:oss-cn-hangzhou:1001:b", true),
        ("acs:ecs:*:*:instance/i", "*", false),
        ("*", "*", true),
    ] {
        let policy = identity(&format!(r#"{{"Effect":"Allow","Action":"*","Resource":"{pattern}"}}"#));
        assert_eq!(ask(&policy, &plain("x:Y", resource)) == Outcome::Allowed, want, "{pattern} {resource}");
    }
}

#[test]
fn a_star_may_cross_a_colon_only_under_the_second_reading_of_sw_1() {
    let policy = identity(r#"{"Effect":"Allow","Action":"*","Resource":"acs:*:*:*:x:y"}"#);
    let request = plain("x:Y", "acs:a:b:c:d:x:y");
    let under = |choice| check(&[&policy], &request, "1001", &Reading::standard().with(Switch::StarInSegment, choice));
    assert_eq!(under(Choice::First), Outcome::Denied);
    assert_eq!(under(Choice::Second), Outcome::Allowed);
    assert_eq!(under(Choice::Either), Outcome::Unknown);
}

#[test]
fn operators_follow_the_operator_page() {
    // (operator, policy value, request value or none, met)
    for (operator, value, given, want) in [
        ("StringEquals", "a*", Some("a*"), true),
        ("StringEquals", "a*", Some("ab"), false),
        ("StringEquals", "a", Some("A"), false),
        ("StringEquals", "a", None, false),
        ("StringNotEquals", "a", Some("b"), true),
        ("StringNotEquals", "a", None, true),
        ("StringEqualsIgnoreCase", "aB", Some("Ab"), true),
        ("StringNotEqualsIgnoreCase", "aB", Some("Ab"), false),
        ("StringLike", "vpc-*", Some("vpc-1"), true),
        ("StringLike", "vpc-*", Some("VPC-1"), false),
        ("StringNotLike", "vpc-*", None, true),
        ("NumericEquals", "10", Some("10.0"), true),
        ("NumericNotEquals", "10", Some("10.0"), false),
        ("NumericLessThan", "1.2", Some("1.1"), true),
        ("NumericLessThan", "1.2", None, false),
        ("NumericLessThanEquals", "1.2", Some("1.20"), true),
        ("NumericGreaterThan", "9", Some("10"), true),
        ("NumericGreaterThanEquals", "9", Some("8.999"), false),
        ("DateEquals", "2019-08-12T17:00:00+08:00", Some("2019-08-12T09:00:00Z"), true),
        ("DateNotEquals", "2019-08-12T17:00:00+08:00", Some("2019-08-12T09:00:00Z"), false),
        ("DateLessThan", "2019-08-12T17:00:00+08:00", Some("2019-08-12T08:59:59Z"), true),
        ("DateLessThanEquals", "2019-08-12T17:00:00+08:00", Some("2019-08-12T09:00:01Z"), false),
        ("DateGreaterThan", "2019-08-12T17:00:00+08:00", Some("2019-08-12T09:00:01Z"), true),
        ("DateGreaterThanEquals", "2019-08-12T17:00:00+08:00", Some("2019-08-12T09:00:00Z"), true),
        ("Bool", "false", None, false),
        ("Bool", "false", Some("False"), true),
        ("IpAddress", "10.0.0.0/8", Some("10.1.2.3"), true),
        ("IpAddress", "10.0.0.0/8", Some("11.0.0.0"), false),
        ("IpAddress", "2001:db8::/32", Some("2001:db8::7"), true),
        ("IpAddress", "0.0.0.0/0", Some("2001:db8::7"), false),
        ("NotIpAddress", "10.0.0.0/8", Some("10.1.2.3"), false),
        ("NotIpAddress", "10.0.0.0/8", None, true),
        ("ForAllValues:StringEquals", "a", None, true),
        ("ForAllValues:StringEquals", "a", Some("b"), false),
    ] {
        let policy = identity(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"{operator}":{{"k":"{value}"}}}}}}"#
        ));
        let mut request = plain("oss:GetObject", BUCKET);
        if let Some(given) = given {
            request = request.with_key("k", given);
        }
        assert_eq!(ask(&policy, &request) == Outcome::Allowed, want, "{operator} {value} {given:?}");
    }
}

#[test]
fn several_values_are_or_several_keys_and_operators_are_and_and_negation_means_none() {
    let policy = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a":["1","2"],"b":"3"},"StringNotEquals":{"c":["4","5"]}}}"#,
    );
    let request = |a: &str, b: &str, c: &str| plain("x:Y", "*").with_key("a", a).with_key("b", b).with_key("c", c);
    for (a, b, c, want) in [
        ("1", "3", "6", true),
        ("2", "3", "6", true),
        ("9", "3", "6", false),
        ("1", "9", "6", false),
        ("1", "3", "4", false),
        ("1", "3", "5", false),
    ] {
        assert_eq!(ask(&policy, &request(a, b, c)) == Outcome::Allowed, want, "{a} {b} {c}");
    }
}

#[test]
fn an_access_key_call_escapes_a_deny_on_a_false_mfa_key() {
    // R-1.42: AccessKey calls carry no acs:MFAPresent, a positive operator on an absent key is false, the Deny does not fire.
    let policy = identity(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"acs:MFAPresent":"false"}}}"#,
    );
    assert_eq!(ask(&policy, &plain("x:Y", "*")), Outcome::Allowed);
    assert_eq!(ask(&policy, &plain("x:Y", "*").with_key("acs:MFAPresent", "false")), Outcome::Denied);
}

#[test]
fn not_action_grants_everything_else() {
    let policy = identity(r#"{"Effect":"Allow","NotAction":"ram:*","Resource":"*"}"#);
    assert_eq!(ask(&policy, &plain("ims:CreateUser", "*")), Outcome::Allowed);
    assert_eq!(ask(&policy, &plain("ram:CreateUser", "*")), Outcome::Denied);
}

#[test]
fn a_malformed_value_is_unknown_or_never_matches() {
    // SW-12: what the service makes of a value that it cannot read is open; both readings are evaluated.
    let policy = identity(
        r#"{"Effect":"Allow","Action":"oss:*","Resource":"*","Condition":{"NumericLessThan":{"n":["many","3"]}}},{"Effect":"Allow","Action":"ecs:*","Resource":"*"}"#,
    );
    let under = |choice, n: &str| {
        let reading = Reading::standard().with(Switch::MalformedUnknown, choice);
        check(&[&policy], &plain("oss:GetObject", BUCKET).with_key("n", n), "1001", &reading)
    };
    assert_eq!((under(Choice::First, "7"), under(Choice::Second, "7")), (Outcome::Unknown, Outcome::Denied));
    assert_eq!(ask(&policy, &plain("ecs:RunInstances", "*")), Outcome::Allowed);
}
