//! Policy text → [`Policy`]. Never fails: what cannot be read becomes a statement of which less is known, and a problem with its
//! place and remedy. Nothing is dropped, because a dropped Deny would read as a grant and a dropped Allow as safety.

use crate::glob::Glob;
use crate::json::{self, JsonError, Member, Node, Position, Value};
use crate::policy::{
    ActionElement, ActionPattern, Comparison, Condition, Effect, Fault, Policy, PolicyKind, PrincipalElement,
    PrincipalEntry, PrincipalFamily, Problem, ResourceElement, ResourcePattern, Statement, Test,
};
use crate::values::{self, Decimal, IpRange};

impl Policy {
    /// Reads a policy text.
    ///
    /// ```
    /// use xiezhi_policy::{Policy, PolicyKind};
    /// let policy = Policy::parse(
    ///     "reader",
    ///     PolicyKind::Identity,
    ///     r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "oss:Get*", "Resource": "*"}]}"#,
    /// );
    /// assert!(policy.problems.is_empty());
    ///
    /// let odd = Policy::parse("odd", PolicyKind::Identity, "{\"Version\": \"1\",\n \"Statement\": [{\"Effect\": \"allow\"}]}");
    /// assert_eq!(odd.problems[0].at.line, 2);
    /// assert_eq!(odd.statements.len(), 1, "a statement that cannot be read stays, with doubts");
    /// ```
    #[must_use]
    pub fn parse(name: &str, kind: PolicyKind, text: &str) -> Policy {
        let mut reader = Reader { kind, problems: Vec::new(), statement: None, doubts: Vec::new() };
        let statements = reader.document(text);
        Policy { name: name.to_owned(), kind, statements, problems: reader.problems }
    }
}

struct Reader {
    kind: PolicyKind,
    problems: Vec<Problem>,
    statement: Option<usize>,
    doubts: Vec<Problem>,
}

impl Reader {
    fn report(&mut self, at: Position, fault: Fault, word: &str) {
        let problem = Problem { at, statement: self.statement, fault, word: word.to_owned() };
        // A malformed value doubts its condition (SW-12), not the statement as a whole.
        if !problem.is_note() && fault != Fault::MalformedValue {
            self.doubts.push(problem.clone());
        }
        self.problems.push(problem);
    }

    fn document(&mut self, text: &str) -> Vec<Statement> {
        let start = Position { line: 1, column: 1 };
        let root = match json::read(text) {
            Ok(root) => root,
            Err(JsonError { at, what }) => {
                self.report(at, Fault::NotJson(what), "");
                return vec![Statement::unread(at, std::mem::take(&mut self.doubts))];
            }
        };
        if let Some(longest) = self.kind.longest()
            && text.chars().count() > longest
        {
            self.report(start, Fault::TooLongForKind, &longest.to_string());
        }
        let Value::Object(members) = &root.value else {
            self.report(root.at, Fault::NotAnObject, "");
            return vec![Statement::unread(root.at, std::mem::take(&mut self.doubts))];
        };
        self.repeated(members);
        let (mut version, mut list) = (None, None);
        for member in members {
            match member.key.as_str() {
                "Version" => version = Some(&member.value),
                "Statement" => list = list.or(Some(&member.value)),
                other => self.report(member.at, Fault::UnknownElement, other),
            }
        }
        match version.map(|node| (&node.value, node.at)) {
            Some((Value::String(v), _)) if v == "1" => {}
            Some((Value::String(v), at)) => self.report(at, Fault::Version, &v.clone()),
            Some((_, at)) => self.report(at, Fault::Version, ""),
            None => self.report(root.at, Fault::Version, ""),
        }
        let items: Vec<&Node> = match list.map(|node| (&node.value, node)) {
            Some((Value::Array(items), node)) => {
                if items.is_empty() {
                    self.report(node.at, Fault::Statements, "");
                }
                items.iter().collect()
            }
            Some((Value::Object(_), node)) => {
                self.report(node.at, Fault::Statements, "");
                vec![node]
            }
            Some((_, node)) => {
                self.report(node.at, Fault::Statements, "");
                vec![node]
            }
            None => {
                self.report(root.at, Fault::Statements, "");
                Vec::new()
            }
        };
        // Repeated `Statement` lists: the service may have kept any of them, so all are read, in doubt.
        let more = members.iter().filter(|m| m.key == "Statement").skip(1).flat_map(|m| match &m.value.value {
            Value::Array(items) => items.iter().collect::<Vec<_>>(),
            _ => vec![&m.value],
        });
        let document_doubts = std::mem::take(&mut self.doubts);
        let mut statements = Vec::new();
        for (index, node) in items.into_iter().chain(more).enumerate() {
            self.statement = Some(index);
            self.doubts.clone_from(&document_doubts);
            statements.push(self.statement(node));
        }
        if statements.is_empty() && !document_doubts.is_empty() {
            statements.push(Statement::unread(root.at, document_doubts));
        }
        statements
    }

