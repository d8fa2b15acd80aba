//! SAE in Terraform. Source: terraform-provider-alicloud, `website/docs/r/sae_application`, `sae_load_balancer_internet`.

use xiezhi_model::List;
use xiezhi_model::service::sae::Application;

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::values;

/// The resource types of SAE.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_sae_application", kind: Some(Application::SCHEMA), read: application },
    Block { name: "alicloud_sae_load_balancer_internet", kind: None, read: internet },
];

const INTERNET: &str = "terraform-provider-alicloud r/sae_load_balancer_internet";

fn application(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("id"), |application: &mut Application| {
        application.head.name = f.text("app_name");
        application.internet_balancer = documented(INTERNET).absent();
        application.internet_ports = documented(INTERNET).known(List::complete(vec![]));
    });
}

/// Without the id of a load balancer SAE buys one, whose id nobody knows yet.
fn internet(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("app_id"), |application: &mut Application| {
        application.internet_balancer = f.parent("internet_slb_id");
        application.internet_ports = f.opt_records("internet", |one| one.text("port")).map(values);
    });
}
