//! Resource Directory: the organisation of accounts, and the control policies over them.

use crate::record::resource;
use crate::service::ram::Statement;
use crate::{List, Text};

resource! {
    /// The resource directory that the account is in.
    Directory = "resourcedirectory.directory", Account {
        /// The account that manages the directory. Source: ResourceDirectoryMaster GetResourceDirectory `MasterAccountId`.
        master: Text,
        /// The root folder's id. Source: `RootFolderId`.
        root_folder: Text,
        /// Whether control policies are in force. Source: GetControlPolicyEnablementStatus `EnablementStatus` (`Enabled`).
        control_policies: bool,
    }
}

resource! {
    /// A member account of the resource directory.
    Member = "resourcedirectory.member", Global {
        /// How the account joined: `resource` (made in the directory, no root logon) or `cloud`. Source: ListAccounts `Type`.
        kind: Text,
        /// The folder that it is in. Source: ListAccounts `FolderId`, `ResourceDirectoryPath`.
        folder: Text,
        /// The path of folder ids from the root down to the account. Source: `ResourceDirectoryPath`.
        path: Text,
        /// Whether the account takes part. Source: `Status` (`CreateSuccess`, `InviteSuccess`, `PromoteSuccess`).
        joined: bool,
    }
}

resource! {
    /// A control policy: the limit of what member accounts may allow.
    ControlPolicy = "resourcedirectory.control-policy", Global {
        /// Who keeps it: `system` or `custom`.
        kind: Text,
        /// Which principals it limits: `ram` (RAM users and roles) or `all`. Source: `EffectScope`.
        scope: Text,
        /// The document as JSON. Source: GetControlPolicy `PolicyDocument`.
        document: Text,
        /// The statements, as written.
        statements: List<Statement>,
        /// The folders and accounts that it is attached to. Source: ListTargetAttachmentsForControlPolicy `TargetId`.
        targets: List<Text>,
    }
}

resource! {
    /// A resource group of the account.
    ResourceGroup = "resourcedirectory.resource-group", Global {
        /// Whether it is in use. Source: ResourceManager ListResourceGroups `Status` (`OK`).
        active: bool,
    }
}
