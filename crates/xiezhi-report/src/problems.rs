//! What could not be read, in words: file, line, what is wrong and what to do.

use xiezhi_model::{Problem, ProblemKind};

use crate::safe::visible;
use crate::words::{Lang, Phrase, phrases};

phrases! {
    MISSING: "no such file or folder", "文件或目录不存在";
    MISSING_FIX: "check the path", "请检查路径";
    EMPTY: "nothing in it is evidence", "其中没有可识别的证据";
    EMPTY_FIX: "give API answers (JSON), Terraform (.tf, plan or state as JSON) or attest.toml", "请提供 API 返回（JSON）、Terraform（.tf、JSON 格式的 plan 或 state）或 attest.toml";
    UNREADABLE: "cannot be read", "无法读取";
    UNREADABLE_FIX: "check the permissions, or leave it out", "请检查权限，或将其移除";
    NOT_UTF8: "is not UTF-8", "不是 UTF-8 编码";
    NOT_UTF8_FIX: "save it as UTF-8", "请另存为 UTF-8";
    BROKEN_JSON: "is not valid JSON", "不是合法的 JSON";
    BROKEN_JSON_FIX: "export it again with `--output json`, unedited", "请用 `--output json` 重新导出，不要手工修改";
    BROKEN_HCL: "is not valid Terraform configuration, so nothing in it was assessed", "不是合法的 Terraform 配置，其内容未被评审";
    BROKEN_HCL_FIX: "run `terraform validate` and correct the line", "请运行 `terraform validate` 并修正该行";
    BROKEN_TOML: "is not valid TOML", "不是合法的 TOML";
    BROKEN_TOML_FIX: "correct the line", "请修正该行";
    BROKEN_YAML: "is not valid YAML", "不是合法的 YAML";
    BROKEN_YAML_FIX: "correct the line", "请修正该行";
    TOO_DEEP: "is nested too deeply", "嵌套层级过深";
    TOO_DEEP_FIX: "hand over the answer as the provider gave it: none is nested so deeply", "请提供原始返回：正常返回不会嵌套这么深";
    TOO_LARGE: "is larger than the limit", "超过大小上限";
    TOO_LARGE_FIX: "split it by region or product", "请按地域或产品拆分";
    LINK: "is a link that leaves the folder or loops, and was not followed", "是指向目录之外或循环的链接，未跟随";
    LINK_FIX: "copy the file itself into the folder", "请把文件本身复制到目录中";
    NOT_RECOGNISED: "is no evidence that this program knows", "不是本程序认识的证据";
    NOT_RECOGNISED_FIX: "name API answers `<product>-<Action>[-<region>].json`", "请把 API 返回命名为 `<product>-<Action>[-<region>].json`";
    LONE_POLICY: "is a policy by itself: nothing in the evidence says whom or what it is attached to, so it was not judged", "是单独的权限策略：证据中没有说明它附加在谁或什么资源上，因此未被评审";
    LONE_POLICY_FIX: "ask about it with `xiezhi ask lint <file> --policy-of identity` (or `role`, `bucket`, `key` …)", "请用 `xiezhi ask lint <文件> --policy-of identity`（或 `role`、`bucket`、`key` 等）单独检查";
    OTHER_PROVIDER: "speaks of another provider than alicloud", "不是 alicloud provider 的内容";
    OTHER_PROVIDER_FIX: "leave it out, or give the alicloud part", "请移除，或只提供 alicloud 部分";
    TRUNCATED: "ends too early: what was complete was read", "内容被截断：仅读取了完整的部分";
    TRUNCATED_FIX: "export it again", "请重新导出";
    NOT_OBEYED: "lies in the evidence, so it was found and not used", "位于证据目录中：已发现，但不会生效";
    NOT_OBEYED_FIX: "pass it with `--config`, `--checks` or `--waivers` if it is yours", "如确属本人，请用 `--config`、`--checks` 或 `--waivers` 显式传入";
    NOT_FOLLOWED: "could not be followed", "无法跟随";
    NOT_FOLLOWED_FIX: "give the plan (`terraform show -json`) or the module's files", "请提供 plan（`terraform show -json`）或模块文件";
    MISSING_MODULE: "calls a module that is not among the files given: what it makes is unknown, and it is taken to change nothing but what it is given", "调用的模块不在所给文件中：它创建的内容未知，并假定它只改动传给它的资源";
    UNEXPECTED: "holds a value of another kind than expected", "含有类型不符的值";
    UNEXPECTED_FIX: "export it again with `--output json`, unedited", "请用 `--output json` 重新导出，不要手工修改";
    UNKNOWN_KEY: "has a key that means nothing", "含有无意义的键";
    UNKNOWN_KEY_FIX: "correct or remove the key", "请更正或删除该键";
    BAD_CHECK: "is a check that cannot be used", "是无法使用的检查文件";
    BAD_CHECK_FIX: "correct it; `xiezhi test-checks` shows where", "请修正；`xiezhi test-checks` 会指出位置";
}

