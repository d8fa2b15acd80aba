//! Log Service answers (`aliyun sls` and the log CLI print them as JSON).

use xiezhi_model::service::sls::{Alert, AlertQuery, AlertTrigger, CollectionPolicy, Logstore, Project};
use xiezhi_model::{Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::policy::json;
use crate::sink::Sink;

/// The calls of Log Service.
pub const CALLS: &[Call] = &[
    Call::listing("sls", "ListProject", "projects", Project::SCHEMA, project),
    Call::answer("sls", "GetProject", project),
    Call::answer("sls", "GetProjectPolicy", policy),
    Call::answer("sls", "GetLogging", logging),
    Call::listing("sls", "ListLogStores", "logstores", Logstore::SCHEMA, logstore_name),
    Call::answer("sls", "GetLogStore", logstore),
    Call::listing("sls", "ListAlerts", "results", Alert::SCHEMA, alert),
    Call::listing("sls", "ListCollectionPolicies", "data", CollectionPolicy::SCHEMA, collection_policy),
];

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("projectName"), |project: &mut Project| {
        project.head.name = f.text("projectName");
        if f.has("region") {
            project.head.region = f.text("region");
        }
        project.description = f.opt_text("description");
        project.redundancy = f.text("dataRedundancyType");
    });
}

fn asked_project(sink: &Sink<'_>) -> Fact<Text> {
    let project = sink.param("project");
    if project.value().is_some() { project } else { sink.param("ProjectName") }
}

/// The answer is the policy itself; an answer without statements says that there is none.
fn policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let text = if f.has("Statement") {
        match json(f.node()) {
            Ok(text) => f.known(text.into()),
            Err(reason) => f.unknown(reason),
        }
    } else if f.has("body") {
        f.opt_text("body")
    } else {
        f.absent()
    };
    sink.on(&asked_project(sink).map(Link::id), |project: &mut Project| project.policy = text);
}

fn logging(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = asked_project(sink).map(Link::id);
    sink.on(&target, |project: &mut Project| project.logging_project = f.opt_text("loggingProject"));
}

/// The id of something in a project, as Terraform writes it: `project:name`.
pub(crate) fn inside(project: &Fact<Text>, name: &Fact<Text>) -> Fact<Text> {
    match (&project.state, &name.state) {
        (State::Known(project), State::Known(inner)) => {
            Fact::known(format!("{project}:{inner}").into(), name.origin.clone())
        }
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Fact::unknown(reason.clone(), name.origin.clone()),
        _ => Fact::unknown(Reason::NotInEvidence, name.origin.clone()),
    }
}

fn logstore_name(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (project, name) = (asked_project(sink), f.text(""));
    sink.put(f, inside(&project, &name), |logstore: &mut Logstore| {
        logstore.head.name = name;
        logstore.project = project.map(Link::id);
    });
}

/// Without limit by time: 3650 days, or -1 in newer answers. Source: Log Service, GetLogStore `ttl`.
pub(crate) fn days(ttl: Fact<i64>) -> Fact<i64> {
    ttl.map(|days| if days == -1 { 3650 } else { days })
}

fn logstore(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (project, name) = (asked_project(sink), f.text("logstoreName"));
    sink.put(f, inside(&project, &name), |logstore: &mut Logstore| {
        logstore.head.name = name;
        logstore.project = project.map(Link::id);
        logstore.ttl_days = days(f.int("ttl"));
        logstore.hot_ttl_days = f.opt_int("hot_ttl");
        // The answer leaves the part out when nothing is encrypted.
        logstore.encrypted = if f.has("encrypt_conf") { f.bool("encrypt_conf.enable") } else { f.known(false) };
        logstore.encryption_key = f.opt_text("encrypt_conf.user_cmk_info.cmk_key_id");
        logstore.encryption_algorithm = cipher(f.opt_text("encrypt_conf.encrypt_type"));
        logstore.shards = f.int("shardCount");
        logstore.web_tracking = f.bool("enable_tracking");
    });
}

