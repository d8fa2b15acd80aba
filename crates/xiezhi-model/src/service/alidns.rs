//! Alibaba Cloud DNS.

use crate::record::resource;
use crate::{Link, Text};

resource! {
    /// A domain whose records are kept here.
    Domain = "alidns.domain", Global {
        /// The domain name.
        domain: Text,
    }
}

resource! {
    /// A DNS record.
    Record = "alidns.record", Global {
        /// The domain that it is in.
        zone: Link<Domain>,
        /// The host part: `@` for the domain itself, `www`, `*`. Source: Alidns DescribeDomainRecords `RR`.
        host: Text,
        /// The type: `A`, `AAAA`, `CNAME`, `MX`, `TXT`, … Source: `Type`.
        record_type: Text,
        /// The value, as DNS answers it.
        value: Text,
        /// Whether it is answered. Source: `Status` (`ENABLE`).
        enabled: bool,
    }
}
