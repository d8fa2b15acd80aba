//! Data Transmission Service (DTS).

use crate::Text;
use crate::record::resource;

resource! {
    /// A task.
    Job = "dts.job", Regional {
        /// `migration`, `sync` or `subscribe`. Source: DTS DescribeDtsJobs `JobType`.
        job_type: Text,
        /// Whether the source is read over TLS. Source: DTS DescribeDtsJobs `SourceEndpoint.SslSolutionEnum`.
        source_ssl: bool,
        /// Whether the destination is written over TLS; absent for change tracking. Source: DTS DescribeDtsJobs `DestinationEndpoint.SslSolutionEnum`.
        destination_ssl: bool,
        /// The region of the source. Source: DTS DescribeDtsJobs `SourceEndpoint.Region`.
        source_region: Text,
        /// The region of the destination; absent for change tracking. Source: DTS DescribeDtsJobs `DestinationEndpoint.Region`.
        destination_region: Text,
    }
}
