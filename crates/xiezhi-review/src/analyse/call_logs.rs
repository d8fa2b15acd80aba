//! Whether the calls of an API gateway group are kept: by the log configuration of its region, of which there is one.
//! Source: CloudAPI DescribeLogConfig.

use xiezhi_model::service::apigateway::{Group, LogConfig};
use xiezhi_model::{Fact, Head, Inventory, Label, Reason, State};

use super::{Analysis, derived, evidence_gap, in_words};

/// See the module.
pub(super) struct CallLogs;

const NAME: &str = "call logs";

impl Analysis for CallLogs {
    fn name(&self) -> &'static str {
        NAME
    }

    fn run(&self, inventory: &mut Inventory) {
        let logged: Vec<_> = inventory.all::<Group>().iter().map(|group| logged(inventory, group)).collect();
        inventory.all_mut::<Group>().iter_mut().zip(logged).for_each(|(group, fact)| group.call_logged = fact);
    }
}

fn logged(inventory: &Inventory, group: &Group) -> Fact<bool> {
    let (mut doubt, mut label) = (None, Label::Live);
    for config in inventory.all::<LogConfig>() {
        let whole = delivers(config);
        label = label.weakest(config.head.origin.label);
        match (together(&group.head, &config.head), whole) {
            (Ok(true), Ok(true)) => {
                let proof =
                    in_words("the log configuration of its region names a Logstore", "其地域的日志配置指定了 Logstore");
                return Fact::known(true, derived(NAME, proof, label));
            }
            (Ok(false), _) | (_, Ok(false)) => {}
            (Err(reason), _) | (_, Err(reason)) => doubt = doubt.or(Some(reason)),
        }
    }
    match doubt.or_else(|| evidence_gap(inventory, LogConfig::SCHEMA, &group.head)) {
        Some(reason) => Fact::unknown(reason, derived(NAME, "", label)),
        None => {
            let proof =
                in_words("no log configuration of its region names a Logstore", "其地域没有指定 Logstore 的日志配置");
            Fact::known(false, derived(NAME, proof, label))
        }
    }
}

/// Whether a configuration delivers anywhere.
fn delivers(config: &LogConfig) -> Result<bool, Reason> {
    let parts = [&config.project, &config.logstore];
    match parts.iter().find_map(|part| part.reason()) {
        _ if parts.iter().any(|part| part.is_absent()) => Ok(false),
        Some(reason) => Err(reason.clone()),
        None => Ok(true),
    }
}

/// Whether two resources are in one region. Those of one configuration or template that leave the region to its
/// surroundings are in the same, whichever it is.
fn together(a: &Head, b: &Head) -> Result<bool, Reason> {
    let surroundings =
        |reason: &Reason| *reason == Reason::NotInEvidence || *reason == Reason::unresolved("ALIYUN::Region");
    match (&a.region.state, &b.region.state) {
        (State::Known(a), State::Known(b)) => Ok(a == b),
        (State::Unknown(first), State::Unknown(second))
            if !a.set.is_empty() && a.set == b.set && first == second && surroundings(first) =>
        {
            Ok(true)
        }
        (State::Unknown(reason), _) | (_, State::Unknown(reason)) => Err(reason.clone()),
        (State::Absent, _) | (_, State::Absent) => Err(Reason::NotInEvidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::tests::{estate, one, shown};

    fn logged(files: &[(&str, &str)], id: &str) -> String {
        shown(&one::<Group>(&estate(files), id).call_logged)
    }

    #[test]
    fn the_log_configuration_of_a_group_s_own_region_keeps_its_calls() {
        let groups = r#"{"TotalCount":1,"PageNumber":1,"PageSize":10,"ApiGroupAttributes":{"ApiGroupAttribute":[{"GroupId":"g-1","RegionId":"cn-hangzhou"}]}}"#;
        let config = r#"{"LogInfos":{"LogInfo":[{"RegionId":"cn-hangzhou","SlsProject":"p","SlsLogStore":"l","LogType":"PROVIDER"}]}}"#;
        let with = |region: &str, config: &str| {
            let name = format!("cloudapi-DescribeLogConfig-{region}.json");
            logged(&[("cloudapi-DescribeApiGroups-cn-hangzhou.json", groups), (&name, config)], "g-1")
        };
        assert_eq!(with("cn-hangzhou", config), "true");
        assert_eq!(with("cn-hangzhou", r#"{"LogInfos":{"LogInfo":[]}}"#), "false");
        assert!(with("cn-beijing", &config.replace("cn-hangzhou", "cn-beijing")).starts_with("unknown"));
    }

    #[test]
    fn resources_that_leave_the_region_to_their_surroundings_are_in_the_same_one() {
        let group = "resource \"alicloud_api_gateway_group\" \"g\" {\n  name = \"g\"\n}\n";
        let config = |more: &str| {
            let text = format!(
                "{group}resource \"alicloud_api_gateway_log_config\" \"l\" {{\n  sls_project = \"p\"\n  sls_log_store = \"l\"\n  log_type = \"PROVIDER\"\n{more}}}\n"
            );
            let inventory = estate(&[("root/main.tf", &text)]);
            shown(&inventory.all::<Group>()[0].call_logged)
        };
        assert_eq!(config(""), "true");
        let elsewhere =
            "  provider = alicloud.far\n}\nprovider \"alicloud\" {\n  alias = \"far\"\n  region = \"eu-central-1\"\n";
        assert!(config(elsewhere).starts_with("unknown"));
        let none = estate(&[("root/main.tf", group)]);
        assert_eq!(shown(&none.all::<Group>()[0].call_logged), "false");
    }
}
