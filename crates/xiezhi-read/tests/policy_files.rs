//! Policies in files of their own: read by a configuration, or lying there alone.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::missing_docs_in_private_items)]

use xiezhi_model::ProblemKind;
use xiezhi_read::{Input, Options, Reading, TakenFor, read};

const POLICY: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}"#;

fn reading(files: &[(&str, &str)]) -> Reading {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    read(&[Input::Path(folder.path().to_owned())], &Options::default())
}

fn said(reading: &Reading) -> Vec<(String, ProblemKind)> {
    let name = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    reading.problems.iter().map(|problem| (name(&problem.file), problem.kind)).collect()
}

fn main_tf(expression: &str) -> String {
    format!("resource \"alicloud_ram_policy\" \"p\" {{\n  policy_name = \"p\"\n  policy_document = {expression}\n}}\n")
}

#[test]
fn a_policy_file_that_a_configuration_reads_is_part_of_it() {
    let with = |expression: &str, name: &str, text: &str| reading(&[("main.tf", &main_tf(expression)), (name, text)]);
    let plain = with("file(\"${path.module}/policies/p.json\")", "policies/p.json", POLICY);
    assert_eq!(said(&plain), []);
    let policy = plain.files.iter().find(|file| file.path.ends_with("p.json")).unwrap();
    assert!(matches!(policy.taken_for, TakenFor::TerraformConfig(_)), "{policy:?}");
    let template = POLICY.replace("\"*\"}", "${jsonencode(resources)}}");
    let filled = with("templatefile(\"p.json\", { resources = [\"*\"] })", "p.json", &template);
    assert_eq!(said(&filled), []);
}

#[test]
fn a_policy_file_that_nothing_reads_says_that_nobody_is_named_to_have_it() {
    let beside = reading(&[("main.tf", &main_tf("\"{}\"")), ("policies/p.json", POLICY)]);
    assert_eq!(said(&beside), [("p.json".to_owned(), ProblemKind::LonePolicy)]);
    let other = reading(&[("main.tf", &main_tf("file(\"q.json\")")), ("p.json", POLICY)]);
    assert_eq!(said(&other), [("p.json".to_owned(), ProblemKind::LonePolicy)]);
    let odd = reading(&[("main.tf", &main_tf("\"{}\"")), ("p.json", r#"{"Version":"1","Statement":"x"}"#)]);
    assert_eq!(said(&odd), [("p.json".to_owned(), ProblemKind::NotRecognised)]);
}
