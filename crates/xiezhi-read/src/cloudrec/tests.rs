use super::asset::Part;
use super::*;

/// Every asset of the tables, those inside others too.
fn every() -> Vec<&'static Asset> {
    let tops = ASSETS.iter().flat_map(|assets| assets.iter());
    tops.flat_map(|asset| std::iter::once(asset).chain(asset.inside.iter().map(|(_, inner)| *inner))).collect()
}

/// The answers of a document, as `product:action params answer`.
fn answers(text: &str) -> Vec<String> {
    let bundle = bundle(text).expect("a document that is understood");
    let records = serde_json::Deserializer::from_str(&bundle).into_iter::<serde_json::Value>();
    let text = |it: serde_json::Value| {
        let name = |key: &str| it[key].as_str().unwrap().to_owned();
        format!("{}:{} {} {}", name("product"), name("action"), it["params"], it["answer"])
    };
    records.skip(1).map(|record| text(record.unwrap())).collect()
}

#[test]
fn every_call_of_the_tables_has_an_adapter() {
    for part in every().iter().flat_map(|asset| asset.parts) {
        let (product, action) = part.call.split_once(':').unwrap();
        assert!(crate::api::calls(product, action).next().is_some(), "{}", part.call);
    }
}

#[test]
fn no_call_of_the_tables_is_a_listing() {
    let lists = |part: &Part| {
        let (product, action) = part.call.split_once(':').unwrap();
        crate::api::calls(product, action).any(|call| call.lists.is_some())
    };
    for asset in every() {
        let narrowed = !asset.param.is_empty() && !asset.id.1.is_empty();
        assert!(narrowed || !asset.parts.iter().any(lists), "{:?}", asset.known_by);
    }
}

#[test]
fn what_names_an_asset_is_a_member_of_it() {
    for asset in every().into_iter().filter(|asset| !asset.id.0.is_empty() && !asset.known_by.is_empty()) {
        let marks: Vec<&str> = asset.known_by.iter().flat_map(|mark| mark.split('|')).collect();
        let stands = |name: &str| marks.iter().any(|mark| mark.split(['.', '[']).next() == Some(name));
        assert!(asset.parts.iter().any(|part| part.from == asset.id.0), "{:?}", asset.id);
        assert!(asset.parts.iter().any(|part| stands(part.from.split(['.', '[']).next().unwrap())), "{marks:?}");
    }
}

