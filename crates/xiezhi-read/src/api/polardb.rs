//! PolarDB and PolarDB-X answers.

use xiezhi_model::service::polardb::{Cluster, DistributedInstance, EndpointSsl};
use xiezhi_model::{Batch, Fact, Link, List, Reason, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{links_of, ports_of, together};
use crate::{keys, white_list};

/// The calls of PolarDB and PolarDB-X.
pub const CALLS: &[Call] = &[
    Call::listing("polardb", "DescribeDBClusters", "Items.DBCluster", Cluster::SCHEMA, listed),
    Call::answer("polardb", "DescribeDBClusterAttribute", attribute),
    Call::answer("polardb", "DescribeDBClusterEndpoints", endpoints),
    Call::answer("polardb", "DescribeDBClusterAccessWhitelist", access),
    Call::answer("polardb", "DescribeDBClusterSSL", ssl),
    Call::answer("polardb", "DescribeDBClusterTDE", tde),
    Call::answer("polardb", "DescribeDBClusterAuditLogCollector", audit),
    Call::answer("das", "DescribeSqlLogConfig", sql_log),
    Call::answer("polardb", "DescribeBackupPolicy", backup),
    Call::answer("polardb", "DescribeLogBackupPolicy", log_backup),
    Call::answer("polardb", "DescribeDBClusterVersion", version),
    Call::listing("polardbx", "DescribeDBInstances", "DBInstances", DistributedInstance::SCHEMA, distributed),
    Call::answer("polardbx", "DescribeDBInstanceAttribute", distributed_attribute),
];

fn target(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<Cluster>> {
    let named = sink.param("DBClusterId");
    let named = if named.value().is_some() { named } else { f.text("DBClusterId") };
    named.map(Link::id)
}

/// What the white list and the endpoints say, once they have been read to their end.
pub(crate) fn conclude(batch: &mut Batch) {
    batch.for_each(|cluster: &mut Cluster| {
        cluster.white_list_open = white_list::open(&cluster.white_list);
        cluster.ssl = offered_everywhere(&cluster.endpoint_ssl);
    });
}

/// Whether TLS is offered on every endpoint: every cluster has a primary and a cluster endpoint, which are off until
/// somebody turns them on, so a list without both of them is no proof that all are on. Source: PolarDB
/// ModifyDBClusterSSL; `label` of the evidence is kept.
fn offered_everywhere(endpoints: &Fact<List<EndpointSsl>>) -> Fact<bool> {
    let state = match &endpoints.state {
        State::Known(list) if list.items.is_empty() => match &list.more {
            Some(reason) => State::Unknown(reason.clone()),
            None => State::Known(false),
        },
        State::Known(list) => {
            let off = list.items.iter().any(|endpoint| endpoint.ssl.value() == Some(&false));
            let doubt = list.items.iter().find_map(|endpoint| endpoint.ssl.reason()).or(list.more.as_ref());
            let has = |kind: &str| {
                list.items.iter().any(|endpoint| endpoint.endpoint.value().is_some_and(|word| word == kind))
            };
            match (off, doubt) {
                (true, _) => State::Known(false),
                (false, Some(reason)) => State::Unknown(reason.clone()),
                (false, None) if has("all") || (has("primary") && has("cluster")) => State::Known(true),
                (false, None) => State::Unknown(Reason::NotInEvidence),
            }
        }
        State::Absent => State::Known(false),
        State::Unknown(reason) => State::Unknown(reason.clone()),
    };
    Fact { state, origin: endpoints.origin.clone() }
}

fn common(f: &Fields<'_>, cluster: &mut Cluster) {
    cluster.head.name = f.text("DBClusterDescription");
    if f.has("RegionId") {
        cluster.head.region = f.text("RegionId");
    }
    cluster.engine = f.word("DBType");
    cluster.engine_version = f.text("DBVersion");
    cluster.charge_type = f.word("PayType");
    cluster.network = f.word("DBClusterNetworkType");
    cluster.deletion_lock = f.bool("DeletionLock");
}

fn listed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        common(f, cluster);
        if f.has("VpcId") {
            cluster.vpc = f.link("VpcId");
        }
    });
}

fn attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("DBClusterId"), |cluster: &mut Cluster| {
        common(f, cluster);
        if f.has("VPCId") {
            cluster.vpc = f.link("VPCId");
            // A cluster in a VPC names it. Source: PolarDB DescribeDBClusterAttribute `VPCId`.
            if cluster.vpc.value().is_some() {
                cluster.network = f.known("vpc".into());
            }
        }
        if f.has("VSwitchId") {
            cluster.vswitch = f.link("VSwitchId");
        }
        cluster.hot_standby = f.word("HotStandbyCluster");
        cluster.multi_zone = standby(&cluster.hot_standby);
    });
}

