//! CDN and DCDN in Terraform. Source: terraform-provider-alicloud, `website/docs/r/cdn_*`, `dcdn_domain`, `dcdn_domain_config`.

use xiezhi_model::service::cdn::{Domain, DynamicDomain, Function, OriginServer};
use xiezhi_model::{Fact, List};

use crate::api::cdn::pair;
use crate::api::fc::known;
use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;
use crate::words::target;

/// The resource types of CDN and DCDN.
pub const BLOCKS: &[Block] = &[
    Block { name: "alicloud_cdn_domain_new", kind: Some(Domain::SCHEMA), read: domain },
    Block { name: "alicloud_cdn_domain_config", kind: None, read: config },
    Block { name: "alicloud_dcdn_domain", kind: Some(DynamicDomain::SCHEMA), read: dynamic },
    Block { name: "alicloud_dcdn_domain_config", kind: None, read: dynamic_config },
    Block { name: "alicloud_dcdn_waf_domain", kind: None, read: dynamic_waf },
];

const DOMAIN: &str = "terraform-provider-alicloud r/cdn_domain_new";
const DYNAMIC: &str = "terraform-provider-alicloud r/dcdn_domain";

fn sources(f: &Fields<'_>) -> Fact<List<OriginServer>> {
    f.records("sources", |source| OriginServer {
        kind: source.text("type"),
        content: target(source.link::<Domain>("content")),
    })
}

fn domain(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain_name"), |domain: &mut Domain| {
        domain.head.name = f.text("domain_name");
        domain.sources = sources(f);
        domain.https = if f.has("certificate_config") {
            f.flag_or("certificate_config.server_certificate_status", &["on"], &["off"], true, DOMAIN)
        } else {
            documented(DOMAIN).known(false)
        };
        domain.functions = documented(DOMAIN).known(List::complete(vec![]));
    });
}

fn config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.append(&f.link("domain_name"), |domain: &mut Domain| &mut domain.functions, vec![function(f)], None);
}

fn dynamic_config(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.append(&f.link("domain_name"), |domain: &mut DynamicDomain| &mut domain.functions, vec![function(f)], None);
}

fn function(f: &Fields<'_>) -> Function {
    Function {
        name: f.text("function_name"),
        arguments: f
            .opt_records("function_args", |argument| pair(argument.text("arg_name"), argument.text("arg_value")))
            .map(known),
    }
}

fn dynamic(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("domain_name"), |domain: &mut DynamicDomain| {
        domain.head.name = f.text("domain_name");
        domain.sources = sources(f);
        domain.https = f.flag("ssl_protocol", &["on"], &["off"]);
        domain.functions = documented(DYNAMIC).known(List::complete(vec![]));
    });
}

/// A domain that DCDN's own WAF protects. Source: terraform-provider-alicloud, r/dcdn_waf_domain.
fn dynamic_waf(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.on(&f.link("domain_name"), |domain: &mut DynamicDomain| domain.waf = f.known(true));
}