#[test]
fn a_document_becomes_its_calls_and_each_keeps_its_line() {
    let text = "{\n \"BucketProperties\": {\"Name\": \"b\"},\n \"BucketInfo\": {\n  \"ACL\": \"private\"\n },\n \"LoggingEnabled\": null\n}";
    let bundle = bundle(text).unwrap();
    let lines: Vec<&str> = bundle.lines().collect();
    assert!(lines[1].contains(
        r#""action":"ListBuckets","params":{"BucketName":"b"},"answer":{"Buckets":{"Bucket":[{"Name": "b"}]}}"#
    ));
    assert!(lines[3].contains(r#""action":"GetBucketAcl""#) && lines[3].contains("private"), "{bundle}");
    assert!(!bundle.contains("GetBucketLogging"), "null says nothing");
}

#[test]
fn what_is_no_asset_document_stays_what_it_is() {
    assert_eq!(bundle(r#"{"Instances": {"Instance": []}, "TotalCount": 0}"#), None);
    assert_eq!(bundle(r#"{"Instance": {"InstanceId": "i-1"}}"#), None, "an instance of what?");
    assert_eq!(bundle(r#"{"BucketProperties": {"Name": "b""#), None, "a broken document is reported by its own reader");
}

#[test]
fn what_the_collector_could_not_ask_says_nothing() {
    let text = r#"{"User":{"UserName":"u"},"UserDetail":{"UserName":"","UserId":"","Email":""},"ConsoleLogin":false,
        "LoginProfile":null,"Policies":null,"AccessKeys":[]}"#;
    assert_eq!(
        answers(text),
        [
            r#"ram:ListUsers {"UserName":"u"} {"Users":{"User":[{"UserName":"u"}]}}"#,
            r#"ram:ListAccessKeys {"UserName":"u"} {"AccessKeys":{"AccessKey":[]}}"#,
        ]
    );
    assert!(answers(r#"{"Trail":{"Name":"","TrailArn":"","OssBucketName":""}}"#).is_empty(), "there is no trail");
}

#[test]
fn what_is_off_is_said_also_beside_empty_texts() {
    let text = r#"{"AccountSummary":{},"SecurityPreference":null,"PasswordPolicy":null,
        "UserSsoSettings":{"SsoEnabled":false,"AuxiliaryDomain":""}}"#;
    assert_eq!(
        answers(text),
        [r#"ims:GetUserSsoSettings null {"UserSsoSettings":{"AuxiliaryDomain":"","SsoEnabled":false}}"#]
    );
}

#[test]
fn policies_of_a_users_groups_are_not_the_users_own() {
    let text = r#"{"User":{"UserName":"u"},"UserDetail":null,"ConsoleLogin":false,"Policies":[
        {"Policy":{"PolicyName":"own"},"Source":"User:u"},{"Policy":{"PolicyName":"theirs"},"Source":"Group:g"}]}"#;
    let own = answers(text).into_iter().find(|answer| answer.starts_with("ram:ListPoliciesForUser")).unwrap();
    assert!(own.contains("own") && !own.contains("theirs"), "{own}");
}

#[test]
fn a_member_without_what_is_listed_makes_no_shorter_list() {
    let text = r#"{"Role":{"RoleName":"r"},"Policies":[{"Policy":{"PolicyName":"p"}},{"DefaultPolicyVersion":{}}]}"#;
    assert!(!answers(text).iter().any(|answer| answer.starts_with("ram:ListPoliciesForRole")));
}

#[test]
fn an_access_key_is_asked_for_by_its_own_id() {
    let text = r#"{"User":{"UserName":"u"},"UserDetail":null,"ConsoleLogin":false,
        "AccessKeys":[{"AccessKey":{"AccessKeyId":"K1"},"LastUsedDate":"2026-01-01T00:00:00Z"}]}"#;
    assert!(answers(text).contains(
        &r#"ram:GetAccessKeyLastUsed {"UserAccessKeyId":"K1","UserName":"u"} {"AccessKeyLastUsed":{"LastUsedDate":"2026-01-01T00:00:00Z"}}"#
            .to_owned()
    ));
}

#[test]
fn parts_of_an_asset_without_an_id_meet_and_no_other_documents_do() {
    let of = |spec: &str| {
        let text = format!(
            r#"{{"LoadBalancer":{{"AddressType":"internet"}},"LoadBalancerAttribute":{{"LoadBalancerSpec":"{spec}"}},
            "Listeners":[{{"Listener":{{"ListenerPort":80}},"AclList":null}}],"EipAddress":null}}"#
        );
        let ids: Vec<String> = answers(&text)
            .iter()
            .flat_map(|answer| {
                answer.split('"').filter(|word| word.starts_with("unnamed-")).map(String::from).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(ids.len(), 6, "the parameter and the record of three calls: {ids:?}");
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        ids[0].clone()
    };
    assert_eq!(of("a"), of("a"));
    assert_ne!(of("a"), of("b"));
}

#[test]
fn an_id_that_a_detail_names_is_the_assets() {
    let text =
        r#"{"DBCluster":{"DBClusterDescription":"d"},"DBClusterAttribute":{"DBClusterId":"pc-1"},"DBClusterSSL":[]}"#;
    let found = answers(text);
    assert!(found.iter().all(|answer| answer.contains(r#"{"DBClusterId":"pc-1"}"#)), "{found:?}");
    assert!(found[0].contains(r#""DBCluster":[{"DBClusterDescription":"d","DBClusterId":"pc-1"}]"#), "{found:?}");
}

#[test]
fn a_masked_id_names_nothing() {
    let text = r#"{"InstanceVO":{"InstanceId":"alikafka_***","Name":"k"},"AllowedList":{"DeployType":4}}"#;
    assert!(answers(text)[0].contains(r#"{"InstanceId":"unnamed-"#) && !answers(text)[0].contains("***"));
}

#[test]
fn an_address_of_ens_is_none_of_the_vpc() {
    assert_eq!(bundle(r#"{"EipAddress":{"IpAddress":"1.2.3.4","EnsRegionId":"cn-wuxi-1"}}"#), None);
    assert_eq!(bundle(r#"{"NatGateway":{"NatGatewayId":"n","EnsRegionId":"cn-wuxi-1"}}"#), None);
    assert!(bundle(r#"{"EipAddress":{"IpAddress":"1.2.3.4","AllocationId":"eip-1"}}"#).is_some());
}

#[test]
fn rules_of_a_servers_groups_are_those_of_each_group() {
    let text = r#"{"Instance":{"InstanceId":"i-1"},"Disks":null,"NetworkInterfaceSet":null,"SecurityGroups":[
        {"SecurityGroup":{"SecurityGroupId":"sg-1"},"Permissions":[{"Policy":"Accept"}]},
        {"SecurityGroup":{"SecurityGroupId":"sg-2"},"Permissions":[]}]}"#;
    let rules: Vec<String> =
        answers(text).into_iter().filter(|answer| answer.starts_with("ecs:DescribeSecurityGroupAttribute")).collect();
    assert!(rules[0].contains(r#""SecurityGroupId":"sg-1""#) && rules[0].contains("Accept"), "{rules:?}");
    assert!(rules[1].contains(r#""SecurityGroupId":"sg-2""#) && rules[1].contains("[]"), "{rules:?}");
}

#[test]
fn balancers_are_told_apart_by_what_their_listeners_hold() {
    let first = |listener: &str| {
        let text = format!(
            r#"{{"LoadBalancer":{{"LoadBalancerId":"lb-1"}},"LoadBalancerAttribute":{{"LoadBalancerId":"lb-1"}},"Listeners":[{listener}]}}"#
        );
        answers(&text).remove(0)
    };
    assert!(first(r#"{"Listener":{},"AclList":[]}"#).starts_with("slb:"));
    assert!(first(r#"{"Listener":{},"ListenerAttribute":{"AclList":null}}"#).starts_with("alb:"));
    assert!(first(r#"{"Listener":{},"ServerGroupServers":[]}"#).starts_with("nlb:"));
}
