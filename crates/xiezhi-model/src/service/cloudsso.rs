//! CloudSSO: one logon for the accounts of an organisation.

use crate::record::{record, resource};
use crate::{List, Text};

resource! {
    /// A CloudSSO directory.
    Directory = "cloudsso.directory", Global {
        /// Whether users must give a second factor: `Enabled` (always), `OnlyRiskyLogin`, `Disabled`, `Customize`. Source: CloudSSO GetMFAAuthenticationStatus, ListDirectories.
        mfa: Text,
        /// The certificates of the external identity provider. Source: CloudSSO ListExternalSAMLIdPCertificates.
        saml_certificates: List<Expiring>,
        /// The enabled SCIM credentials. Source: CloudSSO ListSCIMServerCredentials.
        scim_credentials: List<Expiring>,
        /// Whether logon goes through an external identity provider. Source: GetExternalSAMLIdentityProvider `SSOStatus`.
        sso: bool,
    }
}

record! {
    /// Something that ends: a certificate, a credential.
    Expiring = "cloudsso.expiring" {
        /// Its id at the service.
        id: Text,
        /// When it ends (RFC 3339).
        expires: Text,
        /// Whether it can be used. Source: `Status` (`Enabled`).
        enabled: bool,
    }
}

resource! {
    /// An access configuration: what its users may do in the accounts.
    AccessConfiguration = "cloudsso.access-configuration", Global {
        /// The directory.
        directory: Text,
        /// How long a session lasts, in seconds. Source: ListAccessConfigurations `SessionDuration`.
        session_seconds: i64,
        /// The system policies and the inline policy in it. Source: ListPermissionPoliciesInAccessConfiguration.
        policies: List<PermissionPolicy>,
    }
}

record! {
    /// A policy inside an access configuration.
    PermissionPolicy = "cloudsso.access-configuration.policy" {
        /// `system` or `inline`.
        kind: Text,
        /// The name, as its maker wrote it.
        name: Text,
        /// The document of an inline policy as JSON; absent for system ones.
        document: Text,
    }
}

resource! {
    /// That a user or group may use an access configuration in an account.
    Assignment = "cloudsso.assignment", Global {
        /// The access configuration's id.
        configuration: Text,
        /// `user` or `group`.
        principal_kind: Text,
        /// The name of the user or group.
        principal: Text,
        /// The account in which it holds.
        target_account: Text,
    }
}
