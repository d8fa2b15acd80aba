//! What the answers of the managed databases (RDS, Tair and Redis, MongoDB) have in common: the instance that a call was
//! for, white lists, linked security groups, Transparent Data Encryption and its key.

use xiezhi_model::service::ecs::SecurityGroup;
use xiezhi_model::service::kms::Key;
use xiezhi_model::{Batch, Fact, Link, List, Resource, Text};

use crate::fields::Fields;
use crate::sink::Sink;
use crate::store::links_of;
use crate::{keys, white_list};

/// An instance of a managed database.
pub(super) trait Database: Resource {
    /// The name under which requests and answers give its id.
    const ID: &'static str;

    /// The entries of its white list.
    fn white_list(&mut self) -> &mut Fact<List<Text>>;

    /// The security groups whose members may connect.
    fn security_groups(&mut self) -> &mut Fact<List<Link<SecurityGroup>>>;

    /// Transparent Data Encryption: the switch, who holds the key, and the key.
    fn tde(&mut self) -> (&mut Fact<bool>, &mut Fact<Text>, &mut Fact<Link<Key>>);
}

/// The instance that the call was for.
pub(super) fn target<D: Database>(f: &Fields<'_>, sink: &Sink<'_>) -> Fact<Link<D>> {
    let named = sink.param(D::ID);
    let named = if named.value().is_some() { named } else { f.text(D::ID) };
    named.map(Link::id)
}

/// The groups of the white list, each with its entries at `entries` and, where it is hidden, a mark at `mark`.
pub(super) fn security_ips<D: Database>(
    f: &Fields<'_>,
    sink: &mut Sink<'_>,
    [groups, entries, mark]: [&str; 3],
    conclude: fn(&mut Batch),
) {
    let list = white_list::groups(f, groups, entries, mark);
    sink.on(&target(f, sink), |instance: &mut D| *instance.white_list() = list);
    sink.batch.conclude(D::SCHEMA.kind, conclude);
}

/// The linked security groups in the members of a list.
pub(super) fn security_groups<D: Database>(f: &Fields<'_>, sink: &mut Sink<'_>, list: &str) {
    let groups = links_of(f, list, "SecurityGroupId");
    sink.on(&target(f, sink), |instance: &mut D| *instance.security_groups() = groups);
}

/// The switch of Transparent Data Encryption. An answer that does not name the key at all says of it only what the
/// switch says: that there is none when it is off.
pub(super) fn tde<D: Database>(f: &Fields<'_>, sink: &mut Sink<'_>, [on, off]: [&[&str]; 2]) {
    let stated = f.flag("TDEStatus", on, off);
    let (holder, key) = keys::under(&stated, f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut D| {
        let (tde, tde_holder, tde_key) = instance.tde();
        if f.has("EncryptionKey") || stated.value() == Some(&false) {
            (*tde_holder, *tde_key) = (holder, key);
        }
        *tde = stated;
    });
}

/// The key of Transparent Data Encryption; without one the service key encrypts.
pub(super) fn encryption_key<D: Database>(f: &Fields<'_>, sink: &mut Sink<'_>) {
    let key = keys::key(f, "EncryptionKey");
    sink.on(&target(f, sink), |instance: &mut D| {
        if f.has("EncryptionKey") {
            let (_, tde_holder, tde_key) = instance.tde();
            *tde_holder = keys::holder(f, "EncryptionKey", "service-key");
            *tde_key = key.clone();
        }
    });
    keys::creator(sink, f, &key);
}
