//! Cloud Config, certificates and bastion hosts: the small services of administration.

use xiezhi_model::service::bastionhost;
use xiezhi_model::service::cas::Certificate;
use xiezhi_model::service::config::{Pack, Recorder, Rule};
use xiezhi_model::service::emr;

use super::Call;
use super::fc::known;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::time::millis;

/// The calls of Cloud Config, Certificate Management, Bastionhost and EMR.
pub const CALLS: &[Call] = &[
    Call::answer("config", "GetConfigurationRecorder", recorder),
    Call::answer("config", "ListConfigDeliveryChannels", deliveries),
    Call::listing("config", "ListConfigRules", "ConfigRules.ConfigRuleList", Rule::SCHEMA, rule),
    Call::listing("config", "ListCompliancePacks", "CompliancePacksResult.CompliancePacks", Pack::SCHEMA, pack),
    Call::listing("cas", "ListUserCertificateOrder", "CertificateOrderList", Certificate::SCHEMA, certificate),
    Call::listing("yundun-bastionhost", "DescribeInstances", "Instances", bastionhost::Instance::SCHEMA, bastion),
    Call::answer("yundun-bastionhost", "DescribeInstanceAttribute", bastion_detail),
    Call::listing("emr", "ListClusters", "Clusters", emr::Cluster::SCHEMA, emr_cluster),
    Call::answer("emr", "GetCluster", emr_detail),
    Call::answer("emr", "ListNodes", emr_nodes),
];

fn recorder(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("ConfigurationRecorder") else { return };
    sink.one(&inner, |recorder: &mut Recorder| {
        recorder.recording = inner.text("ConfigurationRecorderStatus").map(|status| status == "REGISTERED");
        recorder.resource_types = inner.texts("ResourceTypes");
    });
}

fn deliveries(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |recorder: &mut Recorder| {
        recorder.deliveries =
            f.opt_records("DeliveryChannels", |channel| channel.text("DeliveryChannelTargetArn")).map(known);
    });
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ConfigRuleId"), |rule: &mut Rule| {
        rule.head.name = f.text("ConfigRuleName");
        rule.identifier = f.text("SourceIdentifier");
        rule.active = f.text("ConfigRuleState").map(|state| state == "ACTIVE");
        rule.compliance = f.text("Compliance.ComplianceType");
        rule.count = f.int("Compliance.Count");
        rule.risk = f.int("RiskLevel");
    });
}

fn pack(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("CompliancePackId"), |pack: &mut Pack| {
        pack.head.name = f.text("CompliancePackName");
        pack.template = f.opt_text("CompliancePackTemplateId");
        pack.active = f.text("Status").map(|status| status == "ACTIVE");
    });
}

fn certificate(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("CertificateId"), |certificate: &mut Certificate| {
        certificate.head.name = f.text("Name");
        certificate.domain = f.text(if f.has("CommonName") { "CommonName" } else { "Domain" });
        certificate.names = f.texts("Sans");
        certificate.expires = f.text("EndDate");
        certificate.expired = f.bool("Expired");
        certificate.uploaded = f.bool("Upload");
    });
}

fn bastion(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut bastionhost::Instance| {
        instance.head.name = f.text("Description");
        instance.internet = f.bool("PublicNetworkAccess");
        instance.expires = millis(f, "ExpireTime");
    });
}

fn bastion_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("InstanceAttribute") else { return };
    sink.put(&inner, inner.text("InstanceId"), |instance: &mut bastionhost::Instance| {
        // The answer has a licence code, which says how many hosts are paid for; the plan only where it is named.
        instance.plan = inner.text("PlanCode");
        instance.internet = inner.bool("PublicNetworkAccess");
        instance.white_list = inner.texts("PublicWhiteList");
        instance.expires = millis(&inner, "ExpireTime");
    });
}

fn emr_cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("ClusterId"), |cluster: &mut emr::Cluster| cluster.head.name = f.text("ClusterName"));
}

fn emr_detail(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let Some(inner) = f.sub("Cluster") else { return };
    sink.put(&inner, inner.text("ClusterId"), |cluster: &mut emr::Cluster| {
        cluster.head.name = inner.text("ClusterName");
        cluster.security_groups = inner.texts("NodeAttributes.SecurityGroupId");
        cluster.role = inner.opt_text("NodeAttributes.RamRole");
    });
}

/// One node with a public address is enough; none is only said by all of them.
fn emr_nodes(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let nodes = super::whole(f, f.records("Nodes", |node| node.opt_text("PublicIp")));
    let public = nodes.try_map(|list| {
        if list.items.iter().any(|ip| ip.value().is_some()) {
            return Ok(true);
        }
        let unknown = list.items.iter().find_map(|ip| ip.reason().cloned());
        list.more.or(unknown).map_or(Ok(false), Err)
    });
    let target = sink.param("ClusterId").map(xiezhi_model::Link::id);
    sink.on(&target, |cluster: &mut emr::Cluster| cluster.public_ip = public);
}
