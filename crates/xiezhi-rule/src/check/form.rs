//! What a shipped check must have beyond what loading asks.

use super::{Answer, Check};
use crate::error::CheckError;
use crate::markdown::is_chinese;

/// Longest title, in characters.
const LONGEST_TITLE: usize = 100;

impl Check {
    /// What the check lacks to be shipped: an example of each of fail, pass and unknown; its texts in both languages;
    /// titles of at most 100 characters; an id that starts with the folder of its service; a reference.
    pub fn shortcomings(&self) -> Vec<CheckError> {
        let mut found = Vec::new();
        let mut lacks = |message: String, help: &str| {
            found.push(CheckError {
                path: self.path.clone(),
                line: 1,
                column: 1,
                message,
                help: Some(help.to_owned()),
                source: String::new(),
                marked: 0,
            });
        };
        for answer in [Answer::Fail, Answer::Pass, Answer::Unknown] {
            if !self.examples.iter().any(|example| example.expected == answer) {
                lacks(format!("there is no example of `{answer}`"), "add one under `## Examples`");
            }
        }
        for (title, language) in [(&self.title.en, "English"), (&self.title.zh, "Chinese")] {
            if title.chars().count() > LONGEST_TITLE {
                lacks(format!("the {language} title is longer than {LONGEST_TITLE} characters"), "shorten it");
            }
        }
        for (words, en, zh) in [(&self.why, "Why", "原因"), (&self.fix, "Fix", "修复")] {
            if words.en.is_empty() {
                lacks(format!("the section `{en}` is missing or empty"), "write it");
            }
            if !is_chinese(&words.zh) {
                lacks(format!("the section `{zh}` is missing, empty or not Chinese"), "write it");
            }
        }
        if self.false_alarms.en.is_empty() != self.false_alarms.zh.is_empty() {
            lacks("`False alarms` and `误报` stand together".to_owned(), "write the other language");
        }
        if self.refs.is_empty() && self.question.is_none() {
            lacks("there is no reference".to_owned(), "name the official document in `refs`");
        }
        let mut folders = self.path.rsplit(['/', '\\']).skip(1);
        if let (Some(service), Some("checks")) = (folders.next(), folders.next())
            && !self.id.starts_with(&format!("{service}-"))
        {
            lacks(format!("the id does not start with the folder `{service}`"), "put the service first");
        }
        found
    }
}
