//! The parameters of a template. Source: ROS documentation, "Parameters".

use xiezhi_model::service::ros::Parameter;

use crate::fields::{Fields, documented};
use crate::sink::Sink;
use crate::terraform::Block;

/// How a parameter is called where a resource has its type.
pub const PARAMETER: &str = "Parameters";

/// The member that the reader adds: a parameter's name is its key in the template.
pub const NAME: &str = "Parameter";

/// Parameters are read as if they were resources.
pub const BLOCKS: &[Block] = &[Block { name: PARAMETER, kind: Some(Parameter::SCHEMA), read: parameter }];

fn parameter(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, documented(PARAMETER).absent(), |parameter: &mut Parameter| {
        parameter.head.name = f.text(NAME);
        parameter.no_echo = f.bool_or("NoEcho", false, "ROS, Parameters, NoEcho");
        parameter.association = f.opt_text("AssociationProperty");
    });
}

#[cfg(test)]
mod tests {
    use xiezhi_model::Inventory;

    use super::*;
    use crate::ros::read_template;

    #[test]
    fn parameters_are_there_by_name_and_a_value_is_shown_unless_said_otherwise() {
        let text = "ROSTemplateFormatVersion: '2015-09-01'\nParameters:\n  DbPassword:\n    Type: String\n  Key:\n    Type: \
                    String\n    NoEcho: true\nResources:\n  B:\n    Type: ALIYUN::OSS::Bucket\n    Properties:\n      BucketName: b\n";
        let inventory = Inventory::join(vec![read_template("t", "t.yaml", text)]);
        let found: Vec<_> = inventory.all::<Parameter>().iter().collect();
        let shown: Vec<_> = found
            .iter()
            .map(|one| {
                (one.head.name.value().map_or("", |name| name.as_str()), one.no_echo.value(), one.no_echo.origin.line)
            })
            .collect();
        assert_eq!(shown, [("DbPassword", Some(&false), 0), ("Key", Some(&true), 7)]);
    }

    #[test]
    fn a_template_of_another_cloud_has_no_parameters_here() {
        let text = "Parameters:\n  P:\n    Type: String\nResources:\n  B:\n    Type: AWS::S3::Bucket\n";
        let inventory = Inventory::join(vec![read_template("t", "t.yaml", text)]);
        assert_eq!(inventory.all::<Parameter>().len(), 0);
    }
}