/// What is wrong and what to do about it.
fn phrases_of(kind: ProblemKind) -> (Phrase, Phrase) {
    match kind {
        ProblemKind::Missing => (MISSING, MISSING_FIX),
        ProblemKind::Empty => (EMPTY, EMPTY_FIX),
        ProblemKind::Unreadable => (UNREADABLE, UNREADABLE_FIX),
        ProblemKind::NotUtf8 => (NOT_UTF8, NOT_UTF8_FIX),
        ProblemKind::BrokenJson => (BROKEN_JSON, BROKEN_JSON_FIX),
        ProblemKind::BrokenHcl => (BROKEN_HCL, BROKEN_HCL_FIX),
        ProblemKind::BrokenToml => (BROKEN_TOML, BROKEN_TOML_FIX),
        ProblemKind::BrokenYaml => (BROKEN_YAML, BROKEN_YAML_FIX),
        ProblemKind::TooDeep => (TOO_DEEP, TOO_DEEP_FIX),
        ProblemKind::TooLarge => (TOO_LARGE, TOO_LARGE_FIX),
        ProblemKind::Link => (LINK, LINK_FIX),
        ProblemKind::NotRecognised => (NOT_RECOGNISED, NOT_RECOGNISED_FIX),
        ProblemKind::LonePolicy => (LONE_POLICY, LONE_POLICY_FIX),
        ProblemKind::OtherProvider => (OTHER_PROVIDER, OTHER_PROVIDER_FIX),
        ProblemKind::Truncated => (TRUNCATED, TRUNCATED_FIX),
        ProblemKind::NotObeyed => (NOT_OBEYED, NOT_OBEYED_FIX),
        ProblemKind::NotFollowed => (NOT_FOLLOWED, NOT_FOLLOWED_FIX),
        ProblemKind::MissingModule => (MISSING_MODULE, NOT_FOLLOWED_FIX),
        ProblemKind::Unexpected => (UNEXPECTED, UNEXPECTED_FIX),
        ProblemKind::UnknownKey => (UNKNOWN_KEY, UNKNOWN_KEY_FIX),
        ProblemKind::BadCheck => (BAD_CHECK, BAD_CHECK_FIX),
        ProblemKind::Policy(words) => {
            let [en, zh, fix_en, fix_zh] = *words;
            (Phrase { en, zh }, Phrase { en: fix_en, zh: fix_zh })
        }
    }
}

/// The name of a problem kind in the JSON result.
pub fn code(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Missing => "missing",
        ProblemKind::Empty => "empty",
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::NotUtf8 => "not-utf8",
        ProblemKind::BrokenJson => "broken-json",
        ProblemKind::BrokenHcl => "broken-hcl",
        ProblemKind::BrokenToml => "broken-toml",
        ProblemKind::BrokenYaml => "broken-yaml",
        ProblemKind::TooDeep => "too-deep",
        ProblemKind::TooLarge => "too-large",
        ProblemKind::Link => "link",
        ProblemKind::NotRecognised => "not-recognised",
        ProblemKind::LonePolicy => "lone-policy",
        ProblemKind::OtherProvider => "other-provider",
        ProblemKind::Truncated => "truncated",
        ProblemKind::NotObeyed => "not-obeyed",
        ProblemKind::NotFollowed => "not-followed",
        ProblemKind::MissingModule => "missing-module",
        ProblemKind::Unexpected => "unexpected",
        ProblemKind::UnknownKey => "unknown-key",
        ProblemKind::BadCheck => "bad-check",
        ProblemKind::Policy(_) => "policy",
    }
}

/// ``estate/x.json:12 is not valid JSON (expected `,`): export it again …``
pub fn sentence(problem: &Problem, lang: Lang) -> String {
    let (what, fix) = phrases_of(problem.kind);
    let place = if problem.line > 0 {
        format!("`{}:{}`", visible(&problem.file), problem.line)
    } else {
        format!("`{}`", visible(&problem.file))
    };
    let detail = visible(&problem.detail);
    let (open, close, colon) = lang_marks(lang);
    let detail = if detail.is_empty() { String::new() } else { format!("{open}{detail}{close}") };
    format!("{place} {}{detail}{colon}{}", what.plain(lang), fix.plain(lang))
}

fn lang_marks(lang: Lang) -> (&'static str, &'static str, &'static str) {
    match lang {
        Lang::En => (" (", ")", ": "),
        Lang::Zh => ("（", "）", "："),
    }
}
