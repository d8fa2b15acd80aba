//! The list of stores (`stores.toml`) and the analysis agree: each outcome of each store is concluded from evidence of it, or
//! the list says why there is none. Source: network semantics §11.1, §11.3, §11.4.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use xiezhi_model::Inventory;
use xiezhi_model::service::{ecs, polardb};

use super::*;
use crate::analyse::tests::{estate, one, shown};

#[derive(Deserialize)]
struct Rows {
    store: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    kind: String,
    #[serde(default = "main")]
    file: String,
    text: String,
    #[serde(default)]
    never: BTreeMap<String, String>,
    #[serde(default)]
    unknown: BTreeMap<String, String>,
    #[serde(flatten)]
    outcomes: BTreeMap<String, String>,
}

fn main() -> String {
    "root/main.tf".to_owned()
}

fn rows() -> Vec<Row> {
    toml::from_str::<Rows>(include_str!("stores.toml")).unwrap().store
}

impl Row {
    /// The store that the outcome's evidence makes, beside a key of KMS when one is given.
    fn store(&self, outcome: &str, key: Option<&str>) -> Option<Concluded> {
        let text = self.text.replace("%s", self.outcomes.get(outcome)?);
        let text = match self.file.ends_with(".tf") {
            true => text.replace(" { ", " {\n").replace(" }", "\n}"),
            false => text,
        };
        let mut files = vec![(self.file.as_str(), text.as_str())];
        files.extend(key.map(|key| ("kms-DescribeKey-cn-hangzhou-k-1.json", key)));
        let mut found = Found { kind: &self.kind, inventory: &estate(&files), concluded: None };
        each_store(&mut found);
        Some(found.concluded.unwrap_or_else(|| panic!("{} {outcome}: no such store", self.kind)))
    }

    fn excuse(&self, outcome: &str) -> Option<&String> {
        self.never.get(outcome).or_else(|| self.unknown.get(outcome))
    }
}

#[derive(Debug)]
struct Concluded {
    at_rest: String,
    cipher: String,
    usable: String,
    in_transit: Option<String>,
    keys: Vec<Text>,
}

struct Found<'a> {
    kind: &'a str,
    inventory: &'a Inventory,
    concluded: Option<Concluded>,
}

impl Visit for Found<'_> {
    fn visit<S: Store>(&mut self) {
        if S::SCHEMA.kind != self.kind {
            return;
        }
        let store = self.inventory.all::<S>().first();
        self.concluded = store.map(|store| {
            let (at_rest, cipher, usable) = store.concluded();
            Concluded {
                at_rest: shown(at_rest),
                cipher: shown(cipher),
                usable: shown(usable),
                in_transit: store.in_transit().map(shown),
                keys: keys_of(self.inventory, store),
            }
        });
    }
}

