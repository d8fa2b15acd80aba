//! Everything that the command line says has its Chinese, and nothing else has.

use std::collections::BTreeSet;

use clap::CommandFactory;

use super::*;

/// Every text that the commands need: path, key, and the values that the text must name.
fn needed(command: &Command, path: &str, found: &mut Vec<(String, String, Vec<String>)>) {
    found.push((path.to_owned(), "about".to_owned(), Vec::new()));
    for arg in command.get_arguments() {
        let values = arg.get_possible_values();
        let values = values.iter().filter(|_| arg.get_action().takes_values()).map(|value| value.get_name().to_owned());
        found.push((path.to_owned(), arg.get_id().to_string(), values.collect()));
    }
    for below in command.get_subcommands() {
        needed(below, &format!("{path} {}", below.get_name()), found);
    }
}

#[test]
fn every_command_argument_and_value_is_said_in_chinese_and_no_text_is_left_over() {
    let texts: Texts = toml::from_str(ZH).expect("the texts are TOML");
    let mut all = Vec::new();
    needed(&Cli::command(), "xiezhi", &mut all);
    let mut used = BTreeSet::from([("shared", "help"), ("shared", "version"), ("xiezhi", "long")]);
    for (path, key, values) in &all {
        let own = texts.get(path).and_then(|own| own.get_key_value(key)).map(|found| (path.as_str(), found));
        let found = own.or_else(|| Some(("shared", texts["shared"].get_key_value(key)?)));
        let (table, (key, text)) = found.unwrap_or_else(|| panic!("`{path}` says nothing of `{key}` in Chinese"));
        for value in values {
            assert!(text.contains(value.as_str()), "`{path}` does not name the value `{value}` of `{key}`");
        }
        used.insert((table, key));
    }
    let given = texts.iter().flat_map(|(table, texts)| texts.keys().map(move |key| (table.as_str(), key.as_str())));
    let left: Vec<_> = given.filter(|text| !used.contains(text)).collect();
    assert!(left.is_empty(), "nobody shows {left:?}");
}

fn said(line: &str) -> (String, bool) {
    let args = line.split(' ').map(OsString::from).collect();
    let instead = parse(args, Lang::Zh).err().unwrap_or_else(|| panic!("`{line}` was taken"));
    (instead.text.to_string(), instead.refused)
}

#[test]
fn help_is_chinese_in_every_line_that_is_not_a_name() {
    let mut all = Vec::new();
    needed(&Cli::command(), "xiezhi", &mut all);
    let paths: BTreeSet<_> = all.into_iter().map(|(path, ..)| path).collect();
    for path in paths {
        for flag in ["-h", "--help"] {
            let (help, refused) = said(&format!("{path} {flag}"));
            assert!(!refused);
            let bare = |line: &&str| {
                let line = line.trim();
                let name = line.starts_with('-') || line.starts_with('<') || line.starts_with('[');
                !line.is_empty() && line.is_ascii() && !name && line.contains(' ')
            };
            let english: Vec<&str> = help.lines().filter(bare).collect();
            assert!(english.is_empty(), "`{path} {flag}` says {english:?}");
        }
    }
}

#[test]
fn refusals_are_chinese_and_name_what_to_write() {
    let cases = [
        ("xiezhi revue x", "没有命令 `revue`；是否想写 `review`？"),
        ("xiezhi review", "缺少必需的参数：<EVIDENCE>..."),
        ("xiezhi review x --ful", "没有参数 `--ful`；是否想写 `--full`？"),
        ("xiezhi review x --format pdf", "`--format <FORMAT>` 不能取值 `pdf`；可选：terminal、markdown、json"),
        ("xiezhi ask exposed x --port ssh", "`--port <PORT>` 不能取值 `ssh`"),
        ("xiezhi review x --full --full", "`--full` 只能指定一次"),
        ("xiezhi ask public b x --policy-of key", "不能与"),
    ];
    for (line, expected) in cases {
        let (text, refused) = said(line);
        assert!(refused && text.starts_with("错误：") && text.contains(expected), "`{line}` says {text}");
    }
}

#[test]
fn lines_are_broken_neither_in_a_word_nor_before_a_mark_that_closes() {
    let text = broken(&"配置文件：语言、阈值、检查目录和 `--waivers FILE`。".repeat(6));
    for line in text.lines() {
        assert!(!line.starts_with(['。', '，', '、', '：']), "{line}");
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
    }
    assert!(text.lines().count() > 2);
}
