//! SAE answers. Source: SAE 2019-05-06, ListApplications, DescribeApplicationSlbs.

use xiezhi_model::service::sae::Application;

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;
use crate::words::values;

/// The calls of SAE.
pub const CALLS: &[Call] = &[
    Call::listing("sae", "ListApplications", "Data.Applications", Application::SCHEMA, application),
    Call::answer("sae", "DescribeApplicationSlbs", balancers),
];

fn application(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("AppId"), |application: &mut Application| {
        application.head.name = f.text("AppName");
        if f.has("RegionId") {
            application.head.region = f.text("RegionId");
        }
    });
}

fn balancers(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let target = sink.param("AppId").map(xiezhi_model::Link::id);
    sink.on(&target, |application: &mut Application| {
        application.internet_balancer = f.link("Data.InternetSlbId");
        application.internet_ports = f.opt_records("Data.Internet", |one| one.text("Port")).map(values);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn an_application_has_the_balancer_and_ports_that_are_bound_to_it() {
        let inventory = answers(&[
            (
                "sae:ListApplications",
                "",
                r#"{"Code":"200","Data":{"TotalSize":1,"CurrentPage":1,"PageSize":20,"Applications":[{"AppId":"a-1","AppName":"shop","RegionId":"cn-hangzhou"}]}}"#,
            ),
            (
                "sae:DescribeApplicationSlbs",
                "AppId=a-1",
                r#"{"Code":"200","Data":{"InternetIp":"47.1.2.3","InternetSlbId":"lb-1","Internet":[{"Port":80,"TargetPort":8080,"Protocol":"TCP"}],"Intranet":[]}}"#,
            ),
        ]);
        let application: &Application = only(&inventory);
        assert_eq!(application.internet_balancer.value().map(|link| link.target.as_str()), Some("lb-1"));
        assert_eq!(application.internet_ports.value().map(|list| list.items.join(" ")).as_deref(), Some("80"));
    }
}
