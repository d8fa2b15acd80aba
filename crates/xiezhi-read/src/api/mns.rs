//! Simple Message Queue (`mns-open`) answers.

use xiezhi_model::service::mns::Endpoint;
use xiezhi_model::{Fact, List, State, Text};

use super::Call;
use crate::fields::Fields;
use crate::sink::Sink;

/// The calls of Simple Message Queue: a region has one public endpoint, so that the answer is the listing.
pub const CALLS: &[Call] = &[Call::listing("mns-open", "GetEndpointAttribute", "", Endpoint::SCHEMA, endpoint)];

/// The ranges in the members of the list at `path`.
pub(crate) fn ranges(f: &Fields<'_>, path: &str, name: &str) -> Fact<List<Text>> {
    f.opt_records(path, |entry| entry.text(name)).map(|list| {
        let mut ranges = List { items: vec![], more: list.more };
        for range in list.items {
            match range.state {
                State::Known(range) => ranges.items.push(range),
                State::Absent => {}
                State::Unknown(reason) => ranges.more = Some(reason),
            }
        }
        ranges
    })
}

fn endpoint(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let region = sink.around.region.clone();
    sink.put(f, region, |endpoint: &mut Endpoint| {
        endpoint.enabled = f.bool("Data.EndpointEnabled");
        endpoint.admitted = ranges(f, "Data.CidrList", "Cidr");
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{answers, only};

    #[test]
    fn the_public_endpoint_is_read_with_the_ranges_that_it_admits() {
        let answer = r#"{"Success":true,"Data":{"EndpointEnabled":true,"CidrList":[{"Cidr":"0.0.0.0/0","AclStrategy":"allow"}]}}"#;
        let estate = answers(&[("mns-open:GetEndpointAttribute", "EndpointType=public", answer)]);
        let endpoint = only::<Endpoint>(&estate);
        assert_eq!(endpoint.enabled.value(), Some(&true));
        assert_eq!(endpoint.admitted.value().unwrap().items, ["0.0.0.0/0"]);
    }
}
