//! Realtime Compute for Apache Flink (`foasconsole`) answers.

use xiezhi_model::service::flink::Workspace;
use xiezhi_model::{List, Reason, State};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Realtime Compute.
pub const CALLS: &[Call] =
    &[Call::listing("foasconsole", "DescribeInstances", "Instances", Workspace::SCHEMA, workspace)];

fn workspace(f: &Fields<'_>, sink: &mut Sink<'_>) {
    sink.put(f, f.text("InstanceId"), |workspace: &mut Workspace| {
        workspace.head.name = f.text("InstanceName");
        // The second zone counts only while zone disaster recovery is bought.
        let (own, recovery) = (f.text("ZoneId"), f.bool("Ha"));
        workspace.zones = own.map(|own| match recovery.state {
            State::Known(false) => List::complete(vec![own]),
            State::Known(true) => match f.text("HaZoneId").state {
                State::Known(second) if second != own => List::complete(vec![own, second]),
                State::Known(_) => List::complete(vec![own]),
                State::Unknown(reason) => List { items: vec![own], more: Some(reason) },
                State::Absent => List { items: vec![own], more: Some(Reason::NotInEvidence) },
            },
            State::Unknown(reason) => List { items: vec![own], more: Some(reason) },
            State::Absent => List { items: vec![own], more: Some(Reason::NotInEvidence) },
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    fn zones(rest: &str) -> Option<(usize, bool)> {
        let answer = format!(r#"{{"Instances":[{{"InstanceId":"f-cn-1","ZoneId":"cn-hangzhou-h"{rest}}}]}}"#);
        let estate = answers(&[("foasconsole:DescribeInstances", "", &answer)]);
        only::<Workspace>(&estate).zones.value().map(|list| (list.items.len(), list.more.is_some()))
    }

    #[test]
    fn the_second_zone_counts_while_disaster_recovery_is_bought() {
        assert_eq!(zones(r#","Ha":true,"HaZoneId":"cn-hangzhou-i""#), Some((2, false)));
        assert_eq!(zones(r#","Ha":false"#), Some((1, false)));
        assert_eq!(zones(""), Some((1, true)), "nobody said whether it is bought");
    }
}