struct Kinds(Vec<(&'static str, bool)>);

impl Visit for Kinds {
    fn visit<S: Store>(&mut self) {
        self.0.push((S::SCHEMA.kind, S::SCHEMA.field("in_transit").is_some()));
    }
}

const AT_REST: [&str; 4] = ["none", "provider", "service", "key"];
const IN_TRANSIT: [&str; 3] = ["off", "offered", "enforced"];

#[test]
fn every_kind_that_the_analysis_visits_is_a_row_and_every_outcome_has_evidence_or_a_reason() {
    let mut kinds = Kinds(Vec::new());
    each_store(&mut kinds);
    let rows = rows();
    let listed: Vec<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(listed, kinds.0.iter().map(|(kind, _)| *kind).collect::<Vec<_>>());
    for (row, (kind, speaks)) in rows.iter().zip(&kinds.0) {
        let transit: &[&str] = if *speaks { &IN_TRANSIT } else { &["transit"] };
        for outcome in AT_REST.iter().chain(transit) {
            let given = row.outcomes.contains_key(*outcome);
            assert_ne!(given, row.excuse(outcome).is_some(), "{kind}: evidence of `{outcome}`, or why there is none");
        }
        let known: BTreeSet<&str> = AT_REST.iter().chain(transit).copied().chain(["sm4"]).collect();
        let named = row.outcomes.keys().chain(row.never.keys()).chain(row.unknown.keys());
        for name in named {
            assert!(known.contains(name.as_str()), "{kind}: `{name}` is no outcome");
        }
    }
}

#[test]
fn a_store_without_a_key_of_the_tenant_is_graded_as_its_row_says() {
    for row in rows() {
        for (outcome, grade) in [("none", "none"), ("provider", "provider-key"), ("service", "service-key")] {
            let Some(found) = row.store(outcome, None) else { continue };
            assert_eq!((found.at_rest.as_str(), found.usable.as_str()), (grade, "absent"), "{} {outcome}", row.kind);
            assert_eq!(found.cipher, if grade == "none" { "absent" } else { "aes" }, "{} {outcome}", row.kind);
            assert!(found.keys.is_empty(), "{} {outcome}", row.kind);
        }
        if let Some(found) = row.store("sm4", None) {
            assert_eq!(found.cipher, "sm4", "{}", row.kind);
        }
    }
}

fn key(state: &str, instance: &str, spec: &str, level: &str) -> String {
    format!(
        r#"{{"KeyMetadata":{{"KeyId":"k-1","KeyState":"{state}","Creator":"1000000000000001","Origin":"Aliyun_KMS","KeySpec":"{spec}","KeyUsage":"ENCRYPT/DECRYPT","ProtectionLevel":"{level}","DKMSInstanceId":"{instance}"}}}}"#
    )
}

#[test]
fn a_store_under_a_key_of_kms_has_the_grade_cipher_and_state_of_that_key() {
    for row in rows() {
        let under = |key: &str| row.store("key", Some(key));
        let Some(found) = under(&key("Enabled", "", "Aliyun_AES_256", "SOFTWARE")) else { continue };
        let kind = &row.kind;
        let said = |found: &Concluded| [found.at_rest.clone(), found.cipher.clone(), found.usable.clone()];
        assert_eq!(said(&found), ["default-key", "aes", "true"], "{kind}");
        assert_eq!(found.keys, ["k-1"], "{kind}");
        let software = under(&key("Enabled", "kst-1", "Aliyun_AES_256", "SOFTWARE")).unwrap();
        assert_eq!(said(&software), ["customer-key", "aes", "true"], "{kind}");
        for (spec, cipher) in [("Aliyun_AES_256", "aes"), ("Aliyun_SM4", "sm4")] {
            let hardware = under(&key("Enabled", "kst-1", spec, "HSM")).unwrap();
            assert_eq!(hardware.at_rest, "hsm-key", "{kind}");
            // A store that names its cipher itself is not contradicted by the key.
            if !row.outcomes.contains_key("sm4") {
                assert_eq!(hardware.cipher, cipher, "{kind}");
            }
        }
        for state in ["Disabled", "PendingDeletion", "PendingImport"] {
            let dead = under(&key(state, "kst-1", "Aliyun_AES_256", "SOFTWARE")).unwrap();
            assert_eq!(dead.usable, "false", "{kind} {state}");
        }
        let elsewhere = under("{}").map(|found| found.usable);
        assert!(elsewhere.is_none_or(|usable| usable != "false"), "{kind}: a key that nobody looked at is not dead");
    }
}

#[test]
fn a_store_of_a_configuration_that_refers_to_a_key_of_it_is_under_that_key() {
    for row in rows().into_iter().filter(|row| row.file.ends_with(".tf")) {
        let Some(named) = row.outcomes.get("key") else { continue };
        let refers = named.replace("\"k-1\"", "alicloud_kms_key.k.id");
        assert_ne!(*named, refers, "{}", row.kind);
        let text = format!("{}\nresource \"alicloud_kms_key\" \"k\" {{}}\n", row.text);
        let row = Row { outcomes: [("refers".to_owned(), refers)].into(), text, ..row };
        let found = row.store("refers", None).unwrap();
        assert_eq!([found.at_rest.as_str(), &found.usable], ["default-key", "true"], "{}", row.kind);
    }
}

#[test]
fn tls_towards_clients_is_off_offered_or_enforced_as_the_row_says() {
    for row in rows() {
        for outcome in IN_TRANSIT {
            let Some(found) = row.store(outcome, None) else { continue };
            assert_eq!(found.in_transit.as_deref(), Some(outcome), "{} {outcome}", row.kind);
        }
    }
}

#[test]
fn what_no_source_says_of_a_store_is_unknown_and_never_a_grade() {
    for kind in ["lindorm.instance", "clickhouse.cluster"] {
        let row = rows().into_iter().find(|row| row.kind == kind).unwrap();
        let silent = if kind == "lindorm.instance" { r#""ServiceType":"lindorm""# } else { "" };
        let row = Row { outcomes: [("bare".to_owned(), silent.to_owned())].into(), ..row };
        let found = row.store("bare", None).unwrap();
        match kind {
            "lindorm.instance" => assert_eq!(found.at_rest, "unknown: not-in-this-evidence"),
            _ => assert_eq!(found.in_transit.as_deref(), Some("unknown: not-in-this-evidence")),
        }
    }
}

fn image(snapshots: &[(&str, bool, &str)], owner: &str, listed: usize) -> [String; 2] {
    let disks: Vec<String> = snapshots.iter().map(|(id, ..)| format!(r#"{{"SnapshotId":"{id}"}}"#)).collect();
    let images = format!(
        r#"{{"TotalCount":1,"PageNumber":1,"PageSize":10,"Images":{{"Image":[{{"ImageId":"m-1","ImageOwnerAlias":"{owner}","DiskDeviceMappings":{{"DiskDeviceMapping":[{}]}}}}]}}}}"#,
        disks.join(",")
    );
    let rows: Vec<String> = snapshots
        .iter()
        .take(listed)
        .map(|(id, encrypted, key)| format!(r#"{{"SnapshotId":"{id}","Encrypted":{encrypted},"KMSKeyId":"{key}"}}"#))
        .collect();
    let taken = format!(
        r#"{{"TotalCount":{},"PageNumber":1,"PageSize":10,"Snapshots":{{"Snapshot":[{}]}}}}"#,
        rows.len(),
        rows.join(",")
    );
    let inventory = estate(&[
        ("ecs-DescribeImages-cn-hangzhou.json", &images),
        ("ecs-DescribeSnapshots-cn-hangzhou.json", &taken),
        ("kms-DescribeKey-cn-hangzhou-k-1.json", &key("Disabled", "kst-1", "Aliyun_AES_256", "SOFTWARE")),
    ]);
    let image = one::<ecs::Image>(&inventory, "m-1");
    [shown(&image.at_rest), shown(&image.at_rest_key_usable)]
}

#[test]
fn an_image_is_encrypted_as_its_weakest_snapshot_is() {
    let both = [("s-1", true, "k-1"), ("s-2", true, "")];
    assert_eq!(image(&both, "self", 2), ["service-key", "false"]);
    assert_eq!(image(&[("s-1", true, "k-1"), ("s-2", false, "")], "self", 2), ["none", "false"]);
    // One of them nobody listed: a plain one would decide, an encrypted one does not.
    assert_eq!(image(&both, "self", 1), ["unknown: not-collected", "false"]);
    assert_eq!(image(&[("s-2", false, ""), ("s-1", true, "k-1")], "self", 1), ["none", "unknown: not-collected"]);
    assert_eq!(image(&both, "system", 2), ["absent", "absent"]);
}

#[test]
fn a_cluster_of_polardb_offers_tls_when_each_of_its_endpoints_does() {
    let cluster = |second: &str| {
        let text = format!(
            r#"{{"DBClusterId":"pc-1","Items":[{{"DBEndpointId":"pe-1","SSLEnabled":"Enabled"}},{{"DBEndpointId":"pe-2","SSLEnabled":"{second}"}}]}}"#
        );
        let inventory = estate(&[("polardb-DescribeDBClusterSSL-cn-hangzhou-pc-1.json", &text)]);
        shown(&one::<polardb::Cluster>(&inventory, "pc-1").in_transit)
    };
    assert_eq!((cluster("Enabled"), cluster("Disabled")), ("offered".into(), "off".into()));
}
