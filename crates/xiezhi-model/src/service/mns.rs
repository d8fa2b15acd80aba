//! Simple Message Queue (formerly Message Service, MNS).

use crate::record::resource;
use crate::{List, Text};

resource! {
    /// The public endpoint of the message queues in one region of an account: one for all of them.
    Endpoint = "mns.endpoint", Regional {
        /// Whether it answers. Source: Mns-open GetEndpointAttribute `Data.EndpointEnabled`.
        enabled: bool,
        /// The ranges that it takes requests from; the service starts with `0.0.0.0/0`. Source: Mns-open GetEndpointAttribute `Data.CidrList[].Cidr`.
        admitted: List<Text>,
    }
}
