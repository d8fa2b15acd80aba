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

/// What a kind's listeners speak: the verdict, and the names under each fact.
fn spoken(files: &[(&str, &str)], kind: &str) -> (Verdict, Vec<(&'static str, String)>) {
    let answer = encrypted(&ground(files));
    let part = part(&answer, kind);
    (part.verdict, part.facts.clone())
}

#[test]
fn a_site_of_esa_is_judged_by_its_global_configuration_and_by_the_rules_that_are_on() {
    let site = r#"{"TotalCount":1,"PageNumber":1,"PageSize":500,"Sites":[{"SiteId":1,"SiteName":"shop.example","Status":"active","AccessType":"NS"}]}"#;
    let spoken = |configs: &str| {
        let text = format!(
            r#"{{"TotalCount":{},"PageNumber":1,"PageSize":500,"Configs":[{configs}]}}"#,
            configs.matches("ConfigId").count()
        );
        spoken(&[("esa-ListSites.json", site), ("esa-ListHttpsBasicConfigurations-SiteId=1.json", &text)], "esa.site")
    };
    let new =
        r#"{"ConfigId":7,"ConfigType":"global","Https":"on","Tls10":"off","Tls11":"off","Tls12":"on","Tls13":"on"}"#;
    let rule = |on: &str| {
        format!(
            r#"{{"ConfigId":8,"ConfigType":"rule","RuleEnable":"{on}","Https":"on","Tls10":"on","Tls11":"on","Tls12":"on","Tls13":"on"}}"#
        )
    };
    assert_eq!(spoken(&format!("{new},{}", rule("off"))).0, Verdict::Yes);
    let (verdict, facts) = spoken(&format!("{new},{}", rule("on")));
    assert_eq!((verdict, facts[1].0), (Verdict::No, "tls-below-1-2"));
    // Without a global configuration nobody knows what the rest of the requests may speak.
    assert_eq!(spoken(&rule("off")).0, Verdict::Undecided);
}

#[test]
fn a_domain_of_dcdn_is_judged_by_its_function_and_stays_open_without_one() {
    let domain = r#"{"TotalCount":1,"PageNumber":1,"PageSize":500,"Domains":{"PageData":[{"DomainName":"www.shop.example","DomainStatus":"online","Cname":"c","SSLProtocol":"on"}]}}"#;
    let speaks = |functions: &str| {
        let text = format!(r#"{{"DomainConfigs":{{"DomainConfig":[{functions}]}}}}"#);
        let files = [
            ("dcdn-DescribeDcdnUserDomains.json", domain),
            ("dcdn-DescribeDcdnDomainConfigs-DomainName=www.shop.example.json", text.as_str()),
        ];
        spoken(&files, "dcdn.domain").0
    };
    let function = |old: &str| {
        format!(
            r#"{{"FunctionName":"https_tls_version","FunctionArgs":{{"FunctionArg":[{{"ArgName":"tls10","ArgValue":"{old}"}},{{"ArgName":"tls11","ArgValue":"{old}"}},{{"ArgName":"tls12","ArgValue":"on"}}]}}}}"#
        )
    };
    assert_eq!(speaks(&function("off")), Verdict::Yes);
    assert_eq!(speaks(&function("on")), Verdict::No);
    assert_eq!(speaks(""), Verdict::Undecided);
}

#[test]
fn a_domain_of_the_cloud_native_gateway_that_also_takes_http_speaks_in_the_clear() {
    let domain = |protocol: &str, forced: bool, tls: &str| {
        let text = format!(
            r#"{{"data":{{"totalSize":1,"items":[{{"domainId":"d-1","name":"api.shop.example","protocol":"{protocol}","forceHttps":{forced},"tlsMin":"{tls}"}}]}}}}"#
        );
        spoken(&[("apig-ListDomains-cn-hangzhou.json", &text)], "apigateway.native-domain")
    };
    assert_eq!(domain("HTTPS", true, "TLS 1.2").0, Verdict::Yes);
    assert_eq!(domain("HTTPS", true, "TLS 1.0").1[1], ("tls-below-1-2", "d-1".to_owned()));
    assert_eq!(domain("HTTPS", false, "TLS 1.2").1[1], ("in-the-clear", "d-1".to_owned()));
    assert_eq!(domain("HTTP", false, "").0, Verdict::No);
}

#[test]
fn a_tunnel_under_des_is_weak_and_an_ssl_vpn_without_a_cipher_speaks_in_the_clear() {
    let tunnel = |first: &str, second: &str| {
        let text = format!(
            r#"{{"TotalCount":1,"PageNumber":1,"PageSize":10,"VpnConnections":{{"VpnConnection":[{{"VpnConnectionId":"vco-1","VpnGatewayId":"vpn-1","LocalSubnet":"10.0.0.0/8","RemoteSubnet":"192.168.0.0/16","Status":"ipsec_sa_established","IkeConfig":{{"IkeEncAlg":"{first}"}},"IpsecConfig":{{"IpsecEncAlg":"{second}"}}}}]}}}}"#
        );
        let answer = encrypted(&ground(&[("vpc-DescribeVpnConnections-cn-hangzhou.json", &text)]));
        answer.parts.iter().find(|part| part.subject == "vpn.connection").map(|part| part.facts[0].clone())
    };
    assert_eq!(tunnel("aes256", "aes256"), None);
    assert_eq!(tunnel("aes256", "3des"), Some(("weak-cipher", "vco-1".to_owned())));
    assert_eq!(tunnel("des", "aes"), Some(("weak-cipher", "vco-1".to_owned())));
    let server = r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"SslVpnServers":{"SslVpnServer":[{"SslVpnServerId":"vss-1","VpnGatewayId":"vpn-1","Cipher":"none"}]}}"#;
    let (verdict, facts) = spoken(&[("vpc-DescribeSslVpnServers-cn-hangzhou.json", server)], "vpn.ssl-server");
    assert_eq!(
        (verdict, facts),
        (Verdict::No, vec![("in-the-clear", "vss-1".to_owned())]),
        "TLS has no versions there"
    );
}

/// KMS-8: imported material has an end, and what it encrypts with it.
#[test]
fn the_end_of_imported_key_material_is_told_beside_the_store_that_needs_it() {
    let disk = r#"{"TotalCount":1,"PageNumber":1,"PageSize":50,"Disks":{"Disk":[{"DiskId":"d-1","RegionId":"cn-hangzhou","Encrypted":true,"KMSKeyId":"k-1","Category":"cloud_essd","Type":"data"}]}}"#;
    let told = |origin: &str, expires: &str| {
        let key = format!(
            r#"{{"KeyMetadata":{{"KeyId":"k-1","KeyState":"Enabled","Creator":"1000000000000001","Origin":"{origin}","KeySpec":"Aliyun_AES_256","KeyUsage":"ENCRYPT/DECRYPT","ProtectionLevel":"SOFTWARE","DKMSInstanceId":""{expires}}}}}"#
        );
        let answer = encrypted(&ground(&[
            ("ecs-DescribeDisks-cn-hangzhou.json", disk),
            ("kms-DescribeKey-cn-hangzhou-k-1.json", &key),
        ]));
        fact(part(&answer, "ecs.disk d-1"), "key-material-expires").map(str::to_owned)
    };
    let end = r#","MaterialExpireTime":"2026-12-31T00:00:00Z""#;
    assert_eq!(told("EXTERNAL", end).as_deref(), Some("2026-12-31T00:00:00Z"));
    assert_eq!(told("Aliyun_KMS", ""), None);
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
    let alerts = r#"{"TotalCount":0,"CurrentPage":1,"PageSize":20,"Count":0,"SuspEvents":[]}"#;
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
            ("sas-DescribeSuspEvents.json", alerts),
        ]));
        let part = part(&answer, "sas.center").clone();
        (part.verdict, fact(&part, "scans-off").map(str::to_owned), fact(&part, "notices-off").map(str::to_owned))
    };
    assert_eq!(center("on", 7), (Verdict::Yes, None, None));
    assert_eq!(center("off", 7), (Verdict::No, Some("cve".into()), None));
    assert_eq!(center("on", 0), (Verdict::No, None, Some("suspicious".into())));
}

