//! File Storage NAS.

use super::kms::Key;
use crate::record::resource;
use crate::{Link, Text};

resource! {
    /// A file system.
    FileSystem = "nas.file-system", Regional {
        /// `nfs`, `smb` or `cpfs`. Source: NAS DescribeFileSystems `ProtocolType`.
        protocol: Text,
        /// `standard` (general-purpose), `extreme` or `cpfs`. Source: NAS DescribeFileSystems `FileSystemType`.
        file_system_type: Text,
        /// Who holds the key of data at rest: `none`, `provider-key` (NAS's own) or `kms-key` (see `encryption_key`).
        /// Source: NAS DescribeFileSystems `EncryptType` 0, 1, 2.
        encryption: Text,
        /// The KMS key; absent when none is named. Source: NAS DescribeFileSystems `KMSKeyId`.
        encryption_key: Link<Key>,
        /// Whether NFS ACLs are on. Source: NAS DescribeNfsAcl `Acl.Enabled`.
        nfs_acl: bool,
        /// Whether SMB ACLs (user authentication) are on. Source: NAS DescribeSmbAcl `Acl.Enabled`.
        smb_acl: bool,
        /// Whether SMB clients may encrypt what they send. Source: NAS DescribeSmbAcl `Acl.EncryptData`.
        smb_encryption: bool,
        /// Whether SMB clients that do not encrypt are refused. Source: NAS DescribeSmbAcl `Acl.RejectUnencryptedAccess`.
        smb_encryption_only: bool,
        /// Whether deleted files go to a recycle bin. Source: NAS GetRecycleBinAttribute `Status`.
        recycle_bin: bool,
        /// Who holds the key of data at rest, the weakest first: `none`, `provider-key` (the product's own), `service-key` (the product's key in KMS), `default-key` (a default key of KMS), `customer-key` (in a software instance), `hsm-key` (in a hardware instance or a key store outside).
        [derived] at_rest: Text,
        /// The cipher of data at rest: `aes` or `sm4`; absent when nothing encrypts it.
        [derived] at_rest_cipher: Text,
        /// Whether every KMS key that the data needs can be used: enabled, not to be deleted, with material; absent when no key is named.
        [derived] at_rest_key_usable: bool,
        /// TLS towards clients: `off`, `offered` or `enforced`.
        [derived] in_transit: Text,
    }
}

resource! {
    /// A mount target: the address of a file system in a network.
    MountTarget = "nas.mount-target", Regional {
        /// The file system.
        file_system: Link<FileSystem>,
        /// `vpc` or `classic`. Source: NAS DescribeMountTargets `NetworkType`.
        network: Text,
        /// The access group that admits clients. Source: NAS DescribeMountTargets `AccessGroup`.
        access_group: Text,
    }
}

resource! {
    /// A rule of an access group.
    AccessRule = "nas.access-rule", Regional {
        /// The access group, by its name.
        access_group: Text,
        /// The IPv4 range that is admitted; absent for a rule about IPv6. Source: NAS DescribeAccessRules `SourceCidrIp`.
        source: Text,
        /// The IPv6 range that is admitted; absent for a rule about IPv4. Source: NAS DescribeAccessRules `Ipv6SourceCidrIp`.
        ipv6_source: Text,
        /// `rdwr` or `rdonly`. Source: NAS DescribeAccessRules `RWAccess`.
        access: Text,
        /// How the client's user is taken: `no-squash`, `root-squash`, `all-squash`. Source: NAS DescribeAccessRules `UserAccess`.
        squash: Text,
    }
}

resource! {
    /// An access point of a file system.
    AccessPoint = "nas.access-point", Regional {
        /// The file system.
        file_system: Link<FileSystem>,
        /// Whether RAM policies decide who may use it. Source: NAS DescribeAccessPoints `EnabledRam`.
        ram_enabled: bool,
        /// The directory that clients see as root. Source: NAS DescribeAccessPoints `RootPath`.
        root_path: Text,
    }
}
