use xiezhi_model::service::vpc::Vpc;
use xiezhi_model::{Fact, Inventory, List, Resource, Text};
use xiezhi_read::{Input, Options};

use crate::prepare;

/// The inventory of files given as (name, text), with every analysis run.
pub(crate) fn estate(files: &[(&str, &str)]) -> Inventory {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(name, text)| Input::Bytes { name: (*name).to_owned(), bytes: text.as_bytes().to_vec(), live: false })
        .collect();
    let reading = xiezhi_read::read(&inputs, &Options::default());
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
    for batch in &reading.batches {
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    }
    prepare(reading.batches)
}

pub(crate) fn terraform(text: &str) -> Inventory {
    estate(&[("root/main.tf", text)])
}

/// The one resource of its kind with that id or address.
pub(super) fn one<'a, R: Resource>(inventory: &'a Inventory, name: &str) -> &'a R {
    let found = inventory.all::<R>().iter().find(|row| {
        let head = row.head();
        head.id.value().is_some_and(|id| id == name) || head.address == name
    });
    found.unwrap_or_else(|| panic!("no {} {name}", R::SCHEMA.kind))
}

/// A fact for comparing: the value, `absent`, or the reason's code.
pub(super) fn shown<T: std::fmt::Display>(fact: &Fact<T>) -> String {
    match (&fact.value(), fact.reason()) {
        (Some(value), _) => value.to_string(),
        (None, Some(reason)) => format!("unknown: {}", reason.code()),
        (None, None) => "absent".to_owned(),
    }
}

/// A list of texts for comparing; `+ why` when there may be more.
pub(super) fn listed(fact: &Fact<List<Text>>) -> String {
    match (fact.value(), fact.reason()) {
        (Some(list), _) => {
            let more = list.more.as_ref().map(|reason| format!(" + {}", reason.code())).unwrap_or_default();
            format!("{}{more}", list.items.join(" "))
        }
        (None, Some(reason)) => format!("unknown: {}", reason.code()),
        (None, None) => "absent".to_owned(),
    }
}

const FLOW: &str = r#"
resource "alicloud_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "alicloud_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "alicloud_vpc_flow_log" "l" {
  resource_type  = "VPC"
  resource_id    = alicloud_vpc.v.id
  traffic_type   = "All"
  project_name   = "p"
  log_store_name = "s"
  status         = "Active"
}
"#;

#[test]
fn a_vpc_is_recorded_when_an_active_flow_log_names_it_and_no_other_is() {
    let inventory = terraform(FLOW);
    let (v, w) = (one::<Vpc>(&inventory, "alicloud_vpc.v"), one::<Vpc>(&inventory, "alicloud_vpc.w"));
    assert_eq!((shown(&v.flow_log_active), shown(&v.flow_log_delivered)), ("true".into(), "true".into()));
    assert_eq!(shown(&w.flow_log_active), "false");
    let off = terraform(&FLOW.replace("\"Active\"", "\"Inactive\""));
    assert_eq!(shown(&one::<Vpc>(&off, "alicloud_vpc.v").flow_log_active), "false");
}

#[test]
fn flow_logs_that_were_not_listed_leave_the_question_open() {
    let vpcs = r#"{"Vpcs":{"Vpc":[{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16","RegionId":"cn-hangzhou"}]},"TotalCount":1,"PageNumber":1,"PageSize":10}"#;
    let none = r#"{"FlowLogs":{"FlowLog":[]},"TotalCount":"0","PageNumber":"1","PageSize":"20","Success":"true"}"#;
    let alone = estate(&[("vpc-DescribeVpcs-cn-hangzhou.json", vpcs)]);
    assert_eq!(shown(&one::<Vpc>(&alone, "vpc-1").flow_log_active), "unknown: not-collected");
    let both = estate(&[("vpc-DescribeVpcs-cn-hangzhou.json", vpcs), ("vpc-DescribeFlowLogs-cn-hangzhou.json", none)]);
    assert_eq!(shown(&one::<Vpc>(&both, "vpc-1").flow_log_active), "false");
}