/// §12.3: an urgent alert that nobody handled is a blocker; what nobody listed is open.
#[test]
fn an_urgent_alert_that_nobody_handled_is_a_gap() {
    let center = |alerts: Option<&[(&str, u16)]>| {
        let rows: Vec<String> = alerts
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(id, (level, status))| {
                format!(
                    r#"{{"Id":{id},"Level":"{level}","EventStatus":{status},"AlarmEventType":"Webshell","InstanceId":"i-1"}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"TotalCount":{0},"CurrentPage":1,"PageSize":20,"Count":{0},"SuspEvents":[{1}]}}"#,
            rows.len(),
            rows.join(",")
        );
        let mut files = vec![
            ("sas-DescribeVersionConfig.json", r#"{"Version":3,"IsPostpay":false}"#),
            (
                "sas-DescribeVulConfig.json",
                r#"{"TargetConfigs":[{"Type":"cve","Config":"on","TotalCount":1,"OverAllConfig":"on"}]}"#,
            ),
            ("sas-DescribeNoticeConfig.json", r#"{"NoticeConfigList":[{"Project":"suspicious","Route":7}]}"#),
            (
                "sas-DescribeStrategy.json",
                r#"{"Strategies":[{"Name":"all","CycleDays":1,"EcsCount":2,"PassRate":90}]}"#,
            ),
        ];
        files.extend(alerts.is_some().then_some(("sas-DescribeSuspEvents.json", text.as_str())));
        let answer = audited(&ground(&files));
        let part = part(&answer, "sas.center").clone();
        let told = |name: &str| fact(&part, name).map(str::to_owned);
        (part.verdict, told("open-alerts"), told("grave-alerts"))
    };
    let some = |count: &str| Some(count.to_owned());
    assert_eq!(center(Some(&[])), (Verdict::Yes, None, None));
    assert_eq!(center(Some(&[("serious", 32), ("remind", 1)])), (Verdict::Yes, some("1"), None));
    assert_eq!(center(Some(&[("serious", 1), ("suspicious", 16)])), (Verdict::No, some("2"), some("1")));
    assert_eq!(center(Some(&[("serious", 77)])).0, Verdict::Undecided);
    assert_eq!(center(None).0, Verdict::Undecided);
}