/// A hot standby stands in another zone than the primary. Source: PolarDB help, "Multi-zone deployment and zone change".
pub(crate) fn standby(hot_standby: &Fact<Text>) -> Fact<bool> {
    hot_standby.clone().try_map(|word| match word.as_str() {
        "on" | "equal" | "standby" => Ok(true),
        "off" => Ok(false),
        other => Err(Reason::not_understood(format!("the hot standby `{other}`"))),
    })
}

fn endpoints(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let mut found = false;
    let mut doubt = (!f.has("Items")).then_some(Reason::NotInEvidence);
    let (mut open, mut inside) = (Vec::new(), Vec::new());
    for endpoint in f.each("Items") {
        let addresses =
            if endpoint.has("AddressItems.AddressItems") { "AddressItems.AddressItems" } else { "AddressItems" };
        let public = crate::store::any(&endpoint, addresses, "NetType", "Public");
        found |= public.value() == Some(&true);
        doubt = doubt.or(public.reason().cloned());
        open.push(ports_of(&endpoint, addresses, ("NetType", "Public"), true, "Port"));
        inside.push(ports_of(&endpoint, addresses, ("NetType", "Public"), false, "Port"));
    }
    let (public_ports, private_ports) = (together(f, open), together(f, inside));
    let public = match (found, doubt) {
        (true, _) => f.known(true),
        (false, Some(reason)) => f.unknown(reason),
        (false, None) => f.known(false),
    };
    sink.on(&target(f, sink), |cluster: &mut Cluster| {
        cluster.public_endpoint = public;
        cluster.public_ports = public_ports;
        cluster.private_ports = private_ports;
    });
}

fn access(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "Items.DBClusterIPArray", "SecurityIps", "DBClusterIPArrayAttribute");
    let groups = links_of(f, "DBClusterSecurityGroups.DBClusterSecurityGroup", "SecurityGroupId");
    sink.on(&target(f, sink), |cluster: &mut Cluster| {
        cluster.white_list = list;
        cluster.security_groups = groups;
    });
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let read = f.records("Items", |endpoint| EndpointSsl {
        // The answer holds every endpoint of the cluster.
        endpoint: endpoint.known("all".into()),
        ssl: endpoint.flag("SSLEnabled", &["Enabled", "Enable"], &["Disabled", "Disable"]),
    });
    // No endpoint at all is not an answer.
    let read = match read.value() {
        Some(list) if list.items.is_empty() => f.unknown(Reason::NotInEvidence),
        _ => read,
    };
    sink.on(&target(f, sink), |cluster: &mut Cluster| cluster.endpoint_ssl = read);
    sink.batch.conclude(Cluster::SCHEMA.kind, conclude);
}

fn tde(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tde = f.flag("TDEStatus", &["Enabled", "Enable"], &["Disabled", "Disable"]);
    let (holder, key) = keys::under(&tde, f, "EncryptionKey");
    sink.on(&target(f, sink), |cluster: &mut Cluster| {
        cluster.tde = tde;
        cluster.tde_key_holder = holder;
        cluster.tde_key = key;
        cluster.encrypt_new_tables = f.flag("EncryptNewTables", &["ON"], &["OFF"]);
    });
}

fn audit(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |cluster: &mut Cluster| {
        cluster.sql_audit = f.flag("CollectorStatus", &["Enable", "Enabled"], &["Disable", "Disabled"]);
    });
}

/// Database Autonomy Service keeps the records; it serves other databases too, whose ids start otherwise.
fn sql_log(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster = sink.param("InstanceId").map(Link::<Cluster>::id);
    if cluster.value().is_none_or(|link| link.target.starts_with("pc-")) {
        sink.on(&cluster, |cluster: &mut Cluster| cluster.sql_audit_days = f.int("Data.Retention"));
    }
}

fn backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |cluster: &mut Cluster| {
        cluster.backup_level1_days = f.int("DataLevel1BackupRetentionPeriod");
        cluster.backup_level2_days = f.int("DataLevel2BackupRetentionPeriod");
    });
}

fn log_backup(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |cluster: &mut Cluster| cluster.log_backup_days = f.int("LogBackupRetentionPeriod"));
}

fn version(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&target(f, sink), |cluster: &mut Cluster| cluster.version_status = f.word("DBVersionStatus"));
}

fn distributed(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let id = if f.has("DBInstanceName") { f.text("DBInstanceName") } else { f.text("Id") };
    sink.put(f, id, |instance: &mut DistributedInstance| {
        instance.head.name = f.text("Description");
        if f.has("VPCId") {
            instance.vpc = f.link("VPCId");
        }
        instance.topology = f.word("TopologyType");
    });
}

fn distributed_attribute(f: &Fields<'_>, sink: &mut Sink<'_>) {
    distributed(&f.sub("DBInstance").unwrap_or(*f), sink);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
