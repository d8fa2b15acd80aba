//! `ask encrypted` and `ask audited` over API answers: listeners that accept old TLS, logs that are off or kept too short,
//! and the call that would settle what is open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use xiezhi_read::Input;
use xiezhi_review::ask_network::{Answer, Ground, Part, Verdict, audited, encrypted};

fn ground(files: &[(&str, &str)]) -> Ground {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| Input::Bytes { name: (*name).to_owned(), bytes: text.as_bytes().to_vec(), live: false })
        .collect();
    let reading = xiezhi_read::read(&inputs, &xiezhi_read::Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for batch in &reading.batches {
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    }
    Ground::new(reading.batches)
}

fn part<'a>(answer: &'a Answer, subject: &str) -> &'a Part {
    answer.parts.iter().find(|part| part.subject == subject).unwrap_or_else(|| panic!("no {subject}"))
}

fn fact<'a>(part: &'a Part, name: &str) -> Option<&'a str> {
    part.facts.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}

/// Network semantics §11.4: the policies that allow TLS below 1.2.
#[test]
fn a_listener_with_an_old_policy_is_named_and_one_whose_policy_is_not_known_stays_open() {
    let speaks = |policy: &str| {
        let text = format!(
            r#"{{"TotalCount":2,"MaxResults":100,"NextToken":"","Listeners":[
            {{"ListenerId":"lsn-1","LoadBalancerId":"nlb-1","ListenerProtocol":"TCPSSL","ListenerPort":443,"ListenerStatus":"Running","SecurityPolicyId":"{policy}"}},
            {{"ListenerId":"lsn-2","LoadBalancerId":"nlb-1","ListenerProtocol":"TCP","ListenerPort":80,"ListenerStatus":"Running"}}]}}"#
        );
        let answer = encrypted(&ground(&[("nlb-ListListeners-cn-hangzhou.json", &text)]));
        let part = part(&answer, "nlb.listener").clone();
        (part.verdict, fact(&part, "tls-below-1-2").map(str::to_owned), fact(&part, "tls-from-1-2").map(str::to_owned))
    };
    let of = |text: &str| Some(text.to_owned());
    assert_eq!(speaks("tls_cipher_policy_1_0"), (Verdict::No, of("lsn-1"), of("0")));
    assert_eq!(speaks("tls_cipher_policy_1_1"), (Verdict::No, of("lsn-1"), of("0")));
    assert_eq!(speaks("tls_cipher_policy_1_2_strict_with_1_3"), (Verdict::Yes, None, of("1")));
    assert_eq!(speaks("sp-bp1novel"), (Verdict::Undecided, None, of("0")));
}

fn waf(log: &str, days: i64) -> Part {
    let status = format!(r#"{{"LogStatus":"{log}"}}"#);
    let store = format!(r#"{{"Ttl":{days}}}"#);
    let answer = audited(&ground(&[
        (
            "waf-openapi-DescribeInstance-cn-hangzhou.json",
            r#"{"InstanceId":"waf-1","Edition":"business","Status":1,"RegionId":"cn-hangzhou"}"#,
        ),
        ("waf-openapi-DescribeUserWafLogStatus-InstanceId=waf-1.json", &status),
        ("waf-openapi-DescribeSlsLogStore-InstanceId=waf-1.json", &store),
    ]));
    part(&answer, "waf.instance").clone()
}

#[test]
fn a_log_that_is_off_or_kept_for_less_than_six_months_is_a_gap() {
    assert_eq!(waf("normal", 180).verdict, Verdict::Yes);
    let short = waf("normal", 179);
    assert_eq!((short.verdict, fact(&short, "kept-too-short")), (Verdict::No, Some("waf-1")));
    let off = waf("released", 180);
    assert_eq!((off.verdict, fact(&off, "not-recorded")), (Verdict::No, Some("waf-1")));
    assert_eq!(waf("humming", 180).verdict, Verdict::Undecided);
}

#[test]
fn what_is_open_names_the_call_that_would_settle_it() {
    let answer = audited(&ground(&[(
        "rds-DescribeDBInstances-cn-hangzhou.json",
        r#"{"TotalRecordCount":1,"PageNumber":1,"PageRecordCount":1,"Items":{"DBInstance":[{"DBInstanceId":"rm-1","Engine":"MySQL"}]}}"#,
    )]));
    let part = part(&answer, "rds.instance");
    assert_eq!(part.verdict, Verdict::Undecided);
    let calls: Vec<&str> = part.because.iter().flat_map(|open| open.calls()).collect();
    assert!(calls.contains(&"rds:DescribeSQLCollectorPolicy"), "{calls:?}");
    assert!(serde_json::to_string(&answer).unwrap().contains(r#""calls":["rds:DescribeSQLCollectorPolicy""#));
}

/// Security Center: an edition is no coverage (§12.3).
#[test]
fn security_center_with_a_scan_off_and_nobody_told_has_gaps() {
    let center = |scan: &str, route: u8| {
        let scans =
            format!(r#"{{"TargetConfigs":[{{"Type":"cve","Config":"{scan}","TotalCount":1,"OverAllConfig":"on"}}]}}"#);
        let notices = format!(r#"{{"NoticeConfigList":[{{"Project":"suspicious","Route":{route}}}]}}"#);
        let answer = audited(&ground(&[
            ("sas-DescribeVersionConfig.json", r#"{"Version":3,"IsPostpay":false}"#),
            ("sas-DescribeVulConfig.json", &scans),
            ("sas-DescribeNoticeConfig.json", &notices),
            (
                "sas-DescribeStrategy.json",
                r#"{"Strategies":[{"Name":"all","CycleDays":1,"EcsCount":2,"PassRate":90}]}"#,
            ),
        ]));
        let part = part(&answer, "sas.center").clone();
        (part.verdict, fact(&part, "scans-off").map(str::to_owned), fact(&part, "notices-off").map(str::to_owned))
    };
    assert_eq!(center("on", 7), (Verdict::Yes, None, None));
    assert_eq!(center("off", 7), (Verdict::No, Some("cve".into()), None));
    assert_eq!(center("on", 0), (Verdict::No, None, Some("suspicious".into())));
}
