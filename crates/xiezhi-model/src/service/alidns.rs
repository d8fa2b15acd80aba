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
        /// The bucket that it leads to and that the account does not have: it is gone, or somebody else's. Absent when it leads to none, or to one that is there.
        [derived] missing_bucket: Text,
    }
}
