//! What is missing, in words. The reasoning writes it in English, or as the code of a reason: what, and why. Names of users,
//! policies and calls stay.

use xiezhi_policy::Gap;

use crate::safe::visible;
use crate::words::Lang;

/// What was not looked at; `{}` is the name that follows the English words.
const WHAT: &[(&str, &str)] = &[
    ("ACL of the bucket or object", "存储空间或对象的 ACL"),
    ("AccessKeys of user ", "用户 {} 的 AccessKey"),
    ("AccessKeys", "AccessKey"),
    ("a check that may fail", "某项可能不通过的检查"),
    ("an attached policy", "某个已授权的策略"),
    ("attached policies", "已授权的策略"),
    ("bucket policy of ", "存储空间 {} 的授权策略"),
    ("bucket ", "存储空间 {}"),
    ("Tablestore instance ", "表格存储实例 {}"),
    ("MFA device of user ", "用户 {} 的 MFA 设备"),
    ("console login of user ", "用户 {} 的控制台登录"),
    ("condition keys ", "条件键 {}"),
    ("control policies of account ", "账号 {} 的管控策略"),
    ("control policies of ", "{} 的管控策略"),
    ("control policies", "管控策略"),
    ("exposure or metadata mode of ", "{} 的公网暴露或元数据模式"),
    ("groups of ", "{} 所在的用户组"),
    ("group ", "用户组 {}"),
    ("groups", "用户组"),
    ("instance policy of ", "表格存储实例 {} 的策略"),
    ("key policy of ", "密钥 {} 的密钥策略"),
    ("key policy", "密钥策略"),
    ("key ", "密钥 {}"),
    ("other versions of policy ", "策略 {} 的其他版本"),
    ("policy of access point ", "接入点 {} 的策略"),
    ("policy ", "策略 {}"),
    ("principals", "授权主体"),
    ("project policy of ", "日志项目 {} 的策略"),
    ("project ", "日志项目 {}"),
    ("resource group ", "资源组 {}"),
    ("rights after joining the group", "加入用户组之后的权限"),
    ("role of ", "{} 携带的角色"),
    ("role ", "角色 {}"),
    ("secret policy of ", "凭据 {} 的策略"),
    ("secret ", "凭据 {}"),
    ("source network of the request", "请求的来源网络"),
    ("statements in doubt", "存疑的语句"),
    ("statements", "策略语句"),
    ("targets of ", "{} 的绑定目标"),
    ("text of ", "{} 的正文"),
    ("the checks together", "各项检查合在一起"),
    ("the account of a RAM user that the policy names by id", "策略中以 ID 指定的 RAM 用户所属的账号"),
    ("the account's own id", "账号自身的 ID"),
    ("the account's place in the directory", "账号在资源目录中的位置"),
    ("the id of the owner's account", "资源所有者的账号 ID"),
    ("the management account", "管理账号"),
    ("trust policies", "信任策略"),
    ("trust policy of a role", "某个角色的信任策略"),
    ("trust policy of role ", "角色 {} 的信任策略"),
    ("trust policy of ", "{} 的信任策略"),
    ("versions of policy ", "策略 {} 的各版本"),
    ("what account ", "账号共享的资源：{}"),
    ("wildcard patterns", "通配符模式"),
    ("witness", "证明请求"),
];

