//! `xiezhi ask` as a user runs it: over the bundled estate, over Terraform that a test writes, over files.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub fn estate(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lanhai").join(part)
}

/// Exit code, answer and notes of `xiezhi ask <args>`.
pub fn run(args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.env("LC_ALL", "C").env_remove("LANG").arg("ask").args(args);
    let done = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().expect("no signal"), text(done.stdout), text(done.stderr))
}

/// The same with a part of the bundled estate as evidence, where one is named.
pub fn ask_of(evidence: Option<&str>, args: &[&str]) -> (i32, String, String) {
    match evidence.map(estate) {
        Some(path) => run(&[args, &[path.to_str().unwrap()]].concat()),
        None => run(args),
    }
}

/// The same with the API answers of the bundled estate.
pub fn ask(args: &[&str]) -> (i32, String, String) {
    ask_of(Some("api"), args)
}

pub fn json(args: &[&str]) -> (i32, Value) {
    let (code, text, notes) = ask(&[args, &["--format", "json"]].concat());
    (code, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {notes}")))
}

/// A file with this text.
pub fn scratch(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

/// A folder with Terraform in it.
pub fn terraform(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), text).unwrap();
    folder
}

/// Policies with slips in them, a role that a whole account may assume, a grant at a resource group.
pub const ODD: &str = r#"
resource "alicloud_ram_policy" "p" {
  policy_name     = "p"
  policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = ["ecs:RunInstance", "sts:AssumeRole"], Resource = "*" },
    { Effect = "Allow", Action = "ecs:*", Resource = "acs:oss:*:*:b" } ] })
}
resource "alicloud_ram_policy" "bad" {
  policy_name     = "bad"
  policy_document = "{\"Version\":\"1\",\n \"Statement\":[{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"
}
resource "alicloud_ram_user" "ann" { name = "ann" }
resource "alicloud_resource_manager_policy_attachment" "a" {
  policy_name       = "p"
  policy_type       = "Custom"
  principal_name    = "ann@1001.onaliyun.com"
  principal_type    = "IMSUser"
  resource_group_id = "rg-1"
}
resource "alicloud_ram_role" "r" {
  role_name                   = "r"
  assume_role_policy_document = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { RAM = ["acs:ram::1001:root"] } } ] })
}
resource "alicloud_oss_bucket" "b" {
  bucket = "b"
  policy = jsonencode({ Version = "1", Statement = [
    { Effect = "Allow", Principal = ["2002"], Action = ["oss:GetObject"], Resource = ["acs:oss:*:*:b/*"] } ] })
}
"#;
