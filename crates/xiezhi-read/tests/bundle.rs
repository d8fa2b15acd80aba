//! The bundle format, written and read again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use xiezhi_model::service::oss::Bucket;
use xiezhi_model::{Inventory, Label, ProblemKind, Reason};
use xiezhi_read::bundle::{Came, Identity, Manifest, Record, Refusal, Regions, Writer};
use xiezhi_read::{Input, Options, Reading, TakenFor, read};

fn record<'a>(action: &'a str, params: &[(&'a str, &'a str)], came: Came<'a>) -> Record<'a> {
    Record {
        product: "oss",
        action,
        version: Some("2019-05-17"),
        region: None,
        account: None,
        params: params.iter().copied().collect::<BTreeMap<_, _>>(),
        time: Some("2026-11-25T08:00:00Z"),
        request_id: Some("r-1"),
        came,
    }
}

fn written() -> Vec<u8> {
    let manifest = Manifest {
        account: Some("1234567890123456".into()),
        identity: Some(Identity {
            kind: "AssumedRoleUser".into(),
            arn: "acs:ram::1234567890123456:assumed-role/reader/x".into(),
        }),
        regions: Some(Regions { asked: vec!["cn-hangzhou".into(), "cn-shanghai".into()], complete: true }),
        tool: "xiezhi 0.1.0".into(),
        started: "2026-11-25T08:00:00Z".into(),
        finished: "2026-11-25T08:01:00Z".into(),
    };
    let list: Box<RawValue> = RawValue::from_string(
        r#"{"IsTruncated":false,"Buckets":{"Bucket":[{"Name":"a"},{"Name":"b"},{"Name":"c"}]}}"#.into(),
    )
    .unwrap();
    let acl: Box<RawValue> = RawValue::from_string(r#"{"AccessControlList":{"Grant":"private"}}"#.into()).unwrap();
    let mut writer = Writer::start(vec![], &manifest).unwrap();
    writer.call(&record("ListBuckets", &[], Came::Answer(&list))).unwrap();
    writer.call(&record("GetBucketAcl", &[("BucketName", "a")], Came::Answer(&acl))).unwrap();
    let refusal = Refusal { code: "AccessDenied", message: "no", ram_action: Some("oss:GetBucketAcl") };
    writer.call(&record("GetBucketAcl", &[("BucketName", "b")], Came::Refused(refusal))).unwrap();
    writer.call(&record("GetBucketAcl", &[("BucketName", "c")], Came::TimedOut(Refusal::default()))).unwrap();
    let none = Refusal { code: "NoSuchBucketPolicy", ..Refusal::default() };
    writer.call(&record("GetBucketPolicy", &[("BucketName", "a")], Came::Failed(none))).unwrap();
    let gone = Refusal { code: "NoSuchBucket", ..Refusal::default() };
    writer.call(&record("GetBucketPolicy", &[("BucketName", "b")], Came::Failed(gone))).unwrap();
    writer.finish().unwrap()
}

fn read_bytes(bytes: &[u8], live: bool) -> Reading {
    read(&[Input::Bytes { name: "-".into(), bytes: bytes.to_vec(), live }], &Options::default())
}

fn named<'i>(inventory: &'i Inventory, name: &str) -> &'i Bucket {
    inventory.all::<Bucket>().iter().find(|bucket| bucket.head.id.value().is_some_and(|id| id == name)).unwrap()
}

#[test]
fn what_is_written_reads_back_with_refusals_and_absences() {
    let reading = read_bytes(&written(), false);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.files[0].taken_for, TakenFor::Bundle(6));
    assert_eq!(reading.manifests[0].tool, "xiezhi 0.1.0");
    let inventory = Inventory::join(reading.batches);
    assert_eq!(inventory.gaps(<Bucket as xiezhi_model::Resource>::SCHEMA), []);
    let a = named(&inventory, "a");
    assert_eq!(a.acl.value().unwrap(), "private");
    let call = a.acl.origin.source.call.as_ref().unwrap();
    assert_eq!(call.request_id.as_deref(), Some("r-1"));
    assert_eq!(call.time.as_deref(), Some("2026-11-25T08:00:00Z"));
    assert_eq!(a.acl.origin.line, 3);
    assert!(a.policy.is_absent(), "{:?}", a.policy);
    let b = named(&inventory, "b");
    assert_eq!(b.acl.reason(), Some(&Reason::refused("oss:GetBucketAcl", Some("oss:GetBucketAcl"))));
    assert_eq!(b.policy.reason().map(Reason::code), Some("unreadable"));
    assert_eq!(named(&inventory, "c").acl.reason(), Some(&Reason::Throttled("oss:GetBucketAcl".into())));
    let (account, regions) = inventory.regions_asked().first_key_value().unwrap();
    assert_eq!(account.as_deref(), Some("1234567890123456"));
    assert_eq!(regions.value().unwrap().items.len(), 2);
}

#[test]
fn only_the_collector_of_this_run_makes_evidence_live() {
    for (live, label) in [(true, Label::Live), (false, Label::UserProvided)] {
        let inventory = Inventory::join(read_bytes(&written(), live).batches);
        assert_eq!(named(&inventory, "a").acl.origin.label, label);
    }
}

#[test]
fn one_object_reads_as_the_lines_do() {
    let lines = String::from_utf8(written()).unwrap();
    let (first, calls) = lines.split_once('\n').unwrap();
    let calls: Vec<&str> = calls.lines().collect();
    let object = format!("{},\n\"calls\":[\n{}\n]}}", first.strip_suffix('}').unwrap(), calls.join(",\n"));
    let of = |bytes: &[u8]| {
        let inventory = Inventory::join(read_bytes(bytes, false).batches);
        format!(
            "{:?}",
            inventory
                .all::<Bucket>()
                .iter()
                .map(|bucket| (&bucket.acl.state, &bucket.policy.state))
                .collect::<Vec<_>>()
        )
    };
    assert_eq!(of(object.as_bytes()), of(lines.as_bytes()));
}

#[test]
fn a_bundle_that_ends_too_early_keeps_its_complete_calls() {
    let bytes = written();
    for cut in (200..bytes.len()).step_by(97) {
        let reading = read_bytes(&bytes[..cut], false);
        let whole_lines = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
        if bytes[cut - 1] != b'\n' && bytes.get(cut) != Some(&b'\n') {
            assert!(reading.problems.iter().any(|problem| problem.kind == ProblemKind::Truncated), "cut at {cut}");
        }
        if let Some(file) = reading.files.first()
            && let TakenFor::Bundle(calls) = file.taken_for
        {
            assert!(calls + 1 >= whole_lines, "cut at {cut}: {calls} calls, {whole_lines} lines");
        }
        let inventory = Inventory::join(reading.batches);
        // Nothing that the whole bundle says otherwise is ever known.
        for bucket in inventory.all::<Bucket>() {
            assert!(bucket.acl.value().is_none_or(|acl| acl == "private"));
        }
    }
}

#[test]
fn another_version_of_the_format_is_named() {
    let reading = read_bytes(br#"{"format": "xiezhi-evidence/2", "manifest": {}, "calls": []}"#, false);
    assert_eq!(reading.problems[0].kind, ProblemKind::NotRecognised);
    assert!(reading.problems[0].detail.contains("xiezhi-evidence/2"));
}
