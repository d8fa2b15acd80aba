//! The kinds of store, each with what says how it is encrypted: one row a kind, in the order of network semantics §11.3.

use xiezhi_model::service::{
    ack, adb, clickhouse, ecs, elasticsearch, gpdb, hbr, kafka, kms, lindorm, maxcompute, mongodb, nas, oss, ots,
    polardb, rds, redis, rocketmq, sls,
};
use xiezhi_model::{Fact, Link, List, Resource, Text};

/// What is done for every kind of store.
pub(crate) trait Visit {
    /// For one kind.
    fn visit<S: Store>(&mut self);
}

/// Visits every kind of store, in the order of network semantics §11.3.
pub(crate) fn each_store(visit: &mut impl Visit) {
    visit.visit::<ecs::Disk>();
    visit.visit::<ecs::Snapshot>();
    // After snapshots: what an image holds stands in them.
    visit.visit::<ecs::Image>();
    visit.visit::<oss::Bucket>();
    visit.visit::<rds::Instance>();
    visit.visit::<polardb::Cluster>();
    visit.visit::<redis::Instance>();
    visit.visit::<mongodb::Instance>();
    visit.visit::<nas::FileSystem>();
    visit.visit::<sls::Logstore>();
    visit.visit::<kafka::Instance>();
    visit.visit::<elasticsearch::Instance>();
    visit.visit::<clickhouse::Cluster>();
    visit.visit::<gpdb::Instance>();
    visit.visit::<adb::Cluster>();
    visit.visit::<ots::Table>();
    visit.visit::<ack::Cluster>();
    visit.visit::<hbr::Vault>();
    visit.visit::<rocketmq::Instance>();
    visit.visit::<maxcompute::Project>();
    visit.visit::<lindorm::Instance>();
}

/// How a store says what encrypts it.
pub(crate) enum Said<'a> {
    /// A word for the holder, and the key when it is one of KMS.
    Holder(&'a Fact<Text>, &'a Fact<Link<kms::Key>>),
    /// A switch, and the key's name; absent when the service key does.
    Switch(&'a Fact<bool>, &'a Fact<Text>),
    /// A switch for the service key; absent when there is nothing to encrypt.
    Service(&'a Fact<bool>),
    /// The key's name; absent when nothing encrypts.
    Key(&'a Fact<Text>),
    /// A switch for a key that no source names.
    Nameless(&'a Fact<bool>),
    /// A copy that was asked to be encrypted, with the key's name; else the snapshots that hold what it holds.
    Copied(&'a Fact<bool>, &'a Fact<Text>, &'a Fact<List<Link<ecs::Snapshot>>>),
}

/// How a store speaks TLS with its clients.
pub(crate) enum Transit<'a> {
    /// A switch that offers it, and one that enforces it where the product can.
    Offered(&'a Fact<bool>, Option<&'a Fact<bool>>),
    /// A switch that refuses everything else, and the word for what holds without it.
    Only(&'a Fact<bool>, &'static str),
    /// What its documentation says of all of the kind.
    Always(&'static str),
    /// No source says it.
    Unsaid,
}

/// A kind of store.
pub(crate) trait Store: Resource {
    /// Whether the layers are parts beside one another, of which the weakest counts, and not one in another.
    const PARTS: bool = false;
    /// Whether a region may encrypt new ones by default.
    const REGIONAL: bool = false;
    /// Whether it is somebody else's, who answers for its encryption.
    fn foreign(&self) -> bool {
        false
    }
    /// What encrypts it.
    fn layers(&self) -> Vec<Said<'_>>;
    /// The cipher that the store itself names.
    fn cipher(&self) -> Option<&Text> {
        None
    }
    /// A switch without which some of the data may be plain although a key is named.
    fn all_of_it(&self) -> Option<&Fact<bool>> {
        None
    }
    /// Writes what is concluded.
    fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>);
    /// Grade, cipher and whether the keys can be used, as concluded.
    fn concluded(&self) -> (&Fact<Text>, &Fact<Text>, &Fact<bool>);
    /// How it speaks TLS; nothing for stores without clients of their own.
    fn transit(&self) -> Option<Transit<'_>> {
        None
    }
    /// Writes what is concluded.
    fn fill_transit(&mut self, _in_transit: Fact<Text>) {}
    /// TLS, as concluded.
    fn in_transit(&self) -> Option<&Fact<Text>> {
        None
    }
}

macro_rules! transit {
    ($this:ident, tls $ssl:ident) => {
        Transit::Offered(&$this.$ssl, None)
    };
    ($this:ident, tls $ssl:ident $enforced:ident) => {
        Transit::Offered(&$this.$ssl, Some(&$this.$enforced))
    };
    ($this:ident, only $only:ident $without:literal) => {
        Transit::Only(&$this.$only, $without)
    };
    ($this:ident, by $how:ident) => {
        $how($this)
    };
    ($this:ident, always $word:literal) => {
        Transit::Always($word)
    };
    ($this:ident, unsaid) => {
        Transit::Unsaid
    };
}

macro_rules! store {
    ($kind:ty, [$($said:ident $holder:ident $($key:ident $($more:ident)?)?),*] $(, const $flag:ident)? $(, foreign $foreign:ident)?
        $(, cipher $cipher:ident)? $(, unless $all:ident)? $(, transit($($how:tt)+))?) => {
        impl Store for $kind {
            $(const $flag: bool = true;)?
            $(fn foreign(&self) -> bool {
                $foreign(self)
            })?
            fn layers(&self) -> Vec<Said<'_>> {
                vec![$(Said::$said(&self.$holder $(, &self.$key $(, &self.$more)?)?)),*]
            }
            $(fn cipher(&self) -> Option<&Text> {
                self.$cipher.value()
            })?
            $(fn all_of_it(&self) -> Option<&Fact<bool>> {
                Some(&self.$all)
            })?
            fn fill(&mut self, at_rest: Fact<Text>, cipher: Fact<Text>, usable: Fact<bool>) {
                (self.at_rest, self.at_rest_cipher, self.at_rest_key_usable) = (at_rest, cipher, usable);
            }
            fn concluded(&self) -> (&Fact<Text>, &Fact<Text>, &Fact<bool>) {
                (&self.at_rest, &self.at_rest_cipher, &self.at_rest_key_usable)
            }
            $(fn transit(&self) -> Option<Transit<'_>> {
                Some(transit!(self, $($how)+))
            }
            fn fill_transit(&mut self, in_transit: Fact<Text>) {
                self.in_transit = in_transit;
            }
            fn in_transit(&self) -> Option<&Fact<Text>> {
                Some(&self.in_transit)
            })?
        }
    };
}

