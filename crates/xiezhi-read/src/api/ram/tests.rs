use std::sync::Arc;

use xiezhi_model::service::account::Account;
use xiezhi_model::{Batch, Label, Listing, ListingScope, Origin, Source, SourceKind};

use super::*;
use crate::json::Raw;
use crate::sink::Around;
use crate::testing::{answers, only};

/// Product, action, parameters, JSON.
type Answer<'t> = (&'t str, &'t str, &'t [(&'t str, &'t str)], &'t str);

/// Reads answers of calls.
fn read(answers: &[Answer<'_>], listed: &[&'static xiezhi_model::Schema]) -> Batch {
    let mut batch = Batch::new();
    for (product, action, params, json) in answers {
        let name = format!("{product}-{action}");
        let origin = Origin::new(Arc::new(Source::new(SourceKind::Api, name.as_str())), 0, Label::UserProvided);
        let node = Raw::whole(json).node().unwrap();
        let calls: Vec<_> = crate::api::calls(product, action).collect();
        assert!(!calls.is_empty(), "{name}");
        for call in calls {
            let mut around = Around::nothing(origin.clone());
            around.params = params.iter().map(|(k, v)| (Text::from(*k), Text::from(*v))).collect();
            let mut sink = Sink { batch: &mut batch, around };
            let fields = Fields::new(&node, &origin, "");
            if call.list.is_empty() {
                (call.read)(&fields, &mut sink);
            } else {
                fields.each(call.list).iter().for_each(|item| (call.read)(item, &mut sink));
            }
        }
        for schema in listed {
            let scope = ListingScope::Account { account: None, region: None };
            batch.listing(Listing { kind: schema.kind, scope, gap: None, about: None, origin: origin.clone() });
        }
    }
    batch.finish();
    batch
}

fn user<'b>(batch: &'b mut Batch, name: &str) -> &'b User {
    batch.resources::<User>().into_iter().find(|user| user.head.id.value().is_some_and(|id| id == name)).unwrap()
}

const USERS: &str = r#"{"Users":{"User":[{"UserName":"ann","UserId":"1","CreateDate":"2026-01-01T00:00:00Z"},
    {"UserName":"bob","UserId":"2","CreateDate":"2026-01-01T00:00:00Z"}]}}"#;

#[test]
fn a_complete_list_of_attachments_says_who_has_what_and_who_has_nothing() {
    let attachments = r#"{"PolicyAttachments":{"PolicyAttachment":[
        {"PolicyName":"AdministratorAccess","PolicyType":"System","PrincipalName":"ann@x.onaliyun.com",
         "PrincipalType":"IMSUser","ResourceGroupId":"1234567890"},
        {"PolicyName":"own","PolicyType":"Custom","PrincipalName":"ann@x.onaliyun.com",
         "PrincipalType":"IMSUser","ResourceGroupId":"rg-abc"}]}}"#;
    let answers =
        [("ram", "ListUsers", &[][..], USERS), ("resourcemanager", "ListPolicyAttachments", &[][..], attachments)];
    let mut batch = read(&answers, &[Attachment::SCHEMA]);
    let grants = user(&mut batch, "ann").policies.value().cloned().unwrap();
    let names: Vec<_> =
        grants.items.iter().map(|g| (g.name.value().unwrap().as_str(), g.resource_group.value())).collect();
    assert_eq!(names, [("AdministratorAccess", None), ("own", Some(&Text::from("rg-abc")))]);
    assert_eq!(grants.items[0].policy.value().unwrap().target, "acs:ram:*:system:policy/AdministratorAccess");
    assert_eq!(user(&mut batch, "bob").policies.value().map(|list| list.items.len()), Some(0));
    let mut partial = read(&answers, &[]);
    assert!(user(&mut partial, "bob").policies.value().unwrap().more.is_some(), "without a listing there may be more");
}

#[test]
fn groups_of_a_user_are_known_only_when_every_group_told_its_members() {
    let groups = r#"{"Groups":{"Group":[{"GroupName":"dev"},{"GroupName":"ops"}]}}"#;
    let dev = r#"{"Users":{"User":[{"UserName":"ann","DisplayName":"Ann"}]}}"#;
    let none = r#"{"Users":{"User":[]}}"#;
    let mut answers = vec![
        ("ram", "ListUsers", &[][..], USERS),
        ("ram", "ListGroups", &[][..], groups),
        ("ram", "ListUsersForGroup", &[("GroupName", "dev")][..], dev),
    ];
    let mut partial = read(&answers, &[Group::SCHEMA]);
    assert!(user(&mut partial, "bob").groups.value().unwrap().more.is_some());
    answers.push(("ram", "ListUsersForGroup", &[("GroupName", "ops")][..], none));
    let mut batch = read(&answers, &[Group::SCHEMA]);
    let ann = user(&mut batch, "ann").groups.value().cloned().unwrap();
    assert_eq!((ann.items.len(), ann.items[0].target.as_str(), ann.more), (1, "dev", None));
    assert_eq!(user(&mut batch, "bob").groups.value().map(|g| (g.items.len(), g.more.is_none())), Some((0, true)));
}

