//! ApsaraDB for OceanBase (`oceanbasepro`) answers.

use xiezhi_model::service::oceanbase::{Cluster, Tenant};
use xiezhi_model::{Batch, Fact, Link, List, State, Text};

use super::{Call, whole};
use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::{any, target};
use crate::white_list;

/// The calls of OceanBase.
pub const CALLS: &[Call] = &[
    Call::listing("oceanbasepro", "DescribeInstances", "Instances", Cluster::SCHEMA, cluster),
    Call::answer("oceanbasepro", "DescribeInstanceSSL", ssl),
    Call::answer("oceanbasepro", "DescribeDataBackupSet", backups),
    Call::each("oceanbasepro", "DescribeTenants", "Tenants", tenant),
    Call::answer("oceanbasepro", "DescribeTenant", addresses),
    Call::each("oceanbasepro", "DescribeTenantEncryption", "TenantEncryptions", encryption),
    Call::answer("oceanbasepro", "DescribeTenantSecurityIpGroups", white_lists),
];

/// What the white lists say, once they have been read to their end.
fn conclude(batch: &mut Batch) {
    batch.for_each(|tenant: &mut Tenant| tenant.white_list_open = white_list::open(&tenant.white_list));
}

fn cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |cluster: &mut Cluster| cluster.head.name = f.text("InstanceName"));
}

/// The answer about one tenant (it names the tenant) says nothing of the cluster.
fn ssl(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let asked = sink.param("TenantId").value().cloned().or(f.opt_text("InstanceSSL.TenantId").value().cloned());
    if asked.is_some_and(|tenant| !tenant.is_empty()) {
        return;
    }
    let named = f.text("InstanceSSL.InstanceId");
    let named = if named.value().is_some() { named } else { sink.param("InstanceId") };
    sink.on(&named.map(Link::id), |cluster: &mut Cluster| {
        cluster.ssl = f.flag("InstanceSSL.EnableSSL", &["open"], &["close"]);
    });
}

/// A set that is still being made, or failed, restores nothing.
fn backups(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let sets = whole(f, f.records("Data", |set| (set.word("Status"), set.word("Policy"))));
    let made = sets.map(|sets| {
        let mut made: List<Text> = List { items: vec![], more: sets.more };
        for (status, policy) in sets.items {
            match (status.value().map(Text::as_str), policy.state) {
                (Some("done"), State::Known(policy)) => made.items.push(policy),
                (Some(_), State::Known(_)) => {}
                (_, State::Unknown(reason)) => made.more = Some(reason),
                _ => made.more = status.reason().cloned(),
            }
        }
        made
    });
    let cluster = target(f, sink, "InstanceId");
    sink.on(&cluster, |cluster: &mut Cluster| cluster.backups = made);
}

fn tenant(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster: Fact<Link<Cluster>> = target(f, sink, "InstanceId");
    sink.put(f, f.text("TenantId"), |tenant: &mut Tenant| {
        tenant.head.name = f.text("TenantName");
        tenant.cluster = cluster;
    });
}

fn addresses(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let cluster: Fact<Link<Cluster>> = target(f, sink, "InstanceId");
    sink.put(f, f.text("Tenant.TenantId"), |tenant: &mut Tenant| {
        tenant.head.name = f.text("Tenant.TenantName");
        tenant.cluster = cluster;
        tenant.public_endpoint = any(f, "Tenant.TenantConnections", "InternetAddressStatus", "ONLINE");
    });
}

fn encryption(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let tenant = f.text("TenantId").map(Link::id);
    sink.on(&tenant, |tenant: &mut Tenant| tenant.encrypted = f.bool("EnableEncryption"));
}

fn white_lists(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let list = white_list::groups(f, "SecurityIpGroups", "SecurityIps", "");
    let tenant = target(f, sink, "TenantId");
    sink.on(&tenant, |tenant: &mut Tenant| tenant.white_list = list);
    sink.batch.conclude(Tenant::SCHEMA.kind, conclude);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn a_tenant_is_read_from_what_each_call_says_of_it() {
        let estate = answers(&[
            (
                "oceanbasepro:DescribeTenants",
                "InstanceId=ob1",
                r#"{"TotalCount":1,"Tenants":[{"TenantId":"t1","TenantName":"shop"}]}"#,
            ),
            (
                "oceanbasepro:DescribeTenant",
                "InstanceId=ob1,TenantId=t1",
                r#"{"Tenant":{"TenantId":"t1","TenantName":"shop","TenantConnections":[
                    {"AddressType":"READONLY","InternetAddressStatus":"CLOSED"},
                    {"AddressType":"MASTER","InternetAddressStatus":"ONLINE","InternetAddress":"t1.oceanbase.aliyuncs.com"}]}}"#,
            ),
            (
                "oceanbasepro:DescribeTenantEncryption",
                "InstanceId=ob1",
                r#"{"TotalCount":1,"TenantEncryptions":[{"TenantId":"t1","EnableEncryption":false}]}"#,
            ),
            (
                "oceanbasepro:DescribeTenantSecurityIpGroups",
                "InstanceId=ob1,TenantId=t1",
                r#"{"TotalCount":2,"SecurityIpGroups":[
                    {"SecurityIpGroupName":"default","SecurityIps":"127.0.0.1","TenantId":"t1"},
                    {"SecurityIpGroupName":"all","SecurityIps":"0.0.0.0/1,128.0.0.0/1","TenantId":"t1"}]}"#,
            ),
        ]);
        let tenant = only::<Tenant>(&estate);
        assert_eq!(tenant.cluster.value().unwrap().target, "ob1");
        assert_eq!(tenant.public_endpoint.value(), Some(&true));
        assert_eq!(tenant.encrypted.value(), Some(&false));
        assert_eq!(tenant.white_list_open.value(), Some(&true), "two halves are everyone");
    }

    #[test]
    fn only_finished_backups_count_and_a_page_that_is_missing_leaves_the_list_open() {
        let page = r#"{"TotalCount":3,"Data":[{"SetId":"a","Status":"DONE","Policy":"automated"},
            {"SetId":"b","Status":"RUNNING","Policy":"automated"}]}"#;
        let estate = answers(&[("oceanbasepro:DescribeDataBackupSet", "InstanceId=ob1", page)]);
        let backups = only::<Cluster>(&estate).backups.value().unwrap();
        assert_eq!((backups.items.len(), backups.more.is_some()), (1, true));
    }

    #[test]
    fn tls_of_a_tenant_says_nothing_of_its_cluster() {
        let answer = r#"{"InstanceSSL":{"InstanceId":"ob1","EnableSSL":"OPEN","TenantId":"t1"}}"#;
        let listed = ("oceanbasepro:DescribeInstances", "", r#"{"Instances":[{"InstanceId":"ob1"}]}"#);
        let estate = answers(&[listed, ("oceanbasepro:DescribeInstanceSSL", "InstanceId=ob1,TenantId=t1", answer)]);
        assert!(only::<Cluster>(&estate).ssl.reason().is_some());
        let whole = answer.replace("\"t1\"", "\"\"").replace("OPEN", "CLOSE");
        let estate = answers(&[listed, ("oceanbasepro:DescribeInstanceSSL", "InstanceId=ob1", &whole)]);
        assert_eq!(only::<Cluster>(&estate).ssl.value(), Some(&false));
    }
}
