//! Tair and Redis (`r-kvstore`) answers.

use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::kms::Key;
use xiezhi_model::service::redis::Instance;
use xiezhi_model::{Batch, Fact, Link, List, Reason, State, Text};

use super::Call;
use super::database::{self, Database, target};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, lowest_tls, ports_of, two_zones};
use crate::white_list;

/// The calls of Tair and Redis.
pub const CALLS: &[Call] = &[
    Call::listing("r-kvstore", "DescribeInstances", "Instances.KVStoreInstance", Instance::SCHEMA, listed),
    Call::each("r-kvstore", "DescribeInstanceAttribute", "Instances.DBInstanceAttribute", attribute),
    Call::answer("r-kvstore", "DescribeDBInstanceNetInfo", net_info),
    Call::answer("r-kvstore", "DescribeSecurityIps", security_ips),
    Call::answer("r-kvstore", "DescribeSecurityGroupConfiguration", security_groups),
    Call::answer("r-kvstore", "DescribeInstanceSSL", ssl),
    Call::answer("r-kvstore", "DescribeInstanceTDEStatus", tde),
    Call::answer("r-kvstore", "DescribeEncryptionKey", database::encryption_key::<Instance>),
    Call::answer("r-kvstore", "DescribeAuditLogConfig", audit),
    Call::answer("r-kvstore", "DescribeBackupPolicy", backup),
    Call::answer("r-kvstore", "DescribeParameters", parameters),
    Call::answer("r-kvstore", "DescribeEngineVersion", version),
];

impl Database for Instance {
    const ID: &'static str = "InstanceId";

    fn white_list(&mut self) -> &mut Fact<List<Text>> {
        &mut self.white_list
    }

    fn security_groups(&mut self) -> &mut Fact<List<Link<SecurityGroup>>> {
        &mut self.security_groups
    }

    fn tde(&mut self) -> (&mut Fact<bool>, &mut Fact<Text>, &mut Fact<Link<Key>>) {
        (&mut self.tde, &mut self.tde_key_holder, &mut self.tde_key)
    }
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
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        common(f, instance);
        // Source: R-KVStore DescribeInstances `SecondaryZoneId`, which only instances of two zones have.
        if f.has("SecondaryZoneId") {
            instance.multi_zone = two_zones(&f.text("ZoneId"), &[f.opt_text("SecondaryZoneId")]);
        }
    });
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
        instance.public_ports = ports_of(f, "NetInfoItems.InstanceNetInfo", ("IPType", "Public"), true, "Port");
        instance.private_ports = ports_of(f, "NetInfoItems.InstanceNetInfo", ("IPType", "Public"), false, "Port");
    });
}

fn security_ips(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let paths = ["SecurityIpGroups.SecurityIpGroup", "SecurityIpList", "SecurityIpGroupAttribute"];
    database::security_ips::<Instance>(f, sink, paths, conclude);
}

fn security_groups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    database::security_groups::<Instance>(f, sink, "Items.EcsSecurityGroupRelation");
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.ssl = f.flag("SSLEnabled", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

fn tde(f: &Fields<'_>, sink: &mut Sink<'_>) {
    database::tde::<Instance>(f, sink, [&["Enabled", "Enable"], &["Disabled", "Disable"]]);
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

/// The parameter that names the lowest TLS version, of instances with proxies; `TLSv1` unless somebody set it. Source:
/// Tair (Redis) help, "Configuration parameters" `#no_loose_tls-min-version`.
pub(crate) const LOWEST_TLS: &str = "#no_loose_tls-min-version";

fn parameters(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tls = f.records("RunningParameters.Parameter", |parameter| {
        (parameter.plain("ParameterName") == Some(LOWEST_TLS)).then(|| lowest_tls(parameter.text("ParameterValue")))
    });
    let tls = tls.value().and_then(|list| list.items.iter().flatten().next().cloned());
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
    sink.on(&target(f, sink), |instance: &mut Instance| {
        instance.disabled_commands = commands;
        if let Some(tls) = tls {
            instance.tls_min = tls;
        }
    });
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