    fn repeated(&mut self, members: &[Member]) {
        for (index, member) in members.iter().enumerate() {
            if members.iter().take(index).any(|m| m.key == member.key) {
                self.report(member.at, Fault::RepeatedKey, &member.key);
            }
        }
    }

    fn statement(&mut self, node: &Node) -> Statement {
        let Value::Object(members) = &node.value else {
            self.report(node.at, Fault::Statements, "");
            return Statement::unread(node.at, std::mem::take(&mut self.doubts));
        };
        let before = self.doubts.len();
        self.repeated(members);
        if self.doubts.len() > before {
            // Which of two elements counts is not known, so nothing is known of this statement (R-1.10).
            return Statement::unread(node.at, std::mem::take(&mut self.doubts));
        }
        let (mut effect, mut sid, mut principal, mut conditions) = (None, None, None, Vec::new());
        let (mut actions, mut resources) = (Vec::new(), Vec::new());
        let mut effect_at = None;
        for member in members {
            match member.key.as_str() {
                "Effect" => {
                    effect_at = Some(member.value.at);
                    effect = match &member.value.value {
                        Value::String(s) if s == "Allow" => Some(Effect::Allow),
                        Value::String(s) if s == "Deny" => Some(Effect::Deny),
                        _ => None,
                    };
                    if effect.is_none() {
                        self.report(member.value.at, Fault::Effect, word(&member.value));
                    }
                }
                "Sid" => match &member.value.value {
                    Value::String(s) => {
                        sid = Some(s.clone());
                        if self.kind != PolicyKind::Key {
                            self.report(member.at, Fault::SidIgnored, s);
                        }
                    }
                    _ => self.report(member.value.at, Fault::Strings, "Sid"),
                },
                "Action" | "NotAction" => actions.push((member.key == "NotAction", &member.value)),
                "Resource" | "NotResource" => resources.push((member.key == "NotResource", &member.value, member.at)),
                "Principal" => {
                    if self.kind.has_principal() {
                        principal = self.principal(&member.value);
                    } else {
                        self.report(member.at, Fault::PrincipalNotHere, "");
                    }
                }
                "Condition" => conditions = self.conditions(&member.value),
                other => self.report(member.at, Fault::UnknownElement, other),
            }
        }
        if effect_at.is_none() {
            self.report(node.at, Fault::Effect, "");
        }
        if self.kind.has_principal() && !members.iter().any(|m| m.key == "Principal") {
            self.report(node.at, Fault::Principal, "");
        }
        let action = self.action(node.at, &actions);
        let resource = self.resource(node.at, &resources);
        if self.kind.has_principal() && principal.is_none() {
            principal = Some(PrincipalElement::Anyone);
        }
        Statement {
            at: node.at,
            sid,
            effect,
            action,
            resource,
            principal,
            conditions,
            doubts: std::mem::take(&mut self.doubts),
        }
    }

    fn action(&mut self, at: Position, elements: &[(bool, &Node)]) -> ActionElement {
        let any = ActionElement { negated: false, patterns: vec![ActionPattern { at, glob: Glob::new("*") }] };
        let [(negated, node)] = elements else {
            self.report(at, Fault::ActionCount, "");
            return any;
        };
        match self.strings(node, if *negated { "NotAction" } else { "Action" }) {
            Some(texts) => ActionElement {
                negated: *negated,
                patterns: texts.into_iter().map(|(at, text)| ActionPattern { at, glob: Glob::new(text) }).collect(),
            },
            None => any,
        }
    }

    fn resource(&mut self, at: Position, elements: &[(bool, &Node, Position)]) -> ResourceElement {
        match elements {
            [] if !self.kind.has_resource() => ResourceElement::any(at),
            [(negated, node, key_at)] => {
                if !self.kind.has_resource() {
                    self.report(*key_at, Fault::UnknownElement, "Resource");
                    return ResourceElement::any(at);
                }
                if *negated {
                    self.report(*key_at, Fault::NotResource, "");
                }
                match self.strings(node, if *negated { "NotResource" } else { "Resource" }) {
                    Some(texts) => ResourceElement {
                        negated: *negated,
                        patterns: texts.into_iter().map(|(at, text)| ResourcePattern::new(at, text)).collect(),
                    },
                    None => ResourceElement::any(at),
                }
            }
            _ => {
                self.report(at, Fault::ResourceCount, "");
                ResourceElement::any(at)
            }
        }
    }

