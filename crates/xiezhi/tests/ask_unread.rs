//! What the evidence declares and this program does not know is named in every answer, and no answer claims it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod asking;

use asking::{run, terraform};
use serde_json::Value;

const ESTATE: &str = r#"
resource "alicloud_ram_user" "ann" {
  name = "ann"
}

resource "alicloud_ram_policy" "p" {
  policy_name     = "p"
  policy_document = jsonencode({ Version = "1", Statement = [{ Effect = "Allow", Action = "oss:GetObject", Resource = "*" }] })
}

resource "alicloud_ram_user_policy_attachment" "a" {
  user_name   = alicloud_ram_user.ann.name
  policy_name = alicloud_ram_policy.p.policy_name
  policy_type = "Custom"
}

resource "alicloud_never_heard_of" "one" {
  count = 2
}
"#;

#[test]
fn every_answer_over_evidence_names_the_types_that_nothing_reads() {
    let folder = terraform(ESTATE);
    let evidence = folder.path().to_str().unwrap();
    let questions: [&[&str]; 10] = [
        &["can", "user/ann", "oss:GetObject", evidence],
        &["who", "oss:GetObject", evidence],
        &["what", "user/ann", evidence],
        &["escalate", evidence],
        &["blast", "user/ann", evidence],
        &["lint", evidence],
        &["exposed", evidence],
        &["waf", evidence],
        &["encrypted", evidence],
        &["audited", evidence],
    ];
    for question in questions {
        for (lang, said) in [("en", "Not read: alicloud_never_heard_of"), ("zh", "未读取：alicloud_never_heard_of")]
        {
            let (code, text, notes) = run(&[question, &["--lang", lang]].concat());
            assert!(code == 0 || code == 3, "{question:?}: {code} {notes}");
            assert!(text.contains(said), "{question:?} {lang}: {text}");
        }
        let (_, text, notes) = run(&[question, &["--format", "json"]].concat());
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {notes}"));
        assert!(answer["not_read"]["alicloud_never_heard_of"].as_u64().is_some(), "{question:?}: {text}");
    }
}
