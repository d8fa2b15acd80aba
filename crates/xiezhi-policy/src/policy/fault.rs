//! What can be wrong with a policy text, in both languages.

use crate::json::{JsonFault, Position};
use crate::words::Words;
use serde::Serialize;
use std::fmt;

/// Something wrong or odd in a policy text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where.
    pub at: Position,
    /// Which statement, from 0; `None` for the document.
    pub statement: Option<usize>,
    /// What.
    pub fault: Fault,
    /// The user's word that it is about; may be empty.
    pub word: String,
}

impl Problem {
    /// Whether the service reads the statement as we do; such a problem is a note and makes nothing unknown.
    #[must_use]
    pub fn is_note(&self) -> bool {
        matches!(self.fault, Fault::SidIgnored | Fault::NotResource | Fault::TooLongForKind | Fault::BareScalar)
    }

    /// What to do about it, in English.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        self.fault.remedy().en
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Fault::NotJson(fault) = self.fault {
            return write!(f, "{}: not JSON: {fault}", self.at);
        }
        write!(f, "{}: {}", self.at, self.fault.message().en)?;
        if self.word.is_empty() { Ok(()) } else { write!(f, ": `{}`", self.word) }
    }
}

/// The kinds of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The text is not JSON.
    NotJson(JsonFault),
    /// The document is not an object.
    NotAnObject,
    /// Longer than the service accepts for this kind.
    TooLongForKind,
    /// What the policy grants at least is known, its text is not.
    AtLeast,
    /// `Version` is missing or not `"1"`.
    Version,
    /// `Statement` is missing, empty or not a list.
    Statements,
    /// An element that the language does not have.
    UnknownElement,
    /// A key written twice in one object.
    RepeatedKey,
    /// `Effect` is missing or not exactly `Allow` or `Deny`.
    Effect,
    /// Not exactly one of `Action` and `NotAction`.
    ActionCount,
    /// Not exactly one of `Resource` and `NotResource`.
    ResourceCount,
    /// `NotResource` is used; whether the service accepts it is unconfirmed (R-1.5, SW-11).
    NotResource,
    /// A value that is neither a string nor a list of strings, or an empty list.
    Strings,
    /// `Principal` in a policy that cannot have one.
    PrincipalNotHere,
    /// `Principal` is missing or has the wrong form.
    Principal,
    /// `Sid` outside a KMS key policy: read and ignored.
    SidIgnored,
    /// `Condition` is not operator → key → values.
    ConditionForm,
    /// An operator that RAM does not have.
    UnknownOperator,
    /// A `ForAnyValue:` prefix, which nothing confirms.
    ForAnyValue,
    /// A value that the operator cannot read.
    MalformedValue,
    /// A bare number or boolean where a quoted one is documented.
    BareScalar,
}

