//! Data Management (`dms-enterprise`) answers.

use xiezhi_model::service::dms::Instance;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Data Management.
pub const CALLS: &[Call] =
    &[Call::listing("dms-enterprise", "ListInstances", "InstanceList.Instance", Instance::SCHEMA, instance)];

fn instance(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |instance: &mut Instance| {
        instance.head.name = f.opt_text("InstanceAlias");
        instance.environment = f.word("EnvType");
        instance.sensitive_data_protection = f.bool("SellSitd");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn whether_columns_are_masked_is_read_with_what_the_database_is_for() {
        let answer = r#"{"TotalCount":1,"InstanceList":{"Instance":[
            {"InstanceId":"177****","InstanceAlias":"orders","EnvType":"product","SellSitd":false}]}}"#;
        let estate = answers(&[("dms-enterprise:ListInstances", "", answer)]);
        let instance = only::<Instance>(&estate);
        assert_eq!(instance.environment.value().unwrap(), "product");
        assert_eq!(instance.sensitive_data_protection.value(), Some(&false));
    }
}
