//! MaxCompute in Terraform. Source: terraform-provider-alicloud, `website/docs/r/maxcompute_project.html.markdown`.

use xiezhi_model::List;
use xiezhi_model::service::maxcompute::Project;

use crate::api::maxcompute::{conclude, key_of};
use crate::fields::{Fields, documented};
use crate::keys::named;
use crate::sink::Sink;
use crate::store::first_of;
use crate::terraform::Block;

/// The resource types of MaxCompute.
pub const BLOCKS: &[Block] =
    &[Block { name: "alicloud_maxcompute_project", kind: Some(Project::SCHEMA), read: project }];

const PROJECT: &str = "terraform-provider-alicloud r/maxcompute_project";

fn project(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let name = first_of(f, &["project_name", "name"]);
    sink.put(f, f.text(name), |project: &mut Project| {
        project.head.name = f.text(name);
        // Older configurations write the list as text, newer ones as a block.
        project.white_list = if f.plain("ip_white_list").is_some() {
            f.texts("ip_white_list")
        } else {
            f.in_block(
                "ip_white_list",
                |list| list.opt_texts("ip_list"),
                || documented(PROJECT).known(List::complete(vec![])),
            )
        };
        let off = || documented(PROJECT).known(false);
        project.encrypted = f.in_block(
            "properties",
            |properties| properties.in_block("encryption", |block| block.bool_or("enable", false, PROJECT), off),
            off,
        );
        project.encryption_algorithm = f.word("properties.encryption.algorithm");
        (project.encryption, project.encryption_key) =
            key_of(&project.encrypted, named(f, "properties.encryption.key"));
    });
    sink.batch.conclude(Project::SCHEMA.kind, conclude);
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests;