fn alert(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let (project, name) = (asked_project(sink), f.text("name"));
    sink.put(f, inside(&project, &name), |alert: &mut Alert| {
        alert.head.name = if f.has("displayName") { f.text("displayName") } else { name };
        alert.project = project.map(Link::id);
        alert.enabled = f.flag(if f.has("status") { "status" } else { "state" }, &["ENABLED"], &["DISABLED"]);
        const PARTS: AlertParts = AlertParts {
            queries: "configuration.queryList",
            query: ["query", "project", "store", "logStore"],
            triggers: "configuration.severityConfigurations",
            trigger: ["evalCondition.condition", "evalCondition.countCondition"],
            older: "configuration.condition",
            times: "configuration.threshold",
        };
        PARTS.read(f, alert);
    });
}

/// Where the parts of an alert rule stand in a source.
pub(crate) struct AlertParts {
    /// The list of queries.
    pub queries: &'static str,
    /// In a query: the text, the project, the Logstore, the Logstore of older rules.
    pub query: [&'static str; 4],
    /// The list of conditions, each with a severity.
    pub triggers: &'static str,
    /// In one of them: the condition of a row, that of their number.
    pub trigger: [&'static str; 2],
    /// The one condition of older rules.
    pub older: &'static str,
    /// How many times in a row.
    pub times: &'static str,
}

impl AlertParts {
    /// Reads them. Source: Log Service, CreateAlert `configuration`.
    pub(crate) fn read(&self, f: &Fields<'_>, alert: &mut Alert) {
        let [query, project, store, older] = self.query;
        alert.queries = f.opt_records(self.queries, |one| AlertQuery {
            query: one.text(query),
            project: one.link(project),
            store: one.text(if one.has(store) { store } else { older }),
        });
        let [condition, count] = self.trigger;
        alert.triggers = if f.has(self.triggers) {
            f.records(self.triggers, |one| AlertTrigger {
                condition: one.opt_text(condition),
                count: one.opt_text(count),
            })
        } else {
            let row = f.text(self.older);
            match row.state {
                State::Known(_) => f.known(List::complete(vec![AlertTrigger { condition: row, count: f.absent() }])),
                State::Absent => f.unknown(Reason::NotInEvidence),
                State::Unknown(reason) => f.unknown(reason),
            }
        };
        alert.consecutive = f.int_or(self.times, 1, "Log Service, CreateAlert `threshold`");
    }
}

fn collection_policy(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("policyName"), |policy: &mut CollectionPolicy| {
        policy.head.name = f.text("policyName");
        policy.enabled = f.bool("enabled");
        policy.product = f.text("productCode").map(|code| code.to_ascii_lowercase());
        policy.data = f.text("dataCode");
        policy.centralized = f.bool("centralizeEnabled");
    });
}

/// The cipher of a Logstore. Source: SLS `EncryptConf.encrypt_type`: `default` is AES, `m4` (also written `sm4`) is SM4.
pub(crate) fn cipher(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.to_ascii_lowercase().as_str() {
        "default" => Ok("aes".into()),
        "m4" | "sm4" => Ok("sm4".into()),
        other => Err(Reason::not_understood(format!("the cipher `{other}`"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_logstore_is_named_by_its_project_and_a_part_left_out_is_not_encrypted() {
        let inventory = answers(&[
            ("sls:ListLogStores", "project=audit", r#"{"total":1,"count":1,"logstores":["trail"]}"#),
            (
                "sls:GetLogStore",
                "project=audit,logstore=trail",
                r#"{"logstoreName":"trail","ttl":-1,"shardCount":2,"enable_tracking":false}"#,
            ),
        ]);
        let logstore: &Logstore = only(&inventory);
        assert_eq!(logstore.head.id.value().map(Text::as_str), Some("audit:trail"));
        assert_eq!((logstore.ttl_days.value(), logstore.encrypted.value()), (Some(&3650), Some(&false)));
    }

    #[test]
    fn a_project_without_statements_has_no_policy() {
        let inventory = answers(&[("sls:GetProjectPolicy", "project=p", "{}")]);
        assert!(only::<Project>(&inventory).policy.is_absent());
        let inventory = answers(&[(
            "sls:GetProjectPolicy",
            "project=p",
            r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"log:*","Principal":["*"],"Resource":"*"}]}"#,
        )]);
        assert!(only::<Project>(&inventory).policy.value().unwrap().contains("\"Principal\":[\"*\"]"));
    }
}