/// Why; codes of reasons first, with their detail behind them.
const WHY: &[(&str, &str)] = &[
    ("a key is tested as several types at once", "同一条件键被按多种类型比较"),
    ("call refused", "调用被拒绝"),
    ("documentation does not say plainly that every call makes it", "文档未明确每次调用都会进行该检查"),
    (
        "each passes by itself, but no one request was found that passes all",
        "各项可单独通过，但未找到能同时通过全部检查的请求",
    ),
    ("no such action is known; it was not counted", "没有已知操作叫这个名称，未计入"),
    ("not among the collected roles", "不在已采集的角色之中"),
    ("not among the collected", "不在已采集的数据之中"),
    ("not collected or in doubt", "未采集或存疑"),
    ("not collected", "未采集"),
    ("only what it grants at least is documented", "文档只说明了它至少授予什么"),
    ("not in the evidence: say it with `--account`", "证据中没有：可用 `--account` 说明"),
    ("not in the evidence", "证据中没有"),
    ("not-collected", "未采集"),
    ("not-in-this-evidence", "这类证据无法说明"),
    ("not-asked", "未查询"),
    ("refused", "调用被拒绝"),
    ("throttled", "被限流或超时"),
    ("redacted", "提供方已将其脱敏"),
    ("unreadable", "无法读取"),
    ("unresolved", "表达式无法求值"),
    ("not-understood", "本程序未能理解"),
    ("sources-disagree", "证据互相矛盾"),
    ("own Deny statements may cut them", "自身的 Deny 语句可能将其拿走"),
    ("text not collected", "未采集正文"),
    ("the plain evaluator does not confirm it", "逐条求值未能确认"),
    (
        "the question names no single role; ask with --on role/<name>",
        "问题没有指定单个角色；请用 --on role/<name> 提问",
    ),
    ("the request states no readable source address", "请求没有可解读的来源地址"),
    ("the service may read them otherwise", "云服务对它们的解读可能不同"),
    ("the users of this account do not hold the id, or were not collected", "本账号的用户没有该 ID，或用户未采集"),
    ("too many combinations for the budget", "组合过多，超出计算预算"),
    ("too many overlaps for the budget", "重叠过多，超出计算预算"),
    ("which resources lie in it is not known", "不清楚其中有哪些资源"),
];

fn chinese(table: &[(&str, &str)], text: &str) -> String {
    let found = table.iter().find_map(|(en, zh)| {
        let rest = text.strip_prefix(en)?;
        let exact = !en.ends_with(' ') && !zh.contains("{}");
        (rest.is_empty() || !exact || rest.starts_with([' ', ':']))
            .then_some((rest.trim_start_matches([' ', ':']), *zh))
    });
    match found {
        Some((rest, zh)) if zh.contains("{}") => zh.replace("{}", rest),
        Some(("", zh)) => zh.to_owned(),
        Some((rest, zh)) => format!("{zh}（{rest}）"),
        None => text.to_owned(),
    }
}

/// The codes of reasons whose words do not read as a sentence.
const CODES: &[(&str, &str)] = &[
    ("not-collected", "not collected"),
    ("not-in-this-evidence", "this kind of evidence does not say it"),
    ("not-asked", "not asked for"),
    ("refused", "the call was refused"),
    ("throttled", "throttled or timed out"),
    ("redacted", "masked by the provider"),
    ("unreadable", "cannot be read"),
    ("unresolved", "the expression cannot be evaluated"),
    ("not-understood", "not understood by this program"),
    ("sources-disagree", "the sources disagree"),
];

fn english(why: &str) -> String {
    let said = CODES.iter().find_map(|(code, words)| Some((why.strip_prefix(code)?, words)));
    match said {
        Some(("", words)) => (*words).to_owned(),
        Some((rest, words)) if rest.starts_with(' ') => format!("{words} ({})", rest.trim_start()),
        _ => why.to_owned(),
    }
}

/// What is missing and why, in one line.
pub(super) fn line(gap: &Gap, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{}: {}", visible(&gap.what), visible(&english(&gap.why))),
        Lang::Zh => format!("{}：{}", visible(&chinese(WHAT, &gap.what)), visible(&chinese(WHY, &gap.why))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_reason_is_said_in_words() {
        let said = |why: &str| line(&Gap::new("policy ops", why), Lang::En);
        assert_eq!(said("refused ram:GetPolicy"), "policy ops: the call was refused (ram:GetPolicy)");
        assert_eq!(said("sources-disagree a.tf:3; b.json:1"), "policy ops: the sources disagree (a.tf:3; b.json:1)");
        assert_eq!(said("not-asked"), "policy ops: not asked for");
        assert_eq!(said("refusedly"), "policy ops: refusedly");
    }

    #[test]
    fn a_gap_is_said_in_chinese_with_its_names_kept() {
        let said = |what: &str, why: &str| line(&Gap::new(what, why), Lang::Zh);
        assert_eq!(
            said("policy ReadOnlyAccess", "not among the collected"),
            "策略 ReadOnlyAccess：不在已采集的数据之中"
        );
        assert_eq!(
            said("trust policy of role ops", "refused ram:GetRole"),
            "角色 ops 的信任策略：调用被拒绝（ram:GetRole）"
        );
        assert_eq!(said("groups", "not-collected"), "用户组：未采集");
        assert_eq!(said("ram.user", "something new"), "ram.user：something new");
    }
}
