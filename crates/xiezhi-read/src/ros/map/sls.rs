//! Log Service in ROS templates. Source: ROS documentation, `ALIYUN::SLS::*`.

use xiezhi_model::service::sls::{Alert, Logstore, Project};

use crate::api::sls::cipher;
use crate::api::sls::{AlertParts, days, inside};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Log Service.
pub const BLOCKS: &[Block] = &[
    Block { name: "ALIYUN::SLS::Project", kind: Some(Project::SCHEMA), read: project },
    Block { name: "ALIYUN::SLS::Logstore", kind: Some(Logstore::SCHEMA), read: logstore },
    Block { name: "ALIYUN::SLS::Alert", kind: Some(Alert::SCHEMA), read: alert },
];

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("Name"), |project: &mut Project| {
        project.head.name = f.text("Name");
        project.description = f.opt_text("Description");
        project.redundancy = f.text_or("DataRedundancyType", "LRS", "ROS ALIYUN::SLS::Project");
    });
}

fn logstore(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "ROS ALIYUN::SLS::Logstore";
    sink.put(f, inside(&f.text("ProjectName"), &f.text("LogstoreName")), |logstore: &mut Logstore| {
        logstore.head.name = f.text("LogstoreName");
        logstore.project = f.link("ProjectName");
        logstore.ttl_days = if f.bool("PreserveStorage").value() == Some(&true) {
            f.known(3650)
        } else {
            days(f.int_or("TTL", 30, PAGE))
        };
        logstore.hot_ttl_days = f.opt_int("HotTTL");
        logstore.encrypted = if f.has("EncryptConf") {
            f.bool_or("EncryptConf.Enable", false, PAGE)
        } else {
            documented(PAGE).known(false)
        };
        logstore.encryption_key = named(f, "EncryptConf.UserCmkInfo.CmkKeyId");
        logstore.encryption_algorithm = cipher(f.opt_text("EncryptConf.EncryptType"));
        logstore.shards = f.int_or("ShardCount", 2, PAGE);
        logstore.web_tracking = f.bool_or("EnableTracking", false, PAGE);
    });
}

fn alert(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, inside(&f.text("Project"), &f.text("Detail.Name")), |alert: &mut Alert| {
        alert.head.name = f.text("Detail.Name");
        alert.project = f.link("Project");
        alert.enabled =
            f.flag_or("Detail.State", &["Enable", "Enabled"], &["Disabled"], true, "ROS ALIYUN::SLS::Alert");
        const PARTS: AlertParts = AlertParts {
            queries: "Detail.Configuration.QueryList",
            query: ["Query", "Project", "Store", "LogStore"],
            triggers: "Detail.Configuration.SeverityConfigurations",
            trigger: ["EvalCondition.Condition", "EvalCondition.CountCondition"],
            older: "Detail.Configuration.Condition",
            times: "Detail.Configuration.NotifyThreshold",
        };
        PARTS.read(f, alert);
    });
}