store!(ecs::Disk, [Switch encrypted kms_key], const REGIONAL, cipher encryption_algorithm);
store!(ecs::Snapshot, [Switch encrypted kms_key]);
store!(ecs::Image, [Copied encrypted kms_key snapshots], const PARTS, foreign not_our_image);
store!(oss::Bucket, [Holder encryption encryption_key], cipher encryption_algorithm, transit(only denies_plain_http "offered"));
store!(rds::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], transit(tls ssl ssl_enforced));
store!(polardb::Cluster, [Holder tde_key_holder tde_key], unless encrypt_new_tables, transit(tls ssl));
store!(redis::Instance, [Holder tde_key_holder tde_key], transit(tls ssl));
store!(mongodb::Instance, [Holder tde_key_holder tde_key, Holder disk_encryption disk_key], transit(tls ssl ssl_enforced));
store!(nas::FileSystem, [Holder encryption encryption_key], transit(by mounted));
// Clients choose HTTP or HTTPS by the address that they are given; nothing that is read says which answers.
store!(sls::Logstore, [Switch encrypted encryption_key], cipher encryption_algorithm, transit(unsaid));
// Brokers keep the port for plain text (9092) beside the one for TLS: it can be offered and not enforced (§11.4).
store!(kafka::Instance, [Holder encryption encryption_key], transit(tls ssl));
store!(
    elasticsearch::Instance,
    [Service data_disk_encrypted, Service warm_disk_encrypted, Service elastic_disk_encrypted],
    const PARTS,
    transit(only https "off")
);
// HTTPS stands on a port of its own beside HTTP and the native protocol: it can be offered and not enforced. It is on from
// the start or by hand, as age and version of a cluster have it, so that only its answer tells.
store!(clickhouse::Cluster, [Holder disk_encryption disk_key], transit(tls ssl));
store!(gpdb::Instance, [Holder disk_encryption disk_key], transit(tls ssl));
store!(adb::Cluster, [Holder disk_encryption disk_key], transit(tls ssl));
// An instance policy that asks for `ots:TLSVersion` leaves HTTPS alone (Tablestore, "Instance policy"); which conditions of it
// do so is not concluded, and no page that was read says what answers without one.
store!(ots::Table, [Holder encryption encryption_key], transit(unsaid));
store!(ack::Cluster, [Key secrets_key]);
store!(hbr::Vault, [Holder encryption encryption_key]);
store!(rocketmq::Instance, [Switch encrypted encryption_key], transit(unsaid));
// Source: MaxCompute, "Endpoint": its endpoints support both HTTP and HTTPS.
store!(
    maxcompute::Project,
    [Holder encryption encryption_key],
    cipher encryption_algorithm,
    transit(always "offered")
);
store!(lindorm::Instance, [Nameless tde], transit(unsaid));

/// Images of the platform, of the marketplace and of other accounts are not the tenant's to encrypt. Source: ECS
/// DescribeImages `ImageOwnerAlias`.
fn not_our_image(image: &ecs::Image) -> bool {
    image.owner.value().is_some_and(|owner| owner != "self")
}

/// SMB shares may encrypt and refuse clients that do not. Clients of NFS decide for themselves when they mount (so does
/// Function Compute by `enableTLS` of a mount, and only general-purpose file systems can): the file system does not say it.
/// Source: NAS DescribeSmbAcl `EncryptData`, `RejectUnencryptedAccess`; Function Compute NASMountConfig; §11.4.
fn mounted(system: &nas::FileSystem) -> Transit<'_> {
    match system.protocol.value() {
        Some(protocol) if protocol == "smb" => {
            Transit::Offered(&system.smb_encryption, Some(&system.smb_encryption_only))
        }
        _ => Transit::Unsaid,
    }
}