    /// A string or a list of strings with at least one entry.
    fn strings<'n>(&mut self, node: &'n Node, name: &str) -> Option<Vec<(Position, &'n str)>> {
        let single = std::slice::from_ref(node);
        let items = match &node.value {
            Value::Array(items) if !items.is_empty() => items.as_slice(),
            Value::String(_) => single,
            _ => {
                self.report(node.at, Fault::Strings, name);
                return None;
            }
        };
        let texts: Vec<_> = items
            .iter()
            .filter_map(|item| match &item.value {
                Value::String(text) => Some((item.at, text.as_str())),
                _ => None,
            })
            .collect();
        if texts.len() < items.len() {
            self.report(node.at, Fault::Strings, name);
            return None;
        }
        Some(texts)
    }

    fn principal(&mut self, node: &Node) -> Option<PrincipalElement> {
        let mut entries = Vec::new();
        match &node.value {
            Value::Array(items) if items.is_empty() && self.kind.empty_principal_is_anyone() => {
                return Some(PrincipalElement::Anyone);
            }
            Value::Array(_) | Value::String(_) => {
                if matches!(self.kind, PolicyKind::Trust | PolicyKind::Key) {
                    self.report(node.at, Fault::Principal, word(node));
                }
                for (at, text) in self.strings(node, "Principal")? {
                    entries.push(PrincipalEntry { at, family: PrincipalFamily::Bare, text: text.to_owned() });
                }
            }
            Value::Object(members) if !members.is_empty() => {
                let before = self.doubts.len();
                self.repeated(members);
                if self.doubts.len() > before {
                    return None;
                }
                if self.kind.empty_principal_is_anyone() {
                    // R-1.25: the object form is a misuse in a bucket policy.
                    self.report(node.at, Fault::Principal, "");
                }
                for member in members {
                    let family = match member.key.as_str() {
                        "RAM" => PrincipalFamily::Ram,
                        "Service" if self.kind == PolicyKind::Trust => PrincipalFamily::Service,
                        "Federated" if self.kind == PolicyKind::Trust => PrincipalFamily::Federated,
                        other => {
                            self.report(member.at, Fault::Principal, other);
                            return None;
                        }
                    };
                    for (at, text) in self.strings(&member.value, "Principal")? {
                        entries.push(PrincipalEntry { at, family, text: text.to_owned() });
                    }
                }
            }
            _ => {
                self.report(node.at, Fault::Principal, "");
                return None;
            }
        }
        // `"RAM": "*"` of a trust policy says nothing of services and identity providers, which stand beside it.
        let anyone = entries.iter().any(|e| {
            let everyone = match e.family {
                PrincipalFamily::Bare => true,
                PrincipalFamily::Ram => self.kind != PolicyKind::Trust,
                _ => false,
            };
            everyone && e.text == "*"
        });
        Some(if anyone { PrincipalElement::Anyone } else { PrincipalElement::Listed(entries) })
    }

    fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let mut all = Vec::new();
        let Value::Object(operators) = &node.value else {
            self.report(node.at, Fault::ConditionForm, "");
            return all;
        };
        self.repeated(operators);
        for operator in operators {
            let Value::Object(keys) = &operator.value.value else {
                self.report(operator.value.at, Fault::ConditionForm, &operator.key);
                continue;
            };
            self.repeated(keys);
            for key in keys {
                all.push(self.condition(operator, key));
            }
        }
        all
    }

    fn condition(&mut self, operator: &Member, key: &Member) -> Condition {
        let (for_all, name) = match operator.key.split_once(':') {
            Some(("ForAllValues", name)) => (true, name),
            Some(("ForAnyValue", name)) => {
                self.report(operator.at, Fault::ForAnyValue, &operator.key);
                (false, name)
            }
            _ => (false, operator.key.as_str()),
        };
        let texts = self.scalars(&key.value, &key.key);
        let (negated, test, malformed) = match operator_of(name) {
            Some((negated, shape)) => {
                let (test, malformed) = shape.read(&texts);
                (negated, test, malformed)
            }
            None => {
                self.report(operator.at, Fault::UnknownOperator, &operator.key);
                (false, Test::Unreadable, Vec::new())
            }
        };
        for text in &malformed {
            self.report(key.value.at, Fault::MalformedValue, text);
        }
        Condition {
            at: key.at,
            operator: operator.key.clone(),
            key: key.key.clone(),
            folded: key.key.to_ascii_lowercase(),
            for_all,
            negated,
            test,
            malformed,
        }
    }

    fn scalars(&mut self, node: &Node, key: &str) -> Vec<String> {
        let single = std::slice::from_ref(node);
        let items = match &node.value {
            Value::Array(items) => items.as_slice(),
            _ => single,
        };
        if items.is_empty() {
            self.report(node.at, Fault::Strings, key);
        }
        let mut texts = Vec::new();
        for item in items {
            match &item.value {
                Value::String(text) => texts.push(text.clone()),
                Value::Number(text) => {
                    self.report(item.at, Fault::BareScalar, text);
                    texts.push(text.clone());
                }
                Value::Bool(b) => {
                    self.report(item.at, Fault::BareScalar, &b.to_string());
                    texts.push(b.to_string());
                }
                _ => self.report(item.at, Fault::Strings, key),
            }
        }
        texts
    }
}

