//! Tair and Redis (`r-kvstore`) answers.

use xiezhi_model::service::redis::Instance;
use xiezhi_model::{Batch, Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, links_of, two_zones};
use crate::{keys, white_list};

/// The calls of Tair and Redis.
pub const CALLS: &[Call] = &[
    Call::listing("r-kvstore", "DescribeInstances", "Instances.KVStoreInstance", Instance::SCHEMA, listed),
    Call::each("r-kvstore", "DescribeInstanceAttribute", "Instances.DBInstanceAttribute", attribute),
    Call::answer("r-kvstore", "DescribeDBInstanceNetInfo", net_info),
    Call::answer("r-kvstore", "DescribeSecurityIps", security_ips),
    Call::answer("r-kvstore", "DescribeSecurityGroupConfiguration", security_groups),
    Call::answer("r-kvstore", "DescribeInstanceSSL", ssl),
    Call::answer("r-kvstore", "DescribeInstanceTDEStatus", tde),
    Call::answer("r-kvstore", "DescribeEncryptionKey", encryption_key),
    Call::answer("r-kvstore", "DescribeAuditLogConfig", audit),
    Call::answer("r-kvstore", "DescribeBackupPolicy", backup),
    Call::answer("r-kvstore", "DescribeParameters", parameters),
    Call::answer("r-kvstore", "DescribeEngineVersion", version),
];

fn target(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<Instance>> {
    let named = sink.param("InstanceId");
    let named = if named.value().is_some() { named } else { f.text("InstanceId") };
    named.map(Link::id)
}

/// What the white list says, once it has been read to its end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|instance: &mut Instance| instance.white_list_open = white_list::open(&instance.white_list));
}

/// `double` and `single`, whichever generation of words a source uses. Source: Redis CreateInstance `NodeType`.
pub(crate) fn node_type(word: Fact<Text>) -> Fact<Text> {
    word.try_map(|word| match word.as_str() {
        "double" | "master-slave" | "readone" | "readthree" | "readfive" => Ok("double".into()),
        "single" | "stand-alone" => Ok("single".into()),
        other => Err(Reason::not_understood(format!("the node type `{other}`"))),
    })
}

fn common(f: &Fields<'_>, instance: &mut Instance) {
    instance.head.name = f.text("InstanceName");
    if f.has("RegionId") {
        instance.head.region = f.text("RegionId");
    }
    instance.engine = f.word("InstanceType");
    instance.engine_version = f.text("EngineVersion");
    instance.class = f.text("InstanceClass");
    instance.charge_type = f.word("ChargeType");
    instance.network = f.word("NetworkType");
    if f.has("VpcId") {
        instance.vpc = f.link("VpcId");
    }
    if f.has("VSwitchId") {
        instance.vswitch = f.link("VSwitchId");
    }
    instance.node_type = node_type(f.word("NodeType"));
    instance.architecture = f.word("ArchitectureType");
    instance.password_required = f.flag("VpcAuthMode", &["Open"], &["Close"]);
    instance.release_protection = f.bool("InstanceReleaseProtection");
}

fn listed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| common(f, instance));
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        common(f, instance);
        // An instance of one zone has no second zone id: the answer leaves it out or empty.
        if f.has("ZoneId") {
            instance.multi_zone = two_zones(&f.text("ZoneId"), &[f.opt_text("SecondaryZoneId")]);
        }
    });
}

fn net_info(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.public_endpoint = any(f, "NetInfoItems.InstanceNetInfo", "IPType", "Public");
    });
}

fn security_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "SecurityIpGroups.SecurityIpGroup", "SecurityIpList", "SecurityIpGroupAttribute");
    sink.on(&target(f, sink), |instance: &mut Instance| instance.white_list = list);
    sink.batch.conclude(Instance::SCHEMA.kind, conclude);
}

fn security_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let groups = links_of(f, "Items.EcsSecurityGroupRelation", "SecurityGroupId");
    sink.on(&target(f, sink), |instance: &mut Instance| instance.security_groups = groups);
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.ssl = f.flag("SSLEnabled", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

fn tde(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tde = f.flag("TDEStatus", &["Enabled", "Enable"], &["Disabled", "Disable"]);
    sink.on(&target(f, sink), |instance: &mut Instance| {
        if tde.value() == Some(&false) {
            instance.tde_key_holder = f.known("none".into());
            instance.tde_key = f.absent();
        }
        instance.tde = tde;
    });
}

fn encryption_key(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut Instance| {
        if f.has("EncryptionKey") {
            instance.tde_key_holder = keys::holder(f, "EncryptionKey", "service-key");
            instance.tde_key = key.clone();
        }
    });
    keys::creator(sink, f, &key);
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.audit_log = f.bool("DbAudit");
        instance.audit_log_days = f.int("Retention");
    });
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.backup_days = f.texts("PreferredBackupPeriod");
        instance.log_backup = f.bool("EnableBackupLog");
    });
}

/// The parameter that switches commands off. Source: Redis help, "Disable high-risk commands".
pub(crate) const DISABLED_COMMANDS: &str = "#no_loose_disabled-commands";

fn parameters(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let read = f.records("RunningParameters.Parameter", |parameter| {
        (parameter.plain("ParameterName") == Some(DISABLED_COMMANDS))
            .then(|| lower(parameter.opt_texts("ParameterValue")))
    });
    let commands = match read.state {
        State::Known(list) => match (list.items.into_iter().flatten().next(), list.more) {
            (Some(commands), _) => commands,
            (None, more) => f.known(List { items: vec![], more }),
        },
        State::Absent => f.known(List::complete(vec![])),
        State::Unknown(reason) => f.unknown(reason),
    };
    sink.on(&target(f, sink), |instance: &mut Instance| instance.disabled_commands = commands);
}

/// Commands in lower case.
pub(crate) fn lower(list: Fact<List<Text>>) -> Fact<List<Text>> {
    list.map(|list| List { items: list.items.iter().map(|text| text.to_ascii_lowercase()).collect(), more: list.more })
}

fn version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| instance.latest_version = f.bool("IsLatestVersion"));
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