#[test]
fn a_log_of_each_vswitch_is_a_log_of_the_vpc_and_a_log_of_what_was_allowed_is_none() {
    let vpc = (
        "vpc-DescribeVpcs-cn-hangzhou.json",
        r#"{"Vpcs":{"Vpc":[{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16","RegionId":"cn-hangzhou"}]},"TotalCount":1,"PageNumber":1,"PageSize":10}"#,
    );
    let vswitches = (
        "vpc-DescribeVSwitches-cn-hangzhou.json",
        r#"{"VSwitches":{"VSwitch":[{"VSwitchId":"vsw-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24"},{"VSwitchId":"vsw-2","VpcId":"vpc-1","CidrBlock":"10.0.2.0/24"}]},"TotalCount":2,"PageNumber":1,"PageSize":10}"#,
    );
    let logs = |all: &[(&str, &str, &str)]| {
        let one = |(kind, id, traffic): &(&str, &str, &str)| {
            format!(
                r#"{{"FlowLogId":"fl-{id}","ResourceType":"{kind}","ResourceId":"{id}","Status":"Active","TrafficType":"{traffic}","ProjectName":"p","LogStoreName":"s"}}"#
            )
        };
        let all: Vec<String> = all.iter().map(one).collect();
        format!(
            r#"{{"FlowLogs":{{"FlowLog":[{}]}},"TotalCount":"{}","PageNumber":"1","PageSize":"20"}}"#,
            all.join(","),
            all.len()
        )
    };
    let active = |all: &[(&str, &str, &str)], vswitches: Option<(&'static str, &'static str)>| {
        let logs = logs(all);
        let mut files = vec![vpc, ("vpc-DescribeFlowLogs-cn-hangzhou.json", logs.as_str())];
        files.extend(vswitches);
        shown(&one::<Vpc>(&estate(&files), "vpc-1").flow_log_active)
    };
    assert_eq!(active(&[("VPC", "vpc-1", "All")], Some(vswitches)), "true");
    assert_eq!(active(&[("VPC", "vpc-1", "Drop")], Some(vswitches)), "true");
    assert_eq!(active(&[("VPC", "vpc-1", "Allow")], Some(vswitches)), "false");
    assert_eq!(active(&[("VSwitch", "vsw-1", "All"), ("VSwitch", "vsw-2", "All")], Some(vswitches)), "true");
    assert_eq!(active(&[("VSwitch", "vsw-1", "All")], Some(vswitches)), "false");
    assert_eq!(active(&[("VSwitch", "vsw-1", "All")], None), "unknown: not-collected");
}

/// A small network in which one open rule of the platform decides on one packet.
pub(crate) struct AssumptionCase {
    pub(crate) assumption: xiezhi_net::assume::Assumption,
    pub(crate) network: xiezhi_net::model::Network,
    /// Whether the packet goes from one interface to another; else it comes from the internet.
    pub(crate) inside: bool,
    pub(crate) flow: xiezhi_net::set::Flow,
}

/// The cases on which the engine's readings are tested; instance `i-1` is called by another name when one is given.
pub(crate) fn assumption_cases_of(instance: &str) -> Vec<AssumptionCase> {
    let text = include_str!("../../../xiezhi-net/tests/assumptions.json");
    let named = text.replace("\"i-1\"", &serde_json::to_string(instance).unwrap());
    let all: serde_json::Value = serde_json::from_str(&named).unwrap();
    let read = |case: &serde_json::Value| {
        let mut network = all["base"].as_object().unwrap().clone();
        network.extend(case["change"].as_object().unwrap().clone());
        let known = xiezhi_net::assume::Assumption::ALL.into_iter();
        AssumptionCase {
            assumption: known.into_iter().find(|one| case["code"] == one.code()).unwrap(),
            network: serde_json::from_value(network.into()).unwrap(),
            inside: case.get("from").is_some(),
            flow: serde_json::from_value(case["flow"].clone()).unwrap(),
        }
    };
    all["cases"].as_array().unwrap().iter().map(read).collect()
}

pub(crate) fn assumption_cases() -> Vec<AssumptionCase> {
    assumption_cases_of("i-1")
}
