//! Container Registry (CR, ACR).

use crate::record::resource;
use crate::{Link, List, Text};

resource! {
    /// A registry instance of the enterprise edition.
    Instance = "cr.instance", Regional {
        /// The edition: `basic`, `standard`, `advanced`. Source: cr ListInstance `InstanceSpecification`.
        edition: Text,
        /// Whether the registry can be reached from the internet. Source: cr ListInstanceEndpoint, GetInstanceEndpoint (type internet) `Enable`.
        internet_endpoint: bool,
        /// Whether an access list limits callers from the internet. Source: GetInstanceEndpoint `AclEnable`.
        internet_acl: bool,
        /// The address ranges of that list. Source: GetInstanceEndpoint `AclEntries`.
        internet_acl_entries: List<Text>,
        /// What scans images: `acr`, `sas` or `disable`. Source: Terraform `image_scanner`.
        scanner: Text,
        /// The scan rules, by name. Source: cr ListScanRule.
        scan_rules: List<Text>,
        /// The bucket that images are stored in; absent when the registry makes its own. Source: Terraform `custom_oss_bucket`.
        bucket: Link<crate::service::oss::Bucket>,
    }
}

resource! {
    /// An image repository.
    Repository = "cr.repository", Regional {
        /// The registry instance; absent for the personal edition.
        instance: Link<Instance>,
        /// The namespace.
        namespace: Text,
        /// Whether anyone may pull from it. Source: cr ListRepository `RepoType` (`PUBLIC`).
        public: bool,
        /// Whether tags cannot be overwritten. Source: cr ListRepository `TagImmutability`.
        tag_immutable: bool,
    }
}