fn word(node: &Node) -> &str {
    match &node.value {
        Value::String(text) | Value::Number(text) => text,
        _ => "",
    }
}

enum Shape {
    Equals,
    EqualsFolded,
    Like,
    Number(Comparison),
    Date(Comparison),
    Bool,
    Ip,
}

/// The 21 operators of R-1.31 as (negated, positive form).
fn operator_of(name: &str) -> Option<(bool, Shape)> {
    use Comparison as C;
    Some(match name {
        "StringEquals" => (false, Shape::Equals),
        "StringNotEquals" => (true, Shape::Equals),
        "StringEqualsIgnoreCase" => (false, Shape::EqualsFolded),
        "StringNotEqualsIgnoreCase" => (true, Shape::EqualsFolded),
        "StringLike" => (false, Shape::Like),
        "StringNotLike" => (true, Shape::Like),
        "NumericEquals" => (false, Shape::Number(C::Equal)),
        "NumericNotEquals" => (true, Shape::Number(C::Equal)),
        "NumericLessThan" => (false, Shape::Number(C::Less)),
        "NumericLessThanEquals" => (false, Shape::Number(C::LessOrEqual)),
        "NumericGreaterThan" => (false, Shape::Number(C::Greater)),
        "NumericGreaterThanEquals" => (false, Shape::Number(C::GreaterOrEqual)),
        "DateEquals" => (false, Shape::Date(C::Equal)),
        "DateNotEquals" => (true, Shape::Date(C::Equal)),
        "DateLessThan" => (false, Shape::Date(C::Less)),
        "DateLessThanEquals" => (false, Shape::Date(C::LessOrEqual)),
        "DateGreaterThan" => (false, Shape::Date(C::Greater)),
        "DateGreaterThanEquals" => (false, Shape::Date(C::GreaterOrEqual)),
        "Bool" => (false, Shape::Bool),
        "IpAddress" => (false, Shape::Ip),
        "NotIpAddress" => (true, Shape::Ip),
        _ => return None,
    })
}

impl Shape {
    fn read(&self, texts: &[String]) -> (Test, Vec<String>) {
        fn each<T>(texts: &[String], read: impl Fn(&str) -> Option<T>) -> (Vec<T>, Vec<String>) {
            let (mut good, mut bad) = (Vec::new(), Vec::new());
            for text in texts {
                match read(text) {
                    Some(value) => good.push(value),
                    None => bad.push(text.clone()),
                }
            }
            (good, bad)
        }
        match self {
            Shape::Equals => (Test::Equals(texts.to_vec()), Vec::new()),
            Shape::EqualsFolded => {
                (Test::EqualsFolded(texts.iter().map(|t| t.to_ascii_lowercase()).collect()), Vec::new())
            }
            Shape::Like => (Test::Like(texts.iter().map(|t| Glob::new(t)).collect()), Vec::new()),
            Shape::Number(c) => {
                let (good, bad) = each(texts, Decimal::read);
                (Test::Number(*c, good), bad)
            }
            Shape::Date(c) => {
                let (good, bad) = each(texts, values::instant);
                (Test::Date(*c, good), bad)
            }
            Shape::Bool => {
                let (good, bad) = each(texts, values::boolean);
                (Test::Bool(good), bad)
            }
            Shape::Ip => {
                let (good, bad) = each(texts, IpRange::read);
                (Test::Ip(good), bad)
            }
        }
    }
}
