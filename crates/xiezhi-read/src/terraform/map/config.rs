//! Cloud Config, certificates, bastion hosts and EMR in Terraform. Source: terraform-provider-alicloud,
//! `website/docs/r/config_*`, `ssl_certificates_service_certificate`, `bastionhost_instance`, `emr*_cluster`.

use xiezhi_model::service::cas::Certificate;
use xiezhi_model::service::config::{Pack, Recorder, Rule};
use xiezhi_model::service::{bastionhost, emr};

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// The resource types of Cloud Config, Certificate Management, Bastionhost and EMR.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_config_configuration_recorder", kind: Some(Recorder::SCHEMA), read: recorder },
    Block { name: "alicloud_config_rule", kind: Some(Rule::SCHEMA), read: rule },
    Block { name: "alicloud_config_compliance_pack", kind: Some(Pack::SCHEMA), read: pack },
    Block { name: "alicloud_ssl_certificates_service_certificate", kind: Some(Certificate::SCHEMA), read: certificate },
    Block { name: "alicloud_bastionhost_instance", kind: Some(bastionhost::Instance::SCHEMA), read: bastion },
    Block { name: "alicloud_emr_cluster", kind: Some(emr::Cluster::SCHEMA), read: emr_cluster },
    Block { name: "alicloud_emrv2_cluster", kind: Some(emr::Cluster::SCHEMA), read: emr_cluster_2 },
];

fn recorder(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.one(f, |recorder: &mut Recorder| {
        recorder.recording = f.known(true);
        recorder.resource_types = f.texts("resource_types");
    });
}

fn rule(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("config_rule_id"), |rule: &mut Rule| {
        rule.head.name = f.text("rule_name");
        rule.identifier = f.text("source_identifier");
        rule.active =
            f.flag_or("status", &["ACTIVE"], &["INACTIVE"], true, "terraform-provider-alicloud r/config_rule");
        rule.risk = f.int("risk_level");
    });
}

fn pack(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |pack: &mut Pack| {
        pack.head.name = f.text("compliance_pack_name");
        pack.template = f.opt_text("compliance_pack_template_id");
        pack.active = f.known(true);
    });
}

fn certificate(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |certificate: &mut Certificate| {
        certificate.head.name = f.text("certificate_name");
        certificate.expires = f.text("end_date");
        certificate.uploaded = f.known(true);
    });
}

fn bastion(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |instance: &mut bastionhost::Instance| {
        instance.head.name = f.text("description");
        instance.plan = f.text("plan_code");
        instance.internet =
            f.bool_or("enable_public_access", false, "terraform-provider-alicloud r/bastionhost_instance");
        instance.white_list = f.opt_texts("public_white_list");
    });
}

fn emr_cluster(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |cluster: &mut emr::Cluster| {
        cluster.head.name = f.text("name");
        cluster.public_ip = f.bool_or("is_open_public_ip", false, "terraform-provider-alicloud r/emr_cluster");
        cluster.security_groups = f.texts("security_group_id");
    });
}

fn emr_cluster_2(f: &Fields<'_>, sink: &mut Sink<'_>) {
    const PAGE: &str = "terraform-provider-alicloud r/emrv2_cluster";
    sink.put(f, f.text("id"), |cluster: &mut emr::Cluster| {
        cluster.head.name = f.text("cluster_name");
        cluster.security_groups = f.texts("node_attributes.security_group_id");
        cluster.role = f.opt_text("node_attributes.ram_role");
        let groups = f.opt_records("node_groups", |group| group.bool_or("with_public_ip", false, PAGE));
        cluster.public_ip = groups.try_map(|groups| {
            if groups.items.iter().any(|public| public.value() == Some(&true)) {
                return Ok(true);
            }
            let unknown = groups.items.iter().find_map(|public| public.reason().cloned());
            groups.more.or(unknown).map_or(Ok(false), Err)
        });
        if !f.has("node_groups") {
            cluster.public_ip = documented(PAGE).known(false);
        }
    });
}