impl Fault {
    /// What is wrong.
    #[must_use]
    pub fn message(self) -> Words {
        let [en, zh, ..] = self.texts();
        Words::new(en, zh)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Words {
        let [.., en, zh] = self.texts();
        Words::new(en, zh)
    }

    /// What is wrong in English and Chinese, then what to do in both.
    #[must_use]
    pub fn texts(self) -> &'static [&'static str; 4] {
        match self {
            Fault::NotJson(_) => &[
                "not JSON",
                "不是合法的 JSON",
                "correct the text at this place; the service refuses it",
                "更正此处的文本；云服务会拒绝它",
            ],
            Fault::NotAnObject => &[
                "a policy is an object",
                "策略必须是一个对象",
                "write {\"Version\": \"1\", \"Statement\": […]}",
                "写成 {\"Version\": \"1\", \"Statement\": […]}",
            ],
            Fault::TooLongForKind => &[
                "longer than this kind of policy may be",
                "超过此类策略的长度上限",
                "split the policy or merge its lists",
                "拆分策略，或合并其中的列表",
            ],
            Fault::AtLeast => &[
                "only what it grants at least is documented",
                "文档只说明了它至少授予什么",
                "collect its text (`ram:GetPolicy`)",
                "采集其正文（`ram:GetPolicy`）",
            ],
            Fault::Version => &[
                "`Version` must be \"1\"",
                "`Version` 必须为 \"1\"",
                "write \"Version\": \"1\"",
                "写成 \"Version\": \"1\"",
            ],
            Fault::Statements => &[
                "`Statement` must be a list with at least one statement",
                "`Statement` 必须是至少含一条语句的列表",
                "write \"Statement\": [ {…} ]",
                "写成 \"Statement\": [ {…} ]",
            ],
            Fault::UnknownElement => &[
                "an element that the policy language does not have",
                "策略语言中没有的元素",
                "remove it or correct its name",
                "删除它，或更正名称",
            ],
            Fault::RepeatedKey => &[
                "a key stands twice in one object",
                "同一对象中键重复",
                "keep one of the two; readers disagree which one counts",
                "只保留其中一个；不同解析器取值不同",
            ],
            Fault::Effect => &[
                "`Effect` must be exactly Allow or Deny",
                "`Effect` 必须恰为 Allow 或 Deny",
                "write \"Effect\": \"Allow\" or \"Effect\": \"Deny\"",
                "写成 \"Effect\": \"Allow\" 或 \"Effect\": \"Deny\"",
            ],
            Fault::ActionCount => &[
                "a statement has exactly one of `Action` and `NotAction`",
                "每条语句必须且只能有 `Action` 与 `NotAction` 之一",
                "write one of the two",
                "只写其中之一",
            ],
            Fault::ResourceCount => &[
                "a statement of this policy has exactly one `Resource`",
                "此类策略的每条语句必须有且只有一个 `Resource`",
                "write \"Resource\": \"*\" or the ARNs that are meant",
                "写成 \"Resource\": \"*\"，或列出所指的 ARN",
            ],
            Fault::NotResource => &[
                "`NotResource` is not in the current grammar",
                "`NotResource` 不在当前语法中",
                "list the resources that are meant under `Resource`",
                "在 `Resource` 下列出所指的资源",
            ],
            Fault::Strings => &[
                "must be a string or a list of strings with at least one entry",
                "必须是字符串，或至少含一项的字符串列表",
                "write a string or a list of strings",
                "写成字符串或字符串列表",
            ],
            Fault::PrincipalNotHere => &[
                "`Principal` cannot stand in this policy",
                "此类策略不能有 `Principal`",
                "remove it; the policy speaks of whom it is attached to",
                "删除它；策略针对的是其授权对象",
            ],
            Fault::Principal => &[
                "`Principal` has not the form that this policy needs",
                "`Principal` 的形式不符合此类策略的要求",
                "write \"Principal\": [\"<uid>\"] for a bucket, project, endpoint or instance; {\"RAM\": [\"acs:ram::<uid>:root\"]} for a key; that, \"Service\" or \"Federated\" for a role",
                "存储空间、日志项目、终端节点或实例写 \"Principal\": [\"<uid>\"]；密钥写 {\"RAM\": [\"acs:ram::<uid>:root\"]}；角色写 RAM、Service 或 Federated",
            ],
            Fault::SidIgnored => &[
                "`Sid` is documented for key policies only",
                "只有密钥策略的文档提到 `Sid`",
                "remove it, it has no effect",
                "删除它，它不起作用",
            ],
            Fault::ConditionForm => &[
                "`Condition` is an object operator → key → values",
                "`Condition` 是 运算符 → 键 → 值 的对象",
                "write {\"StringEquals\": {\"key\": [\"value\"]}}",
                "写成 {\"StringEquals\": {\"键\": [\"值\"]}}",
            ],
            Fault::UnknownOperator => &[
                "an operator that RAM does not have",
                "RAM 没有的条件运算符",
                "use one of the 21 operators; `…IfExists` and `Null` do not exist",
                "请使用 21 个运算符之一；不存在 `…IfExists` 和 `Null`",
            ],
            Fault::ForAnyValue => &[
                "`ForAnyValue:` is not documented for RAM",
                "RAM 文档中没有 `ForAnyValue:`",
                "use the plain operator, which is true when any value matches",
                "直接使用运算符：任一值匹配即为真",
            ],
            Fault::MalformedValue => &[
                "a value that the operator cannot read",
                "运算符无法解读的值",
                "write numbers as decimals, dates as 2026-01-31T12:00:00Z, addresses as 203.0.113.0/24",
                "数字写成十进制，日期写成 2026-01-31T12:00:00Z，地址写成 203.0.113.0/24",
            ],
            Fault::BareScalar => &[
                "numbers and booleans are documented in quotes",
                "文档要求数字和布尔值加引号",
                "put the value in quotes",
                "给该值加上引号",
            ],
        }
    }
}