#[test]
fn an_empty_list_of_keys_is_none_and_a_missing_answer_is_unknown() {
    let mut batch = read(
        &[
            ("ram", "ListUsers", &[], USERS),
            ("ram", "ListAccessKeys", &[("UserName", "ann")], r#"{"AccessKeys":{"AccessKey":[]}}"#),
        ],
        &[],
    );
    assert_eq!(user(&mut batch, "ann").access_keys.value().map(|keys| keys.items.len()), Some(0));
    assert_eq!(user(&mut batch, "bob").access_keys.reason(), Some(&Reason::NotCollected));
}

// user,…: <root> with MFA and a disabled key; ann with console and a key never used.
const REPORT: &str = "user,user_creation_time,user_last_logon,password_exist,password_active,password_last_changed,\
password_next_rotation,mfa_active,access_key_1_exist,access_key_1_active,access_key_1_last_rotated,\
access_key_1_last_used,access_key_2_exist,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used\n\
<root>,2020-01-01T00:00:00Z,2026-10-01T00:00:00Z,TRUE,TRUE,2020-01-01T00:00:00Z,-,TRUE,TRUE,FALSE,2020-01-01T00:00:00Z,-,FALSE,FALSE,-,-\n\
ann@x.onaliyun.com,2026-01-01T00:00:00Z,-,TRUE,TRUE,2026-01-01T00:00:00Z,-,FALSE,TRUE,TRUE,2026-02-01T00:00:00Z,N/A,FALSE,FALSE,-,-\n";

#[test]
fn the_credential_report_tells_of_root_and_users() {
    let json = format!("{{\"Content\":\"{}\"}}", base64(REPORT.as_bytes()));
    let practice = r#"{"AccountSecurityPracticeInfo":{"AccountSecurityPracticeUserInfo":
        {"BindMfa":true,"RootWithAccessKey":1,"UnusedAkNum":1}}}"#;
    let mut batch = read(
        &[
            ("ims", "GetCredentialReport", &[], &json),
            ("ims", "GetAccountSecurityPracticeReport", &[], practice),
            (
                "ims",
                "ListAccessKeys",
                &[("UserPrincipalName", "ann@x.onaliyun.com")],
                r#"{"AccessKeys":{"AccessKey":[{"AccessKeyId":"LTAI5tFakeFakeFakeFake01","Status":"Active","CreateDate":"2026-02-01T00:00:00Z"}]}}"#,
            ),
        ],
        &[],
    );
    let accounts = batch.resources::<Account>();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].root_mfa.value(), Some(&true));
    assert_eq!(accounts[0].root_access_keys.value(), Some(&0), "a disabled key cannot be used");
    let ann = user(&mut batch, "ann");
    assert_eq!((ann.console_login.value(), ann.mfa_device.value()), (Some(&true), Some(&false)));
    assert!(ann.last_login.is_absent());
    let keys = &ann.access_keys.value().unwrap().items;
    assert_eq!(keys.len(), 1);
    assert!(keys[0].id.value().is_some() && keys[0].last_used.is_absent());
}

#[test]
fn without_the_credential_report_every_root_key_counts() {
    let practice = r#"{"AccountSecurityPracticeInfo":{"AccountSecurityPracticeUserInfo":{"RootWithAccessKey":1}}}"#;
    let mut batch = read(&[("ims", "GetAccountSecurityPracticeReport", &[], practice)], &[]);
    let account = batch.resources::<Account>()[0];
    assert_eq!(account.root_access_keys.value(), Some(&1));
    assert!(account.root_mfa.reason().is_some());
}

#[test]
fn only_the_default_version_of_a_policy_speaks() {
    let old = r#"{"PolicyVersion":{"VersionId":"v1","IsDefaultVersion":false,"PolicyDocument":"{}"}}"#;
    let get = r#"{"Policy":{"PolicyName":"p","PolicyType":"Custom","DefaultVersion":"v2","AttachmentCount":1},
        "DefaultPolicyVersion":{"VersionId":"v2","IsDefaultVersion":true,
        "PolicyDocument":"{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#;
    let params: &[(&str, &str)] = &[("PolicyName", "p"), ("PolicyType", "Custom")];
    let mut batch = read(&[("ram", "GetPolicyVersion", params, old), ("ram", "GetPolicy", &[], get)], &[]);
    let policies = batch.resources::<Policy>();
    assert_eq!(policies.len(), 1);
    assert_eq!(policies[0].statements.value().map(|list| list.items.len()), Some(1));
    assert_eq!(policies[0].attachments.value(), Some(&1));
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let six = (word >> (18 - 6 * i)) & 63;
            out.push(if i > chunk.len() { '=' } else { char::from(ALPHABET[six as usize]) });
        }
    }
    out
}

#[test]
fn service_credentials_are_listed_with_their_holder_and_end() {
    let estate = answers(&[(
        "ims:ListServiceCredentials",
        "AllUsers=true",
        r#"{"IsTruncated":false,"ServiceCredentials":[{"ServiceCredentialId":"sc-1","ServiceCredentialName":"git",
            "ServiceName":"codeup","Status":"Active","UserPrincipalName":"ann@example.onaliyun.com",
            "CreateTime":"2026-01-01T00:00:00Z"}]}"#,
    )]);
    let credential = only::<ServiceCredential>(&estate);
    assert_eq!(credential.user.value().map(|link| link.target.as_str()), Some("ann"));
    assert_eq!((credential.active.value(), credential.expires.is_absent()), (Some(&true), true));
}
