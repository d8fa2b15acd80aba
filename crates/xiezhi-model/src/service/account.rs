//! The account itself: what holds once for all its resources.

use crate::record::resource;

resource! {
    /// An Alibaba Cloud account: its root identity and what is set once for the whole account.
    Account = "account", Account {
        /// Whether the root identity logs on with MFA. Source: Ims GetAccountSecurityPracticeReport `BindMfa`, GetAccountMFAInfo.
        root_mfa: bool,
        /// How many AccessKeys the root identity has. Source: Ims GetAccountSecurityPracticeReport `RootWithAccessKey`.
        root_access_keys: i64,
        /// Whether OSS blocks public access for the whole account. Source: OSS GetPublicAccessBlock (service level).
        oss_block_public_access: bool,
    }
}
